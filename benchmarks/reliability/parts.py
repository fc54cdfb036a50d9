"""The parts of the soak: each a function from its size to tallies, in the order of the table."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import clients, seven_nights
from benchmarks.reliability import accidents, fuzz, kills, together, wear
from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.homes import Trial
from benchmarks.reliability.nursery import Nursery
from flows.home import Home


@dataclass(frozen=True)
class Size:
    """How much: rounds, nights or minutes, whatever a part counts."""

    rounds: int | None
    minutes: float
    seed: int
    nights: int = 1000

    @property
    def chance(self) -> random.Random:
        return random.Random(self.seed)


@contextmanager
def _trial() -> Iterator[Trial]:
    with Nursery() as nursery, tempfile.TemporaryDirectory() as folder:
        yield Trial(Path(folder), nursery)


def _kills(size: Size) -> Iterator[Tally]:
    rounds = size.rounds or 200
    with _trial() as trial:
        yield kills.random_kills(trial, size.chance, rounds)
        yield kills.first_night_kills(trial, size.chance, max(1, rounds // 10))
        yield kills.engine_kills(trial, size.chance, max(1, rounds // 10))
        yield Tally("published files opened meanwhile", trial.opened, trial.opened)


def _accidents(size: Size) -> Iterator[Tally]:
    with _trial() as trial:
        yield from accidents.everything(trial, size.chance, size.rounds or 40)


def _together(size: Size) -> Iterator[Tally]:
    rounds = size.rounds or 20
    with _trial() as trial:
        yield together.runs_at_once(trial, rounds, engine="plain")
        yield together.runs_at_once(trial, max(1, rounds // 10), engine="prefect")
        yield together.commands_meanwhile(trial, max(1, rounds // 4))
        yield together.readers_that_stay(trial, max(1, rounds // 2))
        yield together.writers(trial, max(2, rounds // 2))


def _wear(size: Size) -> Iterator[Tally]:
    number = size.nights
    with tempfile.TemporaryDirectory() as folder:
        found = wear.nights(Home(Path(folder) / "home").create(), number)
        yield from [*wear.counted(found), *wear.measured(found)]
        engine = Home(Path(folder) / "engine").create()
        yield wear.engine_nights(engine, max(2, min(12, number // 40)))


def _fuzz(size: Size) -> Iterator[Tally]:
    yield from fuzz.run(size.minutes, size.seed)


def _week(size: Size) -> Iterator[Tally]:
    """`benchmarks.seven_nights`: its faults, by the real schedule."""
    del size
    return _program("a week by the schedule, with its faults", seven_nights.main)


def _clients(size: Size) -> Iterator[Tally]:
    """`benchmarks.clients`: other people's programs, which it installs."""
    del size
    return _program("other programs read while runs publish", clients.main)


def _program(kind: str, main: Callable[[], int]) -> Iterator[Tally]:
    arguments, sys.argv = sys.argv, sys.argv[:1]
    try:
        failed = main()
    finally:
        sys.argv = arguments
    yield Tally(kind, 1, 1, ["what it printed above says what"] if failed else [])


PARTS: dict[str, Callable[[Size], Iterator[Tally]]] = {
    "kills": _kills,
    "accidents": _accidents,
    "together": _together,
    "wear": _wear,
    "fuzz": _fuzz,
    "week": _week,
    "clients": _clients,
}
