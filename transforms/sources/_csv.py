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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from transforms.errors import MemberError
from transforms.sources._csv_dialect import double_quotes, one_kind_of_line_end
from transforms.sources._csv_header import (
    LINES_AHEAD,
    Header,
    canonical,
    find_header,
    read_record,
)
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
_SMALLEST_WINDOW = 4 << 10
csv.field_size_limit(LONGEST_RECORD)  # Python's own limit of 128 K is less than a long article
_RESYNC_BYTES = 1 << 20
_FEW_BYTES = 16 << 10

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


def read_rows(
    chunks: Iterable[bytes],
    required: Sequence[str],
    example: str,
    *,
    backslash_quotes: bool = False,
    named: Callable[[str], str] = canonical,
) -> tuple[Header, Iterator[Rows]]:
    """The header and the rows after it, in batches of about BATCH_BYTES.

    `required` are names as `named` makes them of header cells. With `backslash_quotes` the dialect that puts a backslash
    before a quote is understood as well. The iterator raises MemberError, after the good rows, when
    the file ends inside a quoted cell.
    """
    encoding, stream = as_utf8(chunks)
    stream = one_kind_of_line_end(stream)
    if backslash_quotes:
        stream = double_quotes(stream)
    source = ReadAhead(stream)
    source.fill(_RESYNC_BYTES)
    if source.error is not None and not source.data:
        raise source.error
    header = find_header(source.head(_RESYNC_BYTES), required, example, named)
    source.drop(header.end)
    return header, _batches(source, header, encoding)


@dataclass(slots=True)
class _Pending:
    """Segments read since the last batch was handed over."""

    width: int
    row: int = 0
    size: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)
    barren: int = 0
    """That many lines after the next one begin no whole record: nobody need try again."""

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
        region = source.head(window)
        last = source.ended and len(region) == len(source)
        whole = last and source.error is None
        if last and not region:
            break
        cut, broken = _well_formed(region, ord(delimiter), whole=whole)
        if cut:
            _take(pending, region[:cut], width, delimiter, encoding)
            pending.barren = max(0, pending.barren - region[:cut].count(b"\n"))
            source.drop(cut)
        if broken:
            source.fill(_RESYNC_BYTES + 1)
            ahead = _some_lines(source, LINES_AHEAD)
            source.drop(_mend_record(pending, ahead, width, delimiter))
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


def _some_lines(source: ReadAhead, lines: int) -> bytes:
    """The next lines, twice as many: a record may begin at the last of them and have as many."""
    size, raw = _FEW_BYTES, b""
    while size < _RESYNC_BYTES:
        raw = source.head(size)
        if len(raw) < size or raw.count(b"\n") > 2 * lines:
            break
        size *= 4
    else:
        raw = source.head(_RESYNC_BYTES)
    return b"\n".join(raw.split(b"\n", 2 * lines)[: 2 * lines])


def _mend_record(pending: _Pending, raw: bytes, width: int, delimiter: str) -> int:
    """Read or refuse the malformed record at the start; how many bytes it takes up.

    A stray quote in an unquoted cell is read literally; one in a quoted cell as well, when the
    line has the right number of cells and a record follows it. Otherwise the record ends where
    the next one can be read strictly.
    """
    lines = mend_lines(raw)[0].decode().split("\n")
    sizes = [len(line) + 1 for line in raw.split(b"\n")]
    first = read_record(lines[:1], 0, delimiter, strict=True)
    if first is None and _record_at(lines, 1, width, delimiter):
        first = read_record(lines, 0, delimiter, strict=False)
    if first is not None and len(first) == width:
        schema = {f"c{i}": pl.String for i in range(width)}
        frame = pl.DataFrame([[cell or None for cell in first]], schema=schema, orient="row")
        pending.add(frame, 1)
        pending.repair("stray quote kept as text", 1)
        pending.barren = max(0, pending.barren - 1)
        return min(sizes[0], len(raw))
    upto = len(lines) if len(raw) < _RESYNC_BYTES and len(lines) <= LINES_AHEAD else 1
    ahead = min(len(lines), LINES_AHEAD)
    for start in range(1 + min(pending.barren, ahead - 1), ahead):
        cells = read_record(lines, start, delimiter, strict=True)
        if cells is not None and len(cells) == width:
            upto = start
            pending.barren = 0
            break
    else:
        pending.barren = ahead - 1 if len(raw) < _RESYNC_BYTES else 0
    pending.barren = max(0, pending.barren - upto)
    size = min(sum(sizes[:upto]), len(raw))
    pending.size += size
    pending.reject("the quotes of the row do not match", "\n".join(lines[:upto]))
    return size


def _record_at(lines: Sequence[str], start: int, width: int, delimiter: str) -> bool:
    """Whether a record begins at the line, or nothing comes any more."""
    if not any(lines[start : start + 2]):
        return True
    strict = read_record(lines, start, delimiter, strict=True)
    loose = read_record(lines, start, delimiter, strict=False)
    return any(cells is not None and len(cells) == width for cells in (strict, loose))
