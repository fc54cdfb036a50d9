"""A home as it was yesterday, the export of today, and what must be true after any accident."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

import polars as pl

from benchmarks.reliability.nursery import Accident, Ended, Nursery, Watched
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
        ends = [*(start for _, start in calm.stages[1:]), calm.seconds]
        self.stages = {
            name: end - start for (name, start), end in zip(calm.stages, ends, strict=True)
        }
        self.today = dump(self.home.database)
        self.files = files_of(self.home)

    def _must(self, ended: Ended) -> None:
        if ended.code:
            raise RuntimeError(ended.output)

    def restore(self, *, but_prefect: bool = False) -> None:
        """Put yesterday back; what Prefect remembers may stay."""
        prefect, aside = self.home.work / "prefect", self._kept.with_name("prefect")
        if but_prefect and prefect.exists():
            prefect.rename(aside)
        if self.home.path.exists():
            shutil.rmtree(self.home.path)
        shutil.copytree(self._kept, self.home.path)
        if but_prefect and aside.exists():
            aside.rename(prefect)

    def run(self, accident: Accident | None = None) -> Ended:
        return self._nursery.run(["run", "--engine", "plain", "--home", self.home.path], accident)

    def watching(self) -> AbstractContextManager[Watched]:
        """While this is open, another process opens and reads what is published."""
        return self._nursery.watching(self.home.database, self.home.latest_report)

    def suffer(self, accident: Accident, *, restore: bool = True) -> tuple[Ended, list[str]]:
        """The accident, then a run without one: how the first ended, and what is wrong now."""
        if restore:
            self.restore()
        with self.watching() as reader:
            ended = self.run(accident)
        return ended, self.wrong_between(reader, ended.output) + self.recovered()

    def wrong_between(self, reader: Watched, output: str) -> list[str]:
        """What was wrong while a run met its accident, and right after it."""
        wrong = [f"the published files could not be read: {f}" for f in reader.failures]
        self.opened += reader.opened
        if "Traceback" in output:
            wrong.append(f"a traceback reached the user:\n{output}")
        between = dump(self.home.database) if not reader.failures else {}
        if between and differences(self.yesterday, between) and differences(self.today, between):
            wrong.append("the published database is neither yesterday's nor today's")
        return wrong

    def suffer_first(self, accident: Accident) -> tuple[Ended, list[str]]:
        """The same in a home in which nothing ever ran, with both exports in its inbox."""
        self.restore()
        for path in self.home.path.iterdir():
            if path != self.home.inbox:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        ended = self.run(accident)
        wrong = [f"a traceback:\n{ended.output}"] if "Traceback" in ended.output else []
        return ended, wrong + self.recovered(is_first=True)

    def recovered(self, *, is_first: bool = False, prefect: bool = False) -> list[str]:
        """What is wrong after one more, undisturbed run.

        After a first run nothing is told as new; both exports arrived at once.
        """
        ended = self.run()
        if ended.code:
            return [f"the next run ended with {ended.code}: {ended.output}"]
        found = dump(self.home.database)
        expected = self.today
        if is_first:
            expected, found = _of_a_first_run(expected), _of_a_first_run(found)
        wrong = [f"table {name} differs" for name in differences(expected, found)]
        files, wanted = files_of(self.home), self.files
        # Somebody else's changes to a file that is no more: moved aside, not thrown away.
        files.pop(".work/mememeter.duckdb.wal", None)
        if prefect:
            files, wanted = _but_prefects(files), _but_prefects(wanted)
        wrong += [f"left behind: {name}" for name in sorted(files - wanted)]
        wrong += [f"missing: {name}" for name in sorted(wanted - files)]
        wrong += [f"left behind: {path}" for path in self._nursery.temporary.iterdir()]
        runs = warehouse.query(self.home.database, "FROM runs")
        new = runs["messages_new"].sum()
        if new != self.today["messages"].height:
            wrong.append(
                f"runs tell of {new} new messages; there are {self.today['messages'].height}"
            )
        return wrong


def _of_a_first_run(tables: Dump) -> Dump:
    changes = {name: frame for name, frame in tables.items() if name != "advice_changes"}
    return without_arrival(changes)


def _but_prefects(files: Counter[str]) -> Counter[str]:
    return Counter(name for name in files if not name.startswith(".work/prefect"))
