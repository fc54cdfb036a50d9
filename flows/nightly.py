"""The Prefect flow: discover → one task run per new export → build → publish → report.

Import this after `flows.engine.configure_prefect`: Prefect reads its surroundings when it is
imported, which takes 2 s, so nothing that does not run a flow imports this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect import flow, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE

from flows import steps, store
from flows.discovery import Discovery
from flows.exports import Found
from flows.home import Home
from flows.job import Job, Outcome
from flows.pipeline import Steps, run_pipeline
from flows.progress import current_progress
from flows.published import answer_lines, ask
from flows.steps import Draft
from flows.summary import summary_markdown
from transforms.build import Built
from transforms.errors import Problem

P = ParamSpec("P")
R = TypeVar("R")


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
    answer = answer_lines(job.home.database)
    create_markdown_artifact(summary_markdown(outcome, answer), key="summary")
    create_table_artifact(
        ask(job.home.database, "ranking", most=20).to_dicts(),
        key="ranking",
        description="The top of the ranking, without message text.",
    )
    create_link_artifact(job.home.latest_report.as_uri(), link_text="The report", key="report")


@flow(name="nightly", flow_run_name="nightly {home}", validate_parameters=False)
def nightly(home: str, exports: Sequence[str] = ()) -> Outcome:
    """Ingest what is new in a home, rebuild, publish database and report."""
    meter = create_progress_artifact(0.0, key="progress", description="The run so far.")
    assert isinstance(meter, UUID)  # not a coroutine: this flow is not async
    return run_pipeline(
        Home(Path(home)),
        [Path(path) for path in exports],
        progress=current_progress(),
        run=Steps(
            discover=_then(discover, meter, 5),
            ingest=ingest,
            build=_then(build, meter, 70),
            draft=_then(draft, meter, 90),
            publish=_then(publish, meter, 95),
            report=_then(report, meter, 100),
        ),
    )


def _then(step: Callable[P, R], meter: UUID, share: float) -> Callable[P, R]:
    """The task, and then the progress artifact at this many per cent of an ordinary run."""

    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        result = step(*args, **kwargs)
        update_progress_artifact(meter, share)
        return result

    return told
