"""A Dask cluster of real processes on this machine: one scheduler, and workers of one thread each.

The tests use it too. A worker has no nanny, so that one that is killed stays dead, as a machine
that is lost does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 120.0
# A machine that has other work answers late, and is not lost.
PATIENT = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "120s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "120s",
}
_STOP_SECONDS = 10.0
_QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@dataclass
class Cluster:
    """A scheduler's address, and its workers' processes."""

    address: str
    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)

    def kill_one_at_work(self) -> bool:
        """Kill a worker that has work in hand as a lost machine would; whether there was one."""
        from distributed import Client  # noqa: PLC0415  comes with the extra `dask`

        with Client(self.address, set_as_default=False, timeout=START_SECONDS) as client:
            named = {at: facts["name"] for at, facts in client.scheduler_info()["workers"].items()}
            at_work = [named[at] for at, keys in client.processing().items() if keys]
        if not at_work:
            return False
        worker = self.workers[int(at_work[0].removeprefix("w"))]
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.killed.append(worker.pid)
        return True

    def said(self) -> str:
        return "\n".join(
            f"{log.name}: {log.read_text(errors='replace')[-2_000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Scheduler and workers, ready for work, ended on leaving; logs are in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "scheduler.json"
    scheduler = _start(folder, "scheduler", "--port", "0", "--scheduler-file", str(note))
    cluster = Cluster("", folder, scheduler)
    try:
        cluster.address = _address(note, cluster)
        for number in range(workers):
            cluster.workers.append(
                _start(folder, "worker", cluster.address, "--nworkers", "1", "--nthreads", "1",
                       "--no-nanny", "--memory-limit", "0", "--name", f"w{number}",
                       "--local-directory", str(folder), log=f"worker-{number}")
            )  # fmt: skip
        _wait_for(cluster, workers)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            _stop(process)


def _start(folder: Path, *command: str, log: str = "scheduler") -> subprocess.Popen[bytes]:
    # One thread of Polars per worker, as `mememeter cohort` gives its own processes.
    environment = {**os.environ, **PATIENT, "POLARS_MAX_THREADS": "1"}
    # As on another machine: nothing of this process's Prefect reaches a worker by inheritance.
    environment = {k: v for k, v in environment.items() if not k.startswith("PREFECT_")}
    with (folder / f"{log}.log").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:], *_QUIET],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )


def _address(note: Path, cluster: Cluster) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and cluster.scheduler.poll() is None:
        try:
            return str(json.loads(note.read_bytes())["address"])
        except (FileNotFoundError, ValueError, KeyError):
            time.sleep(0.1)
    raise RuntimeError(f"the scheduler did not start\n{cluster.said()}")


def _wait_for(cluster: Cluster, workers: int) -> None:
    from distributed import Client  # noqa: PLC0415  comes with the extra `dask`

    with Client(cluster.address, set_as_default=False, timeout=START_SECONDS) as client:
        client.wait_for_workers(workers, timeout=START_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
