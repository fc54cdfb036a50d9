"""`mememeter report`: the page again, from the published database."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from dashboards.queries import report_queries
from dashboards.report import render_report
from flows import state, warehouse
from flows.commands.output import print_json
from flows.home import Home, make_folder, private_files, write_atomically
from flows.settings import find_home
from transforms.errors import Problem, UsageError


def report_command(
    *,
    home: str | None,
    redact: bool,
    output: Path | None,
    open_report: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    place = find_home(home)
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"there is no folder {output.parent}", hint="make it first")
    path = write_report(place, redact=redact, output=output)
    if as_json:
        print_json({"report": str(path), "redacted": redact})
    else:
        click.echo(path if quiet else f"{'Redacted report' if redact else 'Report'}: {path}")
    if open_report:
        webbrowser.open(path.absolute().as_uri())


def write_report(home: Home, *, redact: bool, output: Path | None = None) -> Path:
    """Where the page now is: as of the newest run, whatever the clock says."""
    frames = warehouse.run_queries(home.database, report_queries())
    last = state.read_last_run(home)
    page = render_report(
        frames,
        generated_at=frames["runs"]["started_at"][0],
        version=state.program_version(),
        is_sample=bool(last.get("is_sample")),
        redact=redact,
        warnings=[Problem(**problem).line for problem in last.get("problems", [])],
    )
    path = output or (home.reports / "redacted.html" if redact else home.latest_report)
    with private_files():
        if output is None:
            make_folder(home.reports)
        write_atomically(path, page.encode())
    return path
