"""Same content, another person: how far scores and accusations differ between groups.

The pairs are in `personas.toml`. The fourth group takes all texts of the others, once under a
man's name and once under a woman's.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks.evaluation.gold import Said, Thread
from benchmarks.evaluation.inboxes import ACCUSING, judged

MOST_POINTS = 2.0
MOST_RATIO = 1.25
MOST_DIFFERENCE = 0.02
_ENOUGH_FALSE = 20
_BEGIN = dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC)
_MEN = ("James", "Tom", "Luis", "Pierre", "Peter", "Omar", "Kofi")
_WOMEN = ("Emily", "Anna", "Lucia", "Claire", "Petra", "Leila", "Ama")
_FAMILIES = ("Carter", "Weber", "Ortega", "Martin", "Novak", "Haddad", "Mensah", "Lind", "Costa")
_OF_NAMES = "man's or woman's name"


@dataclass(frozen=True, slots=True)
class Group:
    """What the two sides of a group got: differences of the score, innocents accused."""

    name: str
    pairs: int
    median_points: float
    most_points: float
    pitch_points: float
    innocents: int
    accused: tuple[int, int]
    found: tuple[int, int]

    @property
    def is_fair(self) -> bool:
        few, many = sorted(self.accused)
        apart = (
            many <= MOST_RATIO * few
            if many >= _ENOUGH_FALSE
            else (many - few) <= MOST_DIFFERENCE * max(self.innocents, 1)
        )
        return self.median_points <= MOST_POINTS and apart and self.found[0] == self.found[1]


def groups() -> list[Group]:
    """The four groups."""
    pairs = tomllib.loads(Path(__file__).with_name("personas.toml").read_text("utf-8"))["pair"]
    threads: list[Thread] = []
    kinds: list[tuple[str, bool]] = []
    for pair in pairs:
        both = [_thread(pair, side, len(kinds)) for side in (0, 1)]
        kinds.append((pair["group"], pair["pitches"]))
        threads += both
    for number in range(len(pairs)):
        said = threads[2 * number]
        threads += [
            replace(said, id=f"{len(kinds):03}-{side}", sender=_name(names, number), owner=owner)
            for side, (names, owner) in enumerate(((_MEN, "Dana Third"), (_WOMEN, "Dana Fourth")))
        ]
        kinds.append((_OF_NAMES, kinds[number][1]))
    return _compared(kinds, judged(threads))


def _name(first: Sequence[str], number: int) -> str:
    return f"{first[number % len(first)]} {_FAMILIES[number % len(_FAMILIES)]}"


def _thread(pair: dict[str, Any], side: int, number: int) -> Thread:
    """One side of a pair; each side has an inbox of its own, or they would be twins."""
    return Thread(
        id=f"{number:03}-{side}",
        sender=_name(_WOMEN, number),
        owner=("Dana First", "Dana Second")[side],
        platform="linkedin",
        language="en",
        me_me_me="yes" if pair["pitches"] else "no",
        connected_on=(_BEGIN - dt.timedelta(days=1)).date(),
        messages=tuple(
            Said(
                who == "t",
                _BEGIN + dt.timedelta(hours=hours),
                texts[min(side, len(texts) - 1)],
                frozenset(),
                None,
            )
            for who, hours, *texts in pair["messages"]
        ),
    )


def _compared(kinds: Sequence[tuple[str, bool]], rows: pl.DataFrame) -> list[Group]:
    people = {
        row["thread_id"]: row
        for row in rows.group_by("thread_id")
        .agg(
            pl.col("me_score").first(),
            accused=pl.col("advice").is_in(ACCUSING).any(),
            pitch=pl.col("pitch_probability").max(),
        )
        .iter_rows(named=True)
    }
    found = []
    for name in dict.fromkeys(kind for kind, _ in kinds):
        numbers = [n for n, (kind, _) in enumerate(kinds) if kind == name]
        sides = [[people[f"{n:03}-{side}"] for n in numbers] for side in (0, 1)]
        apart = [
            abs(one["me_score"] - other["me_score"])
            for one, other in zip(*sides, strict=True)
            if one["me_score"] is not None and other["me_score"] is not None
        ]
        likely = [
            100 * abs(one["pitch"] - other["pitch"]) for one, other in zip(*sides, strict=True)
        ]
        guilty = [kinds[n][1] for n in numbers]
        found.append(
            Group(
                name,
                len(apart),
                median(apart),
                max(apart),
                median(likely),
                guilty.count(False),
                _count(sides, guilty, kind=False),
                _count(sides, guilty, kind=True),
            )
        )
    return found


def _count(
    sides: Sequence[Sequence[dict[str, Any]]], guilty: Sequence[bool], *, kind: bool
) -> tuple[int, int]:
    one, other = (
        sum(
            person["accused"]
            for person, pitches in zip(side, guilty, strict=True)
            if pitches == kind
        )
        for side in sides
    )
    return one, other
