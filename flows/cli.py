"""The command `mememeter`: parse, call, print.

Every body imports what it needs when it is called, so that `--help` answers at once; errors
become exit codes here and nowhere else: 0 done, 1 failed, 2 wrong use, 3 nothing read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from transforms.errors import MememeterError

EXPORTS = click.argument("exports", nargs=-1, type=click.Path(path_type=Path), metavar="[EXPORT]…")


def _home(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--home",
        metavar="DIR",
        help="The home folder.  [default: $MEMEMETER_HOME, else data]",
    )(command)


def _json(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def _quiet(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--quiet", is_flag=True, help="Print nothing but errors and results.")(
        command
    )


def _command(
    name: str, example: str, arguments: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """A command with its example at the end of its help, and the options all of them take."""

    def register(function: Callable[..., Any]) -> click.Command:
        for decorate in (_json, _quiet, _home, *((arguments,) if arguments else ())):
            function = decorate(function)
        return cli.command(name, epilog=_example(example))(function)

    return register


def _example(command: str) -> str:
    # The \b keeps click from joining the lines.
    return f"\b\nExample:\n  {command}"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_example("mememeter run --open"),
)
@click.version_option(package_name="mememeter", message="%(prog)s %(version)s")
def cli() -> None:
    """Who in your inbox talks only about themselves, on what evidence, and who is good company?

    Reads the exports that LinkedIn and X give you. Everything stays on this machine.
    """


@_command("run", "mememeter run ~/Downloads/Complete_LinkedInDataExport_11-16-2026.zip --open")
@EXPORTS
@click.option("--open", "open_report", is_flag=True, help="Open the report in the browser.")
@click.option(
    "--engine",
    type=click.Choice(["prefect", "plain"]),
    help="Run as a Prefect flow or plainly.  [default: run.engine in mememeter.toml, else prefect]",
)
def run(**options: Any) -> None:  # noqa: ANN401
    """Read what is new, rebuild, publish database and report.

    Reads the inbox, the watched folders and the EXPORTs named here: zips as downloaded,
    unpacked folders or single files. With none of them, and none ever before, the bundled
    sample stands in.
    """
    from flows.commands.run import run_command

    run_command(**options)


@_command("demo", "mememeter demo --open")
@click.option("--open", "open_report", is_flag=True, help="Open the report in the browser.")
@click.option("--engine", type=click.Choice(["prefect", "plain"]), hidden=True)
def demo(**options: Any) -> None:  # noqa: ANN401
    """Run on the bundled sample, an invented person, in a home of its own."""
    from flows.commands.run import demo_command

    demo_command(**options)


@_command("doctor", "mememeter doctor ~/Downloads/twitter-2026-11-17.zip")
@EXPORTS
def doctor(**options: Any) -> None:  # noqa: ANN401
    """Say what each export and file is, what is missing, and how to fix it.

    Stores nothing. Without an EXPORT: everything in the inbox, the watched folders and the store.
    """
    from flows.commands.doctor import doctor_command

    doctor_command(**options)


@_command("report", "mememeter report --redact --output for-a-friend.html")
@click.option(
    "--redact", is_flag=True, help="Initials for names and no text: a report to show to others."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it.  [default: reports/latest.html, or redacted.html beside it]",
)
@click.option("--open", "open_report", is_flag=True, help="Open it in the browser.")
def report(**options: Any) -> None:  # noqa: ANN401
    """Write the report of the newest run again, or one without names and words."""
    from flows.commands.report import report_command

    report_command(**options)


@_command("sql", 'mememeter sql "SELECT name, advice FROM leaderboard LIMIT 10" --format csv')
@click.argument("query", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    help="How to print the result.  [default: table, with tabs in a pipe]",
)
def sql(**options: Any) -> None:  # noqa: ANN401
    """Ask the published database, read-only. Without a QUERY: a prompt."""
    from flows.commands.sql import sql_command

    sql_command(**options)


@_command("sender", 'mememeter sender "jane doe" --messages 50')
@click.argument("name")
@click.option(
    "--messages",
    "most",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Newest messages to show.",
)
def sender(**options: Any) -> None:  # noqa: ANN401
    """One person's flags, points and messages.

    NAME is a part of a name, a handle, a profile slug or an id.
    """
    from flows.commands.people import sender_command

    sender_command(**options)


@_command("actions", "mememeter actions --csv > actions.csv")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV, safe for spreadsheets.")
def actions(**options: Any) -> None:  # noqa: ANN401
    """Who to unfollow, mute, unsubscribe from, and thank."""
    from flows.commands.people import actions_command

    actions_command(**options)


@_command("verdict", 'mememeter verdict "jane doe" fine')
@click.argument("person")
@click.argument("verdict", type=click.Choice(["fine", "not-fine", "unset"]))
def verdict(**options: Any) -> None:  # noqa: ANN401
    """Your word on a person, stronger than any rule; it counts from the next run on."""
    from flows.commands.people import verdict_command

    verdict_command(**options)


@_command("forget", 'mememeter forget "jane doe"')
@click.argument("person")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def forget(**options: Any) -> None:  # noqa: ANN401
    """Take a person and their words out of everything, and keep them out of later imports.

    Names the exports that still hold them. PERSON is a part of a name, a handle or an id.
    """
    from flows.commands.forget import forget_command

    forget_command(**options)


@_command("cohort", "mememeter cohort ~/study/archives --out ~/study/pooled")
@click.argument("archives", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The cohort's own folder.  [default: cohort in the home]",
)
def cohort(**options: Any) -> None:  # noqa: ANN401
    """Analyse many people's archives and pool the metrics as Parquet, for research.

    DIR holds one entry per donor: a zip, or a folder with everything of theirs. Each is analysed
    in a home of its own; broken ones are reported and skipped, and what is done is not redone.
    The tables in pooled/ hold donor ids, keyed hashes and measurements, and no text.
    """
    from flows.commands.cohort import cohort_command

    cohort_command(**options)


@_command("schedule", 'mememeter schedule --cron "0 2 * * *" --timezone Europe/Berlin')
@click.option(
    "--cron",
    metavar="FIELDS",
    help="When: minute hour day month weekday.  [default: schedule.cron, else 0 2 * * *]",
)
@click.option(
    "--timezone",
    metavar="ZONE",
    help="Whose hours.  [default: schedule.timezone, else the machine's]",
)
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="Port of Prefect's own server.  [default: schedule.port, else 4200]",
)
@click.option(
    "--print",
    "form",
    type=click.Choice(["systemd", "cron"]),
    help="Serve nothing: print the same for systemd or cron.",
)
def schedule(**options: Any) -> None:  # noqa: ANN401
    """Run every night by itself, until this is ended.

    Nights that were missed are made up for. Serves the Prefect flow `nightly` on a server on this machine, with its UI.
    """
    from flows.commands.schedule import schedule_command

    schedule_command(**options)


@_command("metrics", "mememeter metrics me_score")
@click.argument("name", required=False)
def metrics(**options: Any) -> None:  # noqa: ANN401
    """What each metric means: unit, range, when it is null, where it comes from."""
    from flows.commands.metrics import metrics_command

    metrics_command(**options)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_cli(sys.argv[1:]))


def run_cli(arguments: list[str]) -> int:
    """Exit code of one call; what went wrong stands on standard error."""
    try:
        cli.main(arguments, prog_name="mememeter", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001  the one place where errors become codes
        return _exit_code(error)
    return 0


def _exit_code(error: BaseException) -> int:
    match error:
        case MememeterError():
            _complain(str(error))
            return error.exit_code
        case click.UsageError():
            error.show()
            return 2
        case click.exceptions.Exit():
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            _complain("interrupted")
            return 130
        case BrokenPipeError():
            # The reader of a pipe (head) has seen enough; Python would complain again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case OSError():
            # Polars appends the expression it was computing, which helps nobody here.
            fact = str(error).strip().split("\n", maxsplit=1)[0]
            _complain(f"{fact}\n\nHint: check that there is space and that it may be written")
            return 1
    raise error


def _complain(message: str) -> None:
    from dashboards.safe_text import for_terminal

    lines = [for_terminal(line) for line in message.splitlines()]
    click.echo("\n".join([f"Error: {lines[0]}", *lines[1:]]), err=True)


if __name__ == "__main__":
    main()
