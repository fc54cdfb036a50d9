"""Whole processes, measured from outside: wall time, and memory over all their children."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_EVERY = 0.05  # seconds


@dataclass(frozen=True)
class Measured:
    """Wall seconds and the peak of the summed resident memory in GiB (pages shared by two
    processes count twice, so the true peak is lower)."""

    seconds: float
    gib: float
    output: str


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
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            time.sleep(SAMPLE_EVERY)
        seconds = time.perf_counter() - start
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Measured(seconds, peak / 2**30, output)


def resident_bytes(session: int) -> int:
    """Resident memory of all processes of a session (Linux; 0 elsewhere)."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += int(stat.with_name("statm").read_text().split()[1]) * page
        except (OSError, IndexError):  # it ended while we looked
            continue
    return total
