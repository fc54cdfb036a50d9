"""The seeded synthetic person: two LinkedIn exports and an X archive with known contents.

Nobody in here exists. What was planted on whom is in `PLANTED`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from transforms.sample.cast import planted_table
from transforms.sample.filler import Filler
from transforms.sample.linkedin import linkedin_members
from transforms.sample.linkedin_edition import Edition
from transforms.sample.model import Planted, utc
from transforms.sample.world import build_world
from transforms.sample.x_archive import XArchive

__all__ = ["EARLIER", "LATER", "PLANTED", "SEED", "Planted", "generate", "known_people"]

SEED = 20_26
EARLIER = Edition(asked_at=utc(2025, 12, 8, 9, 30), modern=False)
LATER = Edition(asked_at=utc(2026, 11, 16, 8, 15), modern=True)
ARCHIVED_AT = utc(2026, 11, 17, 19, 40)

PLANTED: tuple[Planted, ...] = planted_table()

Members = dict[str, bytes | Iterator[bytes]]


def generate(
    seed: int = SEED, filler_messages: int = 0, *, repeats: bool = False
) -> dict[str, Members]:
    """The members of every export, by the export's file name.

    Args:
        seed: draws the crowd around the written cast, and the filler. Same seed, same bytes.
        filler_messages: messages to add to the later LinkedIn export. Members that hold filler
            are iterators of chunks, so memory does not grow with their number.
        repeats: half of the filler repeats texts, as campaigns and courtesies do; otherwise
            nearly every text is distinct.
    """
    world = build_world(seed)
    exports: dict[str, Members] = {}
    for edition in (EARLIER, LATER):
        exports[edition.file_name] = dict(linkedin_members(world, edition))
    archive = XArchive(world, ARCHIVED_AT)
    exports[archive.file_name] = dict(archive.members())
    if filler_messages:
        filler = Filler(seed, filler_messages, world.owner, repeats=repeats)
        later = exports[LATER.file_name]
        for member, rows in (
            ("messages.csv", filler.message_rows()),
            ("Connections.csv", filler.connection_rows()),
        ):
            written = later[member]
            assert isinstance(written, bytes)
            later[member] = chain([written], rows)
    return exports


def known_people(seed: int = SEED) -> tuple[Planted, ...]:
    """`PLANTED`, and the crowd of this seed: who of them sells, and who just talks."""
    return (*PLANTED, *build_world(seed).crowd)
