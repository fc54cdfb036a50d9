"""The home, ready and locked; whether there is anything to do; how a run ends.

This module imports little: a night with nothing new is over in about a second.
"""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows import state, store
from flows.discovery import discover_exports, has_own_exports
from flows.home import Home, private_files, sweep_unfinished
from flows.job import FAILED, NOTHING_NEW, RUNNING, Job, Outcome
from flows.progress import Progress
from flows.settings import Schedule, Settings, load_settings, write_default_file
from transforms.errors import MememeterError, NothingReadError, Problem


def nothing_new(
    home: Home, exports: Sequence[Path] = (), *, settings: Settings | None = None
) -> Outcome | None:
    """How a run would end, when it would have nothing to do; None when there is work.

    The engine takes seconds to start and is not needed to find out.
    """
    with session(home, exports, settings, None) as job:
        if state.read_last_run(home).get("status") == RUNNING:
            return None
        discovery = discover_exports(job.home, job.settings, job.exports)
        if discovery.new or what_changed(job):
            return None
        if not discovery.known:
            refuse_nothing(job, discovery.problems)
        return finish(job, idle(job, discovery.known, discovery.problems))


@contextmanager
def session(
    home: Home,
    exports: Sequence[Path],
    settings: Settings | None,
    progress: Progress | None,
) -> Iterator[Job]:
    """The home, ready and locked; a failure inside is noted before it goes on its way."""
    with private_files():
        home.create()
        write_default_file(home)
        with state.only_run(home):
            sweep_unfinished(home)
            job = _bare_job(home, exports, progress)
            try:
                job = _with_settings(job, settings or load_settings(home))
                yield job
            except BaseException as error:
                _note_failure(job, error)
                raise
            finally:
                job.progress.finish()


def finish(job: Job, outcome: Outcome) -> Outcome:
    state.write_last_run(job.home, dataclasses.asdict(outcome))
    return outcome


def _bare_job(home: Home, exports: Sequence[Path], progress: Progress | None) -> Job:
    started = state.now()
    return Job(
        home=home,
        settings=Settings(),
        run_id=f"r_{started:%Y%m%dT%H%M%S%f}",
        started_at=started,
        exports=tuple(exports),
        progress=progress or Progress(quiet=True),
    )


def _with_settings(job: Job, settings: Settings) -> Job:
    """The job with the home's settings, and with the sample where there is nothing else.

    The sample stands in until there is anything of the user's own, in a store apart.
    """
    is_own = has_own_exports(job.home, settings, job.exports)
    home = job.home if is_own else job.home.for_sample().create()
    return dataclasses.replace(job, settings=settings, home=home)


def refuse_nothing(job: Job, problems: Sequence[Problem]) -> None:
    """Raise NothingReadError when somebody named exports, or has never had one that was read."""
    if job.exports or not store.manifests(job.home):
        listed = "\n".join(f"- {problem.message}" for problem in problems)
        raise NothingReadError(
            f"nothing could be read:\n{listed}" if problems else "there is no export to read",
            hint="`mememeter doctor` says what each file is and how to get a complete export",
        )


def idle(job: Job, known: int, problems: Sequence[Problem]) -> Outcome:
    return dataclasses.replace(
        new_outcome(job, NOTHING_NEW),
        exports_known=known,
        problems=[dataclasses.asdict(problem) for problem in problems],
    )


def new_outcome(job: Job, status: str) -> Outcome:
    return Outcome(
        run_id=job.run_id,
        status=status,
        started_at=job.started_at.isoformat(),
        finished_at=None if status == RUNNING else state.now().isoformat(),
        metrics_version=state.metrics_version(),
        own_version=state.own_version(job.settings.own),
        is_sample=job.home.is_sample,
        database=str(job.home.database),
        report=str(job.home.latest_report),
    )


def what_changed(job: Job) -> list[str]:
    return state.changes(job.home, fingerprint_of(job))


def fingerprint_of(job: Job) -> dict[str, str]:
    stored = [f"{s.export_id}@{s.source_version}" for s in store.manifests(job.home)]
    # When a run happens changes nothing about what it finds.
    settings = dataclasses.replace(job.settings, schedule=Schedule())
    return state.fingerprint(job.home, stored, settings)


def _note_failure(job: Job, error: BaseException) -> None:
    # The text of an error that is none of ours may quote what somebody wrote.
    is_ours = isinstance(error, MememeterError | OSError)
    message = str(error).strip() if is_ours else type(error).__name__
    outcome = dataclasses.replace(new_outcome(job, FAILED), message=message)
    state.write_last_run(job.home, dataclasses.asdict(outcome))
    state.note_run(job.home, {name: getattr(outcome, name) for name in state.RUN_COLUMNS})
    if job.settings.run.on_failure:
        _notify(job, message)


def _notify(job: Job, message: str) -> None:
    """Start the user's own command; that it fails is told, and hides nothing."""
    command = job.settings.run.on_failure
    try:
        subprocess.run(command, input=message.encode(), check=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        job.progress.note(f"run.on_failure did not work: {error}")
