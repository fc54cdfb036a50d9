"""`mememeter metrics`: the catalogue, straight from the declarations."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import click
import polars as pl

from flows.commands.output import print_json, print_rows
from transforms.catalogue import describe_metric, metric_catalogue
from transforms.errors import UsageError
from transforms.metrics import all_metrics
from transforms.spec import Table
from transforms.tables import TABLES


def metrics_command(*, name: str | None, home: str | None, quiet: bool, as_json: bool) -> None:
    del home, quiet  # the catalogue is part of the program, and all output is the result
    catalogue = metric_catalogue()
    if name is None:
        if as_json:
            print_json(catalogue.to_dicts())
        else:
            print_rows(catalogue.select("grain", "name", "unit", pl.col("doc").alias("meaning")))
        return
    found = [metric for metric in all_metrics() if metric.name == name]
    columns = [] if found else [table for table in TABLES.values() if name in table.schema.names()]
    if columns:
        _print_columns(name, columns, as_json=as_json)
        return
    if not found:
        known = sorted({metric.name for metric in all_metrics()})
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        raise UsageError(
            f"there is no metric {name!r}",
            hint=f"did you mean {' or '.join(near)}?" if near else "`mememeter metrics` lists all",
        )
    if as_json:
        print_json(catalogue.filter(pl.col("name") == name).to_dicts())
        return
    for metric in found:
        for heading, text in describe_metric(metric):
            click.echo(f"{heading:<13} {text}")
        click.echo()


def _print_columns(name: str, tables: Sequence[Table], *, as_json: bool) -> None:
    """Scores and advice are no metrics but made of them; who asks for one gets its column."""
    rows = [
        {"table": table.name, "name": name, "meaning": column.comment}
        for table in tables
        for column in table.columns
        if column.name == name
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        for heading, text in (
            ("Name", name),
            ("Column of", row["table"]),
            ("Meaning", row["meaning"]),
        ):
            click.echo(f"{heading:<13} {text}")
        click.echo()
