"""The real flow on Prefect's own server, end to end."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows import state, warehouse
from flows.engine import configure_prefect
from flows.forgotten import add_forgotten, secret_of
from flows.home import Home
from flows.published import answer_lines
from tests.flows.exports_for_tests import linkedin_zip

ROOT = Path(__file__).parents[2]
WORDS = ("thank you for connecting", "We help companies grow", "Nice to meet you")


@pytest.mark.engine
def test_the_nightly_flow(home: Home, tmp_path: Path) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    # Somebody was forgotten, and that run was cut off before it had cleaned up: this one empties
    # Prefect's memory while it is being told of it.
    secret_of(home)
    add_forgotten(home, [("key", "0" * 64, 0)], "2026-01-01")
    (home.inbox / "cut.zip").write_bytes((home.inbox / "mine.zip").read_bytes()[:300])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    fake_user = tmp_path / "user"
    fake_user.mkdir()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")
    } | {"HOME": str(fake_user), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", "--home", str(home.path), "--json"],
        capture_output=True,
        text=True,
        cwd=elsewhere,
        env=environment,
        check=False,
        timeout=540,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["exports_new"] == ["mine.zip"]
    assert [problem["export"] for problem in outcome["problems"]] == ["cut.zip"]
    assert "Traceback" not in done.stderr
    assert state.read_last_run(home)["status"] == "published"
    count = "SELECT count(*) AS n FROM messages"
    assert warehouse.query(home.database, count).item() == 12

    # One task run per export, the bad one failed, the flow complete.
    with sqlite3.connect(home.work / "prefect" / "prefect.db") as database:
        tasks = dict(database.execute("SELECT name, state_type FROM task_run"))
        flows = database.execute("SELECT name, state_type FROM flow_run").fetchall()
        artifacts = {key for (key,) in database.execute("SELECT key FROM artifact")}
        (summary,) = database.execute("SELECT data FROM artifact WHERE key = 'summary'").fetchone()
        dump = "\n".join(database.iterdump())
    database.close()
    assert flows == [(f"nightly {home.path}: 2 new exports", "COMPLETED")]
    assert tasks["ingest mine.zip"] == "COMPLETED"
    assert tasks["ingest cut.zip"] == "FAILED"
    steps = {name.split("-")[0] for name, kind in tasks.items() if kind == "COMPLETED"}
    assert {"discover", "build", "draft", "publish", "report"} <= steps
    assert {"summary", "ranking", "report", "progress"} <= artifacts
    for line in answer_lines(home.database):
        assert line in json.loads(summary).replace("\\", "")
    # Nothing anybody wrote, and nothing outside the home.
    assert not [words for words in WORDS if words in dump]
    assert list(elsewhere.iterdir()) == []
    assert list(fake_user.iterdir()) == []
    for path in home.path.rglob("*"):
        if path.parent != home.inbox:
            assert path.stat().st_mode & 0o077 == 0, path


def test_prefect_writes_below_the_home_and_tells_nobody(home: Home) -> None:
    values = configure_prefect(home, {"PREFECT_LOGGING_LEVEL": "DEBUG", "DO_NOT_TRACK": "0"})
    assert values["PREFECT_HOME"] == str(home.work / "prefect")
    assert values["DO_NOT_TRACK"] == "1"
    assert values["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert values["PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY"] == "false"
    assert values["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert "PREFECT_API_URL" not in values


def test_a_standing_server_is_used_when_the_environment_names_one(home: Home) -> None:
    values = configure_prefect(home, {"PREFECT_API_URL": "http://127.0.0.1:4200/api"})
    assert values["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
