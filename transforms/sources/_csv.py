"""Rows of a CSV of any size, in bounded memory, every one of them accounted for.

Polars reads the well-formed stretches. What it cannot be trusted with is decided here first,
with array operations over the bytes: where records end (a line break outside quotes) and
whether each quote stands where a quote may stand. A record that breaks the rules costs
itself: reading resumes at the next line from which a whole record of the right width can be
read. Only a quote that is still open at the end of the file costs everything after it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from transforms.errors import MemberError
from transforms.sources._encoding import (
    as_utf8,
    may_be_mojibake,
    mend_lines,
    mend_mojibake,
)
from transforms.sources._stream import ReadAhead, excerpt
from transforms.spec import Reject

BATCH_BYTES = 16 << 20
LONGEST_RECORD = 64 << 20
_SMALLEST_WINDOW = 64 << 10
_RESYNC_BYTES = 1 << 20
_RESYNC_LINES = 200
_HEADER_LINES = 30

QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]


@dataclass(frozen=True, slots=True)
class Rows:
    """One stretch of a CSV.

    `frame` has `row_number` and one text column per header cell, named by `canonical`; an
    empty cell is null. Rows in `rejects` are not in it. Blank rows are in it, all null.
    """

    frame: pl.DataFrame
    rejects: tuple[Reject, ...]
    repairs: dict[str, int]


@dataclass(frozen=True, slots=True)
class Header:
    """The header row as found: names as written, and as compared."""

    written: tuple[str, ...]
    delimiter: str
    end: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(canonical(name) for name in self.written)


def canonical(name: str) -> str:
    """A header cell without case, blanks and punctuation: `SharedURL` and `Shared Url` are one."""
    return re.sub(r"[\W_]+", "", name).casefold()


def find_header(head: bytes, required: Sequence[str], example: str) -> Header:
    """The header row, found by what it says; a preamble before it is skipped.

    Raises MemberError when the file is empty, holds no header, lacks a required column or
    names one twice.
    """
    if not head.strip():
        raise MemberError("the file is empty", hint="download the export again")
    best: tuple[int, list[str]] = (0, [])
    end = 0
    for raw in head.split(b"\n")[:_HEADER_LINES]:
        end += len(raw) + 1
        line = mend_lines(raw)[0].decode().strip("\r")
        for delimiter in ",;\t":
            cells = _read_one([line], delimiter, strict=False) or []
            names = [canonical(cell) for cell in cells]
            found = len(set(required) & set(names))
            if found == len(required):
                _refuse_twins(cells, names)
                return Header(tuple(cells), delimiter, end)
            best = max(best, (found, cells), key=lambda pair: pair[0])
    found, cells = best
    if not found:
        raise MemberError(
            "no header row was found in the first lines",
            hint=f"the header should look like: {example}",
        )
    missing = [name for name in required if name not in {canonical(cell) for cell in cells}]
    raise MemberError(
        f"the header has no column {', '.join(missing)}; it has {', '.join(cells)}",
        hint=f"the header should look like: {example}",
    )


def _refuse_twins(cells: Sequence[str], names: Sequence[str]) -> None:
    twins = sorted(
        {
            cell.strip()
            for cell, name in zip(cells, names, strict=True)
            if name and names.count(name) > 1
        }
    )
    if twins:
        raise MemberError(
            f"the header names a column twice: {', '.join(twins)}",
            hint="take the file as it was downloaded, not one that was saved again",
        )


def read_rows(
    chunks: Iterable[bytes],
    required: Sequence[str],
    example: str,
    *,
    backslash_quotes: bool = False,
) -> tuple[Header, Iterator[Rows]]:
    """The header and the rows after it, in batches of about BATCH_BYTES.

    `required` are canonical names. With `backslash_quotes` the dialect that puts a backslash
    before a quote is understood as well. The iterator raises MemberError, after the good rows, when
    the file ends inside a quoted cell.
    """
    encoding, stream = as_utf8(chunks)
    stream = _one_kind_of_line_end(stream)
    if backslash_quotes:
        stream = _double_quotes(stream)
    source = ReadAhead(stream)
    source.fill(_RESYNC_BYTES)
    if source.error is not None and not source.data:
        raise source.error
    header = find_header(source.data[:_RESYNC_BYTES], required, example)
    source.drop(min(header.end, len(source.data)))
    return header, _batches(source, header, encoding)


def _one_kind_of_line_end(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Lines ended by a lone CR, as one spreadsheet still writes them, end in LF instead."""
    first = next(stream, b"")
    lone = b"\r" in first and b"\n" not in first
    yield first.replace(b"\r", b"\n") if lone else first
    for chunk in stream:
        yield chunk.replace(b"\r", b"\n") if lone and b"\n" not in chunk else chunk


def _double_quotes(stream: Iterator[bytes]) -> Iterator[bytes]:
    r"""Backslash escapes (`\"` and `\\`) as a standard CSV writes them.

    The dialect is told by the first stretch: it holds `\"`, or no backslash that stands alone.
    """
    held = b""
    escaped: bool | None = None
    for chunk in stream:
        data = held + chunk
        tail = len(data) - len(data.rstrip(b"\\"))
        held, data = (data[-tail:], data[:-tail]) if tail else (b"", data)
        if escaped is None and b"\\" in data:
            alone = re.search(rb'(?<!\\)(?:\\\\)*\\(?![\\"])', data)
            escaped = b'\\"' in data or alone is None
        yield _unescape(data) if escaped else data
    if len(held) % 2:
        yield held[:-1]
        raise MemberError(
            "the file ends in the middle of an escape",
            hint="the download was cut off; download the export again",
        )
    yield _unescape(held) if escaped else held


def _unescape(data: bytes) -> bytes:
    return re.sub(rb'\\([\\"])', lambda m: b'""' if m[1] == b'"' else b"\\", data)


@dataclass(slots=True)
class _Pending:
    """Segments read since the last batch was handed over."""

    width: int
    row: int = 0
    size: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)

    def add(self, frame: pl.DataFrame, rows: int, numbers: pl.Series | None = None) -> None:
        index = pl.int_range(self.row + 1, self.row + rows + 1, eager=True)
        number = index if numbers is None else index.gather(numbers)
        self.frames.append(frame.insert_column(0, number.alias("row_number")))
        self.row += rows

    def reject(self, reason: str, raw: str) -> None:
        self.row += 1
        self.rejects.append(Reject(self.row, reason, excerpt(raw)))

    def repair(self, what: str, rows: int) -> None:
        if rows:
            self.repairs[what] = self.repairs.get(what, 0) + rows

    def hand_over(self, header: Header) -> Rows:
        frame = pl.concat(self.frames) if self.frames else _empty(self.width)
        frame = frame.rename(
            {f"c{i}": name or f"unnamed{i}" for i, name in enumerate(header.names)}
        )
        rows = Rows(frame, tuple(self.rejects), self.repairs)
        self.frames, self.rejects, self.repairs, self.size = [], [], {}, 0
        return rows


def _empty(width: int) -> pl.DataFrame:
    columns = {f"c{i}": pl.String for i in range(width)}
    return pl.DataFrame(schema={"row_number": pl.Int64, **columns})


def _batches(source: ReadAhead, header: Header, encoding: str) -> Iterator[Rows]:
    width, window, any_yet = len(header.written), BATCH_BYTES, False
    pending = _Pending(width)
    failure: MemberError | None = None
    delimiter = header.delimiter
    while failure is None:
        source.fill(max(window, _RESYNC_BYTES))
        region = source.data[:window]
        last = source.ended and len(region) == len(source.data)
        whole = last and source.error is None
        if last and not region:
            break
        cut, broken = _well_formed(region, ord(delimiter), whole=whole)
        if cut:
            _take(pending, region[:cut], width, delimiter, encoding)
            source.drop(cut)
        if broken:
            source.fill(_RESYNC_BYTES)
            source.drop(_mend_record(pending, source.data[:_RESYNC_BYTES], width, delimiter))
            window = _SMALLEST_WINDOW
        elif cut:
            window = min(2 * window, BATCH_BYTES)
        elif last or window >= LONGEST_RECORD:
            failure = MemberError(
                "a quoted cell is opened and never closed",
                hint="everything before it was read; download the export again, "
                "or close the quote in the row after it",
            )
        else:
            window *= 2
        if pending.size >= BATCH_BYTES:
            yield pending.hand_over(header)
            any_yet = True
    if pending.frames or pending.rejects or not any_yet:
        yield pending.hand_over(header)
    failure = source.error or failure
    if failure is not None:
        raise MemberError(failure.fact, hint=failure.hint, row_number=pending.row)


def _well_formed(region: bytes, delimiter: int, *, whole: bool) -> tuple[int, bool]:
    """How many bytes of whole, well-formed records the region begins with.

    The second value is True when the record after them breaks the quoting rules: a quote
    opens in the middle of a cell, or something other than the end of a cell follows one.
    """
    data = np.frombuffer(region, np.uint8)
    places = np.flatnonzero((data == QUOTE) | (data == NEWLINE))
    is_quote = data[places] == QUOTE
    quotes, newlines = places[is_quote], places[~is_quote]
    outside = np.cumsum(is_quote)[~is_quote] % 2 == 0
    ends = newlines[outside] + 1
    if whole and quotes.size % 2 == 0 and (not ends.size or ends[-1] < data.size):
        ends = np.append(ends, data.size)
    opens, closes = quotes[::2], quotes[1::2]
    fine = np.zeros(256, dtype=bool)
    fine[[delimiter, NEWLINE, QUOTE]] = True
    fine_open = fine[data[opens - 1]] | (opens == 0)
    fine[RETURN] = True
    fine_close = fine[data[np.minimum(closes + 1, data.size - 1)]] | (closes == data.size - 1)
    bad = [found[0] for found in (opens[~fine_open], closes[~fine_close]) if found.size]
    if bad:
        good = ends[ends <= min(bad)]
        return int(good[-1]) if good.size else 0, True
    return int(ends[-1]) if ends.size else 0, False


def _take(pending: _Pending, raw: bytes, width: int, delimiter: str, encoding: str) -> None:
    row = pending.row
    pending.size += len(raw)
    frame = _read_csv(raw, width, delimiter)
    if frame is None:  # bytes that are no UTF-8, or a row with more cells than the header
        raw, mended = mend_lines(raw)
        pending.repair("read as windows-1252", mended)
        frame = _read_csv(raw, width, delimiter) if mended else None
    if frame is None:
        _take_slowly(pending, raw, width, delimiter)
    else:
        pending.add(frame, frame.height)
    if encoding != "utf-8":
        pending.repair(f"re-coded from {encoding}", pending.row - row)
    if may_be_mojibake(raw):
        pending.frames[-1], rows = mend_mojibake(pending.frames[-1])
        pending.repair("UTF-8 read as windows-1252", rows)


def _read_csv(raw: bytes, width: int, delimiter: str) -> pl.DataFrame | None:
    """The rows as text, empty cells null; None when Polars refuses them."""
    names = delimiter.join(f"c{i}" for i in range(width)).encode()
    try:
        frame = pl.read_csv(
            names + b"\n" + raw, separator=delimiter, infer_schema=False, null_values=[""]
        )
    except pl.exceptions.ComputeError:
        return None
    return frame if frame.width == width else None


def _take_slowly(pending: _Pending, text: bytes, width: int, delimiter: str) -> None:
    """The same rows one by one: for the stretch that holds a row of the wrong width."""
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    start = pending.row
    stream = io.StringIO(text.decode(), newline="")
    reader = csv.reader(stream, delimiter=delimiter)
    for index, cells in enumerate(reader):
        if any(cells[width:]):
            number = start + index + 1
            reason = f"the row has {len(cells)} cells where the header has {width}"
            pending.rejects.append(Reject(number, reason, excerpt(delimiter.join(cells))))
        else:
            padded = [*cells, *[""] * (width - len(cells))][:width]
            rows.append([cell or None for cell in padded])
            numbers.append(index)
    total = len(rows) + sum(reject.row_number > start for reject in pending.rejects)
    schema = {f"c{i}": pl.String for i in range(width)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    pending.add(frame, total, pl.Series(numbers, dtype=pl.UInt32))


def _mend_record(pending: _Pending, raw: bytes, width: int, delimiter: str) -> int:
    """Read or refuse the malformed record at the start; how many bytes it takes up.

    A stray quote inside one line is read literally when the line has the right number of
    cells. Otherwise the record ends where the next one can be read strictly.
    """
    lines = mend_lines(raw)[0].decode().split("\n")
    sizes = [len(line) + 1 for line in raw.split(b"\n")]
    first = _read_one(lines[:2], delimiter, strict=False)
    if first is not None and len(first) == width:
        schema = {f"c{i}": pl.String for i in range(width)}
        frame = pl.DataFrame([[cell or None for cell in first]], schema=schema, orient="row")
        pending.add(frame, 1)
        pending.repair("stray quote kept as text", 1)
        return min(sizes[0], len(raw))
    upto = 1
    for start in range(1, min(len(lines), _RESYNC_LINES)):
        cells = _read_one(lines[start : start + _RESYNC_LINES], delimiter, strict=True)
        if cells is not None and len(cells) == width:
            upto = start
            break
    size = min(sum(sizes[:upto]), len(raw))
    pending.size += size
    pending.reject("the quotes of the row do not match", "\n".join(lines[:upto]))
    return size


def _read_one(lines: Sequence[str], delimiter: str, *, strict: bool) -> list[str] | None:
    """The cells of the first record, or None when it breaks the rules.

    Without `strict`, a record that goes beyond its first line counts as broken.
    """
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=strict)
    try:
        cells = next(reader, None)
    except csv.Error:
        return None
    return None if not strict and reader.line_num > 1 else cells
