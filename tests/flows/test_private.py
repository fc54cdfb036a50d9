"""No network: the main job without one, and a trace of every connection it makes with one."""

from __future__ import annotations

import ast
import ipaddress
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows import state
from flows.home import Home
from tests.flows.exports_for_tests import linkedin_zip

ROOT = Path(__file__).parents[2]

# Put before Python's start in every process of the run: notes who is called, by name or number.
SPY = """
import json, os, sys
def note(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        where = arguments[1] if event != "socket.getaddrinfo" else arguments[:2]
        with open(os.environ["SPY"], "a") as file:
            file.write(json.dumps([event, repr(where)]) + chr(10))
sys.addaudithook(note)
"""


def is_loopback(where: str) -> bool:
    """Whether an address (host, port, …), or the path of a local socket, is this machine."""
    address = ast.literal_eval(where)
    host = address[0] if isinstance(address, tuple) else None
    if host is None or isinstance(host, bytes):
        return not isinstance(address, tuple)
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run(
    home: Home, spy: Path, *before: str, engine: str = "prefect"
) -> subprocess.CompletedProcess[str]:
    spy.mkdir(exist_ok=True)
    (spy / "sitecustomize.py").write_text(SPY, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [*before, sys.executable, "-m", "flows.cli", "run", "--quiet", "--engine", engine,
         "--home", str(home.path)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
        env=kept | {"SPY": str(spy / "seen"), "PYTHONPATH": f"{spy}:{ROOT}"},
    )  # fmt: skip


@pytest.mark.engine
def test_a_run_connects_to_this_machine_only(home: Home, tmp_path: Path) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    before = os.umask(0)
    try:
        done = run(home, tmp_path / "spy")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    seen = [json.loads(line) for line in (tmp_path / "spy" / "seen").read_text().splitlines()]
    # The spy does see: Prefect's server listens, and its client calls it.
    assert {"socket.bind", "socket.connect"} <= {event for event, _ in seen}
    assert not [entry for entry in seen if not is_loopback(entry[1])]
    # Whatever the umask, and whichever library wrote it.
    for path in home.path.rglob("*"):
        if path.parent != home.inbox:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def _has_namespaces() -> bool:
    tried = ["unshare", "--user", "--map-root-user", "--net", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(tried, check=False).returncode == 0


def test_the_main_job_needs_no_network(home: Home, tmp_path: Path) -> None:
    """In a network of its own that has not even a loopback; where Linux has none, without sockets."""
    linkedin_zip(home.inbox / "mine.zip")
    if _has_namespaces():
        done = run(
            home, tmp_path / "spy", "unshare", "--user", "--map-root-user", "--net", engine="plain"
        )
    else:
        spy = tmp_path / "spy"
        done = run(home, spy, engine="plain")
        assert not (spy / "seen").exists()
    assert done.returncode == 0, done.stderr
    assert state.read_last_run(home)["status"] == "published"


@pytest.mark.parametrize(
    ("where", "is_here"),
    [
        ("('127.0.0.1', 4200)", True),
        ("('::1', 80, 0, 0)", True),
        ("'/run/x.sock'", True),
        ("('10.0.0.1', 80)", False),
        ("('example.org', 443)", False),
    ],
)
def test_the_trace_itself_can_fail(where: str, *, is_here: bool) -> None:
    assert is_loopback(where) == is_here
