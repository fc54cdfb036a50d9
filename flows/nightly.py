"""The Prefect flow: discover → one task run per new export → build → publish → report.

Import this after `flows.engine.configure_prefect`: Prefect reads its surroundings when it is
imported, which takes 2 s, so nothing that does not run a flow imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.cache_policies import NO_CACHE

from flows import steps, store
from flows.discovery import Discovery
from flows.exports import Found
from flows.home import Home
from flows.pipeline import Steps, run_pipeline
from flows.progress import current_progress
from flows.published import ask
from flows.steps import Draft, Job, Outcome
from flows.summary import summary_markdown
from transforms.build import Built
from transforms.errors import Problem


def _is_worth_another_try(_task: Any, _run: Any, state: Any) -> bool:  # noqa: ANN401  Prefect's types
    """Only what time can mend: a disk or a network drive that hiccups."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) or isinstance(error.__cause__, OSError)


@task(name="discover", cache_policy=NO_CACHE)
def discover(job: Job) -> Discovery:
    return steps.discover(job)


@task(
    name="ingest",
    task_run_name="ingest {found.name}",
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=_is_worth_another_try,
)
def ingest(job: Job, found: Found) -> store.ExportSummary | None:
    return steps.ingest(job, found)


@task(name="build", cache_policy=NO_CACHE)
def build(job: Job) -> Built:
    return steps.build_tables(job)


@task(name="draft", cache_policy=NO_CACHE)
def draft(job: Job, built: Built, problems: Sequence[Problem]) -> Draft:
    return steps.write_draft(job, built, problems)


@task(name="publish", cache_policy=NO_CACHE)
def publish(job: Job, draft: Draft) -> None:
    steps.publish(job, draft)


@task(name="report", cache_policy=NO_CACHE)
def report(job: Job, outcome: Outcome) -> None:
    create_markdown_artifact(summary_markdown(outcome), key="summary")
    create_table_artifact(
        ask(job.home.database, "ranking", most=20).to_dicts(),
        key="ranking",
        description="The top of the ranking, without message text.",
    )
    create_link_artifact(job.home.latest_report.as_uri(), link_text="The report", key="report")


STEPS = Steps(
    discover=discover,
    ingest=ingest,
    build=build,
    draft=draft,
    publish=publish,
    report=report,
)


@flow(name="nightly", validate_parameters=False)
def nightly(home: str, exports: Sequence[str] = ()) -> Outcome:
    """Ingest what is new in a home, rebuild, publish database and report."""
    return run_pipeline(
        Home(Path(home)),
        [Path(path) for path in exports],
        progress=current_progress(),
        run=STEPS,
    )
