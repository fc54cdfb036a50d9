"""`mememeter sql`: one query, or a prompt."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import polars as pl

from dashboards.safe_text import for_terminal, to_csv
from flows import warehouse
from flows.commands.output import cell_text, print_json, print_rows, warn_about_last_run
from flows.home import FILE_MODE, Home, make_folder
from flows.settings import find_home
from transforms.errors import UsageError

_ROWS_SHOWN = 1_000


def sql_command(
    *, query: str | None, form: str | None, home: str | None, quiet: bool, as_json: bool
) -> None:
    chosen = find_home(home)
    form = form or ("json" if as_json else "table")
    if not quiet:
        warn_about_last_run(chosen)
    if query is not None:
        _print(warehouse.query(chosen.database, query), form)
        return
    if not sys.stdin.isatty():
        _print(warehouse.query(chosen.database, sys.stdin.read()), form)
        return
    _prompt(chosen, form)


def _print(rows: pl.DataFrame, form: str) -> None:
    if form == "csv":
        # In a file every character is what it is; on a terminal none may be obeyed.
        lines = to_csv(rows).split("\n")
        is_seen = sys.stdout.isatty()
        click.echo("\n".join(map(for_terminal, lines) if is_seen else lines), nl=False)
    elif form == "json":
        print_json(rows.to_dicts())
    elif form == "parquet":
        _print_parquet(rows)
    else:
        print_rows(rows, limit=_ROWS_SHOWN)


def _print_parquet(rows: pl.DataFrame) -> None:
    if sys.stdout.isatty():
        raise UsageError(
            "Parquet is no text and would only upset the terminal",
            hint='write it to a file: mememeter sql "…" --format parquet > result.parquet',
        )
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    sys.stdout.buffer.write(buffer.getvalue())


def _prompt(home: Home, form: str) -> None:
    from prompt_toolkit import PromptSession  # noqa: PLC0415  only a prompt needs it
    from prompt_toolkit.completion import WordCompleter  # noqa: PLC0415
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415

    history = make_folder(home.work) / "sql_history"
    history.touch(mode=FILE_MODE)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=WordCompleter(_words(home.database), ignore_case=True),
        complete_while_typing=False,
    )
    click.echo("One statement per line, Tab completes, Ctrl-D leaves. Try: SHOW TABLES")
    while True:
        try:
            text = session.prompt("sql> ").strip().rstrip(";")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.lower() in {"exit", "quit", ".exit", ".quit"}:
            return
        if text:
            answer(home.database, text, form)


def answer(database: Path, text: str, form: str) -> None:
    """The result of one line of the prompt, or what is wrong with it."""
    try:
        # Opened anew each time: a run may have published in between.
        _print(warehouse.query(database, text), form)
    except UsageError as error:
        click.echo("\n".join(for_terminal(line) for line in str(error).splitlines()), err=True)


def _words(database: Path) -> list[str]:
    names = warehouse.query(
        database,
        "SELECT table_name AS name FROM duckdb_columns() WHERE NOT internal "
        "UNION SELECT column_name FROM duckdb_columns() WHERE NOT internal ORDER BY 1",
    )
    words = "SELECT FROM WHERE GROUP BY ORDER LIMIT JOIN USING DESCRIBE SHOW TABLES WITH AS DESC"
    return [*words.split(), *(cell_text(name) for name in names["name"])]
