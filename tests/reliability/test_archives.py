"""A hostile archive is refused by name with a way out, the rest of it is read, memory is bounded."""

from __future__ import annotations

import resource
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from flows.containers import Limits
from flows.exports import find_exports, open_export, recognise
from flows.members import read_members
from tests.reliability.archives import BAD, CASES, Case
from transforms.errors import MememeterError

MEGABYTES = 600
"""For all cases together, libraries included; the bombs hold more each."""


def outcome(path: Path) -> tuple[dict[str, int], dict[str | None, str]]:
    """Rows read of each file, and what is said of each file that was refused (None: of the zip)."""
    read: dict[str, int] = {}
    said: dict[str | None, str] = {}
    (found,), _ = find_exports([path])
    try:
        with open_export(found, Limits(members=60_000)) as opened:
            for reading in read_members(opened, recognise(opened)):
                if reading.reason is not None:
                    said[reading.member] = reading.reason
                    continue
                try:
                    read[reading.member] = sum(batch.rows_read for batch in reading.batches)
                except MememeterError as error:
                    said[reading.member] = str(error)
    except MememeterError as error:
        said[None] = str(error)
    return read, said


def write(case: Case, folder: Path) -> Path:
    path = folder / "export.zip"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name twice is what is wanted
        path.write_bytes(case.make())
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_by_name_and_the_rest_is_read(case: Case, tmp_path: Path) -> None:
    read, said = outcome(write(case, tmp_path))
    assert case.says in said[case.member]
    if case.member is None:
        assert not read
        assert "Hint: " in said[None]
    else:
        assert read.pop("messages.csv") == 1
        assert {*read, *said} <= {case.member, BAD}
        assert case.member not in read


def test_a_harmless_one_is_read(tmp_path: Path) -> None:
    """What the cases do to a file is what they are refused for."""
    from tests.reliability.archives import GOOD, entry, packed

    path = tmp_path / "export.zip"
    path.write_bytes(packed((entry(BAD), GOOD)))
    assert outcome(path) == ({"messages.csv": 1, BAD: 1}, {})


def test_memory_is_bounded(tmp_path: Path) -> None:
    for number, case in enumerate(CASES):
        (tmp_path / f"{number}").mkdir()
        write(case, tmp_path / f"{number}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.test_archives", tmp_path],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MEGABYTES


def _peak() -> int:
    """The most memory, in MB, that this program held."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage counts what the process held before it became this program
        (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20


if __name__ == "__main__":
    for archive in sorted(Path(sys.argv[1]).glob("*/export.zip")):
        outcome(archive)
    sys.stdout.write(str(_peak()))
