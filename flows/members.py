"""An opened export → its files → batches, held against what its own manifest declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from flows.containers import Opened
from transforms.errors import MemberError
from transforms.records import RECORD_TABLES
from transforms.spec import Batch, Member, Source

_LARGEST_MANIFEST = 32 << 20
_DEEPEST_LISTED = 20  # folders; what lies deeper is held against nothing


@dataclass(slots=True)
class MemberReading:
    """One file of an export and what becomes of it.

    Iterate `batches` once; it raises MemberError (with member and row) after the good rows.
    `declared` is what the export's own manifest counts: rows, or conversations for direct
    messages. `rows_declared` is the same, null where it does not count rows. `shortfall` can
    be asked for when the batches are exhausted.
    """

    member: str
    handling: Literal["read", "ignored", "unknown", "failed"]
    reason: str | None
    declared: int | None
    batches: Iterator[Batch]
    rows_read: int = 0
    elements_read: int | None = None

    @property
    def rows_declared(self) -> int | None:
        return self.declared if self.elements_read is None else None

    @property
    def shortfall(self) -> str | None:
        """The sentence to show when another number was read than the manifest declares."""
        read = self.rows_read if self.elements_read is None else self.elements_read
        if self.handling != "read" or self.declared is None or self.declared == read:
            return None
        what = "rows" if self.elements_read is None else "conversations"
        return f"the export's manifest declares {self.declared:,} {what}; {read:,} were read"


def read_members(opened: Opened, source: Source) -> Iterator[MemberReading]:
    """Every file of the export in the order of its path, each with its batches.

    Batches carry `export_id` and `member` and exactly the columns of the record tables. A file
    that the export's manifest counts rows of and that is not there is a failed one.
    """
    manifest = _read_manifest(opened, source)
    absent = {path: count for path, count in manifest.counts.items() if count}
    listed_as = _by_ending(manifest.counts)
    for path in opened.paths:
        member = source.member_for(path, opened.head)
        listed = listed_as.get(path, "")
        absent.pop(listed, None)
        count = manifest.counts.get(listed)
        if path in opened.refused and (member or source.reason_to_ignore(path) is None):
            yield MemberReading(path, "failed", opened.refused[path], count, iter(()))
        elif member is not None:
            reading = MemberReading(path, "read", None, count, iter(()))
            reading.batches = _batches(opened, member, reading)
            yield reading
        elif path == manifest.path and manifest.trouble is not None:
            yield MemberReading(path, "failed", manifest.trouble, None, iter(()))
        elif (why := source.reason_to_ignore(path)) is not None:
            yield MemberReading(path, "ignored", why, count, iter(()))
        else:
            why = f"no reader of {source.name} knows a file of this name"
            yield MemberReading(path, "unknown", why, count, iter(()))
    for path, count in sorted(absent.items()):
        if source.member_for(path, opened.head) is not None:
            why = (
                f"the export's manifest declares {count:,} entries in it, and it is not there: "
                "download the export again, and leave no part out when you unpack it"
            )
            yield MemberReading(path, "failed", why, count, iter(()))


def _by_ending(listed: Iterable[str]) -> dict[str, str]:
    """Each ending of a listed path, from a folder or its name on → the first path that has it."""
    found: dict[str, str] = {}
    for path in listed:
        parts = path.split("/", maxsplit=_DEEPEST_LISTED)
        for start in range(len(parts)):
            found.setdefault("/".join(parts[start:]), path)
    return found


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What the export says it holds: path → count. Empty without a manifest that can be read."""

    path: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    trouble: str | None = None


def _read_manifest(opened: Opened, source: Source) -> _Manifest:
    if source.manifest is None or source.counts is None:
        return _Manifest()
    for path in opened.paths:
        if re.fullmatch(source.manifest, path, re.IGNORECASE):
            try:
                return _Manifest(path, source.counts(_whole(opened, path)))
            except MemberError as error:
                return _Manifest(
                    path, trouble=f"{error.fact}; the other files are not held against it"
                )
    return _Manifest()


def _whole(opened: Opened, path: str) -> bytes:
    raw = bytearray()
    for chunk in opened.chunks(path):
        raw += chunk
        if len(raw) > _LARGEST_MANIFEST:
            raise MemberError(
                f"the manifest is larger than {_LARGEST_MANIFEST:,} bytes",
                member=path,
                hint="no archive's is; download the archive again",
            )
    return bytes(raw)


def _batches(opened: Opened, member: Member, reading: MemberReading) -> Iterator[Batch]:
    try:
        for batch in member.parse(opened.chunks(reading.member)):
            reading.rows_read += batch.rows_read
            if batch.elements_read is not None:
                reading.elements_read = (reading.elements_read or 0) + batch.elements_read
            yield replace(batch, records=_located(batch, opened.export_id, reading.member))
    except MemberError as error:
        raise error.within(reading.member) from error


def _located(batch: Batch, export_id: str, member: str) -> dict[str, pl.DataFrame]:
    where = (pl.lit(export_id).alias("export_id"), pl.lit(member).alias("member"))
    return {
        name: RECORD_TABLES[name].conform(frame.with_columns(where))
        for name, frame in batch.records.items()
    }
