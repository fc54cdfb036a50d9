"""What the page carries beside its text: everybody, then messages until the page is full.

Frames become columns of JSON, gzipped and in base64, which the page unpacks itself; a person's
details lie in chunks of the list's order, so that opening one unpacks one chunk.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson
import polars as pl

_CHUNK = 250  # people; one chunk unpacks in some 20 ms
_FEWEST = 1


@dataclass(frozen=True, slots=True)
class Packed:
    """The people, the chunks of details in order, and how many people these reach."""

    people: str
    details: tuple[str, ...]
    carried: int
    chunk_of: int


def pack(value: object) -> str:
    """JSON, gzipped without a time stamp, in base64: the same bytes for the same value."""
    plain = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    return base64.b64encode(gzip.compress(plain, compresslevel=9, mtime=0)).decode("ascii")


def columns(frame: pl.DataFrame) -> dict[str, list[object]]:
    """The frame as JSON-ready columns: times in epoch seconds, dates as text, reals short."""
    ready = frame.with_columns(
        *(
            pl.col(name).dt.epoch("s")
            for name in frame.columns
            if frame.schema[name] == pl.Datetime
        ),
        *(pl.col(name).dt.to_string() for name in frame.columns if frame.schema[name] == pl.Date),
        *(pl.col(name).round(3) for name in frame.columns if frame.schema[name].is_float()),
    )
    return ready.to_dict(as_series=False)


def pack_report(
    people: pl.DataFrame, details: Mapping[str, pl.DataFrame], *, budget: int
) -> Packed:
    """Everybody, and the details of as many as fit into `budget` characters of base64.

    `people` is sorted by `position` (1, 2, …). `details` are frames with a column `position`;
    whoever comes first in the list is carried first, and always a person with all details or
    none. The first chunk is halved until it fits; people follow until nothing more does.
    """
    packed = pack(columns(people))
    left = budget - len(packed)
    chunks: list[str] = []
    carried = 0
    for start, chunk in _chunks(people.height, details):
        if len(chunk) > left:
            more, reach = _what_still_fits(details, start, people.height, left)
            if reach:
                chunks.append(more)
                carried = start + reach
            break
        chunks.append(chunk)
        left -= len(chunk)
        carried = min(start + _CHUNK, people.height)
    return Packed(packed, tuple(chunks), carried, _CHUNK)


def _chunks(people: int, details: Mapping[str, pl.DataFrame]) -> Iterator[tuple[int, str]]:
    for start in range(0, people, _CHUNK):
        yield start, _pack_slice(details, start, start + _CHUNK)


def _pack_slice(details: Mapping[str, pl.DataFrame], start: int, stop: int) -> str:
    return pack(
        {
            name: columns(frame.filter(pl.col("position").is_between(start + 1, stop)))
            for name, frame in details.items()
        }
    )


def _what_still_fits(
    details: Mapping[str, pl.DataFrame], start: int, people: int, left: int
) -> tuple[str, int]:
    reach = min(_CHUNK, people - start) // 2
    while reach >= _FEWEST:
        chunk = _pack_slice(details, start, start + reach)
        if len(chunk) <= left:
            return chunk, reach
        reach //= 2
    return "", 0
