"""Runs of the command line that meet an accident, each in a process of its own.

A run takes two seconds to import what it needs. The nursery imports it once and forks a child
per run, in which the accident is set up before the command starts: killed at the n-th change
of the file system or after some time, a disk that is full from the n-th change on, files that
may not grow beyond a size, a file that vanishes, a clock that is wrong, any umask.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from benchmarks.reliability.programs import READS_ALL_THE_TIME, program

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Accident:
    """What happens to a run; numbers are of changes to the file system, counted from 1."""

    kill_at: int | None = None
    kill_after: float | None = None  # seconds after the start, or after a stage began
    kill_stage: str | None = None
    full_at: int | None = None
    read_only: bool = False
    largest_file: int | None = None
    vanish_at: int | None = None
    vanish: str | None = None
    clock: float = 0.0
    umask: int = 0o022
    user: int | None = None


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit code (negative: the signal), changes made, seconds, and its output.

    And the stages it told, each with the second at which it began.
    """

    code: int
    changes: int
    seconds: float
    output: str
    stages: list[tuple[str, float]]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


@dataclass
class Watched:
    """How often a reader opened the published files, and what it could not read."""

    opened: int = 0
    failures: list[str] = field(default_factory=list)


class Nursery:
    """A context in which `run` may be called any number of times.

    With `short_page` the report is one line: it is half of the time a small run takes.
    `temporary` is where the system's temporary files of these runs lie.
    """

    def __init__(self, *, short_page: bool = False) -> None:
        self._options = ["short-page"] if short_page else []

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self.temporary = Path(self._folder.name)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.reliability.child", *self._options],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(self.temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = program(READS_ALL_THE_TIME)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._reader.communicate()
        self._folder.cleanup()

    @contextmanager
    def watching(self, *paths: Path) -> Iterator[Watched]:
        """While this is open, another process opens and reads database and page all the time."""
        watched = Watched()
        _file(self._reader.stdin).write(json.dumps([str(path) for path in paths]) + "\n")
        try:
            yield watched
        finally:
            _file(self._reader.stdin).write("stop\n")
            answer = json.loads(_file(self._reader.stdout).readline())
            watched.opened, watched.failures = answer["opened"], answer["failures"]

    def run(self, arguments: Sequence[str | Path], accident: Accident | None = None) -> Ended:
        """One call of the command line, to its end."""
        order = {"arguments": [str(a) for a in arguments]} | dataclasses.asdict(
            accident or Accident()
        )
        _file(self._process.stdin).write(json.dumps(order) + "\n")
        _file(self._process.stdin).flush()
        return Ended(**json.loads(_file(self._process.stdout).readline()))


def _file(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
