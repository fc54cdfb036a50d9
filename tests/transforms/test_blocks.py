"""What each block of the score counts, on threads and posts small enough to count by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.transforms.by_hand import (
    DAY,
    MINUTE,
    PITCH,
    WEEK,
    Said,
    World,
    by_hand,
    posts,
    says,
)

TELLS = {"self_subject_sentences": 1}
QUESTION = {"questions": 1, "genuine_questions": 1}


@dataclass(frozen=True)
class Case:
    """Threads and posts of `p`, and the row of `block` that they make."""

    block: str
    expected: dict[str, Any]
    threads: list[list[Said]] = field(default_factory=list)
    public: list[Said] = field(default_factory=list)


def beta(k: float, n: float, prior: tuple[float, float], lo: float, hi: float) -> dict[str, float]:
    """k, n, rate, fill and reliability of metrics.md: r = (k + s·mu) / (n + s)."""
    mu, s = prior
    rate = (k + s * mu) / (n + s)
    fill = min(max((rate - lo) / (hi - lo), 0.0), 1.0)
    return {"k": k, "n": n, "rate": rate, "fill": fill, "reliability": n / (n + s)}


def pitching(k: float, n: float) -> dict[str, float]:
    return beta(k, n, (0.10, 4), 0.10, 0.60)


def copying(k: float, n: float) -> dict[str, float]:
    return beta(k, n, (0.05, 4), 0.05, 0.50)


def flooding(k: float, weeks: float) -> dict[str, float]:
    """Gamma with a = .2 and b = 4: (k + .2) / (weeks + 4)."""
    return beta(k, weeks, (0.05, 4), 0.05, 1.0)


def leaving(k: float, n: float) -> dict[str, float]:
    return beta(k, n, (0.30, 3), 0.30, 0.90)


def offsetting(k: float, n: float, cap: float) -> dict[str, float]:
    return {"k": k, "n": n, "fill": k / (n + 4), "points": cap * k / (n + 4)}


def talk(hours: float, words: int) -> list[Said]:
    """Six turns: `p` says `words` of them, the owner 30."""
    return [
        says(who, hours + n, words=10 if who == "owner" else words // 3)
        for n, who in enumerate(["p", "owner"] * 3)
    ]


def left(start: float) -> list[Said]:
    return [
        says("host", start),
        says("p", start + 1),
        says("host", start + 400),
        says("guest", start + 401),
    ]


def stayed(start: float) -> list[Said]:
    return [*left(start), says("p", start + 402)]


NOTHING = {"k": None, "n": None, "rate": None, "fill": None, "points": None, "reliability": None}
SENT = {"masked_tokens": 20, "template_id": "t", "call_to_action": True}

CASES = {
    "pitched openings out of openings": Case(
        "pitch_timing",
        pitching(2, 3),
        [
            [says("p", 0, **PITCH)],
            [says("p", 0), says("p", 5, **PITCH)],
            [says("p", 0), says("p", 5), says("p", 9, **PITCH), says("owner", 10)],
        ],
    ),
    "openings nobody answered weigh nothing against a pitch": Case(
        "pitch_timing",
        pitching(1, 2),
        [
            [says("p", 0), says("p", 200 * DAY, **PITCH)],
            [says("p", 0), says("owner", 1), says("p", 200 * DAY)],
            *([says("p", n)] for n in range(30)),
        ],
    ),
    "without a pitch every opening counts": Case(
        "pitch_timing", pitching(0, 3), [[says("p", n)] for n in range(3)]
    ),
    "padding does not dilute a pitch": Case(
        "pitch_timing",
        pitching(1, 1),
        [[says("p", 0, **PITCH), *(says("p", n * 0.5) for n in range(1, 30))]],
        [posts("p", n) for n in range(30)],
    ),
    "nor do three bubbles instead of one message": Case(
        "pitch_timing", pitching(1, 1), [[says("p", n * MINUTE, **PITCH) for n in range(3)]]
    ),
    "posts that pitch out of posts, replies with them and reposts not": Case(
        "pitch_timing",
        pitching(2, 5),
        [],
        [
            posts("p", 0, **PITCH),
            posts("p", 1, **PITCH, kind="quote"),
            posts("p", 2, words=12, kind="reply", to="q"),
            posts("p", 3, words=12),
            posts("p", 4, words=12, kind="repost"),
            posts("p", 5, words=None),
            *(posts("p", n, words=3) for n in range(6, 30)),
            posts("p", 30, words=12, template_id="t"),
            posts("p", 31, words=12, template_id="t"),
        ],
    ),
    "an inbox shows merge failures and twins": Case(
        "same_message",
        copying(2, 3) | {"cap": 8},
        [
            [says("p", 0, masked_tokens=20), says("owner", 1)],
            [says("p", 0, masked_tokens=3, merge_field_failure=True)],
            [says("p", 0, **SENT)],
            [says("q", 0, **SENT)],
            [says("p", 0, masked_tokens=11)],
        ],
    ),
    "openings all under twelve words cannot be compared": Case(
        "same_message", NOTHING, [[says("p", 0, masked_tokens=11)]]
    ),
    "posts like an earlier one of theirs, and the whole cap, for all they post is seen": Case(
        "same_message",
        copying(1, 3) | {"cap": 20},
        [],
        [
            posts("p", 0, words=12, template_id="t"),
            posts("p", 1, words=12, template_id="t"),
            posts("p", 2, words=12),
            posts("p", 3, words=11, template_id="u"),
        ],
    ),
    "promotional utterances a week, from first to last": Case(
        "flood",
        flooding(3, 2),
        [
            [says("p", 0, **PITCH), says("p", WEEK, is_newsletter=True)],
            [says("p", 2 * WEEK, **PITCH), says("p", 2 * WEEK - 5)],
        ],
    ),
    "weeks before the first and after the last count where the owner wrote in them": Case(
        "flood",
        flooding(2, 3),
        [
            [
                says("p", 0),
                *(says("owner", (40 + n) * WEEK) for n in range(3)),
                says("p", 50 * WEEK, **PITCH),
                says("p", 51 * WEEK, **PITCH),
                says("p", 90 * WEEK),
            ],
            [says("p", 60 * WEEK), says("owner", 61 * WEEK)],
        ],
    ),
    "at least one week": Case(
        "flood", flooding(2, 1), [[says("p", 0, **PITCH), says("p", 9, **PITCH)]]
    ),
    "an ignored opt-out fills it": Case(
        "flood",
        flooding(2, 1) | {"fill": 1.0},
        [[says("p", 0, **PITCH), says("owner", 1, opt_out_request=True), says("p", 2, **PITCH)]],
    ),
    "promotional posts a week": Case(
        "flood",
        flooding(2, 3),
        [],
        [
            posts("p", 0, **PITCH),
            posts("p", WEEK, is_newsletter=True),
            posts("p", 3 * WEEK, words=12),
            posts("p", 90 * WEEK, words=2),
        ],
    ),
    "threads with a card out of threads": Case(
        "cards",
        pitching(1, 2),
        [
            [says("p", 0, contact_phone=True), says("p", 9, contact_email=True)],
            [says("p", 0, contact_phone=True, is_prompted=True), says("owner", 1)],
            [says("p", 0)],
        ],
    ),
    "posts with a card": Case(
        "cards",
        pitching(2, 3),
        [],
        [
            posts("p", 0, contact_email=True),
            posts("p", 1, contact_link=True, own_offer=True),
            posts("p", 2, words=12, contact_link=True),
            posts("p", 3),
        ],
    ),
    "one polite follow-up is free": Case(
        "one_way_talk", copying(0, 1), [[says("p", 0), says("p", DAY)]]
    ),
    "a second one is not enough either": Case(
        "one_way_talk", copying(0, 1), [[says("p", n * DAY) for n in range(3)]]
    ),
    "two beyond the free one are": Case(
        "one_way_talk", copying(1, 2), [[says("p", n * DAY) for n in range(4)], [says("p", 0)]]
    ),
    "the median share of words where that is fuller": Case(
        "one_way_talk",
        # 270 of 300 words, 210 of 240 and 90 of 120: median .875 over three threads.
        beta(3 * 0.875, 3, (0.610, 5), 0.60, 0.80),
        [talk(0, 270), talk(100, 210), talk(200, 90)],
    ),
    "talk in a group is nobody's share": Case(
        "one_way_talk", NOTHING, [[says("p", 0, words=300), says("q", 1), says("owner", 2)]]
    ),
    "own posts out of own posts and replies": Case(
        "one_way_talk",
        beta(27, 30, (0.60, 10), 0.80, 1.0),
        [],
        [
            *(posts("p", n) for n in range(26)),
            posts("p", 26, kind="reply", to="p"),  # a thread of one's own
            *(posts("p", n, kind="reply", to="q") for n in range(27, 30)),
        ],
    ),
    "own posts where no replies can be seen": Case(
        "one_way_talk", NOTHING, [], [posts("p", n) for n in range(30)]
    ),
    "groups left out of groups": Case("ricochet", leaving(2, 3), [left(0), left(0), stayed(0)]),
    "two groups are too few": Case("ricochet", NOTHING, [left(0), left(0)]),
    "reply threads entered once": Case(
        "ricochet",
        leaving(4, 5),
        [],
        [
            *(posts("p", n, kind="reply", to=f"q{n}") for n in range(4)),
            posts("p", 5, kind="reply", to="q5"),
            posts("p", 6, kind="reply", to="q5"),
        ],
    ),
    "four reply threads are too few": Case(
        "ricochet", NOTHING, [], [posts("p", n, kind="reply", to=f"q{n}") for n in range(4)]
    ),
    "shift responses out of disclosures answered": Case(
        "self_topic",
        beta(2, 3, (0.20, 10), 0.20, 0.50),
        [
            [
                says("owner", 0, **TELLS),
                says("p", 1, **TELLS),
                says("owner", 2, **TELLS),
                says("p", 3, **TELLS),
                says("owner", 4, **TELLS),
                says("p", 5),
            ]
        ],
    ),
    "two answers are too few": Case(
        "self_topic",
        NOTHING,
        [
            [
                says("owner", 0, **TELLS),
                says("p", 1, **TELLS),
                says("owner", 2, **TELLS),
                says("p", 3),
            ]
        ],
    ),
    "posts about the author": Case(
        "self_topic",
        beta(9, 10, (0.20, 10), 0.50, 0.90),
        [],
        [
            *(posts("p", n, n_sentences=2, self_subject_sentences=1) for n in range(9)),
            posts("p", 9, n_sentences=3, self_subject_sentences=1),
            posts("p", 10, kind="reply", to="q", n_sentences=1, self_subject_sentences=1),
        ],
    ),
    "nine posts are too few": Case(
        "self_topic",
        NOTHING,
        [],
        [posts("p", n, n_sentences=1, self_subject_sentences=1) for n in range(9)],
    ),
    "threads with help or a need answered": Case(
        "gives",
        offsetting(2, 3, -12),
        [
            [says("p", 0, gives_help=True), says("p", 9, gives_help=True)],
            [says("owner", 0, states_need=True), says("p", 1), says("p", 2, gives_help=True)],
            [says("p", 0, gives_help=True, is_pitch=True)],
        ],
    ),
    "posts that give": Case(
        "gives",
        offsetting(2, 3, -12),
        [],
        [
            posts("p", 0, gives_help=True),
            posts("p", 1, gives_help=True),
            posts("p", 2, gives_help=True, is_pitch=True),
        ],
    ),
    "threads with a follow-up question or uptake": Case(
        "listens",
        offsetting(2, 3, -8),
        [
            [says("owner", 0), says("p", 1, follow_up_question=True)],
            [
                says("owner", 0),
                says("p", 1, uptake=0.2),
                says("owner", 2),
                says("p", 3, uptake=0.0),
            ],
            [
                says("owner", 0),
                says("p", 1, uptake=0.1),
                says("owner", 2),
                says("p", 3, uptake=0.0),
            ],
        ],
    ),
    "replies that take up the other's words": Case(
        "listens",
        offsetting(1, 2, -8),
        [],
        [
            posts("p", 0, kind="reply", to="q", uptake=0.2),
            posts("p", 1, kind="reply", to="q", uptake=0.0),
            posts("p", 2, kind="reply", to="q"),
        ],
    ),
}


def _own(said: Said, number: int) -> Said:
    """The people of one case, apart from those of the others."""
    who = said.who if said.who == "owner" else f"{said.who}-{number}"
    to = said.record.get("reply_to_person_key")
    record = {**said.record, "reply_to_person_key": f"{to}-{number}"} if to else said.record
    marks = dict(said.marks)
    if "template_id" in marks:
        marks["template_id"] += str(number)
    return Said(who, said.hours, said.text, marks, record)


@pytest.fixture(scope="module")
def world() -> World:
    """Cases without posts together: one platform where replies can be seen, or where they cannot."""
    threads = [
        [_own(said, number) for said in thread]
        for number, case in enumerate(CASES.values())
        for thread in case.threads
    ]
    public = [
        _own(said, number)
        for number, case in enumerate(CASES.values())
        if case.public and case.block != "one_way_talk"
        for said in case.public
    ]
    return by_hand(*threads, [says("newest", 400 * DAY)], public=public)


@pytest.mark.parametrize("name", CASES)
def test_what_a_block_counts(name: str, world: World) -> None:
    number, case = list(CASES).index(name), CASES[name]
    if case.public and case.block == "one_way_talk":
        world = by_hand(public=[_own(said, number) for said in case.public])
    row = world.blocks(f"p-{number}")[case.block]
    assert {key: row[key] for key in case.expected} == pytest.approx(case.expected)
    if case.expected is NOTHING:
        assert row["explanation"].startswith("cannot be measured from this export: ")
    else:
        assert (
            row["rate_low"] <= row["rate"] <= row["rate_high"]
            or row["rate_low"] == row["rate_high"]
        )
        assert str(round(case.expected["n"])) in row["explanation"] or "weeks" in row["explanation"]


def test_the_same_to_all_is_seen_in_an_outbox_only() -> None:
    """Three of four openings of the owner went to two others as well; 20 points at most, not 8."""
    world = by_hand(
        *([says("owner", n, **SENT), says(f"to-{n}", n + 1)] for n in range(3)),
        [says("owner", 5, masked_tokens=30), says("friend", 6)],
    )
    row = world.blocks("owner")["same_message"]
    expected = copying(3, 4) | {"cap": 20}
    assert {key: row[key] for key in expected} == pytest.approx(expected)
    assert "went to two others or more" in row["explanation"]


def test_the_mirror_is_the_same_scale() -> None:
    """What the owner does is counted as what others do."""
    threads = [[says("p", n, **PITCH), says("owner", n + 1)] for n in (0, 50)]
    mirrored = [
        [Said({"p": "owner", "owner": f"q{n}"}[s.who], s.hours, s.text, s.marks) for s in thread]
        for n, thread in enumerate(threads)
    ]
    there = by_hand(*threads).blocks("p")["pitch_timing"]
    here = by_hand(*mirrored).blocks("owner")["pitch_timing"]
    assert (there["k"], there["n"]) == (2, 2)
    assert {key: here[key] for key in ("k", "n", "rate", "fill")} == {
        key: there[key] for key in ("k", "n", "rate", "fill")
    }
