"""What holds for every declaration, however many there will be."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.errors import DeclarationError
from transforms.metrics import all_metrics, metrics_of
from transforms.records import RECORD_TABLES
from transforms.spec import Column, Metric, Table
from transforms.tables import TABLES

METRICS = all_metrics()
COLUMNS = [
    pytest.param(column, id=f"{table.name}.{column.name}")
    for table in (*TABLES.values(), *RECORD_TABLES.values())
    for column in table.columns
]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_says_what_it_means_and_when_it_is_null(column: Column) -> None:
    assert column.comment.startswith(column.doc)
    assert "Never null." in column.comment or "Null when " in column.comment


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: f"{m.grain}.{m.name}")
def test_every_metric_is_bounded_explained_and_sourced(metric: Metric) -> None:
    assert metric.label
    assert metric.source
    if metric.kind in {"real", "count", "integer"}:
        assert metric.low is not None or metric.unit in {"points", "score"}
    if metric.unit in {"share", "probability"}:
        assert (metric.low, metric.high) == (0, 1)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: f"{m.grain}.{m.name}")
def test_every_metric_is_tested_by_its_name(metric: Metric, test_sources: str) -> None:
    """The worked example of a metric names it: a metric nobody tests is a metric nobody checked."""
    assert f'"{metric.name}"' in test_sources or f"{metric.name}=" in test_sources


def test_metrics_come_after_what_they_read() -> None:
    for grain in ("message", "conversation", "sender"):
        order = [metric.name for metric in metrics_of(grain)]
        for position, metric in enumerate(metrics_of(grain)):
            later = set(order[position + 1 :])
            assert not metric.inputs & later, metric.name


def test_the_contract_has_all_its_tables() -> None:
    promised = {
        "runs", "exports", "export_members", "rejects", "people", "person_aliases", "connections",
        "conversations", "messages", "message_recipients", "interactions", "posts",
        "message_metrics", "post_metrics", "conversation_metrics", "sender_metrics",
        "sender_blocks", "sender_weekly", "sender_monthly", "flags", "templates",
        "template_members", "clusters", "metric_catalogue", "advice_changes", "own_words", "thresholds",
    }  # fmt: skip
    assert promised == set(TABLES)


def column(**changes: object) -> Column:
    return Column(**{"name": "x", "kind": "real", "doc": "A fine column."} | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: column(name="X-1"), "not lower_snake_case"),
        (lambda: column(doc="x"), "no sentence that explains it"),
        (lambda: column(low=2, high=1), "low 2 above high 1"),
        (lambda: column(kind="text", low=0), "cannot have bounds"),
        (lambda: column(kind="float"), "unknown kind 'float'"),
        (lambda: column(unit="furlongs"), "unknown unit 'furlongs'"),
        (lambda: column(values=("a",)), "lists values but is real"),
        (
            lambda: Table(name="t", grain="g", doc="A table.", key=("y",), columns=(column(),)),
            "key column 'y' that it does not declare",
        ),
        (
            lambda: Table(
                name="t", grain="g", doc="A table.", key=("x",), columns=(column(null_when="never"),)
            ),
            "key column 'x' that may be null",
        ),
        (
            lambda: Table(
                name="t", grain="g", doc="A table.", key=("x",), columns=(column(), column())
            ),
            "declares x more than once",
        ),
        (
            lambda: Metric(
                name="m", label="M", unit="", grain="message", doc="A metric.", source="definition"
            ),
            "exactly one of expr and compute",
        ),
        (
            lambda: Metric(
                name="m", label="M", unit="", grain="message", doc="A metric.", source="",
                expr=pl.col("x"),
            ),
            "names no source",
        ),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_with_the_way_out(make: object, says: str) -> None:
    with pytest.raises(DeclarationError, match=says) as refused:
        make()  # type: ignore[operator]
    assert "Hint: " in str(refused.value)


def test_conform_refuses_what_is_not_declared_and_fills_what_may_be_absent() -> None:
    table = Table(
        name="t", grain="g", doc="A table.", key=("x",),
        columns=(column(kind="integer"), column(name="y", null_when="unknown")),
    )  # fmt: skip
    frame = table.conform(pl.DataFrame({"x": [2, 1]}))
    assert frame.rows() == [(1, None), (2, None)]
    with pytest.raises(DeclarationError, match=r"does not declare \['z'\]"):
        table.conform(pl.DataFrame({"x": [1], "z": [1]}))
    with pytest.raises(DeclarationError, match=r"lacks columns it promises \['x'\]"):
        table.conform(pl.DataFrame({"y": [1.0]}))
