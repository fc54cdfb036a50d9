"""Declarations everything else is generated from: columns, tables, metrics and export formats.

They are frozen and check themselves when the module that holds them is imported, so a wrong
declaration fails at start-up with its name, not at night with a database half built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import polars as pl

from transforms.errors import DeclarationError

Kind = Literal["text", "boolean", "count", "integer", "real", "timestamp", "date", "texts", "spans"]

SPAN = pl.Struct({"rule": pl.String, "start": pl.Int32, "stop": pl.Int32})

POLARS_TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "text": pl.String(),
        "boolean": pl.Boolean(),
        "count": pl.Int32(),
        "integer": pl.Int64(),
        "real": pl.Float64(),
        "timestamp": pl.Datetime("us", "UTC"),
        "date": pl.Date(),
        "texts": pl.List(pl.String),
        "spans": pl.List(SPAN),
    }
)

DUCKDB_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "VARCHAR",
        "boolean": "BOOLEAN",
        "count": "INTEGER",
        "integer": "BIGINT",
        "real": "DOUBLE",
        "timestamp": "TIMESTAMPTZ",
        "date": "DATE",
        "texts": "VARCHAR[]",
        "spans": "STRUCT(rule VARCHAR, start INTEGER, stop INTEGER)[]",
    }
)

NUMERIC_KINDS = frozenset({"count", "integer", "real"})

# Short enough for an axis, plain enough for somebody who never saw the code.
UNITS = frozenset(
    ("count", "words", "sentences", "characters", "rows", "bytes", "share", "index", "points",
     "probability", "score", "hours", "days", "weeks", "per week", "people", "rank", "")
)  # fmt: skip

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _check_name(what: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise DeclarationError(
            f"{what} name {name!r} is not lower_snake_case", hint="use a-z, 0-9 and _ only"
        )


def _check_doc(what: str, name: str, doc: str) -> None:
    if " " not in doc or not doc.endswith((".", "?")):
        raise DeclarationError(
            f"{what} {name!r} has no sentence that explains it: {doc!r}",
            hint="write one full sentence; it becomes the COMMENT, the README row and the hover text",
        )


def _check_bounds(what: str, name: str, kind: str, low: float | None, high: float | None) -> None:
    if (low is not None or high is not None) and kind not in NUMERIC_KINDS:
        raise DeclarationError(
            f"{what} {name!r} is {kind} and cannot have bounds", hint="drop low and high"
        )
    if low is not None and high is not None and low > high:
        raise DeclarationError(f"{what} {name!r} has low {low} above high {high}", hint="swap them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its type, its unit and what its absence means.

    `null_when` None promises NOT NULL; otherwise it names the only reason for a null.
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    null_when: str | None = None

    def __post_init__(self) -> None:
        _check_name("column", self.name)
        _check_doc("column", self.name, self.doc)
        _check_bounds("column", self.name, self.kind, self.low, self.high)
        if self.kind not in POLARS_TYPES:
            raise DeclarationError(
                f"column {self.name!r} has unknown kind {self.kind!r}",
                hint=f"one of {', '.join(POLARS_TYPES)}",
            )
        if self.unit not in UNITS:
            raise DeclarationError(
                f"column {self.name!r} has unknown unit {self.unit!r}",
                hint=f"one of {', '.join(sorted(UNITS - {''}))}",
            )
        if self.values and self.kind != "text":
            raise DeclarationError(
                f"column {self.name!r} lists values but is {self.kind}",
                hint="only text columns have a closed list of values",
            )

    @property
    def dtype(self) -> pl.DataType:
        return POLARS_TYPES[self.kind]

    @property
    def comment(self) -> str:
        """Meaning, unit, range and null rule in one line, as stored in the database."""
        parts = [self.doc]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.low is not None or self.high is not None:
            low = "-inf" if self.low is None else f"{self.low:g}"
            high = "inf" if self.high is None else f"{self.high:g}"
            parts.append(f"Range: {low} to {high}.")
        if self.values:
            parts.append(f"One of: {', '.join(self.values)}.")
        parts.append("Never null." if self.null_when is None else f"Null when {self.null_when}.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its grain in words, its key and its described columns, in order."""

    name: str
    grain: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        _check_name("table", self.name)
        _check_doc("table", self.name, self.doc)
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DeclarationError(
                f"table {self.name!r} declares {', '.join(twice)} more than once",
                hint="keep one of them",
            )
        missing = [name for name in self.key if name not in names]
        if missing:
            raise DeclarationError(
                f"table {self.name!r} has a key column {missing[0]!r} that it does not declare",
                hint=f"its columns are {', '.join(names)}",
            )
        nullable = [c.name for c in self.columns if c.name in self.key and c.null_when is not None]
        if nullable:
            raise DeclarationError(
                f"table {self.name!r} has a key column {nullable[0]!r} that may be null",
                hint="a key is never null",
            )

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def comment(self) -> str:
        return f"{self.doc} Grain: {self.grain}."

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly the declared columns, types and order, sorted by key.

        A declared column that is allowed to be null may be absent (it becomes null); any
        other absence, and any undeclared column, raises DeclarationError.
        """
        declared = self.schema
        unknown = [name for name in frame.columns if name not in declared]
        absent = [
            c.name for c in self.columns if c.null_when is None and c.name not in frame.columns
        ]
        if unknown or absent:
            raise DeclarationError(
                f"table {self.name!r} got columns it does not declare {unknown} "
                f"and lacks columns it promises {absent}",
                hint="declare the column in transforms/tables.py or drop it before conform()",
            )
        return frame.select(
            (pl.col(c.name) if c.name in frame.columns else pl.lit(None))
            .cast(c.dtype)
            .alias(c.name)
            for c in self.columns
        ).sort(self.key, maintain_order=True)


Grain = Literal["message", "conversation", "sender"]
Compute = Callable[[pl.DataFrame], pl.Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number (or yes/no, or label) about a message, a conversation or a sender.

    Exactly one of `expr` (a Polars expression) and `compute` (frame → Series, for what an
    expression cannot say; then `needs` names its input columns) is given. `unit`, `low`,
    `high` and `null_when` become the column's CHECK and COMMENT, the axis and the README row.
    """

    name: str
    label: str
    unit: str
    grain: Grain
    doc: str
    source: str
    kind: Kind = "real"
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    null_when: str | None = None
    expr: pl.Expr | None = None
    compute: Compute | None = None
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.column  # noqa: B018  a metric is checked by the column it becomes
        if (self.expr is None) == (self.compute is None):
            raise DeclarationError(
                f"metric {self.name!r} needs exactly one of expr and compute",
                hint="an expression where one suffices, else a function",
            )
        if (self.compute is None) != (not self.needs):
            raise DeclarationError(
                f"metric {self.name!r}: needs goes with compute, and only with it",
                hint="an expression says itself which columns it reads",
            )
        if not self.source:
            raise DeclarationError(
                f"metric {self.name!r} names no source", hint="a paper, a section, or 'definition'"
            )

    @property
    def column(self) -> Column:
        return Column(
            name=self.name,
            kind=self.kind,
            doc=self.doc,
            unit=self.unit,
            low=self.low,
            high=self.high,
            values=self.values,
            null_when=self.null_when,
        )

    @property
    def inputs(self) -> frozenset[str]:
        """Names of the columns this metric is computed from."""
        if self.expr is None:
            return frozenset(self.needs)
        return frozenset(self.expr.meta.root_names())


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused row: where it was, why, and what it began with (at most 200 characters)."""

    row_number: int
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one stretch of a member held.

    The sums must agree: rows_read = rows that appear in `records` + len(rejects) + sum(ignored.values()).
    A row may appear in more than one record table (an invitation with a note is both a
    connection and a message); it is one row read all the same. Every frame in `records`
    carries `row_number`, 1-based within the member, header and preamble not counted.
    """

    rows_read: int
    records: Mapping[str, pl.DataFrame]
    rejects: tuple[Reject, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)
    unknown_fields: tuple[str, ...] = ()
    elements_read: int | None = None
    """What the export's own manifest counts, where that is not rows: conversations, each of
    which holds many messages. None: the manifest counts rows."""
    read_as: Mapping[str, str] = field(default_factory=dict)
    """For tables of other tools: which column was taken for what, and what else was decided."""


Parse = Callable[[Iterable[bytes]], Iterator[Batch]]
Head = Callable[[str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One kind of file inside an export: how it is called and how it is read.

    `pattern` is matched (full match, case ignored) against the path inside the export with
    `/` separators, after a wrapping folder has been taken off. `feeds` are record tables.
    `example` is a path that matches, used by the standards test. `begins` is given where a name
    says nothing (`feed.jsonl`): whether the first bytes are those of such a file.
    """

    name: str
    pattern: str
    feeds: tuple[str, ...]
    parse: Parse
    doc: str
    example: str
    begins: Callable[[bytes], bool] | None = None

    def __post_init__(self) -> None:
        _check_name("member", self.name)
        _check_doc("member", self.name, self.doc)
        if not self.matches(self.example):
            raise DeclarationError(
                f"member {self.name!r} does not match its own example {self.example!r}",
                hint=f"its pattern is {self.pattern!r}",
            )

    def matches(self, path: str) -> bool:
        return re.fullmatch(self.pattern, path, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One export format: how to ask for it, how to know it, what is read and what is not.

    `recognises(paths, head)` sees the member paths and a function that returns the first
    64 KB of one of them. `ignored` maps a path pattern to the reason it is not read. `manifest`
    is the pattern of the member that declares row counts, `counts` turns it into {path: rows}.
    A member that matches neither is listed as unknown, never guessed. `advise` maps the names of
    the members that were read, with their rows, to sentences on what to ask for instead. With
    `platform` None the records of an export say it. `why_not(head)` says what a file lacks that is
    nearly one of this format. `setup` stands for the user's settings that reading depends on.
    """

    name: str
    platform: Literal["linkedin", "x"] | None
    label: str
    how_to_get: str
    recognises: Callable[[Sequence[str], Head], bool]
    members: tuple[Member, ...]
    ignored: Mapping[str, str]
    version: int = 1
    manifest: str | None = None
    counts: Callable[[bytes], dict[str, int]] | None = None
    advise: Callable[[Mapping[str, int]], tuple[str, ...]] = lambda _: ()
    why_not: Callable[[bytes], str | None] = lambda _: None
    setup: str = ""

    def __post_init__(self) -> None:
        _check_name("source", self.name)
        if (self.manifest is None) != (self.counts is None):
            raise DeclarationError(
                f"source {self.name!r}: manifest and counts go together",
                hint="name the member and the function that reads its counts",
            )

    @property
    def is_by_content(self) -> bool:
        """Whether names say nothing: each file is then an export of its own, told by its head."""
        return any(member.begins is not None for member in self.members)

    def member_for(self, path: str, head: Head | None = None) -> Member | None:
        """The member of this path; one that is told by its content needs `head` to be told."""
        named = (member for member in self.members if member.matches(path))
        return next(
            (m for m in named if m.begins is None or (head is not None and m.begins(head(path)))),
            None,
        )

    def reason_to_ignore(self, path: str) -> str | None:
        rules = self.ignored.items()
        return next((why for rule, why in rules if re.fullmatch(rule, path, re.IGNORECASE)), None)
