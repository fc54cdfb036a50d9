"""The parts of the soak: each a function from its size to tallies, in the order of the table."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability import accidents, kills
from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.homes import Trial
from benchmarks.reliability.nursery import Nursery


@dataclass(frozen=True)
class Size:
    """How much: rounds (or nights) where a part counts them, minutes where it takes time."""

    rounds: int | None
    minutes: float
    seed: int

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
        yield kills.first_night_kills(trial, size.chance, rounds // 10)
        yield kills.engine_kills(trial, size.chance, rounds // 10)
        yield Tally("published files opened meanwhile", trial.opened, trial.opened)


def _accidents(size: Size) -> Iterator[Tally]:
    with _trial() as trial:
        yield from accidents.everything(trial, size.chance, size.rounds or 40)


PARTS: dict[str, Callable[[Size], Iterator[Tally]]] = {
    "kills": _kills,
    "accidents": _accidents,
}
