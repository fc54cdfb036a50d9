"""kill -9 at random moments of a run, and what the next run makes of it.

Half of the moments are spread over the time of a run, half over its stages, short ones as often
as long ones. After each kill the next run must leave the database, the files and the rows of
`runs` that an undisturbed run leaves; a reader in another process opened what is published all
the time. Some runs are killed on their first night, and some under Prefect, whose server must be
gone and whose database whole.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.reliability.accidents import Tally, attempt
from benchmarks.reliability.homes import Trial
from benchmarks.reliability.nursery import ROOT, Accident

PATIENCE = 300.0

# The parts of a run by the stages it tells, for the table of what was hit.
_PARTS = {
    "Looking for exports": "ingest", "Reading": "ingest", "Measuring": "build",
    "Writing the database": "database", "Writing the report": "report", "Publishing": "publish",
}  # fmt: skip


def part_of(stage: str) -> str:
    return next((part for begin, part in _PARTS.items() if stage.startswith(begin)), "start")


def moments(trial: Trial, chance: random.Random) -> Iterator[Accident]:
    """Random kills without end: by time and by stage in turn."""
    stages = sorted(trial.stages)
    while True:
        yield Accident(kill_after=chance.random() * trial.seconds)
        stage = chance.choice(stages)
        yield Accident(kill_stage=stage, kill_after=chance.random() * trial.stages[stage])


def random_kills(trial: Trial, chance: random.Random, rounds: int) -> Tally:
    """So many runs that were killed indeed; those that were over first do not count."""
    tally = Tally("kill -9 at a random moment")
    hit: Counter[str] = Counter()
    for accident in moments(trial, chance):
        ended = attempt(trial, tally, accident, hit_codes={-signal.SIGKILL})
        if ended.was_killed:
            hit[part_of(ended.stages[-1][0] if ended.stages else "")] += 1
        if tally.hit >= rounds or tally.tried >= 3 * rounds:
            break
    tally.notes = ", ".join(f"{part} {number}" for part, number in hit.most_common())
    if tally.hit < rounds:
        tally.wrong.append(f"only {tally.hit} of {tally.tried} runs were killed before their end")
    return tally


def first_night_kills(trial: Trial, chance: random.Random, rounds: int) -> Tally:
    """Killed in a home that has published nothing yet."""
    tally = Tally("kill -9 in the first run of a home")
    for accident in moments(trial, chance):
        ended, wrong = trial.suffer_first(accident)
        tally.add(accident, is_hit=ended.was_killed, wrong=wrong)
        if tally.tried >= rounds:
            return tally
    raise AssertionError


def engine_kills(trial: Trial, chance: random.Random, rounds: int) -> Tally:
    """Runs as Prefect flows, killed; the next one is plain, and the last one a flow again."""
    tally = Tally("kill -9 under the Prefect engine")
    stages = ["", *trial.stages]
    for _ in range(rounds):
        # What Prefect remembers of the kills before stays: that is what must not break.
        trial.restore(but_prefect=True)
        stage = chance.choice(stages)
        pause = chance.uniform(0, 8) if not stage else chance.random() * trial.stages[stage]
        with trial.watching() as reader:
            was_killed, said = _kill_flow(trial.home.path, stage, pause)
        wrong = trial.wrong_between(reader, said) + trial.recovered(prefect=True)
        tally.add(f"{stage or 'start'} + {pause:.2f} s", is_hit=was_killed, wrong=wrong)
    trial.restore(but_prefect=True)
    last = _flow(trial.home.path)
    _, said = last.communicate(timeout=PATIENCE)
    tally.wrong += [f"the flow after it: {said}"] * (last.returncode != 0)
    tally.wrong += _prefect_is_whole(trial.home.path)
    return tally


def _flow(home: Path) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", "--home", str(home)],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _kill_flow(home: Path, stage: str, pause: float) -> tuple[bool, str]:
    """Start a flow and kill it so long after it told this stage, or after its start."""
    run = _flow(home)
    assert run.stdout
    said, deadline = "", time.monotonic() + PATIENCE
    moment = time.monotonic() + pause if not stage else None
    while run.poll() is None and time.monotonic() < deadline:
        if moment is not None and time.monotonic() >= moment:
            run.kill()
            break
        if select.select([run.stdout], [], [], 0.01)[0]:
            said += os.read(run.stdout.fileno(), 65536).decode(errors="replace")
            if moment is None and f"{stage} …" in said:
                moment = time.monotonic() + pause
    run.kill()
    run.stdout.close()
    was_killed = run.wait() == -signal.SIGKILL
    while servers_of(home):
        if time.monotonic() > deadline:
            return was_killed, said + "\nTraceback: its server lives on"
        time.sleep(0.1)
    return was_killed, said


def servers_of(home: Path) -> list[int]:
    """Processes of this home's Prefect that are alive (Linux)."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"PREFECT_HOME={home}/" in environment.read_bytes().decode(errors="replace"):
                found.append(int(environment.parent.name))
        except OSError:  # it ended while we looked, or is not ours
            continue
    return found


def _prefect_is_whole(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / ".work" / "prefect" / "prefect.db")) as database:
        (state,) = database.execute("PRAGMA integrity_check").fetchone()
        running = database.execute(
            "SELECT name FROM flow_run WHERE state_type IN ('RUNNING', 'PENDING')"
        ).fetchall()
    wrong = [f"Prefect's database: {state}"] if state != "ok" else []
    return wrong + [f"Prefect believes {name!r} to be running" for (name,) in running]
