"""A run's own Prefect server: there while the run is, gone with it however it ends."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from flows.engine import configure_prefect, is_answering
from flows.home import Home
from flows.prefect_database import lend_database, make_template
from flows.server import server_of_run
from flows.settings import Run
from tests.flows.exports_for_tests import linkedin_zip

ROOT = Path(__file__).parents[2]
PATIENCE = 180
RUN = """
import os, sys, time
from pathlib import Path
from flows.engine import configure_prefect
from flows.home import Home
from flows.server import server_of_run
from flows.settings import Run
from tests.flows.exports_for_tests import linkedin_zip
home = Home(Path(sys.argv[1])).create()
configure_prefect(home)
with server_of_run(home, Run()) as wait:
    wait()
    assert "prefect" not in sys.modules
    print(os.environ["PREFECT_API_URL"], flush=True)
    time.sleep(600)
"""


@pytest.mark.engine
def test_the_server_goes_with_a_run_that_is_killed(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "home")],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
    ) as run:  # fmt: skip
        assert run.stdout
        address = run.stdout.readline().strip()
        assert is_answering(address)
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while is_answering(address):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_standing_server_is_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with server_of_run(home, Run()) as wait:
        wait()
        assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"
    assert not (home.work / "prefect" / "server.log").exists()


def rows(path: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


@pytest.mark.engine
def test_a_home_begins_with_a_copy_of_the_empty_database(home: Home, tmp_path: Path) -> None:
    empty = make_template(tmp_path / "made" / "prefect.db")
    assert [path.name for path in empty.parent.iterdir()] == ["prefect.db"]
    assert rows(empty, "SELECT count(*) FROM flow_run") == [(0,)]
    folder = tmp_path / "folder"
    folder.mkdir()
    lend_database(folder, empty)
    lent = folder / "prefect.db"
    assert lent.stat().st_mode & 0o777 == 0o600
    # As far as Prefect's own migrations lead: a server that starts on it has none to do.
    assert len(rows(lent, "SELECT version_num FROM alembic_version")) == 1
    lent.write_bytes(b"a home's own")
    lend_database(folder, empty)
    assert lent.read_bytes() == b"a home's own"


def test_without_an_empty_database_prefect_makes_its_own(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "nowhere"))
    configure_prefect(home, {})
    assert not (home.work / "prefect" / "prefect.db").exists()


@pytest.mark.engine
def test_prefect_forgets_what_is_old_and_hears_all_of_a_run(home: Home) -> None:
    """Every line of its log is there, and of a run of a hundred days ago nothing."""
    linkedin_zip(home.inbox / "mine.zip")
    run = [sys.executable, "-m", "flows.cli", "run", "--quiet", "--home", str(home.path)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    subprocess.run(run, check=True, cwd=ROOT, env=environment)
    with closing(sqlite3.connect(home.work / "prefect" / "prefect.db")) as database, database:
        database.execute("UPDATE flow_run SET end_time = '2001-01-01 00:00:00.000000'")
        database.execute("UPDATE events SET occurred = '2001-01-01 00:00:00.000000'")
        old_runs = database.execute("SELECT id FROM flow_run").fetchall()
        old_events = database.execute("SELECT id FROM events").fetchall()
    home.database.unlink()
    told = subprocess.run(run, check=True, cwd=ROOT, env=environment, capture_output=True)
    assert told.stderr == b""
    kept = home.work / "prefect" / "prefect.db"
    assert len(rows(kept, "SELECT id FROM flow_run")) == 1
    assert not set(rows(kept, "SELECT id FROM flow_run")) & set(old_runs)
    assert not set(rows(kept, "SELECT id FROM events")) & set(old_events)
    assert {run for (run,) in rows(kept, "SELECT flow_run_id FROM log")} == {
        run for (run,) in rows(kept, "SELECT id FROM flow_run")
    }
    assert ("Publishing",) in rows(kept, "SELECT message FROM log")


def test_what_a_run_loads_at_its_first_message_is_loaded_while_the_server_starts() -> None:
    """Whatever of ours and of others' a first message needs, a second finds."""
    check = (
        "import sys, flows.pipeline\n"
        "from flows.warm import warm_up\n"
        "warm_up()\n"
        "before = set(sys.modules)\n"
        "warm_up()\n"
        "assert set(sys.modules) == before\n"
        "assert {'scipy.special', 'textblob'} <= before\n"
    )
    subprocess.run([sys.executable, "-c", check], check=True, cwd=ROOT)
