"""Declarations → the metric_catalogue table and the reference pages of the documentation.

Nothing about a table or a metric is written down twice: the README holds what `reference()`
returns, between two markers, and a test fails when it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from transforms.errors import DeclarationError
from transforms.metrics import all_metrics
from transforms.spec import Column, Metric, Table
from transforms.tables import METRIC_CATALOGUE, TABLES

BEGIN = "<!-- reference:begin -->"
END = "<!-- reference:end -->"

_WITHOUT_UNIT = {"boolean": "yes or no", "text": "label", "texts": "labels", "spans": "passages"}


def metric_catalogue(metrics: Iterable[Metric] | None = None) -> pl.DataFrame:
    """The metric_catalogue table: one row per metric, of this program unless others are given."""
    chosen = all_metrics() if metrics is None else tuple(metrics)
    rows = [
        {name: getattr(metric, name) for name in METRIC_CATALOGUE.schema.names()}
        for metric in chosen
    ]
    return METRIC_CATALOGUE.conform(pl.DataFrame(rows, schema=METRIC_CATALOGUE.schema))


def describe_metric(metric: Metric) -> list[tuple[str, str]]:
    """What one metric is, as (heading, text) pairs in reading order."""
    return [
        ("Name", metric.name),
        ("Label", metric.label),
        ("Measured per", metric.grain),
        ("Meaning", metric.doc),
        ("Unit", metric.unit or _WITHOUT_UNIT.get(metric.kind, "none")),
        ("Range", value_range(metric.column)),
        ("Null", _null_rule(metric.null_when)),
        ("Source", metric.source),
    ]


def value_range(column: Column) -> str:
    """Bounds or list of values in words, "any" where there is neither."""
    if column.values:
        return ", ".join(column.values)
    if column.low is None and column.high is None:
        return "yes, no" if column.kind == "boolean" else "any"
    if column.high is None:
        return f"{column.low:g} and up"
    if column.low is None:
        return f"up to {column.high:g}"
    return f"{column.low:g} to {column.high:g}"


def _null_rule(null_when: str | None) -> str:
    return "never" if null_when is None else f"when {null_when}"


def reference(tables: Mapping[str, Table] = TABLES) -> str:
    """Every table and every metric as Markdown, the same bytes for the same declarations."""
    parts = ["### Tables", ""]
    parts += _markdown_table(
        ("table", "one row per", "what it holds"),
        [(f"`{t.name}`", t.grain, t.doc) for t in tables.values()],
    )
    for table in tables.values():
        parts += ["", f"<details><summary><code>{table.name}</code></summary>", ""]
        parts += [f"{table.comment} Key: {', '.join(f'`{name}`' for name in table.key)}.", ""]
        parts += _markdown_table(
            ("column", "type", "meaning, unit, range, null rule"),
            [(f"`{c.name}`", c.kind, c.comment) for c in table.columns],
        )
        parts += ["", "</details>"]
    parts += ["", "### Metrics"]
    for grain in ("message", "conversation", "sender"):
        found = [metric for metric in all_metrics() if metric.grain == grain]
        parts += ["", f"**Per {grain}**", ""]
        parts += _markdown_table(
            ("metric", "meaning", "unit", "range", "null", "source"),
            [
                (
                    f"`{m.name}`",
                    m.doc,
                    m.unit,
                    value_range(m.column),
                    _null_rule(m.null_when),
                    m.source,
                )
                for m in sorted(found, key=lambda metric: metric.name)
            ],
        )
    return "\n".join(parts) + "\n"


def _markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        # A bar would end the cell; `<` would begin a tag.
        safe = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
        return f"| {' | '.join(safe)} |"

    return [line(headings), f"|{'---|' * len(headings)}", *(line(row) for row in rows)]


def with_between(document: str, text: str, begin: str, end: str) -> str:
    """The document with everything between the two markers replaced by the text.

    Raises DeclarationError when a marker is missing, twice there, or in the wrong order.
    """
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed or document.count(begin) != 1 or document.count(end) != 1:
        raise DeclarationError(
            f"the document does not hold {begin} and then {end}, once each",
            hint="put both markers back, each on a line of its own",
        )
    return f"{before}{begin}\n{text.strip()}\n{end}{after}"


def with_reference(document: str, text: str) -> str:
    """`with_between` the markers of the reference."""
    return with_between(document, text, BEGIN, END)


def is_current(document: str, text: str) -> bool:
    """Whether the document already holds exactly this text between its markers."""
    return with_reference(document, text) == document
