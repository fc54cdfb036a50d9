"""Prefect's own server for one home, on the loopback address, for as long as it is wanted.

A run's own starts while Prefect is imported, which takes seconds in both processes. Nothing in
here imports Prefect.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.engine import LOOPBACK, address_file, is_answering
from flows.home import Home, write_atomically
from flows.settings import Run
from transforms.errors import MememeterError, UsageError

# A first start migrates Prefect's database; a busy machine takes its time over it.
START_SECONDS = 180.0
_STOP_SECONDS = 20.0

# Prefect's own, as its test harness empties them before it stops a server.
_TELLERS = (("prefect.logging.handlers", "APILogWorker"), ("prefect.events.worker", "EventsWorker"))


class ServerError(MememeterError):
    """Prefect's server cannot be started, or ended by itself."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: its addresses and its process, None when it is somebody else's."""

    api: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def ui(self) -> str:
        return self.api.removesuffix("/api")


@contextmanager
def server_of_run(home: Home, how: Run) -> Iterator[Callable[[], None]]:
    """The server PREFECT_API_URL names, else one for this run; what is yielded waits for it.

    Enter it before Prefect is imported, so that both start at once, and call what it yields
    before the flow. Call `configure_prefect` first. Raises UsageError when the workers of a
    cluster are elsewhere and could not reach it.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield lambda: None
        return
    host = how.cluster.partition("://")[2].rpartition(":")[0].strip("[]")
    is_here = host in {"localhost", "::1"} or host.startswith("127.")
    if how.runner == "dask" and not is_here:
        raise UsageError(
            f"the workers of {how.cluster} cannot reach a Prefect server on {LOOPBACK} of this machine",
            hint="start one that they reach (`prefect server start --host …`) and name it in "
            "PREFECT_API_URL",
        )
    # Listening from here on, so that nobody can take the port in between.
    with socket.create_server((LOOPBACK, 0)) as listening:
        server = _start_for_run(home, listening)
    os.environ["PREFECT_API_URL"] = server.api
    _renew_settings()
    try:
        yield lambda: _wait(server, _log(home))
    finally:
        _wait_until_told()
        os.environ.pop("PREFECT_API_URL", None)
        _renew_settings()
        _stop(server)


def _start_for_run(home: Home, listening: socket.socket) -> Server:
    handle = listening.fileno()
    with _log(home).open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-P", "-m", "flows.run_server", str(handle)],
            env=os.environ | {"PYTHONPATH": _with_this_program()},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(handle,),
            start_new_session=True,
        )
    return Server(f"http://{LOOPBACK}:{listening.getsockname()[1]}/api", process)


def _with_this_program() -> str:
    """PYTHONPATH on which a process of ours finds the code that started it."""
    here = str(Path(__file__).parents[1])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


def _wait_until_told() -> None:
    """Let Prefect's threads hand over what they still hold: log lines, and events of the run.

    Without it they are lost, and the process tries for a minute to reach a server that is gone.
    """
    for module, worker in _TELLERS:
        if module in sys.modules:
            getattr(sys.modules[module], worker).drain_all(timeout=_STOP_SECONDS)


def _renew_settings() -> None:
    """Let Prefect read its surroundings again, where it was imported already."""
    context = sys.modules.get("prefect.context")
    if context is not None:
        context.refresh_global_settings_context()


def _log(home: Home) -> Path:
    return home.work / "prefect" / "server.log"


@contextmanager
def running_server(home: Home, port: int) -> Iterator[Server]:
    """The server PREFECT_API_URL names, else one of our own, ended on leaving.

    Other commands on this home find it by its note in `.work/`. Call `configure_prefect` first.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        yield Server(named)
        return
    server = _start(home, port)
    os.environ["PREFECT_API_URL"] = server.api
    note = address_file(home)
    try:
        write_atomically(note, json.dumps({"api": server.api, "process": os.getpid()}).encode())
        yield server
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        note.unlink(missing_ok=True)
        _stop(server)


def _start(home: Home, port: int) -> Server:
    with socket.socket() as probe:
        # As the server itself will: a port left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ServerError(
                f"port {port} on {LOOPBACK} is taken",
                hint="choose another with --port, or name a server that is running already in "
                "PREFECT_API_URL",
            ) from error
    log = _log(home)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            # Not from the folder the user stands in, which may hold a package of this name.
            [sys.executable, "-P", "-m", "flows.tied", "prefect", "server", "start",
             "--host", LOOPBACK, "--port", str(port)],
            env=os.environ | {"PYTHONPATH": _with_this_program()},
            stdin=subprocess.PIPE,  # its other end is ours, and closes with us
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for us; the server goes when the runs that talk to it are over.
            start_new_session=True,
        )  # fmt: skip
    server = Server(f"http://{LOOPBACK}:{port}/api", process)
    _wait(server, log)
    return server


def _wait(server: Server, log: Path) -> None:
    """Return when the server answers; one that ended, or takes too long, is ended and told."""
    process = server.process
    assert process is not None
    deadline = time.monotonic() + START_SECONDS
    while not is_answering(server.api):
        if process.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            raise ServerError(
                "Prefect's server did not start", hint=f"what it said last is in {log}"
            )
        time.sleep(0.05)


def _stop(server: Server) -> None:
    if server.process is None:
        return
    if server.process.stdin:
        server.process.stdin.close()
    server.process.terminate()
    try:
        server.process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
