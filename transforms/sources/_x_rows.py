"""What all files of an X archive share: elements → objects → records, with exact accounting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from transforms.sources._batches import in_batches
from transforms.sources._stream import excerpt
from transforms.sources._ytd import Element, Elements, read_elements
from transforms.spec import Batch, Parse, Reject

_TWEET_TIME = "%a %b %d %H:%M:%S %z %Y"
_ISO_TIME = "%Y-%m-%dT%H:%M:%S%.fZ"
_OLD_TIME = "%Y-%m-%d %H:%M:%S %z"

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
FIRST_SNOWFLAKE = 29_700_859_247  # 4 November 2010; ids before it were counted, not timed
TOLERANCE = pl.duration(days=1)


@dataclass(slots=True)
class Outcome:
    """What became of the objects that a collector was given."""

    records: Mapping[str, pl.DataFrame]
    rejects: list[Reject] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)


class Collector(Protocol):
    """Takes objects one by one, keeps of each only what is wanted, and makes records of it."""

    def add(self, number: int, item: Element) -> None: ...

    def finish(self) -> Outcome: ...


def objects_parser(
    wrapper: str, known: frozenset[str], collector: Callable[[], Collector]
) -> Parse:
    """A parser of files in which each element is a row, with or without its wrapper."""

    def parse(chunks: Iterable[bytes]) -> Iterator[Batch]:
        return in_batches(
            read_elements(chunks), lambda before: _Pending(before, wrapper, known, collector())
        )

    return parse


@dataclass(slots=True)
class _Pending:
    """What was read since the last batch; elements bring their own row numbers."""

    before: int
    wrapper: str
    known: frozenset[str]
    collector: Collector
    size: int = 0
    read: int = 0
    rejects: list[Reject] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def take(self, elements: Elements) -> None:
        add, wrapper, known = self.collector.add, self.wrapper, self.known
        for number, element in zip(elements.numbers, elements.items, strict=True):
            item = unwrap(element, wrapper)
            if not item.keys() <= known:
                self.unknown |= item.keys() - known
            add(number, item)
        self.size += elements.size
        self.read += elements.read
        self.rejects += elements.rejects
        self.repairs = add_up(self.repairs, elements.repairs)

    def batch(self) -> Batch:
        outcome = self.collector.finish()
        rejects = [*self.rejects, *outcome.rejects]
        return Batch(
            rows_read=self.read,
            records=outcome.records,
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row_number)),
            repairs=add_up(self.repairs, outcome.repairs),
            unknown_fields=tuple(sorted(self.unknown)),
        )


def unwrap(item: Element, wrapper: str) -> Element:
    """The object inside `{"tweet": {…}}`; the element itself where an era has no wrapper."""
    inner = item.get(wrapper)
    return inner if type(inner) is dict else item


def add_up(*counts: Mapping[str, int]) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for name, number in count.items():
            if number:
                total[name] = total.get(name, 0) + number
    return total


def text_of(value: Any) -> str | None:  # noqa: ANN401  anything JSON can hold
    """A string, or the digits of a whole number; null for anything else and for nothing."""
    if type(value) is str:
        return value or None
    return str(value) if type(value) is int else None


def objects_in(value: Any, *path: str) -> list[Element]:  # noqa: ANN401  anything JSON can hold
    """The objects of the list that lies at the path, if it is there and a list."""
    for name in path:
        value = value.get(name) if type(value) is dict else None
    return [item for item in value if type(item) is dict] if type(value) is list else []


def person_key(value: Any) -> str | None:  # noqa: ANN401  anything JSON can hold
    """`x:<id>`; null for no id, 0 and -1, which stand for nobody."""
    if type(value) is not str:
        value = text_of(value)
    if not value or not value.isascii() or not value.isdigit() or value == "0":
        return None
    return f"x:{value}"


# A link as X shortens it, found wherever it stands in one go: a text may hold as many as fit.
# Two may stand side by side without a blank.
_SHORT_LINK = re.compile(r"https?://[^/\s]+/(?:(?!https?://)[A-Za-z0-9])+(?![A-Za-z0-9])")
_MOST_OTHER_LINKS = 100
_MOST_GROWTH = 1 << 18


def plain_text(text: str, links: Iterable[tuple[str | None, str | None]]) -> str:
    """The text unescaped once, with each short link replaced by the address beside it.

    A text does not grow by more than 256 K characters: a link that is there a million times keeps
    its short form in the rest of it.
    """
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    long_of: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for short, long in links:
        if not short or not long or short == long:
            continue
        if _SHORT_LINK.fullmatch(short):
            long_of.setdefault(short, long)
        elif len(others) < _MOST_OTHER_LINKS:
            others.append((short, long))
    room = _MOST_GROWTH

    def longer(match: re.Match[str]) -> str:
        nonlocal room
        short = match.group()
        long = long_of.get(short, short)
        if len(long) - len(short) > room:
            return short
        room -= max(0, len(long) - len(short))
        return long

    for short, long in others:
        long_of[short] = long
        # A function rather than the long address: that is no template.
        text = re.sub(re.escape(short) + r"(?![A-Za-z0-9])", longer, text)
    return _SHORT_LINK.sub(longer, text) if len(long_of) > len(others) else text


def table(rows: Sequence[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """The rows as a frame; column by column, which is several times faster than by rows."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pl.DataFrame(
        [
            pl.Series(name, column, dtype=dtype)
            for (name, dtype), column in zip(schema.items(), columns, strict=True)
        ]
    )


def with_times(frame: pl.DataFrame, cell: str, number: str) -> pl.DataFrame:
    """The frame with `at` (UTC, null when no time can be told) and `mended` (it is the id's).

    The id of a post or message holds the time it was made. It is believed where the cell is
    unreadable or more than a day off: a few archives hold impossible years.
    """
    usual, *others = (
        pl.col(cell).str.to_datetime(f, strict=False, time_unit="us", time_zone="UTC")
        for f in (_TWEET_TIME, _ISO_TIME, _OLD_TIME)
    )
    frame = frame.with_columns(stated=usual)
    if frame["stated"].has_nulls():
        frame = frame.with_columns(stated=pl.coalesce("stated", *others))
    plausible = pl.col("stated").dt.year().is_between(2006, 2099)
    identity = pl.col(number).cast(pl.Int64, strict=False)
    by_id = pl.from_epoch(identity // 2**22 + SNOWFLAKE_EPOCH_MS, time_unit="ms")
    by_id = pl.when(identity > FIRST_SNOWFLAKE).then(
        by_id.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )
    frame = frame.with_columns(stated=pl.when(plausible).then("stated"), by_id=by_id)
    off = (pl.col("stated") - pl.col("by_id")).abs() > TOLERANCE
    mended = pl.col("by_id").is_not_null() & (pl.col("stated").is_null() | off)
    return frame.with_columns(mended=mended.fill_null(value=False)).with_columns(
        at=pl.when("mended").then("by_id").otherwise("stated")
    )


def undated(frame: pl.DataFrame, cell: str) -> list[Reject]:
    """A reject for each row that has no time, with what its cell says."""
    rows = frame.filter(pl.col("at").is_null()).select("row_number", cell, "text")
    return [
        Reject(
            number,
            "the row has no date" if said is None else excerpt(f"no such date: {said[:60]}"),
            excerpt(text or ""),
        )
        for number, said, text in rows.iter_rows()
    ]


def show(item: Any) -> str:  # noqa: ANN401  anything JSON can hold
    """How an object begins, for the list of rejects."""
    return excerpt(json.dumps(item, ensure_ascii=False)[:1000])


def x() -> pl.Expr:
    return pl.lit("x").alias("platform")
