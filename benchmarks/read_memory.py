"""Peak memory of reading one huge tweets.js into the store: `python -m benchmarks.read_memory`.

Target: 2 GB in at most 2 GiB. The archive is made, read by a process of its own and measured from
outside. The first argument is the size in MB.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.process import measure
from benchmarks.read_speed import tweets_js
from flows import store
from flows.exports import find_exports, open_export, recognise
from flows.home import Home
from flows.members import read_members

ROWS_IN_BLOCK = 20_000


def write_archive(path: Path, megabytes: int) -> int:
    """A zip with a tweets.js of at least that size, every post with an id of its own."""
    prefix, _, block = tweets_js(ROWS_IN_BLOCK).partition(b"[")
    block = block.rpartition(b"]")[0].rstrip()
    written = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped,
        zipped.open("data/tweets.js", "w", force_zip64=True) as member,
    ):
        member.write(prefix + b"[")
        while written < megabytes * 1_000_000:
            number = str(1500 + written // len(block)).encode()
            member.write(b"," * (written > 0) + block.replace(b'"1500', b'"' + number))
            written += len(block)
        member.write(b"\n]")
    return written


def read(path: Path, home: Path) -> int:
    (found,), _ = find_exports([path])
    with open_export(found) as opened:
        source = recognise(opened)
        readings = read_members(opened, source)
        now = datetime.now(UTC)
        return store.add_export(Home(home).create(), opened, source, readings, now=now).rows_read


def main(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "twitter.zip"
        size = write_archive(path, megabytes)
        command = [sys.executable, "-m", "benchmarks.read_memory", str(path), f"{folder}/home"]
        measured = measure(command)
    print(
        f"tweets.js of {size / 1e6:,.0f} MB, {int(measured.output):,} posts, into the store in "
        f"{measured.seconds:.0f} s: peak {measured.gib:.2f} GiB"
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(read(Path(sys.argv[1]), Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
