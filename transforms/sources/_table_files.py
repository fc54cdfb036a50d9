"""CSV, JSON Lines and Parquet files as frames with one text column for each field that is mapped."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from transforms.errors import MemberError
from transforms.sources._batches import BATCH_BYTES
from transforms.sources._csv import read_rows
from transforms.sources._csv_header import HEADER_LINES, readings_of
from transforms.sources._encoding import as_utf8
from transforms.sources._jsonl import read_objects
from transforms.sources._table_columns import Plan, TableMapping, plan_for
from transforms.sources._table_parquet import MAGIC, open_parquet
from transforms.sources._x_rows import add_up
from transforms.sources._ytd import Element
from transforms.spec import Reject

_HEAD_BYTES = 64 << 10
_DEEPEST = 3


@dataclass(slots=True)
class Stretch:
    """Some rows: `frame` has row_number and a text column per field of the plan, empty cells null."""

    frame: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        return self.frame.height + len(self.rejects) + sum(self.ignored.values())


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table whose columns are known; `stretches` raises MemberError after the good rows."""

    columns: Sequence[str]
    plan: Plan
    stretches: Iterator[Stretch]


def open_table(chunks: Iterable[bytes], mapping: TableMapping) -> OpenTable:
    """The table, whatever its form. Raises MemberError when it is empty or lacks a column."""
    stream = iter(chunks)
    head = b""
    while len(head) < _HEAD_BYTES and (chunk := next(stream, None)) is not None:
        head += chunk
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise MemberError("the file is empty", hint="export it again")
    stream = itertools.chain((head,), stream)
    if head.startswith(MAGIC):
        columns, frames = open_parquet(stream)
        plan = _complete(plan_for(columns, mapping), columns)
        return OpenTable(columns, plan, (Stretch(f) for f in frames(plan.columns)))
    if is_json(head):
        return _open_lines(stream, mapping)
    return _open_csv(head, stream, mapping)


def is_json(head: bytes) -> bool:
    return head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(
        b"\xff\xfe \t\r\n"
    ).startswith((b"{", b"["))  # fmt: skip


def columns_in(head: bytes, mapping: TableMapping) -> tuple[Sequence[str], Plan] | None:
    """Columns and plan of a CSV or JSON Lines file, from its first bytes; None when it is neither."""
    if head.startswith(MAGIC) or not head.strip():
        return None
    if is_json(head):
        try:
            items = next(read_objects([head])).items
        except (MemberError, StopIteration):
            return None
        columns: Sequence[str] = _keys_of(items)
    else:
        columns = _header_in(head, mapping)
    return (columns, plan_for(columns, mapping)) if len(columns) > 1 else None


def _complete(plan: Plan, columns: Sequence[str]) -> Plan:
    if plan.missing:
        raise MemberError(says_missing(plan, columns), hint=how_to_map(plan))
    return plan


def says_missing(plan: Plan, columns: Sequence[str]) -> str:
    shown = ", ".join(column[:60] for column in columns[:30]) + (" …" if len(columns) > 30 else "")  # noqa: PLR2004
    return f"the table has no column for {', '.join(plan.missing)}; its columns are {shown}"


def how_to_map(plan: Plan) -> str:
    named = [name for name in plan.missing if " " not in name] or ["text"]
    lines = ", ".join(f'{name} = "its column"' for name in named)
    return f'say it in mememeter.toml: [[table]] with files = "name of the file", {lines}'


def _header_in(head: bytes, mapping: TableMapping) -> list[str]:
    """The first line that has every column, else the line that has most of them."""
    _, stream = as_utf8([head])
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for line in b"".join(stream).split(b"\n")[:HEADER_LINES]:
        for _, cells in readings_of(line):
            columns = [cell.strip() for cell in cells if cell.strip()]
            plan = plan_for(columns, mapping)
            if columns and not plan.missing:
                return columns
            best = max(best, (len(plan.columns), len(columns), columns), key=lambda b: b[:2])
    return best[2]


def _named(cell: str) -> str:
    """Columns of strangers are told by their whole name, with a dot before it: none is ours."""
    return f".{cell.strip()}" if cell.strip() else ""


def _open_csv(head: bytes, stream: Iterator[bytes], mapping: TableMapping) -> OpenTable:
    columns = _header_in(head, mapping)
    if len(columns) < 2:  # noqa: PLR2004
        raise MemberError(
            "no header row was found in the first lines",
            hint="the first line of a table names its columns: author, text, posted_at …",
        )
    plan = _complete(plan_for(columns, mapping), columns)
    wanted = {name: _named(column) for name, column in plan.columns.items()}
    header, batches = read_rows(
        stream, tuple(dict.fromkeys(wanted.values())), ", ".join(columns), named=_named
    )
    written = [name.strip() for name in header.written if name.strip()]
    return OpenTable(written, plan, _csv_stretches(batches, wanted))


def _csv_stretches(batches: Iterator[Any], wanted: dict[str, str]) -> Iterator[Stretch]:
    is_blank = pl.all_horizontal(pl.exclude("row_number").is_null())
    for rows in batches:
        full = rows.frame.filter(~is_blank).rechunk()  # as in _linkedin_rows.py
        blank = rows.frame.height - full.height
        yield Stretch(
            full.select("row_number", *(pl.col(column).alias(n) for n, column in wanted.items())),
            list(rows.rejects),
            {"blank row": blank} if blank else {},
            rows.repairs,
        )


def _open_lines(stream: Iterator[bytes], mapping: TableMapping) -> OpenTable:
    stretches = read_objects(stream)
    first = next(stretches, None)
    columns = _keys_of(first.items) if first is not None else []
    if first is None or not columns:
        reason = first.rejects[0].reason if first and first.rejects else "it holds no object"
        raise MemberError(f"no line of it can be read: {reason}", hint="write one object a line")
    plan = _complete(plan_for(columns, mapping), columns)
    return OpenTable(
        columns, plan, _line_stretches(itertools.chain((first,), stretches), plan.columns)
    )


def _line_stretches(stretches: Iterator[Any], wanted: Any) -> Iterator[Stretch]:  # noqa: ANN401
    schema = {"row_number": pl.Int64} | dict.fromkeys(wanted, pl.String)
    names = list(wanted.values())
    failure: MemberError | None = None
    is_over, any_yet = False, False
    while not is_over:
        rows: list[tuple[Any, ...]] = []
        rejects: list[Reject] = []
        repairs: dict[str, int] = {}
        size = 0
        while size < BATCH_BYTES and not is_over:
            try:
                elements = next(stretches, None)
            except MemberError as error:
                failure, elements = error, None
            if elements is None:
                is_over = True
                continue
            size += elements.size
            rejects += elements.rejects
            repairs = add_up(repairs, elements.repairs)
            for number, item in zip(elements.numbers, elements.items, strict=True):
                rows.append((number, *(_text(_at(item, name)) for name in names)))
        if size or not any_yet:
            any_yet = True
            yield Stretch(pl.DataFrame(rows, schema=schema, orient="row"), rejects, {}, repairs)
    if failure is not None:
        raise failure


def _keys_of(items: Sequence[Element]) -> list[str]:
    """Names of all values, those of nested objects with a dot between."""
    keys: dict[str, None] = {}

    def walk(item: Element, before: str, depth: int) -> None:
        for key, value in item.items():
            if type(value) is dict and depth < _DEEPEST:
                walk(value, f"{before}{key}.", depth + 1)
            else:
                keys.setdefault(before + key)

    for item in items:
        walk(item, "", 1)
    return list(keys)


def _at(item: Element, name: str) -> Any:  # noqa: ANN401
    """The value of a name, or of a path of names with dots between."""
    if name in item or "." not in name:
        return item.get(name)
    key, _, rest = name.partition(".")
    inner = item.get(key)
    return _at(inner, rest) if type(inner) is dict else None


def _text(value: Any) -> str | None:  # noqa: ANN401  anything JSON can hold
    """The value as a cell would hold it; null for nothing and for an object."""
    if type(value) is str:
        return value or None
    if value is None or type(value) is dict:
        return None
    if type(value) is bool:
        return str(value).lower()
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if type(value) is list:
        return ", ".join(text for inner in value if (text := _text(inner))) or None
    return str(value)
