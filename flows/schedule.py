"""`nightly` on a schedule: a deployment that this process serves, on a server that stands.

Import after `flows.engine.configure_prefect`, inside `flows.server.running_server`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from prefect.deployments import run_deployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.server.schemas.schedules import CronSchedule
from prefect.types.entrypoint import EntrypointType

from flows import state
from flows.home import Home
from flows.nightly import nightly
from flows.server import Server, ServerError
from transforms.errors import UsageError


def next_night(cron: str, timezone: str, after: datetime) -> datetime:
    """The first moment after another at which the schedule fires. Raises UsageError."""
    try:
        schedule = CronSchedule(cron=cron, timezone=timezone)
    except ValueError as error:
        raise UsageError(
            f"{cron!r} in {timezone!r} is no schedule",
            hint='five fields and a zone: --cron "0 2 * * *" --timezone Europe/Berlin',
        ) from error
    dates = asyncio.run(schedule.get_dates(2, start=after))
    return next(date for date in dates if date > after)


def is_missed(home: Home, cron: str, timezone: str) -> bool:
    """Whether a night has passed since the last run began; a home that never ran missed one."""
    started = state.read_last_run(home).get("started_at")
    if not started:
        return True
    return next_night(cron, timezone, datetime.fromisoformat(started)) <= state.now()


def deployment_name(home: Home) -> str:
    """Readable, and its own for every home on one server."""
    return f"{home.path.name}-{hashlib.sha256(str(home.path).encode()).hexdigest()[:6]}"


def serve_nightly(
    home: Home, cron: str, timezone: str, server: Server, on_ready: Callable[[bool], None]
) -> None:
    """Serve until told to stop (Ctrl-C, SIGTERM), or until the server ends by itself.

    However many nights were missed, one run makes up for them, at once. `on_ready` is told
    whether there is such a run. Raises ServerError when the server ended.
    """
    missed = is_missed(home, cron, timezone)
    name = deployment_name(home)
    # One at a time: two runs of a home could only wait for each other.
    runner = _Runner(name=name, limit=1, query_seconds=5)
    runner.add_flow(
        nightly,
        name=name,
        schedule=Cron(cron, timezone=timezone),
        parameters={"home": str(home.path)},
        entrypoint_type=EntrypointType.MODULE_PATH,
        tags=["mememeter"],
    )
    if missed:
        run_deployment(f"nightly/{name}", timeout=0, as_subflow=False)
    on_ready(missed)
    with _watching(server) as ended:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(runner.start())
        if ended.is_set():
            raise ServerError(
                "Prefect's server ended by itself",
                hint=f"start the schedule again; {home.work / 'prefect' / 'server.log'} may say why",
            )


class _Runner(Runner):
    """Prefect's, but SIGTERM ends it as Ctrl-C does; its own way leaves a coroutine behind."""

    def handle_sigterm(self, *_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@contextlib.contextmanager
def _watching(server: Server) -> Iterator[threading.Event]:
    """While this is open, the end of our own server ends us: a schedule without one never fires."""
    ended, over = threading.Event(), threading.Event()
    if server.process is not None:
        threading.Thread(
            target=partial(_watch, server.process.poll, ended, over), daemon=True
        ).start()
    try:
        yield ended
    finally:
        over.set()


def _watch(poll: Callable[[], int | None], ended: threading.Event, over: threading.Event) -> None:
    while not over.wait(1.0):
        if poll() is not None:
            ended.set()
            os.kill(os.getpid(), signal.SIGTERM)
            return
