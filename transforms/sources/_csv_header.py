"""The header row of a CSV, found by what it says: preambles, quotes and case do not matter."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from transforms.errors import MemberError
from transforms.sources._encoding import mend_lines

LINES_AHEAD = 200
HEADER_LINES = 30
MOST_COLUMNS = 1_000
MOST_SHOWN = 50


def canonical(name: str) -> str:
    """A header cell without case, blanks and punctuation: `SharedURL` and `Shared Url` are one."""
    return re.sub(r"[\W_]+", "", name).casefold()


@dataclass(frozen=True, slots=True)
class Header:
    """The header row as found: names as written, and as compared."""

    written: tuple[str, ...]
    delimiter: str
    end: int
    named: Callable[[str], str] = canonical

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.named(name) for name in self.written)


def find_header(
    head: bytes,
    required: Sequence[str],
    example: str,
    named: Callable[[str], str] = canonical,
) -> Header:
    """The header row, found by what it says; a preamble before it is skipped.

    `required` are names as `named` makes them of cells. Raises MemberError when the file is
    empty, holds no header, lacks a required column or names one twice.
    """
    if not head.strip():
        raise MemberError("the file is empty", hint="download the export again")
    best: tuple[int, list[str]] = (0, [])
    end = 0
    for raw in head.split(b"\n")[:HEADER_LINES]:
        end += len(raw) + 1
        for delimiter, cells in readings_of(raw):
            names = [named(cell) for cell in cells]
            found = len(set(required) & set(names))
            if found == len(required):
                if len(cells) > MOST_COLUMNS:
                    raise MemberError(
                        f"the header names {len(cells):,} columns, more than {MOST_COLUMNS:,}",
                        hint="no export has as many; take the file as it was downloaded",
                    )
                _refuse_twins(cells, names)
                return Header(tuple(cells), delimiter, end, named)
            best = max(best, (found, cells), key=lambda pair: pair[0])
    found, cells = best
    if not found:
        raise MemberError(
            "no header row was found in the first lines",
            hint=f"the header should look like: {example}",
        )
    missing = [name for name in required if name not in {named(cell) for cell in cells}]
    shown = ", ".join(cell[:60] for cell in cells[:MOST_SHOWN]) + (
        " …" if len(cells) > MOST_SHOWN else ""
    )
    raise MemberError(
        f"the header has no column {', '.join(missing)}; it has {shown}",
        hint=f"the header should look like: {example}",
    )


def readings_of(line: bytes) -> Iterator[tuple[str, list[str]]]:
    """The cells of a line by each delimiter that a spreadsheet may have used."""
    text = mend_lines(line)[0].decode().strip("\r")
    for delimiter in ",;\t":
        yield delimiter, read_record([text], 0, delimiter, strict=False) or []


def _refuse_twins(cells: Sequence[str], names: Sequence[str]) -> None:
    bearers = Counter(names)
    twins = sorted(
        {
            cell.strip()
            for cell, name in zip(cells, names, strict=True)
            if name and bearers[name] > 1
        }
    )
    if twins:
        raise MemberError(
            f"the header names a column twice: {', '.join(twins)}",
            hint="take the file as it was downloaded, not one that was saved again",
        )


def read_record(
    lines: Sequence[str], start: int, delimiter: str, *, strict: bool
) -> list[str] | None:
    """The cells of the record that begins at a line, or None when it breaks the rules.

    Without `strict`, a record that goes beyond its first line counts as broken.
    """
    ahead = (line + "\n" for line in lines[start : start + LINES_AHEAD])
    reader = csv.reader(ahead, delimiter=delimiter, strict=strict)
    try:
        cells = next(reader, None)
    except csv.Error:
        return None
    return None if not strict and reader.line_num > 1 else cells
