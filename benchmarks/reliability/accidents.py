"""Every accident of a run, at every place, and what is wrong afterwards; random ones: `kills.py`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.reliability.homes import Trial, differences, dump, without_arrival
from benchmarks.reliability.nursery import Accident, Ended

_YEAR = 365.25 * 86_400


@dataclass
class Tally:
    """How many accidents of a kind there were, how many hit, and what was wrong."""

    kind: str
    tried: int = 0
    hit: int = 0
    wrong: list[str] = field(default_factory=list)
    notes: str = ""

    def add(self, what: object, *, is_hit: bool, wrong: Sequence[str]) -> None:
        """One more: whether it hit, and what was wrong after it."""
        self.tried += 1
        self.hit += is_hit
        self.wrong += [f"{what}: {sentence}" for sentence in wrong]

    def __str__(self) -> str:
        notes = f"  ({self.notes})" if self.notes else ""
        return f"{self.kind:<46} {self.tried:>5} tried {self.hit:>5} hit {len(self.wrong):>3} wrong{notes}"


def spread(changes: int, most: int) -> list[int]:
    """At most so many places out of 1 … changes, evenly spread, both ends included."""
    if most >= changes:
        return list(range(1, changes + 1))
    return sorted({1 + round(at * (changes - 1) / (most - 1)) for at in range(most)})


def killed_at_changes(trial: Trial, most: int) -> Tally:
    """Killed just before a change to the file system: files opened for writing, renames, removals."""
    tally = Tally("kill -9 before a change of the file system")
    for place in spread(trial.changes, most):
        attempt(trial, tally, Accident(kill_at=place), hit_codes={-9})
    return tally


def killed_again_and_again(trial: Trial, chance: random.Random, rounds: int) -> Tally:
    """Each run is killed, three in a row, before one is let through."""
    tally = Tally("kill -9, three runs in a row")
    for _ in range(rounds):
        trial.restore()
        for _ in range(2):
            trial.run(Accident(kill_at=chance.randint(1, trial.changes)))
        place = Accident(kill_at=chance.randint(1, trial.changes))
        attempt(trial, tally, place, hit_codes={-9}, restore=False)
    return tally


def full_disk(trial: Trial, most: int) -> Tally:
    """No space from some change on, and files that may not grow beyond a size."""
    tally = Tally("disk full, or a file too large")
    for place in spread(trial.changes, most):
        attempt(trial, tally, Accident(full_at=place), hit_codes={1})
    for size in [100, 3_000, 20_000, 1_000_000][:most]:
        attempt(trial, tally, Accident(largest_file=size), hit_codes={1})
    return tally


def read_only(trial: Trial) -> Tally:
    """A home that cannot be written: nothing changes, and one sentence says so."""
    tally = Tally("read-only home")
    attempt(trial, tally, Accident(read_only=True), hit_codes={1})
    return tally


def wrong_clock(trial: Trial, years_off: Sequence[int] = (-40, 50)) -> Tally:
    """A run decades early or late, then one in time."""
    tally = Tally("clock that jumps")
    for years in years_off:
        trial.restore()
        ended = trial.run(Accident(clock=years * _YEAR))
        tally.tried += 1
        tally.hit += ended.code == 0
        trial.run()
        found = without_arrival(dump(trial.home.database))
        tally.wrong += [
            f"clock {years} years off: table {name} differs"
            for name in differences(without_arrival(trial.today), found)
        ]
    return tally


def any_umask(trial: Trial, umasks: Sequence[int] = (0, 0o777)) -> Tally:
    """Whatever the umask, what a run leaves is the owner's only."""
    tally = Tally("any umask")
    for umask in umasks:
        attempt(trial, tally, Accident(umask=umask), hit_codes={0})
        own = (path for path in trial.home.path.rglob("*") if path.parent != trial.home.inbox)
        tally.wrong += [
            f"umask {umask:o}: {path} is {path.stat().st_mode:o}"
            for path in own
            if path.stat().st_mode & 0o077
        ]
    return tally


def vanishing_export(trial: Trial, most: int) -> Tally:
    """The new export goes away while a run is on, and comes back for the next one."""
    tally = Tally("export that vanishes during the run")
    export = trial.home.inbox / "second.zip"
    for place in spread(trial.changes, most):
        trial.restore()
        content = export.read_bytes()
        trial.run(Accident(vanish_at=place, vanish=str(export)))
        tally.tried += 1
        tally.hit += not export.exists()
        export.write_bytes(content)
        tally.wrong += [f"vanished at {place}: {what}" for what in trial.recovered()]
    return tally


def attempt(
    trial: Trial, tally: Tally, accident: Accident, *, hit_codes: set[int], restore: bool = True
) -> Ended:
    """One accident of a tally, and the run after it."""
    ended, wrong = trial.suffer(accident, restore=restore)
    tally.add(accident, is_hit=ended.code in hit_codes, wrong=wrong)
    return ended


def everything(trial: Trial, chance: random.Random, size: int) -> Iterator[Tally]:
    """All accidents, `size` of each where there are many."""
    yield killed_at_changes(trial, size)
    yield killed_again_and_again(trial, chance, max(1, size // 10))
    yield full_disk(trial, max(3, size // 4))
    yield read_only(trial)
    yield wrong_clock(trial)
    yield any_umask(trial)
    yield vanishing_export(trial, max(2, size // 10))
