"""How the tests of the readers read a file and write down what came out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from transforms.errors import MemberError
from transforms.records import RECORD_TABLES
from transforms.sources import all_sources
from transforms.spec import Batch, Head, Member, Reject, Source

FIXTURES = Path(__file__).parents[2] / "fixtures"
SOURCES = {source.name: source for source in all_sources()}


@dataclass
class Read:
    """A whole member: its batches put together, and the error that ended it, if any."""

    records: dict[str, pl.DataFrame] = field(default_factory=dict)
    rows_read: int = 0
    rejects: list[Reject] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    unknown_fields: tuple[str, ...] = ()
    elements_read: int | None = None
    error: MemberError | None = None


def in_chunks(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def read(member: Member, chunks: Iterable[bytes]) -> Read:
    """Everything the member holds. Every batch is checked: columns, types and accounting."""
    result = Read()
    frames: dict[str, list[pl.DataFrame]] = {}
    batches = member.parse(chunks)
    while True:
        try:
            batch = next(batches, None)
        except MemberError as error:
            result.error = error
            break
        if batch is None:
            break
        check(batch, member)
        for name, frame in batch.records.items():
            frames.setdefault(name, []).append(frame)
        result.rows_read += batch.rows_read
        result.rejects += batch.rejects
        result.unknown_fields = batch.unknown_fields
        if batch.elements_read is not None:
            result.elements_read = (result.elements_read or 0) + batch.elements_read
        for name in ("ignored", "repairs"):
            totals = getattr(result, name)
            for key, number in getattr(batch, name).items():
                totals[key] = totals.get(key, 0) + number
    result.records = {name: pl.concat(parts) for name, parts in frames.items()}
    return result


def check(batch: Batch, member: Member) -> None:
    """The batch is exactly what the declarations promise, and every row is accounted for once."""
    assert set(batch.records) == set(member.feeds)
    kept: set[int] = set()
    for name, frame in batch.records.items():
        declared = {
            column.name: column.dtype
            for column in RECORD_TABLES[name].columns
            if column.name not in {"export_id", "member"}
        }
        assert dict(frame.schema) == declared, name
        for column in RECORD_TABLES[name].columns:
            if column.name in declared and column.null_when is None:
                assert not frame[column.name].has_nulls(), (name, column.name)
            if column.name in declared and column.values:
                assert set(frame[column.name].drop_nulls()) <= set(column.values)
        kept |= set(frame["row_number"])
    rejected = {reject.row_number for reject in batch.rejects}
    assert len(rejected) == len(batch.rejects)
    assert not kept & rejected
    assert batch.rows_read == len(kept) + len(rejected) + sum(batch.ignored.values())
    assert all(len(r.excerpt) <= 200 and len(r.reason) <= 200 for r in batch.rejects)
    assert all(number > 0 for number in (*batch.ignored.values(), *batch.repairs.values()))


def head_in(case: Path) -> Head:
    """What `Source.recognises` is given: the beginning of a file of the case."""
    return lambda path: (case / path).read_bytes()[: 64 << 10]


def cases(source: Source) -> list[Path]:
    return sorted(path for path in (FIXTURES / source.name).iterdir() if path.is_dir())


def describe(source: Source, case: Path) -> dict[str, Any]:
    """What becomes of every file of a case, without nulls: short enough to be read and checked."""
    files = sorted(path for path in case.rglob("*") if path.is_file())
    return {
        path: _described(source, case, path)
        for file in files
        if (path := file.relative_to(case).as_posix())
    }


def _described(source: Source, case: Path, path: str) -> Any:
    member = source.member_for(path, head_in(case))
    if member is None:
        return source.reason_to_ignore(path) or "UNKNOWN"
    whole = read(member, [(case / path).read_bytes()])
    said = {
        "member": member.name,
        "rows_read": whole.rows_read,
        "elements_read": whole.elements_read,
        "ignored": whole.ignored,
        "repairs": whole.repairs,
        "unknown_fields": list(whole.unknown_fields),
        "rejects": [[r.row_number, r.reason, r.excerpt] for r in whole.rejects],
        "error": whole.error and str(whole.error),
        "records": {
            name: [
                {column: value for column, value in row.items() if value is not None}
                for row in frame.drop("platform").iter_rows(named=True)
            ]
            for name, frame in sorted(whole.records.items())
        },
    }
    return json.loads(json.dumps({key: value for key, value in said.items() if value}, default=str))


def write_goldens() -> None:
    """`python -m tests.transforms.sources.reading`: after a change that was meant."""
    for source in SOURCES.values():
        for case in cases(source):
            text = json.dumps(describe(source, case), indent=1, ensure_ascii=False)
            case.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_goldens()
