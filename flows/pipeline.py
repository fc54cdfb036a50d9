"""One run from lock to last_run.json: the same steps with an engine or without.

    discover → ingest each new export → build → publish → report

The Prefect flow passes its tasks as the steps; tests and `engine = "plain"` pass the plain
functions, so there is one order of things and one way to fail.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows import state, steps, store
from flows.discovery import Discovery
from flows.exports import Found
from flows.home import Home
from flows.job import PUBLISHED, RUNNING, Job, Outcome
from flows.progress import Progress
from flows.session import (
    fingerprint_of,
    finish,
    idle,
    new_outcome,
    refuse_nothing,
    session,
    what_changed,
)
from flows.settings import Settings
from flows.steps import Draft
from transforms.build import Built
from transforms.errors import MememeterError, Problem

Ingest = Callable[[Job, Found], store.ExportSummary | None]
Ingested = Callable[[], store.ExportSummary | None]


def one_after_another(ingest: Ingest, job: Job, exports: Sequence[Found]) -> Iterator[Ingested]:
    """The exports to be ingested here, each when it is asked for."""
    return (partial(ingest, job, found) for found in exports)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The steps in their order, as plain functions or as Prefect tasks around them."""

    discover: Callable[[Job], Discovery] = steps.discover
    ingest: Ingest = steps.ingest
    each: Callable[[Ingest, Job, Sequence[Found]], Iterator[Ingested]] = one_after_another
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
    with session(home, exports, settings, progress) as job:
        return finish(job, carry_out(job, run))


@dataclass(frozen=True)
class Read:
    """Names of the exports that are new in the store, the number of known ones, and problems."""

    added: list[str]
    known: int
    problems: list[Problem]


def read_exports(job: Job, discovery: Discovery, run: Steps = PLAIN) -> Read:
    """Every new export into the store; one that cannot be read costs itself and nothing else."""
    problems = list(discovery.problems)
    added = []
    known = discovery.known
    each = run.each(run.ingest, job, discovery.new)
    for found, ingested in zip(discovery.new, each, strict=True):
        try:
            summary = ingested()
        except (MememeterError, OSError) as error:
            problems.append(Problem(found.name, "", str(error)))
            continue
        if summary is None:
            known += 1
        else:
            added.append(summary.file_name)
            problems += _member_problems(summary)
    return Read(added, known, problems)


def carry_out(job: Job, run: Steps) -> Outcome:
    """All steps of one run."""
    state.note_interrupted(job.home)
    discovery = run.discover(job)
    state.write_last_run(job.home, dataclasses.asdict(new_outcome(job, RUNNING)))
    read = read_exports(job, discovery, run)
    added, known, problems = read.added, read.known, read.problems
    if not added and not known:
        refuse_nothing(job, problems)
    reasons = what_changed(job)
    if not reasons:
        return idle(job, known, problems)
    built = run.build(job)
    problems += built.problems
    draft = run.draft(job, built, problems)
    run.publish(job, draft)
    state.note_published(job.home, fingerprint_of(job), draft.row)
    outcome = dataclasses.replace(
        new_outcome(job, PUBLISHED),
        changes=reasons,
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
