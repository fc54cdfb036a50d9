"""The answer in words, from an empty inbox to a full one, and the same wherever it is said."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboards.answer import answer
from dashboards.wording import FINDINGS
from tests.dashboards.conftest import Frames

NOTHING: dict[str, Any] = {
    "people": 0, "posters": 0, "messages_sent": 0, "posts": 0, "scored": 0,
    "self_focused": 0, "pitched_early": 0, "flooding": 0,
}  # fmt: skip
FIRST = {
    "identity_id": "p1", "name": "Ann Lee", "advice": "mute", "advice_reason": "They opened cold.",
    "strongest_flag": "Opened with a pitch, in message 1.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "There is nothing to read yet."),
        ({"messages_sent": 3}, "Nobody else wrote to you in these exports."),
        (
            {"people": 1},
            "One person wrote to you: too little for a score. Here is what was seen.",
        ),
        ({"people": 1, "scored": 1}, "One person wrote to you, and nothing stands out."),
        (
            {"people": 1, "pitched_early": 1},
            "One person wrote to you, and pitched within a day of connecting.",
        ),
        (
            {"people": 3},
            "3 people wrote to you: too little for a score. Here is what was seen.",
        ),
        (
            {"people": 1, "posters": 1, "scored": 1},
            "One person's posts were read, and nothing stands out.",
        ),
        (
            {"people": 3, "posters": 3, "scored": 1},
            "Of 3 people whose posts were read, nobody stands out.",
        ),
        (
            {"people": 3, "posters": 3},
            "The posts of 3 people were read: too little for a score. Here is what was seen.",
        ),
        (
            {"people": 9, "posters": 3, "scored": 1},
            "Of 9 people who wrote to you or whose posts were read, nobody stands out.",
        ),
        (
            {"people": 9, "posters": 3},
            "9 people wrote to you or have posts here: too little for a score. Here is what was seen.",
        ),
        ({"people": 40, "scored": 9}, "Of 40 people who wrote to you, nobody stands out."),
        (
            {"people": 2, "self_focused": 1},
            "Of 2 people who wrote to you, 1 mostly talks about themselves.",
        ),
        (
            {"people": 1412, "self_focused": 31, "pitched_early": 19, "flooding": 7},
            (
                "Of 1\u202f412 people who wrote to you, 31 mostly talk about themselves, 19 pitched "
                "within a day of connecting and 7 sent three or more promotions nobody asked for."
            ),
        ),
    ],
)
def test_first_sentence(counts: dict[str, int], sentence: str) -> None:
    assert answer(NOTHING | counts, {}, None).lines()[0] == sentence


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (1, "One person wrote to you, and gave a reason to act."),
        (4, "Of 4 people who wrote to you, 2 gave a reason to act."),
    ],
)
def test_nothing_stands_out_is_never_said_beside_something_to_do(
    people: int, sentence: str
) -> None:
    said = answer(NOTHING | {"people": people, "scored": 1}, {"mute": 2}, FIRST)
    assert said.lines()[0] == sentence


def test_nothing_stands_out_is_never_said_beside_somebody_to_watch() -> None:
    said = answer(NOTHING | {"people": 4, "scored": 2}, {"watch": 2, "none": 2}, None)
    assert said.lines()[0] == "Of 4 people who wrote to you, 2 score high enough to watch."


def test_what_to_do_first_is_named_with_its_reason_and_what_comes_after() -> None:
    lines = answer(NOTHING | {"people": 9, "scored": 2}, {"mute": 3, "thank": 1}, FIRST).lines()
    assert lines[1:] == [
        "Start with Ann Lee: mute. Opened with a pitch, in message 1.",
        "2 more to deal with after that and 1 person was good company and could be thanked.",
        "2 wrote enough for a score. About the other 7 there are facts and no score: most people who pitch write once.",
    ]


def test_nobody_to_deal_with_is_said_by_silence_and_thanks() -> None:
    lines = answer(NOTHING | {"people": 9, "scored": 9}, {"none": 7, "thank": 2}, None).lines()
    assert lines[1:] == [
        "2 people were good company and could be thanked.",
        "Everybody wrote enough for a score.",
    ]


def test_numbers_and_names_lead_somewhere() -> None:
    said = answer(NOTHING | {"people": 9, "pitched_early": 4}, {"mute": 1}, FIRST)
    assert [part.text for part in said.found if part.seen == "pitched_early"] == ["4"]
    assert [part.text for part in said.first if part.person == "p1"] == ["Ann Lee"]


def test_somebody_without_a_name_can_come_first() -> None:
    said = answer(NOTHING | {"people": 1}, {"mute": 1}, FIRST | {"name": None})
    assert said.lines()[1].startswith("Start with Somebody without a name: mute.")


@pytest.mark.parametrize("finding", FINDINGS)
def test_a_number_of_the_first_sentence_counts_the_people_it_leads_to(
    finding: str, frames: Frames
) -> None:
    people = frames["people"].filter(pl.col("seen").list.contains(finding))
    assert people.height == frames["overview"][finding].item() > 0
