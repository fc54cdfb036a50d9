"""`mememeter doctor`: what each export and file is, what is missing, and how to fix it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import click
import polars as pl

from dashboards.safe_text import for_terminal
from flows.commands.output import print_json, print_table, safe_cell
from flows.examine import Checked, Examination, examine
from flows.home import private_files
from flows.settings import find_home, load_settings
from flows.table_settings import Table
from transforms.errors import NothingReadError
from transforms.sources import all_sources

_OLD_DAYS = 60
_REJECTS_SHOWN = 5
_COUNTS = ("rows_read", "rows_stored", "rows_duplicate", "rows_rejected", "rows_ignored")


def doctor_command(
    *, exports: tuple[Path, ...], home: str | None, quiet: bool, as_json: bool
) -> None:
    chosen = find_home(home)
    with private_files():
        result = examine(chosen, load_settings(chosen), exports)
    if as_json:
        print_json(_as_values(result))
    else:
        if result.warning:
            _say(f"Warning: {result.warning}\n")
        for export in result.exports:
            _print_export(export)
        for problem in result.problems:
            _say(f"Problem with {problem.line}\n")
        if not exports and not quiet:
            _print_how_to_get(result)
    if exports and not result.exports:
        raise NothingReadError(
            "none of the exports you named was recognised",
            hint="put in the zip as it was downloaded; without a name `mememeter doctor` says how "
            "to get one",
        )


def _say(text: str) -> None:
    click.echo("\n".join(for_terminal(line) for line in text.splitlines()))


def _print_export(export: Checked) -> None:
    state = "in the store" if export.is_stored else "not read yet; `mememeter run` will"
    newest = f"newest event {export.as_of:%Y-%m-%d}" if export.as_of else "no dated event"
    _say(f"{export.file_name}: {export.source.label}, {newest}; {state}")
    _say(f"Owner: {export.owner or _no_owner(export)}")
    read = export.members.filter(pl.col("handling").is_in(["read", "failed"]))
    print_table(
        ("file", "read", "stored", "duplicate", "rejected", "ignored", "declared", "remarks"),
        [
            [
                safe_cell(row["member"]),
                *(safe_cell(row[name]) for name in _COUNTS),
                safe_cell(row["rows_declared"]),
                for_terminal("; ".join(_remarks(row))),
            ]
            for row in read.iter_rows(named=True)
        ],
        numeric=("read", "stored", "duplicate", "rejected", "ignored", "declared"),
    )
    for row in export.rejects.head(_REJECTS_SHOWN).iter_rows(named=True):
        _say(f"  rejected: {row['member']}, row {row['row_number']}: {row['reason']}")
    more = export.rejects.height - _REJECTS_SHOWN
    if more > 0:
        _say(f"  … and {more:,} more rejected rows: the table rejects lists them after a run")
    for handling, words in (("ignored", "left out"), ("unknown", "unknown")):
        for row in export.members.filter(pl.col("handling") == handling).iter_rows(named=True):
            _say(f"  {words}: {row['member']} ({row['reason']})")
    for member, mapping in export.mappings.items():
        _say(f"  read as (put it into mememeter.toml to change it):\n{_as_toml(member, mapping)}")
    for line in export.missing:
        _say(f"  not in it: {line}")
    for line in export.advice:
        _say(f"  Advice: {line}.")
    click.echo()


def _as_toml(member: str, mapping: Mapping[str, str]) -> str:
    """The `[[table]]` that says what was decided about the columns of a table."""
    said = {"files": member.rpartition("/")[2], **mapping}
    order = [entry.name for entry in dataclasses.fields(Table) if entry.name in said]
    lines = (f"    {name} = {json.dumps(said[name], ensure_ascii=False)}" for name in order)
    return "\n".join(("    [[table]]", *lines))


def _no_owner(export: Checked) -> str:
    if export.source.is_by_content:
        return "not told, and not needed; if some of this is yours, set [owner] in mememeter.toml"
    return "not found: set [owner] in mememeter.toml"


def _remarks(row: dict[str, object]) -> list[str]:
    remarks = []
    if row["handling"] == "failed":
        remarks.append(f"broken: {row['reason']}")
    elif row["reason"]:
        remarks.append(str(row["reason"]))
    if row["rows_before"] is not None:
        remarks.append(
            f"only {row['rows_read']:,} rows where the export before had {row['rows_before']:,}: "
            "what is missing stays in the store; if you deleted nothing, ask for it again"
        )
    for name, words in (
        ("ignored_why", "ignored"),
        ("repairs", "repaired"),
        ("unknown_fields", "unknown fields"),
    ):
        if row[name]:
            remarks.append(f"{words}: {row[name]}")
    return remarks


def _print_how_to_get(result: Examination) -> None:
    for source in all_sources():
        dates = [e.as_of for e in result.exports if e.source.name == source.name and e.as_of]
        if dates:
            days = (result.checked_at - max(dates)).days
            advice = "; time to ask for a new one" if days > _OLD_DAYS else ""
            _say(f"{source.label}: the newest event is {days} days old{advice}.")
        else:
            _say(f"{source.label}: none yet.")
        _say(f"How to get one: {source.how_to_get}\n")


def _as_values(result: Examination) -> dict[str, object]:
    return {
        "exports": [
            {
                "file_name": export.file_name,
                "source": export.source.name,
                "is_stored": export.is_stored,
                "as_of": export.as_of.isoformat() if export.as_of else None,
                "owner": export.owner,
                **export.facts,
                "members": export.members.to_dicts(),
                "rejects": export.rejects.drop("excerpt").to_dicts(),
                "missing": list(export.missing),
                "mappings": export.mappings,
                "advice": list(export.advice),
            }
            for export in result.exports
        ],
        "problems": [dataclasses.asdict(problem) for problem in result.problems],
        "warning": result.warning,
        "how_to_get": {source.name: source.how_to_get for source in all_sources()},
    }
