"""The durable truth: everything ever read, as content-addressed Parquet, one manifest per export.

People delete their zips. What was read stays here, and every database is built from it. The
manifest is written last and by one rename, so an export is in the store whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.exports import Opened
from flows.home import FILE_MODE, Home, make_folder, sync_folder, write_atomically
from flows.members import MemberReading
from transforms.errors import ExportError, MemberError, MememeterError
from transforms.records import RECORD_TABLES
from transforms.spec import Batch, Source, Table
from transforms.tables import EXPORT_MEMBERS, EXPORTS, REJECTS

STORED_TABLES: dict[str, Table] = {**RECORD_TABLES, REJECTS.name: REJECTS}

# One file per member and table up to here (size in memory): readers scan few files.
PARTITION_BYTES = 64_000_000

OnRows = Callable[[str, int], None]

_TIME_COLUMNS = ("sent_at", "posted_at", "occurred_at", "invited_at", "connected_on")


@dataclass(frozen=True, slots=True)
class MemberSummary:
    """What became of one file: a row of export_members before duplicates are told."""

    member: str
    handling: str
    reason: str | None = None
    rows_read: int = 0
    rows_declared: int | None = None
    rows_rejected: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    unknown_fields: list[str] = field(default_factory=list)
    partitions: list[str] = field(default_factory=list)
    read_as: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The manifest of one export."""

    export_id: str
    file_name: str
    sha256: str
    source: str
    source_version: int
    platform: str
    first_seen_at: str
    as_of: str | None
    members: list[MemberSummary]
    setup: str = ""

    @property
    def rows_read(self) -> int:
        return sum(member.rows_read for member in self.members)


def manifest_path(home: Home, export_id: str) -> Path:
    return home.manifests / f"{export_id}.json"


def is_stored(home: Home, export_id: str, source: Source) -> bool:
    """Whether this content was read by this version of its reader or a later one, as set up now."""
    manifest = manifest_path(home, export_id)
    if not manifest.exists():
        return False
    stored = load_manifest(manifest)
    return stored.source_version >= source.version and stored.setup == source.setup


def add_export(
    home: Home,
    opened: Opened,
    source: Source,
    readings: Iterable[MemberReading],
    *,
    now: datetime,
    keep: Callable[[Batch], Batch] = lambda batch: batch,
    on_rows: OnRows = lambda member, rows: None,  # noqa: ARG005
) -> ExportSummary:
    """Read one export into the store and return its manifest; `keep` leaves out what must not.

    A member that breaks off costs its unread rest and is marked failed. Raises ExportError
    when nothing at all could be read; then nothing is stored.
    """
    manifest = manifest_path(home, opened.export_id)
    newest: list[datetime] = []
    errors: list[MemberError] = []
    members = [
        _add_member(
            home, opened.export_id, reading, newest, errors=errors, keep=keep, on_rows=on_rows
        )
        for reading in readings
    ]
    failed = [member for member in members if member.handling == "failed"]
    if failed and not any(member.handling == "read" or member.partitions for member in members):
        if len(members) == 1 and errors:
            raise ExportError(opened.name, errors[0].fact, hint=errors[0].hint)
        raise ExportError(
            opened.name,
            f"none of its files could be read; {failed[0].member}: {failed[0].reason}",
            hint="ask for the export again, and do not open its files in a spreadsheet first",
        )
    summary = ExportSummary(
        export_id=opened.export_id,
        file_name=opened.name,
        sha256=opened.sha256,
        source=source.name,
        source_version=source.version,
        platform=source.platform
        or next(member.read_as["platform"] for member in members if member.read_as),
        # Read again by a newer reader, it is still the export that was seen first back then.
        first_seen_at=load_manifest(manifest).first_seen_at if manifest.exists() else _text(now),
        as_of=_text(max(newest)) if newest else None,
        members=sorted(members, key=lambda member: member.member),
        setup=source.setup,
    )
    write_manifest(home, summary)
    return summary


def write_manifest(home: Home, summary: ExportSummary) -> None:
    content = json.dumps(dataclasses.asdict(summary), indent=1, ensure_ascii=False, sort_keys=True)
    write_atomically(manifest_path(home, summary.export_id), content.encode())


def _add_member(
    home: Home,
    export_id: str,
    reading: MemberReading,
    newest: list[datetime],
    *,
    errors: list[MemberError],
    keep: Callable[[Batch], Batch],
    on_rows: OnRows,
) -> MemberSummary:
    handling, reason = reading.handling, reading.reason
    rows_read = rows_rejected = 0
    ignored: dict[str, int] = {}
    repairs: dict[str, int] = {}
    unknown: set[str] = set()
    read_as: dict[str, str] = {}
    writer = _Partitions(home)
    if handling == "read":
        try:
            for batch in map(keep, reading.batches):
                rows_read += batch.rows_read
                rows_rejected += len(batch.rejects)
                _add_up(ignored, batch.ignored)
                _add_up(repairs, batch.repairs)
                unknown.update(batch.unknown_fields)
                read_as.update(batch.read_as)
                for name, frame in _frames(batch, export_id, reading.member):
                    newest.extend(_newest(frame))
                    writer.add(name, frame)
                on_rows(reading.member, rows_read)
            reason = reading.shortfall
        except MemberError as error:
            handling, reason = "failed", error.fact
            errors.append(error)
    return MemberSummary(
        member=reading.member,
        handling=handling,
        reason=reason,
        rows_read=rows_read,
        rows_declared=reading.rows_declared,
        rows_rejected=rows_rejected,
        ignored=dict(sorted(ignored.items())),
        repairs=dict(sorted(repairs.items())),
        unknown_fields=sorted(unknown),
        partitions=writer.finish(),
        read_as=read_as,
    )


def _frames(batch: Batch, export_id: str, member: str) -> Iterator[tuple[str, pl.DataFrame]]:
    for name, frame in batch.records.items():
        if not frame.is_empty():
            yield name, frame
    if batch.rejects:
        rows = [dataclasses.asdict(reject) for reject in batch.rejects]
        where = [pl.lit(export_id).alias("export_id"), pl.lit(member).alias("member")]
        yield REJECTS.name, REJECTS.conform(pl.DataFrame(rows).with_columns(where))


def _newest(frame: pl.DataFrame) -> Iterator[datetime]:
    for name in _TIME_COLUMNS:
        if name in frame.columns:
            latest = frame[name].cast(pl.Datetime("us", "UTC")).max()
            if isinstance(latest, datetime):
                yield latest


def _add_up(total: dict[str, int], more: Mapping[str, int]) -> None:
    for key, count in more.items():
        total[key] = total.get(key, 0) + count


class _Partitions:
    """Collects a member's frames and writes them as few Parquet files, named by content."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._bytes: dict[str, int] = {}
        self._written: list[str] = []

    def add(self, table: str, frame: pl.DataFrame) -> None:
        self._waiting.setdefault(table, []).append(frame)
        self._bytes[table] = self._bytes.get(table, 0) + int(frame.estimated_size())
        if self._bytes[table] > PARTITION_BYTES:
            self._write(table)

    def finish(self) -> list[str]:
        """Paths of all files written, inside the store."""
        for table in sorted(self._waiting):
            self._write(table)
        return sorted(set(self._written))

    def _write(self, table: str) -> None:
        frames = self._waiting.pop(table)
        self._bytes.pop(table)
        self._written.append(write_partition(self._home.store, table, pl.concat(frames)))


def write_partition(root: Path, table: str, frame: pl.DataFrame) -> str:
    """Write one Parquet file of a table; returns its path below the root, named by content.

    Whoever writes the same rows, here or on another machine, writes the same file.
    """
    folder = make_folder(root / table)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        frame.write_parquet(part, compression="zstd", statistics=True)
        part.chmod(FILE_MODE)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        part.replace(folder / f"{digest[:32]}.parquet")
        sync_folder(folder)
    finally:
        part.unlink(missing_ok=True)
    return f"{table}/{digest[:32]}.parquet"


def manifests(home: Home) -> list[ExportSummary]:
    """Every export in the store, by export_id."""
    return [load_manifest(path) for path in sorted(home.manifests.glob("*.json"))]


def load_manifest(path: Path) -> ExportSummary:
    try:
        content = json.loads(path.read_bytes())
        _refuse_newer(path, content)
        content["members"] = [MemberSummary(**member) for member in content["members"]]
        return ExportSummary(**content)
    except (ValueError, TypeError, KeyError) as error:
        raise MememeterError(
            f"{path} in the store is damaged ({type(error).__name__})",
            hint="delete that one file, put the export it names into the inbox again, and run",
        ) from error


def _refuse_newer(path: Path, content: Mapping[str, Any]) -> None:
    """Raise when a later version of this program wrote the manifest; an older one's is read."""
    members = {key for member in content["members"] for key in member}
    unknown = (content.keys() - _fields(ExportSummary)) | (members - _fields(MemberSummary))
    if unknown:
        raise MememeterError(
            f"{path} in the store was written by a later version of this program "
            f"(it says {min(unknown)!r})",
            hint="use that version; nothing in the store is lost",
        )


def _fields(of: type) -> set[str]:
    return {entry.name for entry in dataclasses.fields(of)}


def scan_records(home: Home, stored: Sequence[ExportSummary]) -> dict[str, pl.LazyFrame]:
    """Every stored table over these exports, lazily; empty where there is nothing.

    What an earlier version stored lacks columns that came later: they are null there.
    """
    found: dict[str, list[Path]] = {name: [] for name in STORED_TABLES}
    for export in stored:
        for member in export.members:
            for partition in member.partitions:
                found[partition.partition("/")[0]].append(home.store / partition)
    return {name: _scan(STORED_TABLES[name], sorted(set(paths))) for name, paths in found.items()}


def _scan(table: Table, paths: list[Path]) -> pl.LazyFrame:
    if not paths:
        return table.empty().lazy()
    return pl.scan_parquet(
        paths, schema=table.schema, missing_columns="insert", extra_columns="ignore"
    )


def exports_frame(stored: Sequence[ExportSummary]) -> pl.DataFrame:
    """tables.EXPORTS without row sums and owner: those are known after merging."""
    rows = [
        {name: getattr(export, name) for name in _EXPORT_COLUMNS}
        | {name: _time(getattr(export, name)) for name in ("first_seen_at", "as_of")}
        for export in stored
    ]
    schema = {name: EXPORTS.schema[name] for name in _EXPORT_COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


_EXPORT_COLUMNS = (
    "export_id", "file_name", "sha256", "source", "platform", "first_seen_at", "as_of",
)  # fmt: skip


def members_frame(stored: Sequence[ExportSummary]) -> pl.DataFrame:
    """tables.EXPORT_MEMBERS without rows_stored and rows_duplicate."""
    rows = [
        {
            "export_id": export.export_id,
            "member": member.member,
            "handling": member.handling,
            "reason": member.reason,
            "rows_read": member.rows_read,
            "rows_declared": member.rows_declared,
            "rows_rejected": member.rows_rejected,
            "rows_ignored": sum(member.ignored.values()),
            "ignored_why": _listed(member.ignored),
            "repairs": _listed(member.repairs),
            "unknown_fields": ", ".join(member.unknown_fields) or None,
        }
        for export in stored
        for member in export.members
    ]
    told_later = ("rows_stored", "rows_duplicate", "rows_before")
    schema = {name: kind for name, kind in EXPORT_MEMBERS.schema.items() if name not in told_later}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _listed(counts: Mapping[str, int]) -> str | None:
    return "; ".join(f"{what}: {count}" for what, count in counts.items()) or None


def sweep(home: Home, stored: Sequence[ExportSummary]) -> int:
    """Remove files that no manifest names: what a crash or a newer reader left. Returns how many."""
    named = {
        partition
        for export in stored
        for member in export.members
        for partition in member.partitions
    }
    removed = 0
    for table in STORED_TABLES:
        for path in (home.store / table).glob("*"):
            if f"{table}/{path.name}" not in named:
                path.unlink()
                removed += 1
    return removed


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
