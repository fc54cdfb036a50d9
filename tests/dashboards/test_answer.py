"""The first sentence, from an empty inbox to a full one."""

from __future__ import annotations

import pytest

from dashboards.answer import first_sentence

NOTHING = {
    "people": 0, "messages_sent": 0, "posts": 0, "self_focused": 0, "pitched_early": 0, "flooding": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "There is nothing to read yet."),
        ({"messages_sent": 3}, "Nobody else wrote to you in these exports."),
        ({"people": 1}, "One person wrote to you, and nothing stands out."),
        (
            {"people": 1, "pitched_early": 1},
            "One person wrote to you, and pitched within a day of connecting.",
        ),
        ({"people": 40}, "Of 40 people who wrote to you, nobody stands out."),
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
def test_sentence(counts: dict[str, int], sentence: str) -> None:
    assert "".join(part.text for part in first_sentence(NOTHING | counts)) == sentence
