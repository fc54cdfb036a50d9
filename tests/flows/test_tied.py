"""What is tied to a process ends with it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_server_ends_with_the_process_that_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as starter:
        assert starter.stdout
        server = int(starter.stdout.readline())
        assert is_alive(server)
        starter.kill()
        starter.wait()
        try:
            for _ in range(300):
                if not is_alive(server):
                    return
                time.sleep(0.1)
            raise AssertionError("it serves on")
        finally:
            if is_alive(server):
                os.kill(server, signal.SIGKILL)
