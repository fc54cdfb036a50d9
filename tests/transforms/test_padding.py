"""Nobody lowers their own score by padding, nor raises another's by writing in their name.

Every attack runs through the whole build: people, threads, metrics, scores, flags and advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from tests.transforms.worlds import OWNER, at, ledger, message, records
from transforms.build import build
from transforms.content import Word

Rows = list[dict[str, Any]]

START = at("2025-03-03 09:00")
MONTH = 24 * 30
LINK = "https://calendly.com/ava/15min"
PITCHES = [
    (
        "Hi Owen, we help founders like you double their revenue with our outbound engine. "
        f"Book a free call this week: {LINK}"
    ),
    (
        "Hello Owen, our agency gets SaaS companies 20 qualified leads a month, guaranteed. "
        f"Only 3 spots left at 990 EUR, grab yours: {LINK}"
    ),
    (
        "Dear Owen, I coach executives to scale faster. My new program starts Monday, 50 % discount "
        "for you, sign up today: https://ava.example.com/program"
    ),
]
REMINDERS = [
    f"Just following up on my last message, did you have time to look at our offer? Book: {LINK}",
    (
        "Last chance! The discount ends tonight, reply YES and I send you the link to pay: "
        "https://ava.example.com/program"
    ),
]
PRAISE = ["Great post, love your work!", "You are such an inspiration!", "Amazing content!"]
QUESTIONS = ["What are you working on these days?", "How is business?", "How are things?"]
HELP = "Happy to introduce you to anybody, no strings attached."
QUOTED = (
    "\n\nOn Mon, Mar 3, 2025 at 9:00 AM Owen Black wrote:\n> "
    + "The measurements at the weir turned out well this spring and I want to tell you more. " * 20
)


def said(thread: str, hours: float, text: str, who: str = "ava", to: str = "ava") -> dict[str, Any]:
    more = {"recipient_keys": [f"linkedin:in/{to}"]} if who == "owner" else {}
    moment = START + timedelta(hours=hours)
    return message(text, who, conversation_key=thread, sent_at=moment, **more)


def pitching() -> Rows:
    """Three pitches in three threads, a month apart, each with a reminder; one answer: no."""
    rows = [said("a0", 80, "No thanks, I am not interested in this.", "owner")]
    for number, text in enumerate(PITCHES):
        rows.append(said(f"a{number}", MONTH * number, text))
        rows.append(said(f"a{number}", MONTH * number + 72, REMINDERS[number % 2]))
    return rows


def friends() -> Rows:
    """Three people with whom the owner talks both ways."""
    return [
        row
        for who in ("ben", "cleo", "dora")
        for n in range(6)
        for row in (
            said(who, 50 * n, f"Chapter {n} on river erosion is what you may need for the weir.", who),
            said(who, 50 * n + 5, f"Thanks, {n} is on my desk. How was your spring there?", "owner", who),
        )
    ]  # fmt: skip


def in_parts(apart: timedelta) -> Rows:
    """Every message of hers cut into its sentences."""
    return [
        row | {"text": part, "sent_at": row["sent_at"] + n * apart}
        for row in pitching()
        for n, part in enumerate(
            row["text"].split(". ") if row["sender_key"] != OWNER else [row["text"]]
        )
    ]


def friendly_thread() -> Rows:
    return [
        row
        for n in range(30)
        for row in (
            said("f", 240 * n, f"I read chapter {n} of your book, the sediment part was new to me."),
            said("f", 240 * n + 5, f"Good that {n} was of use, tell me what the next is like.", "owner"),
        )
    ]  # fmt: skip


ATTACKS: dict[str, Callable[[], Rows]] = {
    "empty compliments in the same threads": lambda: [
        said(f"a{n % 3}", MONTH * (n % 3) + 100 + 20 * n, PRAISE[n % 3]) for n in range(30)
    ],
    "empty compliments in threads of their own": lambda: [
        said(f"b{n}", 100 + 20 * n, PRAISE[n % 3]) for n in range(30)
    ],
    "compliments before each pitch": lambda: [
        said(f"a{n}", MONTH * n - 30, PRAISE[n]) for n in range(3)
    ],
    "a thousand how are you in one thread": lambda: [
        said("a0", 100 + 24 * n, "How are you?") for n in range(1000)
    ],
    "a thousand how are you, a thread each": lambda: [
        said(f"h{n}", 100 + 24 * n, "How are you?") for n in range(1000)
    ],
    "questions in threads of their own": lambda: [
        said(f"q{n}", 100 + 20 * n, QUESTIONS[n % 3]) for n in range(60)
    ],
    "a word two years before": lambda: [said("a0", -24 * 700, "Hi Owen!")],
    "a word two years after": lambda: [said("a0", 24 * 700, "Hi Owen!")],
    "help offered to all and sundry": lambda: [
        said(f"g{n}", 100 + 20 * n, HELP) for n in range(30)
    ],
    "help offered beside each pitch": lambda: [
        said(f"a{n}", MONTH * n + 0.2, HELP) for n in range(3)
    ],
}


def outcome(
    rows: Rows, who: str = "ava", profiles: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Score, its lower end and the advice of somebody, after a whole build."""
    frames = records(a={"message_records": [*friends(), *rows], "person_records": list(profiles)})

    def no_tone(texts: pl.Series) -> pl.DataFrame:
        nothing = pl.lit(None, pl.Float64)
        distinct = pl.DataFrame({"clean": texts.drop_nulls().unique()})
        return distinct.with_columns(polarity=nothing, subjectivity=nothing)

    tables = build(
        frames,
        ledger(frames),
        tone=lambda texts: lambda: no_tone(texts),
        word=Word(owners={"linkedin": [OWNER]}),
    ).tables
    alias = tables["person_aliases"].filter(alias=f"linkedin:in/{who}")
    person = tables["people"].join(alias, "person_id", "semi")["identity_id"].item()
    return tables["sender_metrics"].filter(identity_id=person, scope="all").row(0, named=True)


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    found = outcome(pitching())
    assert found["state"] == "scored"
    assert found["me_score"] > 40
    assert found["advice"] == "mute"
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_padding_lowers_no_score(attack: str, plain: dict[str, Any]) -> None:
    padded = outcome([*pitching(), *ATTACKS[attack]()])
    assert padded["me_score"] >= plain["me_score"] - 1e-9
    # More messages make the score surer, never much less sure.
    assert padded["me_score_low"] >= plain["me_score_low"] - 0.5
    assert padded["advice"] in {"mute", "unsubscribe", "unfollow"}


def test_quoting_lowers_no_score(plain: dict[str, Any]) -> None:
    rows = [
        row if row["sender_key"] == OWNER else row | {"text": row["text"] + QUOTED}
        for row in pitching()
    ]
    assert outcome(rows)["me_score"] == pytest.approx(plain["me_score"])


@pytest.mark.parametrize("minutes", [0.3, 10])
def test_splitting_messages_lowers_no_score(minutes: float, plain: dict[str, Any]) -> None:
    found = outcome(in_parts(timedelta(minutes=minutes)))
    assert found["me_score"] >= plain["me_score"] - 1e-9


def test_a_long_friendly_thread_counts_once(plain: dict[str, Any]) -> None:
    """It was answered, so it is no padding; but sixty messages weigh no more than one thread."""
    rows = friendly_thread()
    whole = outcome([*pitching(), *rows])
    short = outcome([*pitching(), *rows[:2]])
    assert whole["me_score"] == pytest.approx(short["me_score"], abs=3)
    assert whole["me_score"] > 0.8 * plain["me_score"]
    assert whole["advice"] == plain["advice"]


IN_THEIR_NAME: dict[str, Callable[[], Rows]] = {
    "somebody of the same name pitches": lambda: [
        row if row["sender_key"] == OWNER else row | {"sender_name": "Ben"} for row in pitching()
    ],
    "somebody of the same name whose account is closed": lambda: [
        row | {"sender_name": "Ben", "sender_key": None, "recipient_keys": [OWNER]}
        for row in pitching()
        if row["sender_key"] != OWNER
    ],
    "somebody quotes them": lambda: [
        said("a9", n, f"Ben wrote to me: {text} Regards, Ben") for n, text in enumerate(PITCHES)
    ],
}


@pytest.mark.parametrize("attack", IN_THEIR_NAME)
def test_writing_in_anothers_name_leaves_their_score_alone(attack: str) -> None:
    before = outcome([], "ben")
    after = outcome(IN_THEIR_NAME[attack](), "ben")
    names = ("messages", "me_score", "pitch_index", "advice", "state")
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


ON_X = {"person_key": "x:7", "platform": "x", "handle": "notben", "is_owner": False}
BEN = {"person_key": "linkedin:in/ben", "platform": "linkedin", "is_owner": False}
PROFILES: dict[str, Rows] = {
    "by their address": [BEN, ON_X | {"links": ["https://www.linkedin.com/in/ben"]}],
    "by their address in the bio": [BEN, ON_X | {"headline": "I am linkedin.com/in/ben"}],
    "by their website": [BEN | {"links": ["https://ben.example"]}, ON_X | {"links": ["https://ben.example"]}],
    "by their handle": [BEN, ON_X | {"handle": "ben"}],
}  # fmt: skip


@pytest.mark.parametrize("claim", PROFILES)
@pytest.mark.parametrize("who", ["ben", "owner"])
def test_an_account_elsewhere_that_claims_to_be_somebody_changes_nothing_of_theirs(
    claim: str, who: str
) -> None:
    """It pitches on X; neither they nor the owner, claimed the same way, answer for it."""
    words = [
        row | {"platform": "x", "sender_key": "x:7", "conversation_key": "7-8", "recipient_keys": None}
        for row in pitching() if row["sender_key"] != OWNER
    ]  # fmt: skip
    profiles = [
        {name: _of(who, value) for name, value in profile.items()} for profile in PROFILES[claim]
    ]
    before = outcome([], who, profiles)
    after = outcome(words, who, profiles)
    names = ("messages", "me_score", "pitch_index", "advice", "state")
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


def _of(who: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_of(who, inner) for inner in value]
    return value.replace("ben", who) if isinstance(value, str) else value
