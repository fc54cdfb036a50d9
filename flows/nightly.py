"""The Prefect flow: discover → one task run per new export → build → publish → report.

Import this after `flows.engine.configure_prefect`: Prefect reads its surroundings when it is
imported, which takes 2 s, so nothing that does not run a flow imports this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Cancelled
from prefect.tasks import MaterializingTask

from flows import prefect_ui as ui
from flows import steps, store
from flows.cluster import each_export
from flows.discovery import Discovery
from flows.exports import Found
from flows.home import private_files
from flows.job import Job, Outcome
from flows.pipeline import Steps, run_pipeline
from flows.settings import find_home
from flows.state import AlreadyRunningError
from flows.steps import Draft
from transforms.build import Built
from transforms.errors import Problem

P = ParamSpec("P")
R = TypeVar("R")


def _is_worth_another_try(_task: Any, _run: Any, state: Any) -> bool:  # noqa: ANN401  Prefect's types
    """Only what time can mend: a disk or a network drive that hiccups."""
    error = state.result(raise_on_failure=False)
    causes = (error, error.__cause__)
    return any(isinstance(e, OSError) and not isinstance(e, TimeoutError) for e in causes)


# Of each step: nothing is cached by Prefect, and what a disk did wrong once is tried again.
_STEP: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "retries": 2,
    "retry_delay_seconds": [5, 30],
    "retry_condition_fn": _is_worth_another_try,
}


@task(name="discover", **_STEP)
def discover(job: Job) -> Discovery:
    return steps.discover(job)


def ingest(job: Job, found: Found) -> store.ExportSummary | None:
    return steps.ingest(job, found)


@task(name="build", **_STEP)
def build(job: Job) -> Built:
    return steps.build_tables(job)


@task(name="draft", **_STEP)
def draft(job: Job, built: Built, problems: Sequence[Problem]) -> Draft:
    return steps.write_draft(job, built, problems)


# Not tried again: half a publish is finished by the next run, not repeated.
def publish(job: Job, draft: Draft) -> None:
    steps.publish(job, draft)
    ui.note_rows(job, draft)


def report(job: Job, outcome: Outcome) -> None:
    ui.write_artifacts(job, outcome)


@flow(
    name="nightly",
    flow_run_name="nightly {home}",
    validate_parameters=False,
    on_failure=[ui.notify_block],
    on_crashed=[ui.notify_block],
)
def nightly(home: str = "data", exports: Sequence[str] = ()) -> Outcome | State[Any]:
    """Ingest what is new in a home, rebuild, publish database and report."""
    chosen = find_home(home)
    if caught_up := ui.made_up_for(chosen):
        return caught_up
    meter = ui.Meter()
    with private_files():
        try:
            outcome = run_pipeline(
                chosen,
                [Path(path) for path in exports],
                progress=ui.progress_of_run(),
                run=Steps(
                    discover=meter.discovered(_limited(discover)),
                    ingest=meter.ingested(_ingest),
                    each=each_export,
                    build=meter.then(_limited(build), 70),
                    draft=meter.then(_limited(draft), 90),
                    publish=meter.then(_publish, 95),
                    report=meter.then(_report, 100),
                ),
            )
        except AlreadyRunningError as error:
            if not ui.is_deployed():
                raise
            return Cancelled(name="Skipped", message=error.fact)
    meter.finish()
    return outcome


def _limited(step: Task[Concatenate[Job, P], R]) -> Callable[Concatenate[Job, P], R]:
    """The task, which fails after the minutes the settings allow."""

    def called(job: Job, /, *args: P.args, **kwargs: P.kwargs) -> R:
        seconds = job.settings.run.timeout_minutes * 60 or None
        return step.with_options(timeout_seconds=seconds)(job, *args, **kwargs)

    return called


def _ingest(job: Job, found: Found) -> store.ExportSummary | None:
    exported = MaterializingTask(
        ingest, name="ingest", task_run_name="ingest {found.name}",
        assets=[ui.export_asset(job, found.name)], **_STEP,
    )  # fmt: skip
    return _limited(exported)(job, found)


def _publish(job: Job, draft: Draft) -> None:
    known = store.manifests(job.home)
    tables = MaterializingTask(
        publish, name="publish", cache_policy=NO_CACHE,
        assets=[ui.tables_asset(job)], asset_deps=ui.export_assets(job, known),
    )  # fmt: skip
    _limited(tables)(job, draft)


def _report(job: Job, outcome: Outcome) -> None:
    page = MaterializingTask(
        report, name="report", assets=[ui.report_asset(job)],
        asset_deps=[ui.tables_asset(job)], **_STEP,
    )  # fmt: skip
    _limited(page)(job, outcome)
