"""Each flag on its case and not on the innocent twin, in sentences with numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl
import pytest

from tests.transforms.by_hand import (
    DAY,
    PITCH,
    Said,
    World,
    by_hand,
    connected,
    name_of,
    real,
    says,
    writes,
)
from transforms.flag_texts import INNOCENT
from transforms.reference import REFERENCE

TRAITS = re.compile(r"narciss|spammer|selfish|toxic|liar|creep|annoying|rude|ego", re.IGNORECASE)
COMPLIMENT = {"generic_compliment": True}
QUESTION = {"questions": 1, "genuine_questions": 1}
TWIN = {"masked_tokens": 20, "template_id": "t", "call_to_action": True}
EVENTS = {
    "cold_pitch", "compliment_then_pitch", "twin", "merge_failure", "ignored_opt_out",
    "newsletters", "follow_ups", "one_way_thread", "kept_pitching",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Threads in which `p` does it, and the flag with its k; None: no such flag."""

    behaviour: str
    k: int | None
    threads: list[list[Said]]


def talk(mine: int, theirs: int) -> list[Said]:
    return [
        says(who, n, words=mine if who == "p" else theirs)
        for n, who in enumerate(["p", "owner"] * 3)
    ]


CASES = {
    "a pitch in the first message": Case("cold_pitch", 1, [[says("p", 0, **PITCH)]]),
    "in the second": Case(
        "cold_pitch", 1, [[says("p", 0), says("owner", 1), says("p", 2, **PITCH)]]
    ),
    "in the third": Case("cold_pitch", None, [[says("p", 0), says("p", 5), says("p", 9, **PITCH)]]),
    "asked for": Case("cold_pitch", None, [[says("p", 0, is_pitch=True, is_prompted=True)]]),
    "the owner wrote first": Case(
        "cold_pitch", None, [[says("owner", 0), says("p", 1, **PITCH), says("p", 9, **PITCH)]]
    ),
    "the owner wrote before, in another thread": Case(
        "cold_pitch", None, [[says("owner", 0), says("p", 1)], [says("p", 9, **PITCH)]]
    ),
    "in two openings": Case("cold_pitch", 2, [[says("p", 0, **PITCH)], [says("p", 9, **PITCH)]]),
    "three bubbles are one": Case(
        "cold_pitch", 1, [[says("p", n / 60, **PITCH) for n in range(3)]]
    ),
    "praise, then a pitch": Case(
        "compliment_then_pitch", 1, [[says("p", 0, **COMPLIMENT), says("p", 9, **PITCH)]]
    ),
    "praise alone": Case("compliment_then_pitch", None, [[says("p", 0, **COMPLIMENT)]]),
    "praise, a question of the owner, a pitch": Case(
        "compliment_then_pitch",
        None,
        [[says("p", 0, **COMPLIMENT), says("owner", 1, **QUESTION), says("p", 2, **PITCH)]],
    ),
    "the same text from somebody else": Case(
        "twin", 1, [[says("p", 0, **TWIN)], [says("q", 9, **TWIN)]]
    ),
    "the same text from the same person": Case(
        "twin", None, [[says("p", 0, **TWIN)], [says("p", 9, **TWIN)]]
    ),
    "the same congratulation from somebody else": Case(
        "twin",
        None,
        [[says(who, 0, masked_tokens=20, template_id="birthday")] for who in ("p", "q")],
    ),
    "a slot not filled in": Case("merge_failure", 1, [[says("p", 0, merge_field_failure=True)]]),
    "every slot filled in": Case("merge_failure", None, [[says("p", 0, masked_tokens=20)]]),
    "selling after a request to stop": Case(
        "ignored_opt_out",
        1,
        [[says("p", 0, **PITCH), says("owner", 1, opt_out_request=True), says("p", 2, **PITCH)]],
    ),
    "chasing after it": Case(
        "ignored_opt_out",
        None,
        [[says("p", 0), says("owner", 1, opt_out_request=True), says("p", 2), says("p", 2 + DAY)]],
    ),
    "an apology after it": Case(
        "ignored_opt_out",
        None,
        [[says("p", 0, **PITCH), says("owner", 1, opt_out_request=True), says("p", 2)]],
    ),
    "two newsletters": Case(
        "newsletters", 2, [[says("p", 0, is_newsletter=True), says("p", 9, is_newsletter=True)]]
    ),
    "one newsletter": Case("newsletters", None, [[says("p", 0, is_newsletter=True)]]),
    "newsletters that were asked for": Case(
        "newsletters",
        None,
        [[says("p", n, is_newsletter=True, is_prompted=True) for n in range(0, 30, 10)]],
    ),
    "three follow-ups beyond the free one": Case(
        "follow_ups", 3, [[says("p", n * DAY) for n in range(5)]]
    ),
    "two": Case("follow_ups", None, [[says("p", n * DAY) for n in range(4)]]),
    "four, in four silences": Case(
        "follow_ups",
        None,
        [[says(who, n * DAY) for n, who in enumerate(["p", "p", "owner"] * 4)]],
    ),
    "four in a group, where a reply may be elsewhere": Case(
        "follow_ups", None, [[says("q", -9), *(says("p", n * DAY) for n in range(6))]]
    ),
    "four fifths of the words": Case("one_way_thread", 1, [talk(40, 10)]),
    "less than four fifths": Case("one_way_thread", None, [talk(39, 10)]),
    "at length because asked": Case(
        "one_way_thread",
        None,
        [
            [
                says("p", 0, words=10),
                says("owner", 1, words=10, **QUESTION),
                says("p", 2, words=200),
                says("owner", 3, words=10),
                says("p", 4, words=10),
                says("owner", 5, words=5),
            ]
        ],
    ),
}


def _own(said: Said, number: int) -> Said:
    who = said.who if said.who == "owner" else f"{said.who}-{number}"
    marks = dict(said.marks)
    if "template_id" in marks:
        marks["template_id"] += str(number)
    return Said(who, said.hours, said.text, marks, said.record)


@pytest.fixture(scope="module")
def world() -> World:
    return by_hand(
        *(
            [_own(said, number) for said in thread]
            for number, case in enumerate(CASES.values())
            for thread in case.threads
        )
    )


@pytest.mark.parametrize("name", CASES)
def test_an_event_flag_and_its_innocent_twin(name: str, world: World) -> None:
    number, case = list(CASES).index(name), CASES[name]
    flag = world.flags(f"p-{number}").get(case.behaviour)
    assert (flag and flag["k"]) == case.k
    if flag is not None:
        assert flag["k"] <= flag["n"]
        assert (flag["rate_low"], flag["rate_high"]) == (None, None)
        assert flag["innocent_explanation"] == INNOCENT[case.behaviour]


def test_a_flag_shows_its_messages_and_when_it_began() -> None:
    first, second, third = says("p", 0), says("p", 9, **PITCH), says("p", 20, **PITCH)
    flag = (world := by_hand([first, second, third], [later := says("p", 30, **PITCH)])).flags("p")[
        "cold_pitch"
    ]
    assert flag["message_ids"] == [world.message_id(second), world.message_id(later)]
    assert flag["first_seen_at"] == second.when
    assert (flag["k"], flag["n"]) == (2, 2)


@pytest.mark.parametrize(
    ("day", "says_when"),
    [
        ("2025-03-03", "in message 2, on the day of connecting."),
        ("2025-03-02", "in message 2, the day after connecting."),
        ("2025-02-26", "in message 2, 5 days after connecting."),
        (None, "in message 2."),
    ],
)
def test_a_cold_pitch_says_how_soon_after_connecting(day: str | None, says_when: str) -> None:
    ties = [connected("p", day)] if day else []
    world = by_hand([says("p", 0), says("p", 3, **PITCH)], connection_records=ties)
    statement = world.flags("p")["cold_pitch"]["statement"]
    assert statement == f"Opened with a pitch nobody had asked for, {says_when}"


def test_cold_pitches_of_several_openings_are_counted() -> None:
    world = by_hand(
        [says("p", 0), says("p", 3, **PITCH)], [says("p", 90, **PITCH)], [says("p", 190)]
    )
    assert world.flags("p")["cold_pitch"]["statement"] == (
        "Opened with a pitch nobody had asked for, in 2 of 3 openings; the first of them was message 2."
    )


def test_one_late_pitch_is_no_habit_and_two_are() -> None:
    friendly = [says("p", 0), says("owner", 1), says("p", 2), says("owner", 3), says("p", 4)]
    once = by_hand([*friendly, says("p", 90, **PITCH)]).flags("p")
    assert "kept_pitching" not in once
    twice = by_hand([*friendly, says("p", 90, **PITCH), says("p", 190, **PITCH)]).flags("p")
    assert twice["kept_pitching"]["statement"] == (
        "Pitched 2 times in 5 messages without being asked to."
    )


def test_the_users_word_switches_cold_flags_off_and_leaves_facts() -> None:
    threads = [
        [says("p", 0, **COMPLIMENT), says("p", 9, **PITCH), says("owner", 10, opt_out_request=True),
         says("p", 11, **PITCH)],
    ]  # fmt: skip
    assert {"cold_pitch", "compliment_then_pitch"} <= by_hand(*threads).flags("p").keys()
    fine = by_hand(*threads, verdicts={"p": "fine"}).flags("p")
    assert fine.keys() == {"ignored_opt_out"}
    not_fine = by_hand(*threads, verdicts={"p": "not-fine"}).flags("p")
    assert "cold_pitch" in not_fine


PITCHED = "We help companies like yours win more clients. Book a call: https://calendly.com/p/30min"


def test_an_introduction_by_a_third_person_in_a_group() -> None:
    threads = [
        [says("friend", -5), says("p", 0, **PITCH)],
        [says("q", 0, **PITCH), says("friend", 5)],
    ]
    world = by_hand(*threads)
    assert "cold_pitch" not in world.flags("p")
    assert "cold_pitch" in world.flags("q")


@pytest.mark.parametrize(
    ("before", "cold"),
    [
        ([], True),
        (
            [writes("friend", -50, f"Owner, I would like to introduce you to {name_of('p')}.")],
            False,
        ),
        (
            [writes("friend", -50, f"Yesterday I had lunch with {name_of('p')}, he says hello.")],
            True,
        ),
        ([writes("friend", -50, "Owner, I would like to introduce you to Somebody Else.")], True),
        ([writes("p", -50, f"Hello, let me introduce myself, I am {name_of('p')}.")], True),
    ],
    ids=["nobody", "introduced", "only mentioned", "somebody else", "by oneself"],
)
def test_an_introduction_in_words(*, before: list[Said], cold: bool) -> None:
    """Real sentences, hand-made measurements: the second message is the pitch."""
    pitch = Said("p", 0, PITCHED, {"n_words": 14, **PITCH})
    known = [Said(said.who, said.hours, said.text, {"n_words": 10}) for said in before]
    same_thread = [said for said in known if said.who == "p"]
    others = [[said] for said in known if said.who != "p"]
    world = by_hand([*same_thread, pitch], *others)
    assert ("cold_pitch" in world.flags("p")) is cold


def test_who_was_introduced_says_so() -> None:
    said = Said("p", 0, f"Hi, Dana introduced us last week. {PITCHED}", {"n_words": 20, **PITCH})
    assert "cold_pitch" not in by_hand([said]).flags("p")


def openings(who: str, pitched: int, total: int) -> list[list[Said]]:
    """So many openings, that many of them with a pitch; the owner invited every one."""
    return [
        [says("owner", -9), says(who, n, **(PITCH if n < pitched else {}))] for n in range(total)
    ]


def test_a_rate_flag_has_its_numbers_and_its_90_percent_interval() -> None:
    flag = by_hand(*openings("p", 14, 18)).flags("p")["pitched_openings"]
    assert flag["statement"] == (
        "In 14 of 18 openings (78 %, 59–90 %) the first two utterances held a pitch nobody had asked for."
    )
    assert (flag["k"], flag["n"]) == (14, 18)
    assert (flag["rate_low"], flag["rate_high"]) == pytest.approx((0.5869, 0.8961), abs=1e-4)
    assert len(flag["message_ids"]) == 14


@pytest.mark.parametrize(("pitched", "total"), [(2, 2), (0, 12), (1, 12)])
def test_a_rate_flag_needs_three_chances_and_more_than_the_usual(pitched: int, total: int) -> None:
    assert "pitched_openings" not in by_hand(*openings("p", pitched, total)).flags("p")


def test_among_many_innocents_it_takes_more_to_be_flagged() -> None:
    """Benjamini-Hochberg: 3 of 5 stands alone at P(rate <= .10) = .018, and not among forty."""
    alone = by_hand(*openings("p", 3, 5))
    crowd = [thread for n in range(39) for thread in openings(f"q{n}", 0, 3)]
    among = by_hand(*openings("p", 3, 5), *crowd)
    assert "pitched_openings" in alone.flags("p")
    assert "pitched_openings" not in among.flags("p")


def test_wording_is_evidence_and_holds_numbers(world: World) -> None:
    statements = world.tables["flags"]["statement"].to_list()
    assert len(statements) > 15
    assert {row["behaviour"] for row in world.tables["flags"].to_dicts()} >= EVENTS
    for statement in statements:
        assert re.search(r"\d", statement), statement
        assert not TRAITS.search(statement), statement
        assert "{" not in statement, statement


def test_every_behaviour_that_can_be_flagged_has_an_innocent_explanation() -> None:
    rates = {v.name for v in REFERENCE.variants.values() if v.mu > 0} - {"talk_share"}
    assert set(INNOCENT) == rates | EVENTS
    for sentence in INNOCENT.values():
        assert sentence.endswith(".")
        assert not TRAITS.search(sentence), sentence


def test_linkedin_member_is_many_people_and_never_flagged() -> None:
    world = by_hand(
        [
            Said(
                "member",
                0,
                "x",
                {"n_words": 9, **PITCH},
                {"sender_name": "LinkedIn Member", "sender_key": None},
            )
        ],
        [says("p", 5)],
    )
    assert world.tables["flags"].is_empty()


def test_the_whole_way_on_real_sentences() -> None:
    world = real(
        [writes("cold", 0, f"Hi Owner, love your profile! {PITCHED}")],
        [
            writes("owner", 0, "Could you send me your price list and a link to book a call?"),
            writes("warm", 1, "Sure, it is €90 an hour. Book here: https://calendly.com/w/30min"),
        ],
        [writes("friend", 0, "Happy birthday, Owner! I hope that you have a lovely day today.")],
    )
    assert world.flags("cold").keys() == {"cold_pitch", "compliment_then_pitch"}
    assert world.flags("warm") == {}
    assert world.flags("friend") == {}
    assert world.tables["flags"].select(pl.col("identity_id").n_unique()).item() == 1


def test_what_counts_after_a_no_in_words() -> None:
    """Whole threads through the whole pipeline: what was written decides, not marks."""
    pitch = "We help bakeries like yours get more customers. Book a free demo call: https://calendly.com/maria/15min"
    no = "No thanks, we are not interested. Please remove me from your list."

    def flagged(*after: Said) -> bool:
        return "ignored_opt_out" in real(
            [writes("p", 0, pitch), writes("owner", 2, no), *after]
        ).flags("p")

    again = "Our platform gets your bakery more leads. Only 3 spots left, sign up today: https://example.org/offer"
    assert flagged(writes("p", 5 * DAY, again))
    assert not flagged(
        writes("p", 3, "Understood, I have taken you off the list. Sorry for the bother!")
    )
    assert not flagged(
        writes(
            "p",
            3,
            "I've removed you from our mailing list. You are receiving this message because you signed up "
            "with us at the bakery fair. To unsubscribe from anything else of ours visit https://example.org/unsubscribe .",
        )
    )
    assert not flagged(
        writes("p", 3, "No worries."),
        writes("p", 30 * DAY, "Happy new year to you and all of the bakers!"),
    )
    assert flagged(writes("p", 3, "No worries."), writes("p", 30 * DAY, again))
    asked = writes("owner", 9 * DAY, "We talked about it again. Could you send me your price list?")
    answer = (
        "Of course! Our platform is $49 a month, here is the price list: https://example.org/prices"
    )
    assert not flagged(writes("p", 3, "No worries."), asked, writes("p", 9 * DAY + 2, answer))
