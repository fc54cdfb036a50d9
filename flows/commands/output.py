"""Tables and lines on a terminal, plain in a log, JSON and CSV for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dashboards.safe_text import for_terminal, for_terminal_json
from flows import state
from flows.home import Home


def warn_about_last_run(home: Home) -> None:
    """Say on standard error when what is published is older than it should be, or the sample."""
    warning = state.warning_of_last_run(home)
    if warning:
        click.echo(f"Warning: {for_terminal(warning)}", err=True)
    elif state.read_last_run(home).get("is_sample"):
        click.echo("Note: this is the bundled sample, an invented person.", err=True)


def print_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=cell_text)
    click.echo(for_terminal_json(text))


def print_rows(rows: pl.DataFrame, *, limit: int | None = None) -> None:
    """The rows as a table: drawn on a terminal, separated by tabs elsewhere."""
    shown = rows if limit is None else rows.head(limit)
    cells = [[safe_cell(value) for value in row] for row in shown.iter_rows()]
    print_table([safe_cell(name) for name in rows.columns], cells, numeric=_numeric(rows))
    if shown.height < rows.height:
        click.echo(f"… {rows.height - shown.height:,} more rows; --format csv prints all", err=True)


def _numeric(rows: pl.DataFrame) -> set[str]:
    return {safe_cell(name) for name, kind in rows.schema.items() if kind.is_numeric()}


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[str] = ()
) -> None:
    """Cells have to be safe already; on a terminal they wrap, elsewhere one line is one row."""
    if not sys.stdout.isatty():
        for line in (headings, *rows):
            click.echo("\t".join(line))
        return
    right = set(numeric)
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(
            Text(heading), justify="right" if heading in right else "left", overflow="fold"
        )
    for row in rows:
        # Text, not str: a name like [bold] is a name and no markup.
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def safe_cell(value: object) -> str:
    return for_terminal(cell_text(value))


def cell_text(value: Any) -> str:  # noqa: ANN401  any value of a database
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        value += 0.0  # no minus before a zero
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004
    if isinstance(value, pl.Series | list):
        return ", ".join(cell_text(entry) for entry in value)
    return str(value)
