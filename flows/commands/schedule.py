"""`mememeter schedule`: the nightly run by itself, served here or handed to systemd or cron."""

from __future__ import annotations

import os
import shutil
import sys
import zoneinfo
from pathlib import Path

import click
import tzlocal

from dashboards.safe_text import for_terminal
from flows import state
from flows.home import Home, private_files
from flows.settings import find_home, load_settings, write_default_file
from flows.timers import cron_lines, systemd_units
from transforms.errors import UsageError


def schedule_command(
    *,
    cron: str | None,
    timezone: str | None,
    port: int | None,
    form: str | None,
    home: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    del as_json  # there is no result: it serves, or prints a unit
    chosen = find_home(home)
    settings = load_settings(chosen).schedule
    cron = cron or settings.cron
    machine_zone = tzlocal.get_localzone_name()
    if timezone and timezone not in zoneinfo.available_timezones():
        # systemd and cron would take it as it stands and then run at another hour, or never.
        raise UsageError(f"{timezone!r} is no time zone", hint="a name like Europe/Berlin")
    zone = timezone or settings.timezone or machine_zone
    if form == "systemd":
        click.echo(systemd_units(chosen, _program(), cron, zone), nl=False)
    elif form == "cron":
        click.echo(cron_lines(chosen, _program(), cron, zone, machine_zone), nl=False)
    else:
        _serve(chosen, cron, zone, port or settings.port, quiet=quiet)


def _program() -> list[str]:
    """This program as another process can start it, wherever that stands."""
    beside = Path(sys.executable).with_name("mememeter")
    found = str(beside) if beside.exists() else shutil.which("mememeter")
    return [found] if found else [sys.executable, "-m", "flows.cli"]


def _serve(home: Home, cron: str, zone: str, port: int, *, quiet: bool) -> None:
    def say(text: str) -> None:
        if not quiet:
            click.echo(for_terminal(text))

    with private_files():
        home.create()
        write_default_file(home)
        with state.only_holder(home, "schedule.lock", "the schedule is served already"):
            from flows.engine import configure_prefect  # noqa: PLC0415

            configure_prefect(home)
            from flows.server import running_server  # noqa: PLC0415  quick; Prefect is not

            say("Starting Prefect's server (some seconds) …")
            with running_server(home, port) as server:
                from flows.schedule import next_night, serve_nightly  # noqa: PLC0415

                first = next_night(cron, zone, state.now())

                def ready(is_missed: bool) -> None:  # noqa: FBT001
                    if is_missed:
                        say("A night was missed, or there was none yet: running now.")
                    say(f"Next run: {first:%Y-%m-%d %H:%M} {zone}. Prefect: {server.ui}")
                    say("Leave this running; Ctrl-C ends it. A run's results replace the old ones.")

                serve_nightly(home, cron, zone, server, ready)
    sys.stdout.flush()
    os.environ.pop("PREFECT_API_URL", None)
