"""Work on a Dask cluster: each archive, or each export of a large home, as a Prefect task run.

Only the scheduler's address stands in the config. Workers are given paths, never rows: they
read and write the folders everybody sees, so one that dies costs nothing but its time. Dask
gives its work to another, which finds what is whole already and does the rest.

Import this after `flows.engine.configure_prefect`, as `flows.nightly`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from prefect import Task, flow
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows import state, steps, store
from flows.cohort import Archive, Cohort, Note, analyse
from flows.exports import Found
from flows.home import Home, private_files
from flows.job import Job
from flows.pipeline import Ingest, Ingested, one_after_another
from flows.pool import Pooled, one_process, pool
from flows.progress import current_progress
from flows.settings import Settings
from transforms.errors import MememeterError, UsageError

_TASK: dict[str, Any] = {"cache_policy": NO_CACHE, "retries": 2, "retry_delay_seconds": 5}


class ClusterError(MememeterError):
    """A worker cannot do what it is asked to, or nobody finished the work."""


@contextmanager
def _cluster(settings: Settings) -> Iterator[Any]:
    try:
        from prefect_dask import DaskTaskRunner  # noqa: PLC0415  an extra

        from flows.dask_plugins import (  # noqa: PLC0415
            SchedulerSurroundings,
            WorkerSurroundings,
            surroundings,
        )
    except ImportError:
        raise UsageError(
            'run.runner is "dask", and prefect-dask is not installed',
            hint='install it with `pip install "mememeter[dask]"`',
        ) from None
    with DaskTaskRunner(address=settings.run.cluster) as runner:
        for plugin in (SchedulerSurroundings, WorkerSurroundings):
            runner.client.register_plugin(plugin(surroundings()))
        yield runner


def _result(future: Any) -> Any:  # noqa: ANN401  Prefect's and Dask's types
    """What a task run returned; what it raised is raised, also when its workers all died."""
    ended = future.wrapped_future.result()
    return ended.result() if isinstance(ended, State) else ended


def each_export(ingest: Ingest, job: Job, exports: Sequence[Found]) -> Iterator[Ingested]:
    """The exports of one home to be ingested: here, or all at once by the cluster's workers."""
    if job.settings.run.runner == "processes" or not exports:
        yield from one_after_another(ingest, job, exports)
        return
    task: Task[Any, Any] = Task(
        _ingest, name="ingest", task_run_name="ingest {found.name}", **_TASK
    )
    facts = {
        "home": job.home,
        "settings": job.settings,
        "run": (job.run_id, job.started_at),
        "code": state.code_version(),
    }
    with _cluster(job.settings) as runner:
        futures = [runner.submit(task, {"found": found, **facts}) for found in exports]
        yield from (partial(_result, future) for future in futures)


def _ingest(
    found: Found, home: Home, settings: Settings, run: tuple[str, datetime], code: str
) -> store.ExportSummary | None:
    _check_code(code)
    run_id, started_at = run
    job = Job(home=home, settings=settings, run_id=run_id, started_at=started_at)
    return steps.ingest(job, found)


@flow(name="cohort", flow_run_name="cohort {of.path}", validate_parameters=False)
def cohort(archives: Path, of: Cohort, settings: Settings) -> Pooled:
    """Analyse every archive in a home of its own, and pool the metrics."""
    return pool(archives, of, settings, current_progress(), _by_workers)


def _by_workers(of: Cohort, archives: Sequence[Archive], settings: Settings) -> Iterator[Note]:
    from distributed import as_completed  # noqa: PLC0415  comes with the extra

    task: Task[Any, Any] = Task(
        _analyse, name="analyse", task_run_name="analyse {archive.donor_id}", **_TASK
    )
    facts = {"of": of, "settings": one_process(settings), "code": state.code_version()}
    with _cluster(settings) as runner:
        futures = {}
        for archive in archives:
            future = runner.submit(task, {"archive": archive, **facts})
            futures[future.wrapped_future] = (archive, future)
        for ended in as_completed(futures, loop=runner.client.loop):
            archive, future = futures[ended]
            yield _note(archive, partial(_result, future))


def _note(archive: Archive, result: Callable[[], Note]) -> Note:
    try:
        return result()
    except ClusterError:
        raise
    except Exception as error:  # noqa: BLE001  whatever killed it, the other archives go on
        reason = f"its workers did not finish it ({type(error).__name__})"
        return Note(archive.donor_id, archive.stamp, "failed", reason)


def _analyse(archive: Archive, of: Cohort, settings: Settings, code: str) -> Note:
    _check_code(code)
    with private_files():
        return analyse(of, archive, settings)


def _check_code(code: str) -> None:
    if state.code_version() != code:
        raise ClusterError(
            f"a worker runs another version of the program ({state.code_version()})",
            hint=f"install the same on every worker: {code}",
        )
