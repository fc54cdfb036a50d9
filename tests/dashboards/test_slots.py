"""What was filled in for a recipient is found again in the text they saw."""

from __future__ import annotations

import pytest

from dashboards.slots import VARIES, filled_in


@pytest.mark.parametrize(
    ("masked", "example", "marked"),
    [
        (
            "we help <company> win at <url> friend",
            "We help Quillmark Ltd win at https://a.example/x, friend.",
            [("Quillmark Ltd", "company"), ("https://a.example/x,", "url")],
        ),
        (
            "only <number> places left at <price> each",
            "Hi Ann, only 3 places left at $499 each!",
            [("Hi Ann", VARIES), ("3", "number"), ("499", "price")],
        ),
        ("it's all yours", "It’s all yours", []),
        ("أهلا <name> كيف الحال", "أهلا سارة كيف الحال", [("سارة", "name")]),
    ],
)
def test_slots_are_marked_in_the_text_itself(
    masked: str, example: str, marked: list[tuple[str, str]]
) -> None:
    pieces = filled_in(masked, example)
    assert "".join(text for text, _ in pieces) == example
    assert [piece for piece in pieces if piece[1]] == marked


@pytest.mark.parametrize("example", [None, "", "Something else entirely, of other words."])
def test_without_a_fitting_example_the_mask_is_shown(example: str | None) -> None:
    assert filled_in("meet <name> today", example) == [
        ("meet ", None),
        ("name", "name"),
        (" today", None),
    ]


def test_a_very_long_text_takes_no_square_of_time() -> None:
    masked = "word <name> " * 5_000
    assert filled_in(masked, "word Ann " * 5_000)[1] == ("name", "name")
