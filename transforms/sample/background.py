"""The crowd around the cast."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.sample.model import Person, Thread


@dataclass(frozen=True, slots=True)
class Crowd:
    people: dict[str, Person] = field(default_factory=dict)
    threads: tuple[Thread, ...] = ()


def draw(seed: int) -> Crowd:
    del seed
    return Crowd()
