"""What `doctor` finds out: every export and file, read but not stored.

Rows stored and duplicate are what a run would say: new files are read into a scratch store that
is thrown away, and merged with what the real store holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from flows import state, store
from flows.discovery import find_all, limits_of
from flows.exports import Found, find_exports, open_export, recognise
from flows.home import Home, scratch_folder
from flows.job import is_unforeseen
from flows.members import read_members
from flows.readers import readers
from flows.settings import Settings
from flows.word import users_word
from transforms.content import content_tables
from transforms.errors import ExportError, MememeterError, Problem
from transforms.reconcile import Ledger
from transforms.spec import Source

_TELL = "the other exports are read; please report it as SECURITY.md says"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One export: what it is, what became of its files, and what it lacks."""

    file_name: str
    source: Source
    is_stored: bool
    as_of: datetime | None
    owner: str | None
    facts: Mapping[str, object]
    members: pl.DataFrame
    rejects: pl.DataFrame
    missing: tuple[str, ...]
    advice: tuple[str, ...]
    mappings: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Examination:
    """All exports that were looked at, and what is wrong."""

    exports: tuple[Checked, ...]
    problems: tuple[Problem, ...]
    warning: str | None
    checked_at: datetime


def examine(home: Home, settings: Settings, exports: Sequence[Path] = ()) -> Examination:
    """Look at the named exports, else at everything in inbox, watched folders and store."""
    sources = readers(settings)
    found, problems = find_exports(list(exports), sources) if exports else find_all(home, settings)
    known = {summary.export_id: summary for summary in store.manifests(home)}
    with scratch_folder(home) as scratch:
        bench = Home(scratch).create()
        looked_at = set() if exports else set(known)
        for entry in found:
            try:
                looked_at.add(_read(home, bench, entry, settings))
            except ExportError as error:
                if entry.watched == "folder":
                    continue
                problems.append(Problem(entry.name, "", str(error)))
            except (MememeterError, OSError):
                raise
            except BaseException as error:
                if not is_unforeseen(error):
                    raise
                # Its text may quote what somebody wrote.
                fact = f"its reader failed with {type(error).__name__}, a mistake of this program"
                problems.append(Problem(entry.name, "", f"{fact}\n\nHint: {_TELL}"))
        fresh = {summary.export_id: summary for summary in store.manifests(bench)}
        known = {key: summary for key, summary in known.items() if key not in fresh}
        everything = {**known, **fresh}
        checked: tuple[Checked, ...] = ()
        if everything:
            tables, doubts = _merged(home, bench, known, fresh, settings)
            names = {everything[export_id].file_name for export_id in looked_at}
            problems += [doubt for doubt in doubts if doubt.export in names]
            checked = tuple(
                _checked(everything[export_id], export_id in known, tables, sources)
                for export_id in sorted(looked_at, key=lambda key: everything[key].file_name)
            )
    return Examination(
        exports=checked,
        problems=tuple(problems),
        warning=state.warning_of_last_run(home),
        checked_at=state.now(),
    )


def _read(home: Home, bench: Home, found: Found, settings: Settings) -> str:
    """The export's id, after reading it into the scratch store unless the real one holds it."""
    with open_export(found, limits_of(settings)) as opened:
        source = recognise(opened, readers(settings))
        if not store.is_stored(home, opened.export_id, source):
            readings = read_members(opened, source)
            store.add_export(bench, opened, source, readings, now=state.now())
        return opened.export_id


def _merged(
    home: Home,
    bench: Home,
    known: Mapping[str, store.ExportSummary],
    fresh: Mapping[str, store.ExportSummary],
    settings: Settings,
) -> tuple[dict[str, pl.DataFrame], tuple[Problem, ...]]:
    old = store.scan_records(home, list(known.values()))
    new = store.scan_records(bench, list(fresh.values()))
    records = {name: pl.concat([old[name], new[name]]).collect() for name in old}
    summaries = [*known.values(), *fresh.values()]
    ledger = Ledger(
        exports=store.exports_frame(summaries),
        members=store.members_frame(summaries),
        rejects=records.pop("rejects"),
    )
    return content_tables(records, ledger, users_word(home, settings))


def _checked(
    summary: store.ExportSummary,
    is_stored: bool,  # noqa: FBT001
    tables: Mapping[str, pl.DataFrame],
    sources: Sequence[Source],
) -> Checked:
    own = pl.col("export_id") == summary.export_id
    facts = tables["exports"].filter(own).row(0, named=True)
    owner = tables["people"].join(
        tables["exports"].filter(own), left_on="person_id", right_on="owner_id", how="semi"
    )
    source = next(source for source in sources if source.name == summary.source)
    paths = [member.member for member in summary.members]
    rows: Counter[str] = Counter()
    for member in summary.members:
        kind = next((m for m in source.members if m.matches(member.member)), None)
        if kind is not None and member.handling == "read":
            rows[kind.name] += member.rows_read
    return Checked(
        file_name=summary.file_name,
        source=source,
        is_stored=is_stored,
        as_of=facts["as_of"],
        owner=_name(owner.row(0, named=True)) if owner.height else None,
        facts={name: facts[name] for name in _SUMS},
        members=tables["export_members"].filter(own).drop("export_id"),
        rejects=tables["rejects"].filter(own).drop("export_id"),
        missing=tuple(
            f"{member.example}: {member.doc}"
            for member in source.members
            if not source.is_by_content and not any(member.matches(path) for path in paths)
        ),
        advice=source.advise(rows),
        mappings={member.member: member.read_as for member in summary.members if member.read_as},
    )


_SUMS = ("rows_read", "rows_stored", "rows_duplicate", "rows_rejected", "rows_ignored")


def _name(person: Mapping[str, object]) -> str:
    return str(person["display_name"] or person["handle"] or person["person_id"])
