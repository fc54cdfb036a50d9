"""The steps of a run: discover, ingest one export, build, draft, publish.

Everything before `publish` works on files under `.work/`; a run that fails leaves yesterday's
database and report as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.queries import report_queries, view_queries
from dashboards.report import render_report
from flows import forgotten, state, store, warehouse
from flows.discovery import Discovery, discover_exports, read_export
from flows.exports import Found
from flows.home import write_atomically
from flows.job import PUBLISHED, Job, step
from flows.kept_metrics import metrics_keeper
from flows.published import ask
from flows.tone_pool import tone_scorer
from flows.traces import remove_traces
from flows.word import users_word
from transforms import tables
from transforms.build import Built, build
from transforms.changes import advice_changes, with_untold
from transforms.errors import MememeterError, NothingReadError, Problem
from transforms.reconcile import Ledger


@dataclass(frozen=True)
class Draft:
    """What a build left under `.work/`, ready to be published."""

    database: Path
    report: Path
    row: Mapping[str, Any]
    sizes: Mapping[str, int]


@step
def discover(job: Job) -> Discovery:
    """Which exports are there, and which of them are new."""
    job.progress.stage("Looking for exports")
    return discover_exports(job.home, job.settings, job.exports)


@step
def ingest(job: Job, found: Found) -> store.ExportSummary | None:
    """Read one new export into the store; None when its content is there under another name."""
    job.progress.stage(f"Reading {found.name}")
    return read_export(
        job.home,
        found,
        job.settings,
        now=job.started_at,
        on_rows=lambda member, rows: job.progress.count(f"{member}, rows", rows),
    )


@step
def build_tables(job: Job) -> Built:
    """Every table but those of the run itself, from everything in the store."""
    stored = store.manifests(job.home)
    if not stored:
        raise NothingReadError(
            f"there is nothing to report on: no export in {job.home.inbox} could be read",
            hint="`mememeter doctor` says what each file is and how to get a complete export",
        )
    stored = _kept_to_forgotten(job, stored)
    store.sweep(job.home, stored)
    scans = store.scan_records(job.home, stored)
    ledger = Ledger(
        exports=store.exports_frame(stored),
        members=store.members_frame(stored),
        rejects=scans.pop("rejects").collect(),
    )
    with tone_scorer(
        job.home,
        processes=job.settings.run.processes,
        on_progress=lambda done, total: job.progress.count("texts", done, total),
    ) as tone:
        return build(
            # Under no name here: the build lets go of them as soon as it can.
            {name: scan.collect() for name, scan in scans.items()},
            ledger,
            tone=tone,
            keeper=metrics_keeper(job.home),
            word=users_word(job.home, job.settings),
            on_stage=lambda name: job.progress.stage(f"Measuring: {name}"),
        )


def _kept_to_forgotten(job: Job, stored: list[store.ExportSummary]) -> list[store.ExportSummary]:
    """The store after it was rid of people who were forgotten since it was last."""
    digest = state.forgotten_digest(job.home)
    if forgotten.is_settled(job.home, "store", digest):
        return stored
    forgotten.clean_store(job.home, forgotten.load_forgotten(job.home))
    forgotten.note_settled(job.home, "store", digest)
    return store.manifests(job.home)


@step
def write_draft(job: Job, built: Built, problems: Sequence[Problem] = ()) -> Draft:
    """Database and report of these tables, under `.work/`; the problems stand on the report."""
    job.progress.stage("Writing the database")
    content = dict(built.tables)
    row = _run_row(job, content)
    content["runs"] = _runs_frame([*state.noted_runs(job.home), row])
    with warehouse.openable(job.home) as published:
        content["advice_changes"] = _advice_changes(job, content, published)
    database = job.home.work / "draft.duckdb"
    memory = job.settings.run.memory
    warehouse.write_database(database, content, view_queries(), memory=memory)
    job.progress.stage("Writing the report")
    page = render_report(
        warehouse.run_queries(database, report_queries(), memory),
        generated_at=job.started_at,
        version=state.program_version(),
        is_sample=job.home.is_sample,
        warnings=[problem.line for problem in problems],
    )
    report = job.home.work / "draft.html"
    write_atomically(report, page.encode())
    sizes = {name: frame.height for name, frame in content.items()}
    return Draft(database, report, row, sizes)


def _advice_changes(job: Job, content: Mapping[str, pl.DataFrame], database: Path) -> pl.DataFrame:
    """Against what is published, if this home published it and this version can read it."""
    own = {row["run_id"]: row for row in state.noted_runs(job.home)}
    try:
        last = ask(database, "newest_run").get_column("run_id").to_list()
        before = ask(database, "standing")
    except MememeterError:
        last, before = [], pl.DataFrame()
    if not last or last[0] not in own:
        return tables.ADVICE_CHANGES.empty()
    known = set(ask(database, "export_ids")["export_id"])
    owners = content["people"].filter("is_owner")
    others = content["sender_metrics"].join(owners, "identity_id", "anti")
    changes = advice_changes(
        before,
        others,
        is_new_method=own[last[0]]["metrics_version"] != state.metrics_version(),
        is_new_word=own[last[0]].get("own_version") != state.own_version(job.settings.own),
        has_new_exports=not set(content["exports"]["export_id"]) <= known,
    )
    if own[last[0]]["status"] == PUBLISHED:
        return changes
    # That run was cut off right after it published: nobody was told what it changed.
    return with_untold(ask(database, "untold"), changes, others)


def _run_row(job: Job, content: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    before = [row for row in state.noted_runs(job.home) if row["status"] == PUBLISHED]
    counts = {name: content[name].height for name in ("messages", "posts")}
    return {
        "run_id": job.run_id,
        "started_at": job.started_at.isoformat(),
        "finished_at": state.now().isoformat(),
        "status": PUBLISHED,
        "messages_new": max(0, counts["messages"] - sum(r["messages_new"] for r in before)),
        "posts_new": max(0, counts["posts"] - sum(r["posts_new"] for r in before)),
        "metrics_version": state.metrics_version(),
        "own_version": state.own_version(job.settings.own),
        "message": None,
    }


def _runs_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    times = ("started_at", "finished_at")
    typed = [
        {**row, **{name: row[name] and datetime.fromisoformat(row[name]) for name in times}}
        for row in rows
    ]
    return tables.RUNS.conform(pl.DataFrame(typed, schema=tables.RUNS.schema))


@step
def publish(job: Job, draft: Draft) -> None:
    """Put the drafts in the place of database and report, each by one rename."""
    job.progress.stage("Publishing")
    dated = job.home.reports / f"{job.started_at:%Y-%m-%d_%H%M%S}.html"
    page = draft.report.read_bytes()
    write_atomically(dated, page)
    warehouse.publish(job.home, draft.database)
    write_atomically(job.home.latest_report, page)
    draft.report.unlink()
    digest = state.forgotten_digest(job.home)
    if not forgotten.is_settled(job.home, "traces", digest):
        remove_traces(job.home, keep=dated)
        forgotten.note_settled(job.home, "traces", digest)
    # The newest by name, and this one in any case: a clock may have been wrong.
    others = sorted(path for path in job.home.reports.glob("[0-9]*.html") if path != dated)
    for old in others[: len(others) + 1 - job.settings.run.reports_kept]:
        old.unlink()
