"""Text from strangers on its way to a terminal or a spreadsheet.

Names and messages come from other people. In a terminal, control characters could move the
cursor or change its title; in a spreadsheet, a cell that begins with = + - @ is a formula.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import polars as pl

# Categories that a terminal obeys instead of showing: controls, formats (bidirectional
# overrides among them), surrogates, private use, unassigned.
_OBEYED = ("Cc", "Cf", "Cs", "Co", "Cn")
# The joiner inside one emoji or one Indic word.
_HARMLESS = "\u200d\u200c"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def for_terminal(text: str) -> str:
    """The text on one line, with every character that a terminal would obey replaced by �.

    Line breaks and tabs become blanks.
    """
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if character in _HARMLESS or unicodedata.category(character) not in _OBEYED:
        return character
    return "\N{REPLACEMENT CHARACTER}"


class _Escapes(dict[int, int | str]):
    """Code point → itself, or for what a terminal would obey its escape in JSON."""

    def __missing__(self, point: int) -> int | str:
        obeyed = point != ord("\n") and _shown(chr(point)) != chr(point)
        self[point] = json.dumps(chr(point))[1:-1] if obeyed else point
        return self[point]


_ESCAPES = _Escapes()


def for_terminal_json(text: str) -> str:
    """JSON that says the same, in which a terminal finds nothing to obey."""
    return text.translate(_ESCAPES)


def for_spreadsheet(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return (
        f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    )


def to_csv(frame: pl.DataFrame) -> str:
    """The frame as CSV that is safe to open in a spreadsheet; lists and structs as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([for_spreadsheet(name) for name in frame.columns])
    plain = flat(frame)
    is_text = [kind == pl.String for kind in plain.schema.values()]
    for row in plain.iter_rows():
        writer.writerow(
            for_spreadsheet(cell) if quoted and cell is not None else cell
            for cell, quoted in zip(row, is_text, strict=True)
        )
    return text.getvalue()


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nested columns as JSON text."""
    return frame.with_columns(
        pl.Series(name, [_json(value) for value in frame[name]], dtype=pl.String)
        for name, kind in frame.schema.items()
        if kind.is_nested()
    )


def _json(value: object) -> str | None:
    import orjson  # noqa: PLC0415  only where somebody selects a nested column

    if value is None:
        return None
    if isinstance(value, pl.Series):
        value = value.to_list()
    return orjson.dumps(value, default=str).decode()
