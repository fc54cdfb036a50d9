"""A worked example of every metric of grain sender: two people, every number added up by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.by_hand import DAY, PITCH, World, attaches, by_hand, posts, says

QUESTION = {"questions": 1, "genuine_questions": 1}


@pytest.fixture(scope="module")
def world() -> World:
    """`busy` sells in two threads, helps in a third and posts; `plain` writes 300 words of I."""
    return by_hand(
        [
            says("busy", 0, words=40, is_newsletter=True, seeks_clients=True, pitch_probability=0.4),
            says("owner", 1, words=5, opt_out_request=True),
            says("busy", 4, words=20, **PITCH, contact_phone=True, generic_compliment=True,
                 seeks_clients=True, pitch_probability=0.9),
            says("busy", 4 + 2 * DAY, words=5),
            says("busy", 4 + 4 * DAY, words=5),
        ],
        [
            says("busy", 10, words=5, **PITCH, seeks_talent=True, pitch_probability=0.7),
            says("busy", 18, words=5, **PITCH),
        ],
        [
            says("owner", 0, words=30, states_need=True, **QUESTION),
            says("busy", 3, words=40, gives_help=True),
            says("owner", 4, words=10),
            says("busy", 5, words=20, **QUESTION, follow_up_question=True, offers_advice=True),
            says("owner", 6, words=10, **QUESTION),
            says("busy", 11, words=10, language="es"),
            says("owner", 12, words=10, **QUESTION),
        ],
        [says("busy", 20, words=None), attaches("busy", 30)],
        *(
            [says("plain", n, words=60, first_person_singular=3 + n), says("owner", n + 1)]
            for n in range(5)
        ),
        *([says("few", n, words=74, first_person_singular=9)] for n in range(4)),
        [says("newest", 400 * DAY)],
        public=[
            posts("busy", 8, words=50, language="de", offers_advice=True),
            posts("busy", 9, words=None),
            posts("busy", 10, words=5, kind="repost"),
        ],
    )  # fmt: skip


SUMS = {
    "messages": 4 + 2 + 3 + 2,
    "posts": 2,  # a repost is somebody else's words
    "conversations": 4,
    "utterances": 4 + 2 + 3 + 1,  # the fourth thread could not be measured, one post could
    "words": 70 + 10 + 70 + 50,
    "unmeasured": 2,
    "openings": 4,
    "pitched_openings": 2,
    "unprompted_pitches": 3,
    "newsletters": 1,
    "promotional_utterances": 4,
    "contacts": 1,
    "unanswered_follow_ups": 1,
    "after_opt_out": 1,  # the pitch; the two that chase it sell nothing
    "helps": 1,
    "needs_answered": 1,
    "follow_up_questions": 1,
    "questions_received": 3,
    "questions_answered": 2,
    "compliment_then_pitch": True,
    "reply_rate": 2 / 3,
    "reply_rate_low": 0.2535,
    "reply_rate_high": 0.9217,
    "first_pitch_hours": 2.0,  # 4 hours in one thread, 0 in the other
    "reply_hours": 5.0,  # waits of 3 and 5 hours and one without end
    "talk_share": 70 / 130,
    "question_rate": 1 / 7,
    "highest_pitch_probability": 0.9,
    "language": "en",
    "seeks": "clients",
    "offers": "advice",
    "pronoun_rate": None,
}


@pytest.mark.parametrize("name", SUMS)
def test_a_metric_of_a_sender_adds_up(name: str, world: World) -> None:
    assert world.sender("busy")[name] == pytest.approx(SUMS[name], abs=1e-4)


def test_pronouns_per_hundred_words_from_300_words_in_five_threads(world: World) -> None:
    assert world.sender("plain")["pronoun_rate"] == pytest.approx(100 * (3 + 4 + 5 + 6 + 7) / 300)
    assert world.sender("few")["words"] == 296
    assert world.sender("few")["pronoun_rate"] is None


def test_what_nothing_was_seen_of_is_null_and_not_zero(world: World) -> None:
    unknown = {
        "reply_rate", "reply_rate_low", "reply_rate_high", "reply_hours", "first_pitch_hours",
        "talk_share", "seeks", "offers",
    }  # fmt: skip
    sender: dict[str, Any] = world.sender("plain")
    assert {name for name in unknown if sender[name] is not None} == set()
    assert sender["questions_received"] == 0


def test_four_threads_are_too_few_for_pronouns() -> None:
    world = by_hand(*([says("four", n, words=100, first_person_singular=9)] for n in range(4)))
    assert world.sender("four")["words"] == 400
    assert world.sender("four")["pronoun_rate"] is None


def test_the_scope_of_a_platform_holds_what_was_said_there(world: World) -> None:
    everywhere, linkedin = world.sender("busy"), world.sender("busy", "linkedin")
    assert {name: linkedin[name] for name in SUMS} == {name: everywhere[name] for name in SUMS}
    assert world.tables["sender_metrics"].filter(scope="x").is_empty()


def test_unmeasured_texts_have_no_language() -> None:
    world = by_hand([says("foreign", 0, words=None)])
    sender = world.sender("foreign")
    assert sender["language"] is None
    assert sender["question_rate"] is None
    assert sender["highest_pitch_probability"] is None
    assert (sender["utterances"], sender["words"], sender["unmeasured"]) == (0, 0, 1)
