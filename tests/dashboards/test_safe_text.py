"""Strangers' text obeys nobody: no terminal and no spreadsheet."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.safe_text import for_spreadsheet, for_terminal, to_csv


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jane Doe", "Jane Doe"),
        ("José 👩‍💻 日本", "José 👩‍💻 日本"),
        ("\x1b[2J\x1b[31mred", "�[2J�[31mred"),
        ("a\x07b\x9bc", "a�b�c"),
        ("two\nlines\tand\rtabs", "two lines and tabs"),
        ("right\u202eto left", "right�to left"),
    ],
)
def test_for_terminal(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@given(st.text())
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    shown = for_terminal(text)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2", "@sum", "\t=1", "\r=1", "  =1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "5", "née"])
def test_plain_text_stays(text: str) -> None:
    assert for_spreadsheet(text) == text


def test_to_csv_keeps_numbers_and_quotes_what_needs_it() -> None:
    frame = pl.DataFrame(
        {
            "name": ["=cmd()", 'a,"b"', None],
            "n": [-1, 2, None],
            "names": [["x", "=y"], [], None],
        }
    )
    rows = list(csv.reader(io.StringIO(to_csv(frame))))
    assert rows == [
        ["name", "n", "names"],
        ["'=cmd()", "-1", '["x","=y"]'],
        ['a,"b"', "2", "[]"],
        ["", "", ""],
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"))))
def test_no_text_cell_begins_like_a_formula(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    rows = list(csv.reader(io.StringIO(to_csv(frame))))[1:]
    cells = [row[0] for row in rows if row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
