"""A cohort from folder to pooled tables: who still has to be analysed, by whom, and the pool.

Plain processes of this machine, or workers of a Dask cluster where the config names one, do
the same work on the same folder; the pool does not depend on who did.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from flows import state
from flows.cohort import (
    Archive,
    Cohort,
    Note,
    analyse,
    find_archives,
    in_work,
    versions,
    waiting,
    write_note,
)
from flows.home import FILE_MODE, Home, private_files, write_atomically
from flows.progress import Progress
from flows.settings import Settings
from flows.tied import end_with_the_parent
from transforms.cohort import DONORS, POOLED, codebook, codebook_text
from transforms.errors import NothingReadError

# How often an archive may be in work when its process is killed before it counts as the cause.
_TRIES = 2

Analyst = Callable[[Cohort, Sequence[Archive], Settings], Iterator[Note]]


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """How a cohort's run ended: archives by name, and where the tables are."""

    folder: str
    analysed: int
    known: int
    rows: dict[str, int]
    skipped: dict[str, str]
    problems: dict[str, list[str]]
    donated_twice: list[list[str]]
    left_out: int


def pool(
    archives: Path,
    of: Cohort,
    settings: Settings,
    progress: Progress,
    analyst: Analyst | None = None,
) -> Pooled:
    """Analyse what has not been analysed yet, and pool all archives that lie in the folder now.

    Raises NothingReadError when none of them could be read.
    """
    with private_files(), state.only_run(Home(of.create().path)):
        found = find_archives(archives, of, settings)
        known, left = waiting(of, found)
        progress.stage(f"Analysing {len(left):,} of {len(found):,} archives")
        notes = {note.donor_id: note for note in known}
        work = (analyst or in_processes)(of, left, settings) if left else iter(())
        for done, note in enumerate(work, 1):
            notes[note.donor_id] = note
            progress.count("archives", done, len(left))
        progress.stage("Pooling")
        return _pooled(
            of, found, [notes[archive.donor_id] for archive in found], len(left), settings
        )


def in_processes(of: Cohort, archives: Sequence[Archive], settings: Settings) -> Iterator[Note]:
    """The notes of the archives as they are done, by as many processes as the settings say.

    A process that is killed costs what it had in work, which is tried once more.
    """
    processes = settings.run.processes or os.cpu_count() or 1
    left = {archive.donor_id: archive for archive in archives}
    tries: dict[str, int] = {}
    while left:
        # Who was in work when a process died is the suspect: alone, it takes nobody with it.
        alone = [archive for archive in left.values() if tries.get(archive.donor_id)]
        batch = alone[:1] or list(left.values())
        for note in _batch(of, batch, settings, min(processes, len(batch))):
            del left[note.donor_id]
            yield note
        for archive in batch:
            if archive.donor_id in left and in_work(of, archive).exists():
                in_work(of, archive).unlink()
                tries[archive.donor_id] = tries.get(archive.donor_id, 0) + 1
                if tries[archive.donor_id] == _TRIES:
                    del left[archive.donor_id]
                    yield _killed(of, archive)


def _killed(of: Cohort, archive: Archive) -> Note:
    reason = f"the process that analysed it was killed {_TRIES} times; is there enough memory?"
    return write_note(of, Note(archive.donor_id, archive.stamp, "failed", reason))


def _batch(
    of: Cohort, archives: Sequence[Archive], settings: Settings, processes: int
) -> Iterator[Note]:
    """The notes of those archives that were done before a process was killed."""
    alone = one_process(settings)
    with (
        _one_thread_each(processes),
        ProcessPoolExecutor(
            processes, mp_context=get_context("forkserver"), initializer=end_with_the_parent
        ) as workers,
    ):
        waiting = iter(archives)
        running: set[Future[Note]] = set()
        try:
            # A few at a time: of a thousand that wait, a broken pool would tell a thousand times.
            for archive in waiting:
                running.add(workers.submit(analyse, of, archive, alone))
                if len(running) >= 2 * processes:
                    done = next(as_completed(running))
                    running.remove(done)
                    yield done.result()
            for future in as_completed(running):
                yield future.result()
        except BrokenProcessPool:
            return


def one_process(settings: Settings) -> Settings:
    return dataclasses.replace(settings, run=dataclasses.replace(settings.run, processes=1))


@contextmanager
def _one_thread_each(processes: int) -> Iterator[None]:
    """Let processes that start in here share the cores instead of taking all of them each."""
    name = "POLARS_MAX_THREADS"
    before = os.environ.get(name)
    os.environ[name] = before or str(max(1, (os.cpu_count() or 1) // processes))
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _pooled(
    of: Cohort,
    archives: Sequence[Archive],
    notes: Sequence[Note],
    analysed: int,
    settings: Settings,
) -> Pooled:
    done = [note for note in notes if note.state == "done"]
    name_of = {archive.donor_id: archive.name for archive in archives}
    _write_archives(of, name_of, notes)
    skipped = {name_of[n.donor_id]: n.reason or "" for n in notes if n.state != "done"}
    if not done:
        listed = "\n".join(f"- {name}: {why}" for name, why in sorted(skipped.items()))
        raise NothingReadError(
            f"none of the {len(archives):,} archives could be read:\n{listed}",
            hint="`mememeter doctor ARCHIVE` says what each file is",
        )
    rows = {name: _write_table(of, name, done) for name in POOLED}
    now = versions(settings)
    codebook().write_csv(of.pooled / "codebook.csv")
    write_atomically(of.pooled / "codebook.md", codebook_text(now, len(done)).encode())
    _sweep(of)
    return Pooled(
        folder=str(of.pooled),
        analysed=analysed,
        known=len(archives) - analysed,
        rows=rows,
        skipped=dict(sorted(skipped.items())),
        problems={name_of[n.donor_id]: n.problems for n in done if n.problems},
        donated_twice=_donated_twice(of, name_of),
        left_out=sum(1 for home in of.donors.iterdir() if home.name not in name_of),
    )


def _write_table(of: Cohort, name: str, notes: Sequence[Note]) -> int:
    """One pooled table from its partitions, streamed, sorted as they are: by donor, then key."""
    files = [of.partitions / note.partitions[name] for note in notes if name in note.partitions]
    target = of.pooled / f"{name}.parquet"
    part = of.pooled / f".{name}.part"
    empty = POOLED[name].empty()
    scan = pl.scan_parquet(files, schema=POOLED[name].schema) if files else empty.lazy()
    scan.sink_parquet(part, compression="zstd", maintain_order=True)
    part.chmod(FILE_MODE)
    part.replace(target)
    rows: int = pl.scan_parquet(target).select(pl.len()).collect().item()
    return rows


def _write_archives(of: Cohort, name_of: Mapping[str, str], notes: Sequence[Note]) -> None:
    rows = [(name_of[n.donor_id], n.donor_id, n.state, n.reason, "; ".join(n.problems) or None) for n in notes]  # fmt: skip
    frame = pl.DataFrame(rows, _ARCHIVE_COLUMNS, orient="row").sort("archive")
    write_atomically(of.archives, frame.write_csv().encode())


_ARCHIVE_COLUMNS = dict.fromkeys(("archive", "donor_id", "state", "reason", "problems"), pl.String)


def _donated_twice(of: Cohort, name_of: Mapping[str, str]) -> list[list[str]]:
    """Archives of one owner: theirs should lie in one folder, to be counted once."""
    owners = (
        pl.read_parquet(of.pooled / f"{DONORS.name}.parquet")
        .drop_nulls("owner_id")
        .group_by("owner_id")
        .agg("donor_id")
        .filter(pl.col("donor_id").list.len() > 1)
    )
    return sorted(sorted(name_of[donor] for donor in row) for row in owners["donor_id"])


def _sweep(of: Cohort) -> None:
    """Remove partitions that no note names: of archives that were analysed anew."""
    named = {path for note in of.notes.glob("*.json") for path in _partitions(note)}
    for path in of.partitions.glob("*/*"):
        if path.relative_to(of.partitions).as_posix() not in named:
            path.unlink()


def _partitions(note: Path) -> Sequence[str]:
    named: dict[str, str] = json.loads(note.read_bytes()).get("partitions", {})
    return list(named.values())
