"""What is tied to a process ends with it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STARTS = """
import subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-m", "flows.tied", "http.server", "0", "--bind", "127.0.0.1"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONUNBUFFERED": "1"},
)
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.readline()
"""

SCORES = """
import multiprocessing, sys
import polars as pl
from pathlib import Path
from flows import tone_pool
from flows.home import Home

tone_pool.IN_PROCESS_BYTES = 0
with tone_pool.tone_scorer(Home(Path(sys.argv[1])), processes=2) as begin:
    scores = begin(pl.Series([f"Nice work {n}" for n in range(100)]))()
    print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
    sys.stdin.readline()
"""

ANALYSES = """
import multiprocessing, sys
from pathlib import Path
from flows.cohort import Cohort, find_archives
from flows.pool import in_processes
from flows.settings import Settings

folder = Path(sys.argv[1])
for name in ("one", "two"):
    (folder / "archives" / name).mkdir(parents=True)
of = Cohort(folder / "out").create()
notes = in_processes(of, find_archives(folder / "archives", of, Settings()), Settings())
next(notes)
print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
sys.stdin.readline()
"""


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def end_of(processes: list[int]) -> None:
    """Waits for it; kills them and fails where it does not come."""
    try:
        for _ in range(300):
            if not any(map(is_alive, processes)):
                return
            time.sleep(0.1)
        raise AssertionError("they live on")
    finally:
        for process in filter(is_alive, processes):
            os.kill(process, signal.SIGKILL)


def test_a_server_ends_with_the_process_that_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as starter:
        assert starter.stdout
        server = int(starter.stdout.readline())
        assert is_alive(server)
        starter.kill()
        starter.wait()
        end_of([server])


@pytest.mark.parametrize("program", [SCORES, ANALYSES], ids=["tone", "cohort"])
def test_workers_end_with_the_process_that_was_killed(program: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    ) as starter:  # fmt: skip
        assert starter.stdout
        workers = [int(pid) for pid in starter.stdout.readline().split()]
        assert workers
        assert all(map(is_alive, workers))
        starter.kill()
        starter.wait()
        end_of(workers)
