"""One run from lock to last_run.json: the same steps with an engine or without.

    discover → ingest each new export → build → publish → report

The Prefect flow passes its tasks as the steps; tests and `engine = "plain"` pass the plain
functions, so there is one order of things and one way to fail.
"""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows import state, steps, store
from flows.discovery import Discovery, has_own_exports
from flows.exports import Found
from flows.home import Home, private_files
from flows.progress import Progress
from flows.settings import Settings, load_settings, write_default_file
from flows.steps import Draft, Job, Outcome
from transforms.build import Built
from transforms.errors import ExportError, NothingReadError, Problem


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The steps in their order, as plain functions or as Prefect tasks around them."""

    discover: Callable[[Job], Discovery] = steps.discover
    ingest: Callable[[Job, Found], store.ExportSummary | None] = steps.ingest
    build: Callable[[Job], Built] = steps.build_tables
    draft: Callable[[Job, Built, Sequence[Problem]], Draft] = steps.write_draft
    publish: Callable[[Job, Draft], None] = steps.publish
    report: Callable[[Job, Outcome], None] = lambda job, outcome: None  # noqa: ARG005


PLAIN = Steps()


def run_pipeline(
    home: Home,
    exports: Sequence[Path] = (),
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    run: Steps = PLAIN,
) -> Outcome:
    """Ingest what is new, rebuild and publish; returns how it ended.

    `exports` are read besides inbox and watched folders. Raises MememeterError after noting
    the failure in last_run.json; what is published is then what it was before.
    """
    with _session(home, exports, settings, progress) as job:
        return _finish(job, _carry_out(job, run))


def nothing_new(
    home: Home, exports: Sequence[Path] = (), *, settings: Settings | None = None
) -> Outcome | None:
    """How a run would end, when it would have nothing to do; None when there is work.

    The engine takes seconds to start and is not needed to find out.
    """
    with _session(home, exports, settings, None) as job:
        if state.read_last_run(home).get("status") == state.RUNNING:
            return None
        discovery = steps.discover(job)
        if discovery.new or _changes(job):
            return None
        if not discovery.known:
            _refuse_nothing(job, discovery.problems)
        return _finish(job, _idle(job, discovery.known, discovery.problems))


@contextmanager
def _session(
    home: Home,
    exports: Sequence[Path],
    settings: Settings | None,
    progress: Progress | None,
) -> Iterator[Job]:
    """The home, ready and locked; a failure inside is noted before it goes on its way."""
    with private_files():
        home.create()
        write_default_file(home)
        chosen = settings or load_settings(home)
        with state.only_run(home):
            job = _new_job(home, chosen, exports, progress)
            try:
                yield job
            except BaseException as error:
                _note_failure(job, error)
                raise
            finally:
                job.progress.finish()


def _finish(job: Job, outcome: Outcome) -> Outcome:
    state.write_last_run(job.home, dataclasses.asdict(outcome))
    return outcome


def _new_job(
    home: Home, settings: Settings, exports: Sequence[Path], progress: Progress | None
) -> Job:
    started = state.now()
    # Until there is anything of the user's own, the bundled sample stands in, in a store apart.
    chosen = home if has_own_exports(home, settings, exports) else home.for_sample()
    return Job(
        home=chosen.create(),
        settings=settings,
        run_id=f"r_{started:%Y%m%dT%H%M%S%f}",
        started_at=started,
        exports=tuple(exports),
        progress=progress or Progress(quiet=True),
    )


def _carry_out(job: Job, run: Steps) -> Outcome:
    state.note_interrupted(job.home)
    discovery = run.discover(job)
    state.write_last_run(job.home, dataclasses.asdict(_outcome(job, state.RUNNING)))
    problems = list(discovery.problems)
    added = []
    known = discovery.known
    for found in discovery.new:
        try:
            summary = run.ingest(job, found)
        except (ExportError, OSError) as error:
            problems.append(Problem(found.name, "", str(error)))
            continue
        if summary is None:
            known += 1
        else:
            added.append(summary.file_name)
            problems += _member_problems(summary)
    if not added and not known:
        _refuse_nothing(job, problems)
    changes = _changes(job)
    if not changes:
        return _idle(job, known, problems)
    built = run.build(job)
    problems += built.problems
    draft = run.draft(job, built, problems)
    run.publish(job, draft)
    state.note_published(job.home, _fingerprint(job))
    outcome = dataclasses.replace(
        _outcome(job, steps.PUBLISHED),
        changes=changes,
        exports_new=added,
        exports_known=known,
        messages=draft.sizes["messages"],
        posts=draft.sizes["posts"],
        messages_new=draft.row["messages_new"],
        posts_new=draft.row["posts_new"],
        problems=[dataclasses.asdict(problem) for problem in problems],
    )
    run.report(job, outcome)
    return outcome


def _member_problems(summary: store.ExportSummary) -> list[Problem]:
    """What is wrong with files of an export that was otherwise read."""
    return [
        Problem(summary.file_name, member.member, member.reason or "")
        for member in summary.members
        if member.handling == "failed" or (member.handling == "read" and member.reason)
    ]


def _refuse_nothing(job: Job, problems: Sequence[Problem]) -> None:
    """Raise NothingReadError when somebody named exports, or has never had one that was read."""
    if job.exports or not store.manifests(job.home):
        listed = "\n".join(f"- {problem.message}" for problem in problems)
        raise NothingReadError(
            f"nothing could be read:\n{listed}" if problems else "there is no export to read",
            hint="`mememeter doctor` says what each file is and how to get a complete export",
        )


def _idle(job: Job, known: int, problems: Sequence[Problem]) -> Outcome:
    return dataclasses.replace(
        _outcome(job, state.NOTHING_NEW),
        exports_known=known,
        problems=[dataclasses.asdict(problem) for problem in problems],
    )


def _outcome(job: Job, status: str) -> Outcome:
    return Outcome(
        run_id=job.run_id,
        status=status,
        started_at=job.started_at.isoformat(),
        finished_at=None if status == state.RUNNING else state.now().isoformat(),
        metrics_version=state.metrics_version(),
        is_sample=job.home.is_sample,
        database=str(job.home.database),
        report=str(job.home.latest_report),
    )


def _changes(job: Job) -> list[str]:
    return state.changes(job.home, _fingerprint(job))


def _fingerprint(job: Job) -> dict[str, str]:
    stored = [f"{s.export_id}@{s.source_version}" for s in store.manifests(job.home)]
    return state.fingerprint(job.home, stored, job.settings)


def _note_failure(job: Job, error: BaseException) -> None:
    message = str(error).strip() or type(error).__name__
    outcome = dataclasses.replace(_outcome(job, steps.FAILED), message=message)
    state.write_last_run(job.home, dataclasses.asdict(outcome))
    row = {name: getattr(outcome, name) for name in state.RUN_COLUMNS}
    state.note_run(job.home, row)
    if job.settings.run.on_failure:
        # The user's own command, word by word, without a shell.
        subprocess.run(  # noqa: S603
            job.settings.run.on_failure, input=message.encode(), check=False, timeout=60
        )
