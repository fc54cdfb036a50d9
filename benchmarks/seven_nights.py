"""A week of nights with its faults, by the real schedule: `python -m benchmarks.seven_nights`.

A "night" is the next firing of `mememeter schedule`, whose cron fires every 20 seconds here.
Nobody touches the runs: exports are dropped, programs misbehave, and what each night left is
checked. Prints a line a night; leaves with 1 when one of them was not as it should be.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.reliability.programs import HOLDS_IT_OPEN, WRITES_AND_DIES, program
from flows import state
from flows.home import Home
from flows.sample import write_sample

PATIENCE = 180.0
CRON = "* * * * * */20"


class Week:
    """One home, the schedule that serves it, and what a program of the user's may do to it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.home = folder / "home"
        self.inbox = self.home / "inbox"
        self.inbox.mkdir(parents=True)
        self.told = folder / "told"
        self.port = port
        self._log = (folder / "schedule.log").open("wb")
        self._schedule: subprocess.Popen[bytes] | None = None
        written = [
            path
            for messages in (0, 300, 600)
            for path in write_sample(folder / f"of-{messages}", messages=messages)
        ]
        # Where an export has no filler it is the same file again, which is no news.
        self.exports = list({path.read_bytes(): path for path in reversed(written)}.values())[::-1]
        (self.home / "mememeter.toml").write_text(
            f"[run]\non_failure = ['sh', '-c', 'cat >> {self.told}']\n", encoding="utf-8"
        )

    def start(self) -> None:
        self._schedule = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "schedule", "--home", str(self.home),
             "--cron", CRON, "--port", str(self.port)],
            stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip

    def stop(self) -> int:
        assert self._schedule is not None
        self._schedule.send_signal(signal.SIGTERM)
        return self._schedule.wait(60)

    def drop(self, number: int, name: str | None = None) -> None:
        """Put one of the exports into the inbox, as a browser does: by a rename at the end."""
        export = self.exports[number]
        part = self.home / "download.part"
        shutil.copy(export, part)
        part.rename(self.inbox / (name or f"{number}-{export.name}"))

    @property
    def last(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.home / "last_run.json").read_bytes()))
        except (FileNotFoundError, ValueError):
            return {}

    def night(self, *, begun: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """How the next run that begins from now on ends."""
        since, called = datetime.now(UTC), False
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            last = self.last
            if last and datetime.fromisoformat(last["started_at"]) > since:
                if last["status"] != "running":
                    return last
                if not called:
                    called = True
                    begun()
            time.sleep(0.1)
        raise TimeoutError(f"no run ended within {PATIENCE:.0f} s; last: {self.last}")

    def mememeter(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments, "--home", str(self.home)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def count(self, table: str) -> int:
        return int(
            self.mememeter(
                "sql", f"SELECT count(*) AS n FROM {table}", "--format", "csv"
            ).stdout.split()[1]
        )

    def what_was_told(self) -> str:
        """What the user's own command was given; it begins when all else is written."""
        for _ in range(100):
            if self.told.exists() and (text := self.told.read_text(encoding="utf-8")):
                return text
            time.sleep(0.1)
        return ""

    def states(self) -> list[tuple[str, str, str]]:
        """(name, state, start) of every run of the flow in Prefect, in order."""
        with closing(sqlite3.connect(self.home / ".work" / "prefect" / "prefect.db")) as database:
            return database.execute(
                "SELECT name, state_name, start_time FROM flow_run "
                "WHERE state_name <> 'Scheduled' ORDER BY expected_start_time"
            ).fetchall()

    def kill_run(self) -> bool:
        """As the kernel does when memory is short: the process of the run, without a word."""
        killed = False
        assert self._schedule is not None
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parent = next(
                    line for line in status.read_text().splitlines() if line.startswith("PPid:")
                )
                words = (status.parent / "cmdline").read_text().split("\0")
            except OSError:  # it ended while we looked
                continue
            if int(parent.split()[1]) == self._schedule.pid and any(
                "spawn_main" in w for w in words
            ):
                os.kill(int(status.parent.name), signal.SIGKILL)
                killed = True
        return killed


def first_export(week: Week) -> str:
    week.drop(0)
    last = week.night()
    assert last["status"] == "published", last
    return f"first export: {last['messages']:,} messages"


def nothing(week: Week) -> str:
    before = (week.home / "mememeter.duckdb").stat().st_mtime_ns
    last = week.night()
    assert last["status"] == "nothing new", last
    assert (week.home / "mememeter.duckdb").stat().st_mtime_ns == before
    return "nothing new: nothing was published"


def broken_zip_and_reader(week: Week) -> str:
    reader = program(HOLDS_IT_OPEN, week.home / "mememeter.duckdb")
    assert reader.stdout
    before = int(reader.stdout.readline())
    cut = week.exports[1].read_bytes()[:2000]
    (week.inbox / "cut.zip").write_bytes(cut)
    week.drop(2)
    last = week.night()
    assert last["status"] == "published", last
    assert [problem["export"] for problem in last["problems"]] == ["cut.zip"], last["problems"]
    told, _ = reader.communicate("\n")
    assert int(told) == before
    assert week.count("exports") == 2
    (week.inbox / "cut.zip").unlink()
    return (
        "one export cut off, one good, a client holding the file open: published, the bad one named"
    )


def writer_that_died(week: Week) -> str:
    (week.home / "mememeter.duckdb").chmod(0o600)
    program(WRITES_AND_DIES, week.home / "mememeter.duckdb").communicate()
    assert (week.home / "mememeter.duckdb.wal").exists()
    week.drop(1)
    last = week.night()
    assert last["status"] == "published", last
    assert not (week.home / "mememeter.duckdb.wal").exists()
    assert week.count("exports") == 3
    return "a client wrote into the file and died, its .wal beside it: published, and it opens"


def killed(week: Week) -> str:
    before = (week.home / "mememeter.duckdb").read_bytes()
    week.drop(3)
    # The next firing begins and is killed; the one after makes up for it, unasked.
    seen: list[str] = []

    def kill() -> None:
        assert week.kill_run()
        # What `sql` and `doctor` would say; a process of its own might meet the next run.
        seen.append(state.warning_of_last_run(Home(week.home)) or "")
        assert (week.home / "mememeter.duckdb").read_bytes() == before

    last = week.night(begun=kill)
    assert seen
    assert "was interrupted" in seen[0], seen
    assert last["status"] == "published", last
    assert week.count("exports") == 4
    assert "Crashed" in dict.fromkeys(state for _, state, _ in week.states())
    assert week.count("runs WHERE status = 'interrupted'") == 1
    return "a run killed half-way: yesterday's result stays, sql warns, Prefect says Crashed; the next publishes"


def failed(week: Week) -> str:
    before = (week.home / "mememeter.duckdb").read_bytes()
    damaged = week.home / "store" / "exports" / "damaged.json"
    damaged.write_text("{", encoding="utf-8")
    last = week.night()
    assert last["status"] == "failed", last
    assert "damaged.json in the store is damaged" in week.what_was_told()
    assert "failed" in week.mememeter("sql", "SELECT 1").stderr
    assert week.mememeter("run").returncode == 1
    assert (week.home / "mememeter.duckdb").read_bytes() == before
    damaged.unlink()
    assert week.night()["status"] == "nothing new"
    assert "Failed" in [state for _, state, _ in week.states()]
    return "a damaged store: failed in Prefect, last_run.json, exit code, sql and on_failure; mended, it goes on"


def machine_off(week: Week) -> str:
    assert week.stop() == 0
    time.sleep(45)  # two nights
    week.drop(4)
    before = len(week.states())
    week.start()
    last = week.night()
    assert last["status"] == "published", last
    assert week.count("exports") == 5
    made_up = [name for name, *_ in week.states()[before:] if "1 new export" in name]
    assert len(made_up) == 1, week.states()[before:]
    return "two nights off: caught up once, at once"


def private(week: Week) -> str:
    with closing(sqlite3.connect(week.home / ".work" / "prefect" / "prefect.db")) as database:
        kept = "\n".join(database.iterdump())
    texts = json.loads(
        week.mememeter(
            "sql", "SELECT DISTINCT text FROM messages WHERE length(text) > 30", "--format", "json"
        ).stdout
    )
    assert len(texts) > 100
    assert not [row for row in texts if row["text"] in kept]
    open_to_others = [
        path for path in week.home.rglob("*")
        if path.parent != week.inbox and path.lstat().st_mode & 0o077
    ]  # fmt: skip
    assert not open_to_others, open_to_others
    return f"none of {len(texts):,} texts in what Prefect keeps; every file the owner's alone"


NIGHTS = (
    first_export,
    nothing,
    broken_zip_and_reader,
    writer_that_died,
    killed,
    failed,
    machine_off,
)


def main() -> int:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 4217
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        week = Week(Path(folder), port)
        week.start()
        try:
            for number, night in enumerate((*NIGHTS, private), start=1):
                started = time.monotonic()
                try:
                    line = f"as it should be: {night(week)}"
                except Exception as error:  # noqa: BLE001  the week goes on, whatever a night was
                    wrong += 1
                    line = (
                        f"WRONG, {night.__name__}: {type(error).__name__} {error}\n{week.states()}"
                    )
                name = f"night {number}" if number <= len(NIGHTS) else "after it"
                print(f"{name} ({time.monotonic() - started:4.0f} s) {line}", flush=True)
        finally:
            week.stop()
        if wrong:
            print((Path(folder) / "schedule.log").read_text(errors="replace")[-3000:])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
