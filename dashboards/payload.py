"""What the page carries beside its text: everybody, then messages until the page is full.

Frames become columns of JSON, gzipped and in base64, which the page unpacks itself; a person's
details lie in chunks of the list's order, so that opening one unpacks one chunk.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import polars as pl

_CHUNK = 250  # people; one chunk unpacks in some 20 ms


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
    return base64.b64encode(gzip.compress(plain, compresslevel=6, mtime=0)).decode("ascii")


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

    The rows of `people` are in the order of the list, and `position` (1, 2, …) in each frame of
    `details` says whose row it is. Whoever comes first is carried first, and always with all
    details or none. The last chunk is halved until it fits.
    """
    packed = pack(columns(people))
    by_position = {
        name: frame.sort("position", maintain_order=True) for name, frame in details.items()
    }
    left = budget - len(packed)
    chunks: list[str] = []
    carried = 0
    while carried < people.height:
        reach = min(_CHUNK, people.height - carried)
        chunk = _pack_slice(by_position, carried, reach)
        while len(chunk) > left and reach:
            reach //= 2
            chunk = _pack_slice(by_position, carried, reach) if reach else ""
        if not reach:
            break
        chunks.append(chunk)
        left -= len(chunk)
        carried += reach
        if reach < _CHUNK:
            break
    return Packed(packed, tuple(chunks), carried, _CHUNK)


def _pack_slice(details: Mapping[str, pl.DataFrame], start: int, count: int) -> str:
    """The details of the people in positions start + 1 to start + count."""
    cut = {}
    for name, frame in details.items():
        first, stop = (
            frame["position"].search_sorted(position, side="left")
            for position in (start + 1, start + count + 1)
        )
        cut[name] = columns(frame.slice(first, stop - first))
    return pack(cut)
