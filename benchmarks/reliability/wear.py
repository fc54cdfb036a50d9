"""A thousand nights in one process and one home, and whether the last are as the first.

Every fourth night brings a small export, which overlaps with those before; the others find
nothing new. What grows is what was read: an export's own files. Everything else (seconds,
memory, open files, threads, bytes beyond the store's, rows of Prefect's database) must not.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import statistics
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.together import PATIENCE, command
from flows import steps
from flows.home import Home
from flows.job import NOTHING_NEW, PUBLISHED
from flows.pipeline import run_pipeline
from tests.flows.exports_for_tests import linkedin_zip, some_messages

EXPORT_EVERY = 4
# The real page is half of the work of such a run, and the same every night.
PAGE_EVERY = 20

# Growth from the second to the last tenth of the nights that is no growth: seconds of the
# processor vary by as much on a busy machine; memory, by what an allocator keeps.
SECONDS_MAY_GROW = 0.25
MEMORY_MAY_GROW = 0.10
_NOISE = 0.02  # seconds, of a night in which nothing happens


@dataclass(frozen=True)
class Night:
    """What one night took, and what there was after it."""

    number: int
    is_busy: bool
    cpu_seconds: float
    resident_mb: float
    handles: int
    threads: int
    stored_bytes: int
    database_bytes: int
    other_files: int


def nights(home: Home, number: int) -> list[Night]:
    """So many nights, without the engine."""
    real = steps.render_report
    found = []
    # So that the number of dated pages is reached before anything is compared.
    home.config.write_text("[run]\nreports_kept = 1\n", encoding="utf-8")
    try:
        for night in range(number):
            is_busy = night % EXPORT_EVERY == 0
            if is_busy:
                content = {"messages.csv": some_messages(5, first=night // EXPORT_EVERY)}
                linkedin_zip(home.inbox / "newest.zip", content)
            steps.render_report = real if night % PAGE_EVERY == 0 else _short_page  # type: ignore[assignment]
            start = time.process_time()
            outcome = run_pipeline(home)
            seconds = time.process_time() - start
            assert outcome.status == (PUBLISHED if is_busy else NOTHING_NEW), outcome
            found.append(_after(home, night, is_busy=is_busy, seconds=seconds))
    finally:
        steps.render_report = real
    return found


def _short_page(*_: object, **__: object) -> str:
    return "<!doctype html><html></html>"


def _after(home: Home, number: int, *, is_busy: bool, seconds: float) -> Night:
    gc.collect()
    stored = [path for path in home.store.rglob("*") if path.is_file() and path != home.runs]
    every = [path for path in home.path.rglob("*") if path.is_file()]
    other = set(every) - set(stored) - {home.inbox / "newest.zip"}
    return Night(
        number=number,
        is_busy=is_busy,
        cpu_seconds=seconds,
        resident_mb=int(Path("/proc/self/statm").read_text().split()[1])
        * os.sysconf("SC_PAGE_SIZE")
        / 1e6,
        handles=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        threads=threading.active_count(),
        stored_bytes=sum(path.stat().st_size for path in stored),
        database_bytes=home.database.stat().st_size,
        other_files=len(other),
    )


def _tenths(values: Sequence[float]) -> tuple[float, float]:
    """The median of the second tenth and of the last: the first tenth warms up."""
    tenth = max(1, len(values) // 10)
    return statistics.median(values[tenth : 2 * tenth]), statistics.median(values[-tenth:])


def slope(values: Sequence[float]) -> float:
    """Least squares: growth per night and value, after the first tenth."""
    kept = values[len(values) // 10 :]
    return statistics.linear_regression(range(len(kept)), kept).slope if len(kept) > 1 else 0.0


def counted(found: Sequence[Night]) -> list[Tally]:
    """One line per thing that can be counted and must not grow, with its figures."""
    return [
        _line("open files", found, "handles", ""),
        _line("threads", found, "threads", ""),
        _line("files beside the store", found, "other_files", ""),
        _bytes([night for night in found if night.is_busy]),
    ]


def measured(found: Sequence[Night]) -> list[Tally]:
    """The same of what varies from run to run: time and memory."""
    busy, idle = [n for n in found if n.is_busy], [n for n in found if not n.is_busy]
    with_export, without = "a night with an export, CPU", "a night with nothing new, CPU"
    return [
        _line(with_export, busy, "cpu_seconds", "s", may_grow=SECONDS_MAY_GROW),
        _line(without, idle, "cpu_seconds", "s", may_grow=SECONDS_MAY_GROW),
        _line("resident memory", found, "resident_mb", "MB", may_grow=MEMORY_MAY_GROW),
    ]


def _line(kind: str, of: Sequence[Night], name: str, unit: str, *, may_grow: float = 0.0) -> Tally:
    values = [float(getattr(night, name)) for night in of]
    first, last = _tenths(values)
    tally = Tally(f"wear: {kind}", len(of), len(of))
    told = " ".join(filter(None, (f"{first:.3g} → {last:.3g}", unit)))
    tally.notes = f"{told}; {slope(values) * 1000:+.2g} in 1,000"
    if last > first * (1 + may_grow) and last - first > _NOISE:
        tally.wrong.append(f"{kind} grew from {first:.3g} to {last:.3g} {unit}")
    return tally


def _bytes(busy: Sequence[Night]) -> Tally:
    """What an export adds to the store: the last as much as the first."""
    added = [after.stored_bytes - before.stored_bytes for before, after in pairwise(busy)]
    early, late = _tenths([float(size) for size in added])
    tally = Tally("wear: bytes that an export adds to the store", len(added), len(added))
    sizes = f"{busy[0].database_bytes / 1e6:.1f} → {busy[-1].database_bytes / 1e6:.1f} MB"
    tally.notes = f"{early:,.0f} → {late:,.0f}; the database {sizes}"
    if late > 1.1 * early:
        tally.wrong.append(f"an export adds {late:,.0f} bytes; the first added {early:,.0f}")
    return tally


# What the engine leaves behind each night, made older by a day before the next.
_TIMES = {
    "flow_run": ("start_time", "end_time", "expected_start_time", "created", "updated"),
    "events": ("occurred", "received", "recorded"),
    "event_resources": ("occurred",),
}


def engine_nights(home: Home, number: int, days: int = 15) -> Tally:
    """Nights under Prefect, each some days after the other; its database must stop growing.

    Runs are kept for 90 days and events for a week, so after six such nights it is as large as
    it gets.
    """
    tally = Tally("wear: rows in Prefect's database")
    counts = []
    for night in range(number):
        content = {"messages.csv": some_messages(5, first=night)}
        linkedin_zip(home.inbox / "newest.zip", content)
        run = command(home.path, "run", "--quiet")
        said, _ = run.communicate(timeout=PATIENCE)
        counts.append(_rows(home))
        wrong = [said] if run.returncode or said else []
        tally.add(f"night {night}", is_hit=run.returncode == 0, wrong=wrong)
        _grow_older(home, days)
    settled = [sum(count.values()) for count in counts[90 // days :]]
    tally.notes = ", ".join(f"{sum(count.values()):,}" for count in counts[:: max(1, number // 6)])
    if len(settled) > 1 and settled[-1] > 1.1 * settled[0]:
        tally.wrong.append(f"rows grew from {settled[0]:,} to {settled[-1]:,}: {counts[-1]}")
    return tally


def _database(home: Home) -> sqlite3.Connection:
    return sqlite3.connect(home.work / "prefect" / "prefect.db", timeout=60)


def _rows(home: Home) -> dict[str, int]:
    """Rows of what a run leaves; what Prefect comes with is the same in every home."""
    with closing(_database(home)) as database:
        names = [
            n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if not name.startswith("block_")
        }


def _grow_older(home: Home, days: int) -> None:
    with closing(_database(home)) as database, database:
        for table, columns in _TIMES.items():
            changes = ", ".join(
                f"{name} = strftime('%Y-%m-%d %H:%M:%f', {name}, '-{days} days') || '000'"
                for name in columns
            )
            database.execute(f"UPDATE {table} SET {changes}")
