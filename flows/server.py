"""Prefect's own server for one home, on the loopback address, for as long as it is wanted."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.engine import LOOPBACK, address_file, is_answering
from flows.home import Home, write_atomically
from transforms.errors import MememeterError

# A first start migrates Prefect's database; a busy machine takes its time over it.
START_SECONDS = 180.0
_STOP_SECONDS = 20.0


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
    log = home.work / "prefect" / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-m", "prefect", "server", "start",
             "--host", LOOPBACK, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for us; the server goes when the runs that talk to it are over.
            start_new_session=True,
        )  # fmt: skip
    server = Server(f"http://{LOOPBACK}:{port}/api", process)
    deadline = time.monotonic() + START_SECONDS
    while not is_answering(server.api):
        if process.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            raise ServerError(
                "Prefect's server did not start", hint=f"what it said last is in {log}"
            )
        time.sleep(0.2)
    return server


def _stop(server: Server) -> None:
    if server.process is None:
        return
    server.process.terminate()
    try:
        server.process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
