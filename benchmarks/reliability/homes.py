"""A home as it was yesterday, the export of today, and what must be true after any accident."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import polars as pl

from benchmarks.reliability.nursery import Accident, Ended, Nursery
from flows import warehouse
from flows.home import Home
from tests.flows.exports_for_tests import linkedin_zip, some_messages

# When something was done depends on the day, what was found does not; which of two exports came
# first decides whose row is called the duplicate.
_RUN_TIMES = {"exports": ("first_seen_at",)}
_BY_ARRIVAL = ("rows_stored", "rows_duplicate")
# That a run was killed is a row of it.
_OF_RUNS = ("runs",)
# What a run says is new: a run that was killed told nobody, the next one does.
_NEWS = "new_since_last_run"

Dump = dict[str, pl.DataFrame]


def dump(database: Path) -> Dump:
    """Every table but those of runs, its rows sorted by the key, without the times of runs."""
    with warehouse.open_database(database) as connection:
        found = warehouse.run_query(connection, "SELECT table_name AS name FROM duckdb_tables()")
        names = [*sorted(set(found["name"]) - set(_OF_RUNS)), _NEWS]
        return {
            name: warehouse.run_query(connection, f"FROM {name} ORDER BY ALL").drop(
                _RUN_TIMES.get(name, ())
            )
            for name in names
        }


def without_arrival(tables: Dump) -> Dump:
    """The same, whichever export came first, and without what is told as new since."""
    return {
        name: frame.drop(_BY_ARRIVAL, strict=False)
        for name, frame in tables.items()
        if name != _NEWS
    }


def differences(expected: Dump, found: Dump) -> list[str]:
    """Names of the tables that are not the same."""
    return sorted(
        name
        for name in {*expected, *found}
        if name not in expected or name not in found or not expected[name].equals(found[name])
    )


def files_of(home: Home) -> Counter[str]:
    """Every file of the home but dated reports, of which a run that was killed may leave its own."""
    names = (path.relative_to(home.path).as_posix() for path in home.path.rglob("*"))
    return Counter(name for name in names if not re.match(r"reports/\d", name))


@dataclass
class Reader:
    """Opens the published database and report again and again while a run goes on."""

    home: Home
    opened: int = 0
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        try:
            messages = warehouse.query(self.home.database, "SELECT count(*) FROM messages").item()
            page = self.home.latest_report.read_bytes()
        except Exception as error:  # noqa: BLE001  every failure is the finding
            self.failures.append(f"{type(error).__name__}: {error}")
            return
        if not messages or b"</html>" not in page[-20:]:
            self.failures.append(f"{messages} messages, a page of {len(page)} bytes")
        self.opened += 1

    def _read(self) -> None:
        while not self._stop.is_set():
            self.look()
            time.sleep(0.01)


class Trial:
    """Yesterday's home, put back before every accident; `today` is what an undisturbed run makes."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.home = Home(folder / "home")
        self._nursery = nursery
        self._kept = folder / "yesterday"
        self.opened = 0
        self.home.create()
        linkedin_zip(self.home.inbox / "first.zip")
        self._must(self.run())
        self.yesterday = dump(self.home.database)
        linkedin_zip(self.home.inbox / "second.zip", {"messages.csv": some_messages(7, first=2)})
        self.home.path.rename(self._kept)
        self.restore()
        calm = self.run()
        self._must(calm)
        self.changes, self.seconds = calm.changes, calm.seconds
        self.today = dump(self.home.database)
        self.files = files_of(self.home)

    def _must(self, ended: Ended) -> None:
        if ended.code:
            raise RuntimeError(ended.output)

    def restore(self) -> None:
        if self.home.path.exists():
            shutil.rmtree(self.home.path)
        shutil.copytree(self._kept, self.home.path)

    def run(self, accident: Accident | None = None) -> Ended:
        return self._nursery.run(
            ["run", "--engine", "plain", "--quiet", "--home", self.home.path], accident
        )

    def suffer(self, accident: Accident, *, restore: bool = True) -> tuple[Ended, list[str]]:
        """The accident, then a run without one: how the first ended, and what is wrong now."""
        if restore:
            self.restore()
        with Reader(self.home) as reader:
            ended = self.run(accident)
        reader.look()
        wrong = [f"the published files could not be read: {f}" for f in reader.failures]
        self.opened += reader.opened
        if "Traceback" in ended.output:
            wrong.append(f"a traceback reached the user:\n{ended.output}")
        between = dump(self.home.database) if not reader.failures else {}
        if between and differences(self.yesterday, between) and differences(self.today, between):
            wrong.append("the published database is neither yesterday's nor today's")
        return ended, wrong + self.recovered()

    def recovered(self) -> list[str]:
        """What is wrong after one more, undisturbed run."""
        ended = self.run()
        if ended.code:
            return [f"the next run ended with {ended.code}: {ended.output}"]
        wrong = [
            f"table {name} differs" for name in differences(self.today, dump(self.home.database))
        ]
        files = files_of(self.home)
        wrong += [f"left behind: {name}" for name in sorted(files - self.files)]
        wrong += [f"missing: {name}" for name in sorted(self.files - files)]
        runs = warehouse.query(self.home.database, "FROM runs")
        new = runs["messages_new"].sum()
        if new != self.today["messages"].height:
            wrong.append(
                f"runs tell of {new} new messages; there are {self.today['messages'].height}"
            )
        return wrong
