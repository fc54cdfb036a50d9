"""Several at once on one home: runs, readers, writers, other commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.homes import Trial, differences, dump
from benchmarks.reliability.nursery import ROOT
from benchmarks.reliability.programs import (
    HOLDS_IT_OPEN,
    WRITES_AND_DIES,
    WRITES_LATER,
    program,
)

PATIENCE = 600.0
REFUSED = "a run is going on in"

# What only looks, or writes a file of its own, while a run goes on.
LOOKING = (
    ("doctor",),
    ("sql", "SELECT count(*) FROM messages"),
    ("actions",),
    ("sender", "Person 1"),
    ("report", "--redact"),
)


def command(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments, "--home", str(home)],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def runs_at_once(trial: Trial, rounds: int, *, engine: str, runs: int = 3) -> Tally:
    """Runs that are started together: who is not the first says so, with code 1."""
    tally = Tally(f"{runs} runs at once, engine {engine}")
    for _ in range(rounds):
        trial.restore()
        with trial.watching() as reader:
            started = [command(trial.home.path, "run", "--engine", engine) for _ in range(runs)]
            said = [run.communicate(timeout=PATIENCE)[0] for run in started]
        codes = [run.returncode for run in started]
        wrong = trial.wrong_between(reader, "".join(said))
        if 0 not in codes:
            wrong.append("no run went through")
        wrong += [
            f"a second run ended with {code}: {words}"
            for code, words in zip(codes, said, strict=True)
            if code and not (code == 1 and REFUSED in words)
        ]
        wrong += trial.recovered(prefect=engine == "prefect")
        tally.add("at once", is_hit=1 in codes, wrong=wrong)
    return tally


def commands_meanwhile(trial: Trial, rounds: int) -> Tally:
    """Everything that only looks answers while a run goes on, and the run ends well."""
    tally = Tally("commands that look, during a run")
    for _ in range(rounds):
        trial.restore()
        run = command(trial.home.path, "run", "--engine", "plain")
        others = [(words, command(trial.home.path, *words)) for words in LOOKING]
        wrong = []
        for words, other in others:
            said, _ = other.communicate(timeout=PATIENCE)
            if other.returncode or "Traceback" in said:
                wrong.append(f"{' '.join(words)} ended with {other.returncode}: {said}")
        said, _ = run.communicate(timeout=PATIENCE)
        wrong += [f"the run ended with {run.returncode}: {said}"] * bool(run.returncode)
        (trial.home.reports / "redacted.html").unlink(missing_ok=True)
        tally.add("meanwhile", is_hit=True, wrong=wrong + trial.recovered())
    return tally


def readers_that_stay(trial: Trial, rounds: int) -> Tally:
    """A reader keeps the state it opened, whatever is published; the next one sees the new."""
    tally = Tally("a reader that holds the file")
    for _ in range(rounds):
        trial.restore()
        wrong = []
        with program(HOLDS_IT_OPEN, trial.home.database) as reader:
            assert reader.stdout
            before = int(reader.stdout.readline())
            ended = trial.run()
            wrong += [f"the run ended with {ended.code}: {ended.output}"] * bool(ended.code)
            after, told = reader.communicate("\n")
        if not after or int(after) != before or before != trial.yesterday["messages"].height:
            wrong.append(f"it saw {before}, then {after!r}: {told}")
        wrong += [
            f"the next reader: {name}"
            for name in differences(trial.today, dump(trial.home.database))
        ]
        tally.add("held", is_hit=ended.code == 0, wrong=wrong + trial.recovered())
    return tally


def writers(trial: Trial, rounds: int) -> Tally:
    """A client that writes into the file and dies, or writes into one that is no more."""
    tally = Tally("a client that writes, and dies")
    stray = trial.home.database.with_name(f"{trial.home.database.name}.wal")
    for at in range(rounds):
        trial.restore()
        trial.home.database.chmod(0o600)
        if at % 2:
            with program(WRITES_LATER, trial.home.database) as writer:
                assert writer.stdout
                writer.stdout.readline()
                ended = trial.run()
                writer.communicate("\n")
        else:
            program(WRITES_AND_DIES, trial.home.database).communicate()
            assert stray.exists()
            ended = trial.run()
        wrong = [f"the run ended with {ended.code}: {ended.output}"] * bool(ended.code)
        wrong += ["its log lies beside the new file"] * stray.exists()
        found = dump(trial.home.database)
        wrong += [f"table {name} differs" for name in differences(trial.today, found)]
        tally.add("written into", is_hit=True, wrong=wrong + trial.recovered())
    return tally
