"""Whole processes, measured from outside: wall and processor time, and memory over all their children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

SAMPLE_EVERY = 0.05  # seconds
_STAGE_ENDS = " …"


@dataclass(frozen=True)
class Stage:
    """One stage as a run tells it in its log: wall and processor seconds until the next one."""

    name: str
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Measured:
    """Wall and processor seconds, and the peak of the summed resident memory in GiB (pages
    shared by two processes count twice, so the true peak is lower)."""

    seconds: float
    gib: float
    output: str
    cpu_seconds: float = 0.0
    stages: tuple[Stage, ...] = field(default=())


def measure(command: Sequence[str], **environment: str) -> Measured:
    """Run a command to its end; raises CalledProcessError with its output when it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment,
        start_new_session=True,
    ) as process:
        said = _Said(process.pid, start)
        assert process.stdout is not None
        reader = threading.Thread(target=said.listen, args=(process.stdout,))
        reader.start()
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            said.cpu = max(said.cpu, cpu_seconds(process.pid))
            time.sleep(SAMPLE_EVERY)
        seconds = time.perf_counter() - start
        reader.join()
    output = "".join(said.lines)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Measured(seconds, peak / 2**30, output, said.cpu, said.stages(seconds))


class _Said:
    """What a process says, with the moment at which each of its stages begins."""

    def __init__(self, session: int, start: float) -> None:
        self._session, self._start = session, start
        self._marks: list[tuple[str, float, float]] = [("Starting", 0.0, 0.0)]
        self.lines: list[str] = []
        self.cpu = 0.0

    def listen(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.append(line)
            if line.rstrip("\n").endswith(_STAGE_ENDS):
                self.cpu = max(self.cpu, cpu_seconds(self._session))
                name = line.rstrip("\n").removesuffix(_STAGE_ENDS)
                self._marks.append((name, time.perf_counter() - self._start, self.cpu))

    def stages(self, seconds: float) -> tuple[Stage, ...]:
        ends = [*self._marks[1:], ("", seconds, self.cpu)]
        return tuple(
            Stage(name, end - begin, max(0.0, cpu_end - cpu))
            for (name, begin, cpu), (_, end, cpu_end) in zip(self._marks, ends, strict=True)
        )


def resident_bytes(session: int) -> int:
    """Resident memory of all processes of a session (Linux; 0 elsewhere)."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for stat, _ in _of_session(session):
        try:
            total += int(stat.with_name("statm").read_text().split()[1]) * page
        except (OSError, IndexError):  # it ended while we looked
            continue
    return total


def cpu_seconds(session: int) -> float:
    """User and system time of the live processes of a session and of those they waited for."""
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(sum(map(int, fields[11:15])) for _, fields in _of_session(session)) / ticks


def _of_session(session: int) -> list[tuple[Path, list[str]]]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                found.append((stat, fields))
        except (OSError, IndexError):  # it ended while we looked
            continue
    return found
