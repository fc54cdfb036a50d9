"""`mememeter run` and `mememeter demo`."""

from __future__ import annotations

import dataclasses
import json
import shlex
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import click

from dashboards.safe_text import for_terminal
from flows import state
from flows.home import Home, private_files
from flows.job import PUBLISHED, Outcome
from flows.progress import Progress, tell
from flows.session import nothing_new
from flows.settings import find_home, load_settings
from flows.summary import digest_markdown, summary_lines
from transforms.errors import NothingReadError


def run_command(
    *,
    exports: tuple[Path, ...],
    home: str | None,
    engine: str | None,
    open_report: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    _run(find_home(home), exports, engine, open_report=open_report, quiet=quiet, as_json=as_json)


def demo_command(
    *, home: str | None, engine: str | None, open_report: bool, quiet: bool, as_json: bool
) -> None:
    # A home with nothing of its own takes the sample; there it can never meet real data.
    demo = Home(find_home(home).work / "demo")
    _run(demo, (), engine, open_report=open_report, quiet=quiet, as_json=as_json)
    if not (quiet or as_json):
        click.echo(
            f'Ask it:   mememeter sql --home {shlex.quote(str(demo.path))} "FROM leaderboard"'
        )


def _run(
    home: Home,
    exports: Sequence[Path],
    engine: str | None,
    *,
    open_report: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    outcome = nothing_new(home, exports)
    if outcome is None:
        outcome = run_engine(
            home,
            exports,
            engine or load_settings(home).run.engine,
            Progress(quiet=quiet or as_json),
        )
    if as_json:
        # In ASCII: names of files and people are in it, and a terminal may be looking.
        click.echo(json.dumps(dataclasses.asdict(outcome), indent=1))
    elif not quiet:
        from flows.published import answer_lines, digest_lines  # noqa: PLC0415  Polars, for those who read it

        database = Path(outcome.database)
        news = digest_lines(database) if outcome.status == PUBLISHED else []
        told = [*answer_lines(database), "", *summary_lines(outcome), *digest_markdown(news)]
        for line in told:
            click.echo("\n".join(for_terminal(part) for part in line.splitlines()))
        click.echo(f"Report:   {outcome.report}")
        click.echo(f"Database: {outcome.database}")
    if open_report:
        webbrowser.open(Path(outcome.report).as_uri())
    _check_named(exports, outcome)


def run_engine(home: Home, exports: Sequence[Path], engine: str, progress: Progress) -> Outcome:
    """One run, as a Prefect flow or plainly.

    Both are imported only when there is something to do: the steps take 1 s, Prefect 2.
    """
    if engine == "plain":
        from flows.pipeline import run_pipeline  # noqa: PLC0415

        return run_pipeline(home, exports, progress=progress)
    progress.stage("Starting the engine (some seconds)")
    with private_files(), state.only_run(home, state.ENGINE_LOCK):
        from flows.engine import configure_prefect  # noqa: PLC0415

        configure_prefect(home)  # before Prefect is imported: it reads its surroundings then
        from flows.server import server_of_run  # noqa: PLC0415

        with server_of_run(home, load_settings(home).run) as wait:
            from flows.nightly import nightly  # noqa: PLC0415  while its server starts
            from flows.warm import warm_up  # noqa: PLC0415

            warm_up()
            wait()
            tell(progress)
            outcome = nightly(str(home.path), [str(path.absolute()) for path in exports])
    assert isinstance(outcome, Outcome)  # only a scheduled run ends otherwise
    return outcome


def _check_named(exports: Sequence[Path], outcome: Outcome) -> None:
    """Exports somebody named are either read, or an error, whatever else the run did."""
    refused = {problem["export"]: problem for problem in outcome.problems if not problem["member"]}
    named = [path.name for path in exports]
    if named and all(name in refused for name in named):
        listed = "\n".join(f"- {refused[name]['message']}" for name in named)
        raise NothingReadError(
            f"none of the exports you named could be read:\n{listed}",
            hint="`mememeter doctor` says what each file is and how to get a complete export",
        )
