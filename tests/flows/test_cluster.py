"""Work on a real Dask cluster: the same results, whoever dies, and one Prefect server for all."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from benchmarks.dask_cluster import PATIENT, Cluster, dask_cluster
from flows.cohort import Cohort
from flows.home import Home
from flows.pool import pool
from flows.progress import Progress
from flows.server import server_of_run
from flows.settings import Run, Settings
from tests.flows.exports_for_tests import linkedin_zip, some_messages
from tests.flows.test_cohort import donate, here
from transforms.cohort import POOLED
from transforms.errors import UsageError

ROOT = Path(__file__).parents[2]
PATIENCE = 400


def start(*arguments: str) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | PATIENT
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip


def configure(home: Path, cluster: Cluster) -> None:
    home.mkdir(exist_ok=True)
    lines = f'[run]\nrunner = "dask"\ncluster = "{cluster.address}"\n'
    (home / "mememeter.toml").write_text(lines, encoding="utf-8")


def servers_of(cluster: Cluster) -> list[str]:
    """Commands of the processes that scheduler and workers started: there should be no server."""
    started = {process.pid for process in (cluster.scheduler, *cluster.workers)}
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = stat.with_name("cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended while we looked
            continue
        if parent in started and "prefect" in command:
            found.append(command)
    return found


def task_runs(place: Path) -> dict[str, str]:
    with closing(sqlite3.connect(place / ".work" / "prefect" / "prefect.db")) as database:
        return dict(database.execute("SELECT name, state_type FROM task_run").fetchall())


@pytest.mark.engine
def test_a_killed_worker_changes_nothing_in_the_pool(tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    for name in ("anna", "bert", "cleo", "dora"):
        donate(archives, name, threads=6)
    (archives / "broken.zip").write_bytes(b"no zip")
    expected = Cohort(tmp_path / "expected").create()
    pool(archives, expected, Settings(), Progress(quiet=True), here)
    of = Cohort(tmp_path / "cohort").create()
    of.key_file.write_text(expected.key, encoding="ascii")
    with dask_cluster(tmp_path / "dask", workers=2) as cluster:
        configure(tmp_path / "home", cluster)
        run = start(
            "cohort", str(archives), "--home", str(tmp_path / "home"), "--out", str(of.path)
        )
        deadline = time.monotonic() + PATIENCE
        # Half-way: some archive is done, and the worker has another in hand.
        while not (list(of.notes.glob("*.json")) and cluster.kill_one_at_work()):
            assert run.poll() is None, run.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        out, err = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, err + cluster.said()
        assert servers_of(cluster) == []
    assert len(cluster.killed) == 1
    result = json.loads(out)
    assert (result["analysed"], set(result["skipped"])) == (5, {"broken.zip"})
    for name in POOLED:
        pooled = pl.read_parquet(of.pooled / f"{name}.parquet")
        assert pooled.equals(pl.read_parquet(expected.pooled / f"{name}.parquet")), name
    # Every archive was a task run of the one server that the run started.
    states = task_runs(of.path)
    assert len(states) == 5
    assert set(states.values()) == {"COMPLETED"}


@pytest.mark.engine
def test_the_exports_of_one_home_are_read_by_the_workers(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    linkedin_zip(home.inbox / "one.zip")
    linkedin_zip(home.inbox / "two.zip", {"messages.csv": some_messages(3, first=20)})
    (home.inbox / "cut.zip").write_bytes((home.inbox / "one.zip").read_bytes()[:300])
    with dask_cluster(tmp_path / "dask", workers=2) as cluster:
        configure(home.path, cluster)
        run = start("run", "--home", str(home.path))
        out, err = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, err + cluster.said()
        assert servers_of(cluster) == []
    outcome = json.loads(out)
    assert sorted(outcome["exports_new"]) == ["one.zip", "two.zip"]
    assert [problem["export"] for problem in outcome["problems"]] == ["cut.zip"]
    assert outcome["messages"] == 3 * (4 + 3)
    states = task_runs(home.path)
    assert (states["ingest one.zip"], states["ingest cut.zip"]) == ("COMPLETED", "FAILED")


def test_workers_elsewhere_need_a_server_that_they_reach(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Run(runner="dask", cluster="tcp://10.0.0.7:8786")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with (
        pytest.raises(UsageError, match="cannot reach a Prefect server"),
        server_of_run(home, elsewhere),
    ):
        pass
    monkeypatch.setenv("PREFECT_API_URL", "http://10.0.0.1:4200/api")
    with server_of_run(home, elsewhere) as wait:
        wait()
