"""A worked example of every metric of grain conversation: threads on paper, numbers beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.transforms.by_hand import (
    DAY,
    MINUTE,
    PITCH,
    START,
    Said,
    World,
    attaches,
    by_hand,
    connected,
    says,
)


@dataclass(frozen=True)
class Case:
    """One thread of the owner with somebody named `who`, and what is expected of that person."""

    who: str
    thread: list[Said]
    expected: dict[str, Any]
    of: str | None = None


TELLS = {"self_subject_sentences": 1}
COMPLIMENT = {"generic_compliment": True}
STOP = {"opt_out_request": True}
QUESTION = {"questions": 1, "genuine_questions": 1}
# 90 % Wilson intervals, (k + z²/2 ± z·sqrt(k(n - k)/n + z²/4)) / (n + z²) with z² = 2.7055.
HALF_OF_TWO = (0.1209, 0.8791)
TWO_OF_TWO = (0.4250, 1.0)


def talk(who: str, *more: Said) -> list[Said]:
    """Six turns and 110 words; the second turn of `who` answers a direct question."""
    return [
        says(who, 0, words=40),
        says("owner", 1, words=5, **QUESTION),
        says(who, 2, words=30),
        says("owner", 3, words=5),
        says(who, 4, words=20),
        says("owner", 5, words=10),
        *more,
    ]


CASES = {
    "a pause of two minutes is one utterance, a longer one is not": Case(
        "pauses",
        [
            says("pauses", 0),
            says("pauses", 2 * MINUTE),
            says("pauses", 30 * MINUTE),
            says("owner", 1, words=7),
            attaches("pauses", 2),
        ],
        {"messages": 4, "utterances": 3, "turns": 2, "longest_run": 2, "words": 30, "openings": 1},
    ),
    "words nobody could measure are unknown, not none": Case(
        "foreign",
        [says("foreign", 0, words=None), attaches("foreign", 1)],
        {"messages": 2, "words": None, "talk_share": None, "elicited_words": 0},
    ),
    "share of the words, with and without those that were asked for": Case(
        "talker",
        talk("talker"),
        {
            "words": 90,
            "elicited_words": 30,
            "talk_share": 90 / 110,
            "talk_share_unasked": 60 / 80,
        },
    ),
    "the same thread from the other side": Case(
        "listener",
        talk("listener"),
        {"words": 20, "elicited_words": 0, "talk_share": 20 / 110, "talk_share_unasked": 20 / 110},
        of="owner",
    ),
    "an answer in several messages is an answer, what comes a day later is not": Case(
        "bubbles",
        [
            says("owner", 0, **QUESTION),
            says("bubbles", 1, words=50),
            says("bubbles", 1.5, words=40),
            says("bubbles", 26, words=30),
        ],
        {"words": 120, "elicited_words": 90},
    ),
    "five turns are too few for a share": Case(
        "brief", talk("brief")[:5], {"talk_share": None, "talk_share_unasked": None}
    ),
    "ninety-nine words are too few for a share": Case(
        "terse",
        [
            says(who, hour, words=16 if hour else 19)
            for hour, who in enumerate(["terse", "owner"] * 3)
        ],
        {"talk_share": None},
    ),
    "a hundred words are enough": Case(
        "enough",
        [
            says(who, hour, words=16 if hour else 20)
            for hour, who in enumerate(["enough", "owner"] * 3)
        ],
        {"talk_share": 52 / 100, "talk_share_unasked": 52 / 100},
    ),
    "a share of words some of which are unknown is unknown": Case(
        "partly", talk("partly", says("partly", 6, words=None)), {"words": 90, "talk_share": None}
    ),
    "one polite follow-up is free": Case(
        "polite", [says("polite", 0), says("polite", DAY)], {"unanswered_follow_ups": 0}
    ),
    "the second follow-up counts": Case(
        "chaser",
        [says("chaser", day * DAY) for day in range(3)],
        {"unanswered_follow_ups": 1, "longest_run": 3, "turns": 1},
    ),
    "each silence has its free one": Case(
        "twice",
        [
            *(says("twice", day * DAY) for day in range(3)),
            says("owner", 2.5 * DAY),
            *(says("twice", day * DAY) for day in range(3, 7)),
        ],
        {"unanswered_follow_ups": 3},
    ),
    "less than a day apart is no follow-up": Case(
        "eager",
        [says("eager", hour) for hour in (0, 23.9, 47.8, 71.7)],
        {"unanswered_follow_ups": 0},
    ),
    "what was asked for, and a series, is no chasing": Case(
        "sender",
        [
            says("sender", 0),
            says("sender", DAY, is_prompted=True),
            says("sender", 2 * DAY, is_prompted=True),
            says("sender", 3 * DAY, is_newsletter=True),
            says("sender", 4 * DAY, is_newsletter=True),
        ],
        {"unanswered_follow_ups": 0},
    ),
    "after a request to stop selling counts, and what else one says does not": Case(
        "unheeding",
        [
            says("unheeding", 0, **PITCH),
            says("owner", 1, **STOP),
            says("unheeding", 2),
            says("unheeding", 3, **PITCH),
            says("unheeding", 3 + DAY),
            says("unheeding", 4 + DAY, is_newsletter=True),
        ],
        {"after_opt_out": 2},
    ),
    "a request to stop stands, whatever is said between": Case(
        "deaf",
        [
            says("deaf", 0, **PITCH),
            says("owner", 1, **STOP),
            says("deaf", 2, confirms_opt_out=True),
            says("owner", 3),
            says("deaf", 40 * DAY, is_newsletter=True),
            says("owner", 40 * DAY + 1),
            says("deaf", 41 * DAY, **PITCH),
        ],
        {"after_opt_out": 2},
    ),
    "a confirmation with the list's own footer is none": Case(
        "confirming",
        [
            says("confirming", 0, is_newsletter=True),
            says("owner", 1, **STOP),
            says("confirming", 2, is_newsletter=True, confirms_opt_out=True, contact_link=True),
        ],
        {"after_opt_out": 0},
    ),
    "a confirmation that offers the next thing is one": Case(
        "sly",
        [
            says("sly", 0, **PITCH),
            says("owner", 1, **STOP),
            says("sly", 2, **PITCH, confirms_opt_out=True, own_offer=True),
        ],
        {"after_opt_out": 1},
    ),
    "who asks takes the conversation up again": Case(
        "courted",
        [
            says("courted", 0, **PITCH),
            says("owner", 1, **STOP),
            says("owner", 3 * DAY, **QUESTION),
            says("courted", 4 * DAY, **PITCH),
        ],
        {"after_opt_out": 0},
    ),
    "who asks for the price does, too": Case(
        "priced",
        [
            says("priced", 0, **PITCH),
            says("owner", 1, **STOP),
            says("priced", 2),
            says("owner", 3 * DAY, asks_for_something=True),
            says("priced", 4 * DAY, is_pitch=True, is_prompted=True, price=True),
        ],
        {"after_opt_out": 0},
    ),
    "a question with the request to stop asks for nothing": Case(
        "why",
        [
            says("why", 0, **PITCH),
            says("owner", 1, **STOP, **QUESTION),
            says("why", 2, **PITCH),
        ],
        {"after_opt_out": 1},
    ),
    "who begins again after two silent weeks does, and a quick answer does not": Case(
        "again",
        [
            says("again", 0, **PITCH),
            says("owner", 1, **STOP),
            says("owner", 1 + 14 * DAY),
            says("again", 2 + 14 * DAY, **PITCH),
            says("owner", 3 + 14 * DAY, **STOP),
            says("again", 4 + 40 * DAY, **PITCH),
            says("owner", 5 + 40 * DAY),
            says("again", 6 + 40 * DAY, **PITCH),
        ],
        {"after_opt_out": 2},
    ),
    "in a group nobody can tell who is meant": Case(
        "loud",
        [
            says("loud", 0, **PITCH),
            says("bystander", 1),
            says("owner", 2, **STOP),
            says("loud", 3, **PITCH),
        ],
        {"after_opt_out": 0},
    ),
    "before it is not after it, and another's request is another's": Case(
        "own",
        [
            says("own", 0, **STOP),
            says("owner", 1),
            says("own", 2, **PITCH),
            says("owner", 3, **STOP),
        ],
        {"after_opt_out": 0},
    ),
    "who stops has nothing to answer for": Case(
        "heeding",
        [says("heeding", 0, **PITCH), says("owner", 1, opt_out_request=True), says("heeding", 2)],
        {"after_opt_out": 0, "unprompted_pitches": 1},
    ),
    "the first utterance after 180 silent days opens again": Case(
        "returns", [says("returns", 0), says("returns", 181 * DAY)], {"openings": 2}
    ),
    "179 silent days do not": Case(
        "patient", [says("patient", 0), says("patient", 179 * DAY)], {"openings": 1}
    ),
    "an opening is pitched in its first or second utterance": Case(
        "second",
        [says("second", 0), says("second", 3, **PITCH)],
        {
            "openings": 1,
            "pitched_openings": 1,
            "unprompted_pitches": 1,
            "promotional_utterances": 1,
            "first_pitch_hours": 3.0,
            "first_pitch_ordinal": 2,
        },
    ),
    "not in its third": Case(
        "third",
        [says("third", 0), says("third", 3), says("third", 6, **PITCH)],
        {"openings": 1, "pitched_openings": 0, "first_pitch_ordinal": 3},
    ),
    "the second utterance of one opening is not that of the next": Case(
        "reopens",
        [says("reopens", 0), says("reopens", 181 * DAY, **PITCH)],
        {"openings": 2, "pitched_openings": 1},
    ),
    "who pitched nothing has no first pitch": Case(
        "quiet",
        [says("quiet", 0, is_pitch=True, is_prompted=True)],
        {
            "first_pitch_hours": None,
            "first_pitch_ordinal": None,
            "first_pitch_at": None,
            "unprompted_pitches": 0,
            "pitched_openings": 0,
        },
    ),
    "hours count from the day of connecting where it is known": Case(
        "connected",
        [says("connected", 0), says("connected", 2, **PITCH)],
        {"first_pitch_hours": 35.0},
    ),
    "twelve masked words can be compared with others": Case(
        "long", [says("long", 0, masked_tokens=12)], {"compared_openings": 1, "copied_openings": 0}
    ),
    "eleven cannot": Case("short", [says("short", 0, masked_tokens=11)], {"compared_openings": 0}),
    "a failed merge needs no length": Case(
        "merge",
        [says("merge", 0, masked_tokens=5, merge_field_failure=True)],
        {"compared_openings": 1, "copied_openings": 1},
    ),
    "a newsletter nobody asked for is promotional": Case(
        "letters",
        [
            says("letters", 0, is_newsletter=True),
            says("letters", 1, is_newsletter=True, is_prompted=True),
            says("letters", 2, **PITCH, is_newsletter=True),
        ],
        {"newsletters": 2, "promotional_utterances": 2, "unprompted_pitches": 1},
    ),
    "a card is a contact, or a link beside an offer, that nobody asked for": Case(
        "cards",
        [
            says("cards", 0, contact_phone=True),
            says("cards", 1, contact_link=True),
            says("cards", 2, contact_link=True, own_offer=True),
            says("cards", 3, contact_email=True, is_prompted=True),
            says("cards", 4, scheduling_link=True),
        ],
        {"contacts": 3},
    ),
    "help counts where nothing is pitched": Case(
        "helper",
        [
            says("helper", 0, gives_help=True),
            says("helper", 1, gives_help=True, is_pitch=True),
            says("owner", 2, states_need=True),
            says("helper", 3),
            says("helper", 4, gives_help=True),
            says("owner", 5, states_need=True),
            says("helper", 6),
        ],
        {"helps": 2, "needs_heard": 2, "needs_answered": 1},
    ),
    "turns of five words can be taken up": Case(
        "hears",
        [
            says("owner", 0, words=5),
            says("hears", 1, follow_up_question=True, uptake=0.2),
            says("owner", 2, words=4),
            says("hears", 3, follow_up_question=True, uptake=0.9),
            says("owner", 4, words=9),
            says("hears", 5, uptake=0.0),
            says("owner", 6, words=9),
            says("hears", 7, **PITCH, follow_up_question=True, uptake=0.8),
        ],
        {
            "heard": 3,
            "follow_up_questions": 1,
            "follow_up_question_rate": 1 / 3,
            "mean_uptake": 0.1,
            "listened": True,
        },
    ),
    "uptake up to the usual is not listening": Case(
        "usual",
        [says("owner", 0), says("usual", 1, uptake=0.06)],
        {"mean_uptake": 0.06, "listened": False, "follow_up_question_rate": 0.0},
    ),
    "uptake above it is, over two answers": Case(
        "unusual",
        [
            says("owner", 0),
            says("unusual", 1, uptake=0.14),
            says("owner", 2),
            says("unusual", 3, uptake=0.0),
        ],
        {"mean_uptake": 0.07, "listened": True},
    ),
    "one answer that shares a word is chance": Case(
        "chance",
        [says("chance", -1), says("owner", 0), says("chance", 1, uptake=0.3)],
        {"heard": 1, "listened": False},
    ),
    "who answers nothing cannot be said to listen or not": Case(
        "alone",
        [says("alone", 0, follow_up_question=True)],
        {
            "heard": 0,
            "follow_up_questions": 0,
            "follow_up_question_rate": None,
            "mean_uptake": None,
            "listened": False,
            "disclosures_answered": 0,
            "shift_response_rate": None,
        },
    ),
    "a shift speaks of oneself and takes up nothing": Case(
        "shifter",
        [
            says("owner", 0, **TELLS),
            says("shifter", 1, **TELLS),
            says("owner", 2, **TELLS),
            says("shifter", 3, **TELLS, acknowledgement=True),
            says("owner", 4, **TELLS),
            says("shifter", 5, **TELLS, uptake=0.1),
            says("owner", 6, **TELLS),
            says("shifter", 7, **TELLS, **QUESTION),
            says("owner", 8, **TELLS),
            says("shifter", 9, uptake=0.0),
        ],
        {"disclosures_answered": 5, "shift_responses": 1, "shift_response_rate": 0.2},
    ),
    "a question, a short turn and short or empty answers are no disclosure answered": Case(
        "no-shift",
        [
            says("owner", 0, **TELLS, **QUESTION),
            says("no-shift", 1, **TELLS),
            says("owner", 2, **TELLS, words=4),
            says("no-shift", 3, **TELLS),
            says("owner", 4, **TELLS),
            says("no-shift", 5, **TELLS, words=4),
        ],
        {"disclosures_answered": 0, "shift_responses": 0},
    ),
    "a compliment two messages before a pitch": Case(
        "praises",
        [says("praises", 0, **COMPLIMENT), says("praises", 1), says("praises", 2, **PITCH)],
        {"compliment_then_pitch": True},
    ),
    "three messages before it": Case(
        "praised",
        [
            says("praised", 0, **COMPLIMENT),
            says("praised", 1),
            says("praised", 2),
            says("praised", 3, **PITCH),
        ],
        {"compliment_then_pitch": False},
    ),
    "in the same message": Case(
        "at-once", [says("at-once", 0, **PITCH, **COMPLIMENT)], {"compliment_then_pitch": True}
    ),
    "a question of the other between them": Case(
        "asked",
        [says("asked", 0, **COMPLIMENT), says("owner", 1, **QUESTION), says("asked", 2, **PITCH)],
        {"compliment_then_pitch": False},
    ),
    "a pitch and then a compliment": Case(
        "flatters",
        [says("flatters", 0, **PITCH), says("flatters", 1, **COMPLIMENT)],
        {"compliment_then_pitch": False},
    ),
    "a question answered after an hour, one never": Case(
        "answers",
        [
            says("owner", 0, **QUESTION),
            says("answers", 1),
            says("owner", 2, **QUESTION),
        ],
        {
            "questions_received": 2,
            "questions_answered": 1,
            "reply_rate": 0.5,
            "reply_rate_low": HALF_OF_TWO[0],
            "reply_rate_high": HALF_OF_TWO[1],
            "reply_hours": 1.0,
        },
    ),
    "an answer after a fortnight is none": Case(
        "slow",
        [says("owner", 0, **QUESTION), says("slow", 15 * DAY)],
        {
            "questions_received": 1,
            "questions_answered": 0,
            "reply_rate": 0.0,
            "reply_hours": 15 * DAY,
        },
    ),
    "a question younger than a fortnight is open": Case(
        "open",
        [says("open", 380 * DAY), says("owner", 390 * DAY, **QUESTION)],
        {
            "questions_received": 0,
            "questions_answered": 0,
            "reply_rate": None,
            "reply_rate_low": None,
            "reply_rate_high": None,
            "reply_hours": None,
        },
    ),
    "a pitch is no question, and thanks need no answer": Case(
        "pitched",
        [says("owner", 0, **QUESTION, **PITCH), says("pitched", 1), says("owner", 2)],
        {"questions_received": 0, "reply_rate": None},
    ),
    "half are answered by the time the second of three is": Case(
        "median",
        [
            says("owner", 0, **QUESTION),
            says("median", 1),
            says("owner", 10, **QUESTION),
            says("median", 15),
            says("owner", 20, **QUESTION),
        ],
        {"questions_received": 3, "questions_answered": 2, "reply_hours": 5.0},
    ),
    "one of three is under half: the questions of one turn are one": Case(
        "seldom",
        [
            says("owner", 0, **QUESTION),
            says("seldom", 1),
            *(says("owner", hour, **QUESTION) for hour in (10, 20)),
            says("seldom", 20 + 400),
            says("owner", 500, **QUESTION),
        ],
        {"questions_received": 3, "questions_answered": 1, "reply_hours": 400.0},
    ),
    "what nobody answered has no median": Case(
        "silent",
        [says("silent", 0), says("owner", 1, **QUESTION)],
        {"questions_received": 1, "questions_answered": 0, "reply_rate": 0.0, "reply_hours": None},
    ),
    "an open question does not lower the rate": Case(
        "waits",
        [
            says("owner", 0, **QUESTION),
            says("waits", 1),
            says("owner", 380 * DAY, **QUESTION),
            attaches("waits", 380 * DAY + 2),
            says("owner", 390 * DAY, **QUESTION),
        ],
        {
            "questions_received": 2,
            "reply_rate": 1.0,
            "reply_rate_low": TWO_OF_TWO[0],
            "reply_rate_high": TWO_OF_TWO[1],
            "reply_hours": 2.0,
        },
    ),
}
NEWEST = [says("newest", 400 * DAY)]


@pytest.fixture(scope="module")
def world() -> World:
    return by_hand(
        *(case.thread for case in CASES.values()),
        NEWEST,
        connection_records=[connected("connected", "2025-03-02")],
    )


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_thread_of_two(case: Case, world: World) -> None:
    cell = world.cell(case.of or case.who, beside=case.who)
    found = {name: cell[name] for name in case.expected}
    assert found == pytest.approx(case.expected, abs=1e-4)


def test_the_first_pitch_has_its_time(world: World) -> None:
    assert world.cell("second")["first_pitch_at"] == START + timedelta(hours=3)
    assert world.cell("quiet")["first_pitch_at"] is None


def test_the_same_text_to_three_is_the_same_to_all_and_to_two_is_not() -> None:
    copy = {"masked_tokens": 20, "call_to_action": True}
    world = by_hand(
        *(
            [says("owner", n, **copy, template_id="ask"), says(f"of-three-{n}", n + 9)]
            for n in range(3)
        ),
        *(
            [says("owner", n, **copy, template_id="two"), says(f"of-two-{n}", n + 9)]
            for n in range(2)
        ),
        *(
            [says("owner", n, masked_tokens=20, template_id="courtesy"), says(f"kind-{n}", n + 9)]
            for n in range(3)
        ),
        [says("owner", 50), says("owner", 51, **copy, template_id="ask"), says("later", 52)],
    )
    found = {
        who: world.cell("owner", beside=who)["same_openings"]
        for who in ("of-three-0", "of-three-2", "of-two-0", "kind-0", "later")
    }
    assert found == {"of-three-0": 1, "of-three-2": 1, "of-two-0": 0, "kind-0": 0, "later": 0}


def test_a_twin_is_an_opening_that_somebody_else_sent_too() -> None:
    world = by_hand(
        [says("one", 0, masked_tokens=20, template_id="ask", call_to_action=True)],
        [says("other", 5, masked_tokens=20, template_id="ask")],
        [says("own", 0, masked_tokens=20, template_id="mine", is_pitch=True)],
        [says("own", 9, masked_tokens=20, template_id="mine"), says("third", 10)],
        [says("wishes", 0, masked_tokens=20, template_id="birthday")],
        [says("wishing", 0, masked_tokens=20, template_id="birthday")],
    )
    copied = {
        who: world.cell(who)["copied_openings"]
        for who in ("one", "other", "third", "wishes", "wishing")
    }
    assert copied == {"one": 1, "other": 1, "third": 0, "wishes": 0, "wishing": 0}
    assert world.cell("own", beside="third")["copied_openings"] == 0


def group(*said: Said) -> list[Said]:
    """A thread of four in which the others went on talking."""
    return [says("host", 0), *said, says("host", 20 * DAY), says("guest", 20 * DAY + 1)]


GROUPS = {
    "said one thing": (group(says("p", 1)), True),
    "left the question after it unanswered": (
        group(says("p", 1), says("guest", 2), says("p", 3), says("host", 4, **QUESTION)),
        True,
    ),
    "said two things, and nobody asked": (
        group(says("p", 1), says("guest", 2), says("p", 3)),
        False,
    ),
    "answered": (
        group(says("p", 1), says("host", 2, **QUESTION), says("p", 3), says("guest", 4)),
        False,
    ),
    "had the last word": ([*group(), says("p", 21 * DAY)], False),
    "wrote less than a fortnight ago": (
        [says("host", 0), says("p", 390 * DAY), says("guest", 391 * DAY)],
        None,
    ),
}


def _named(thread: list[Said], number: int) -> list[Said]:
    return [
        Said(
            f"{said.who}-{number}" if said.who != "owner" else "owner",
            said.hours,
            said.text,
            said.marks,
        )
        for said in thread
    ]


@pytest.fixture(scope="module")
def groups() -> World:
    threads = [_named(thread, number) for number, (thread, _) in enumerate(GROUPS.values())]
    return by_hand(*threads, NEWEST)


@pytest.mark.parametrize("name", GROUPS)
def test_who_leaves_a_group(name: str, groups: World) -> None:
    cell = groups.cell(f"p-{list(GROUPS).index(name)}")
    assert cell["left_group"] is GROUPS[name][1]
    # In a group a reply may be elsewhere and a question may be for anybody.
    assert cell["unanswered_follow_ups"] is None
    assert cell["talk_share"] is None
    assert cell["questions_received"] == 0


def test_nobody_leaves_a_thread_of_two(world: World) -> None:
    assert world.cell("pauses")["left_group"] is None
