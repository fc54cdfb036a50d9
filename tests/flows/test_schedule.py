"""The schedule, served for real: it fires, says how it went, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from flows import state
from flows.engine import address_file, configure_prefect, standing_server
from flows.home import Home
from tests.flows.exports_for_tests import linkedin_zip, some_messages
from transforms.errors import UsageError

ROOT = Path(__file__).parents[2]
PATIENCE = 300


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what is posted to it: somebody's chat."""
    posted: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", posted
        server.shutdown()


def listening(port: int) -> set[str]:
    """Addresses (as Linux writes them) on which somebody listens at this port."""
    tables = [Path("/proc/net", name).read_text(encoding="ascii") for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table.splitlines()]
    return {
        line[1].partition(":")[0]
        for line in lines
        if line[3] == "0A" and line[1].endswith(f":{port:04X}")
    }


def prefects(home: Home, query: str) -> list[tuple]:
    with closing(sqlite3.connect(home.work / "prefect" / "prefect.db")) as database:
        return database.execute(query).fetchall()


@pytest.mark.engine
def test_a_schedule_fires_fails_visibly_and_ends(
    home: Home, port: int, hook: tuple[str, list[str]], tmp_path: Path
) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    home.config.write_text(
        "[run]\non_failure_block = 'custom-webhook/chat'\n", encoding="utf-8"
    )  # fmt: skip
    command = [sys.executable, "-m", "flows.cli", "schedule", "--home", str(home.path),
               "--cron", "* * * * * */15", "--port", str(port)]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env=environment() | {"HOME": str(tmp_path)},
    ) as schedule:  # fmt: skip
        try:
            # There was no night yet: the first run comes at once.
            until(lambda: state.read_last_run(home).get("status") == "published")
            address = f"http://127.0.0.1:{port}/api"
            assert standing_server(home) == address
            assert configure_prefect(home, {})["PREFECT_API_URL"] == address
            assert listening(port) == {"0100007F"}
            again = subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment()
            )
            assert again.returncode == 1
            assert "the schedule is served already" in again.stderr
            # Then it fires by itself, and finds nothing new.
            until(lambda: state.read_last_run(home)["status"] == "nothing new")
            chat = (
                "import sys; from prefect.blocks.notifications import CustomWebhookNotificationBlock as B\n"
                "B(name='chat', url=sys.argv[1], json_data={'text': '{{subject}}: {{body}}'}).save('chat')"
            )
            subprocess.run(
                [sys.executable, "-c", chat, hook[0]], check=True, capture_output=True,
                env=environment() | dict(configure_prefect(home, {})),
            )  # fmt: skip
            (home.manifests / "bad.json").write_text("{", encoding="utf-8")
            until(lambda: state.read_last_run(home)["status"] == "failed")
            until(lambda: hook[1])
        finally:
            schedule.send_signal(signal.SIGTERM)
            said, _ = schedule.communicate(timeout=60)
    assert schedule.returncode == 0, said
    assert "Traceback" not in said
    assert "there was none yet: running now" in said
    assert f"Prefect: http://127.0.0.1:{port}" in said
    assert "MeMeMeter: a run failed" in hook[1][0]
    assert "bad.json in the store is damaged" in hook[1][0]
    assert "failed" in (state.warning_of_last_run(home) or "")
    assert not address_file(home).exists()
    assert listening(port) == set()
    runs = prefects(home, "SELECT name, state_name FROM flow_run ORDER BY start_time")
    assert (f"nightly {home.path}: 1 new export", "Completed") in runs
    assert "Failed" in {name for _, name in runs}
    # Lineage from the export to the report, and the stages in the log.
    made = "SELECT resource_id, related_resource_ids FROM events WHERE event LIKE '%materialization.succeeded'"
    lineage = {
        key.rpartition("://")[2].partition("/")[2]: related for key, related in prefects(home, made)
    }
    assert any(key.startswith("exports/mine.zip-") for key in lineage)
    assert "/exports/mine.zip-" in lineage["tables"]
    assert "/tables" in lineage["report"]
    assert ("Reading mine.zip",) in prefects(home, "SELECT message FROM log")


@pytest.mark.parametrize(
    ("cron", "zone", "after", "then"),
    [
        ("0 2 * * *", "UTC", "2026-11-25T01:00+00:00", "2026-11-25T02:00+00:00"),
        ("0 2 * * *", "UTC", "2026-11-25T02:00+00:00", "2026-11-26T02:00+00:00"),
        # Two in the morning is two in the morning, in summer too.
        ("0 2 * * *", "Europe/Berlin", "2026-07-01T12:00+00:00", "2026-07-02T00:00+00:00"),
        ("0 2 * * *", "Europe/Berlin", "2026-12-01T12:00+00:00", "2026-12-02T01:00+00:00"),
    ],
)
def test_the_next_night(cron: str, zone: str, after: str, then: str) -> None:
    from flows.schedule import next_night

    assert next_night(cron, zone, datetime.fromisoformat(after)) == datetime.fromisoformat(then)


@pytest.mark.parametrize(("cron", "zone"), [("0 25 * * *", "UTC"), ("0 2 * * *", "Berlin")])
def test_what_is_no_schedule_is_refused(cron: str, zone: str) -> None:
    from flows.schedule import next_night

    with pytest.raises(UsageError, match="is no schedule"):
        next_night(cron, zone, state.now())


@pytest.mark.parametrize(
    ("last", "missed"),
    [(None, True), (timedelta(hours=25), True), (timedelta(minutes=1), False)],
)
def test_a_night_that_was_missed(home: Home, last: timedelta | None, *, missed: bool) -> None:
    from flows.schedule import is_missed

    if last is not None:
        state.write_last_run(home, {"started_at": (state.now() - last).isoformat()})
    soon = state.now() + timedelta(minutes=2)
    assert is_missed(home, f"{soon.minute} {soon.hour} * * *", "UTC") == missed


@pytest.mark.parametrize(
    ("scheduled", "status", "hour", "ended"),
    [
        (True, "published", 3, "Skipped"),
        (True, "nothing new", 3, "Skipped"),
        (True, "published", 1, None),
        (True, "failed", 3, None),
        # Who asks for a run gets one.
        (False, "published", 3, None),
    ],
)
def test_a_week_of_sleep_is_one_run(
    home: Home, *, scheduled: bool, status: str, hour: int, ended: str | None
) -> None:
    from flows import prefect_ui

    due = datetime(2026, 1, 1, 2, tzinfo=UTC)
    run = SimpleNamespace(auto_scheduled=scheduled, expected_start_time=due)
    state.write_last_run(home, {"status": status, "started_at": due.replace(hour=hour).isoformat()})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(prefect_ui, "this_run", lambda: run)
        found = prefect_ui.made_up_for(home)
    assert (found and found.name) == ended


@pytest.mark.usefixtures("short_page")
def test_a_client_holds_the_file_open_during_ten_runs(home: Home) -> None:
    from flows.pipeline import run_pipeline

    linkedin_zip(home.inbox / "0.zip")
    run_pipeline(home)
    code = (
        "import duckdb, sys\nc = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for _ in sys.stdin:\n"
        "    print(c.execute('SELECT count(*) FROM messages').fetchone()[0], flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home.database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as client:  # fmt: skip
        assert client.stdin
        assert client.stdout
        for number in range(1, 11):
            threads = some_messages(4 + number)
            linkedin_zip(home.inbox / f"{number}.zip", {"messages.csv": threads})
            assert run_pipeline(home).messages == 3 * (4 + number)
            client.stdin.write("\n")
            client.stdin.flush()
            assert client.stdout.readline() == "12\n"
        client.stdin.close()
    assert json.loads(home.last_run.read_bytes())["status"] == "published"


def test_a_run_killed_half_way(home: Home) -> None:
    from flows.pipeline import run_pipeline

    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    before = home.database.read_bytes(), home.latest_report.read_bytes()
    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(6)})
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", "--engine", "plain", "--home", str(home.path)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        until(lambda: state.read_last_run(home)["status"] == "running")
        run.kill()
    assert (home.database.read_bytes(), home.latest_report.read_bytes()) == before
    assert "was interrupted" in (state.warning_of_last_run(home) or "")
    assert run_pipeline(home).messages == 18
    assert [row["status"] for row in state.noted_runs(home)] == [
        "published", "interrupted", "published",
    ]  # fmt: skip
    assert state.warning_of_last_run(home) is None
