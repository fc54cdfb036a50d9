"""A small export for the night after: a thousand messages that a home of any size does not have yet.

Half of them go on in threads that are there already, half open new ones with people nobody knew.
"""

from __future__ import annotations

import zipfile
from collections import deque
from pathlib import Path

from transforms.sample import LATER, SEED
from transforms.sample.filler import Filler
from transforms.sample.linkedin import linkedin_members
from transforms.sample.world import build_world

_END = b',"INBOX",""\n'
_BETWEEN = b'","'
_DATE, _TEXT = 6, 8  # columns of messages.csv


def rows_of(chunk: bytes) -> list[bytes]:
    """The rows of messages.csv that a piece of `Filler.message_rows` holds."""
    return [row + _END for row in chunk.split(_END)[:-1]]


def write_next_export(out: Path, stored: int, *, new: int = 1_000, repeats: bool = False) -> Path:
    """An export with `new` messages for a home that holds `stored` filler messages."""
    world = build_world(SEED)
    members = linkedin_members(world, LATER)
    first: list[bytes] = []
    last: deque[bytes] = deque(maxlen=new)
    filler = Filler(SEED, stored + new, world.owner, repeats=repeats)
    for chunk in filler.message_rows():
        rows = rows_of(chunk)
        first = first or rows
        last.extend(rows)
    texts = [row.split(_BETWEEN)[_TEXT] for row in last]
    half = new // 2
    replies = [_as_reply(row, number, texts[number]) for number, row in enumerate(first[:half])]
    header = members["messages.csv"].partition(b"\n")[0] + b"\n"
    path = out / "Complete_LinkedInDataExport_11-17-2026.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Profile.csv", members["Profile.csv"])
        archive.writestr("messages.csv", header + b"".join([*replies, *list(last)[half:]]))
    return path


def _as_reply(row: bytes, number: int, text: bytes) -> bytes:
    fields = row.split(_BETWEEN)
    fields[_DATE] = (
        f"2026-11-16 {9 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02} UTC".encode()
    )
    fields[_TEXT] = text
    return _BETWEEN.join(fields)
