"""The reference is generated, complete and current."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from transforms import catalogue
from transforms.errors import DeclarationError
from transforms.metrics import all_metrics
from transforms.spec import Column, Metric
from transforms.tables import METRIC_CATALOGUE, TABLES

README = Path(__file__).parents[2] / "README.md"

METRIC = Metric(
    name="loudness",
    label="Loudness",
    unit="share",
    grain="message",
    doc="Capital letters | all letters, <b>bold</b>.",
    source="definition",
    low=0,
    high=1,
    null_when="there are no letters",
    expr=pl.col("capitals") / pl.col("letters"),
)


def test_the_catalogue_has_one_row_per_metric() -> None:
    frame = catalogue.metric_catalogue()
    assert frame.height == len(all_metrics())
    assert frame.schema == METRIC_CATALOGUE.schema


def test_a_metric_keeps_its_facts_in_the_catalogue() -> None:
    row = catalogue.metric_catalogue([METRIC]).row(0, named=True)
    assert row == {
        "name": "loudness",
        "label": "Loudness",
        "unit": "share",
        "low": 0.0,
        "high": 1.0,
        "grain": "message",
        "null_when": "there are no letters",
        "doc": METRIC.doc,
        "source": "definition",
    }


def test_describe_metric_reads_from_name_to_source() -> None:
    assert catalogue.describe_metric(METRIC) == [
        ("Name", "loudness"),
        ("Label", "Loudness"),
        ("Measured per", "message"),
        ("Meaning", METRIC.doc),
        ("Unit", "share"),
        ("Range", "0 to 1"),
        ("Null", "when there are no letters"),
        ("Source", "definition"),
    ]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column(name="a", kind="real", low=0, doc="A number."), "0 and up"),
        (Column(name="a", kind="real", high=2, doc="A number."), "up to 2"),
        (Column(name="a", kind="real", low=-1, high=1, doc="A number."), "-1 to 1"),
        (Column(name="a", kind="boolean", doc="A yes."), "yes, no"),
        (Column(name="a", kind="text", doc="A text."), "any"),
        (Column(name="a", kind="text", values=("x", "y"), doc="A text."), "x, y"),
    ],
)
def test_value_range_in_words(column: Column, words: str) -> None:
    assert catalogue.value_range(column) == words


def test_the_reference_names_every_table_column_and_metric() -> None:
    text = catalogue.reference()
    for table in TABLES.values():
        assert f"<code>{table.name}</code>" in text
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} |" in text
    for metric in all_metrics():
        assert f"| `{metric.name}` |" in text


def test_cells_cannot_break_out_of_the_markdown_table() -> None:
    line = catalogue._markdown_table(("a",), [("x | y <script>",)])[-1]
    assert line == "| x \\| y &lt;script> |"


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    document = f"before\n{catalogue.BEGIN}\nold\n{catalogue.END}\nafter\n"
    renewed = catalogue.with_reference(document, "new\n")
    assert renewed == f"before\n{catalogue.BEGIN}\nnew\n{catalogue.END}\nafter\n"
    assert catalogue.with_reference(renewed, "new\n") == renewed
    assert catalogue.is_current(renewed, "new")
    assert not catalogue.is_current(document, "new")


@pytest.mark.parametrize(
    "document",
    [
        "nothing",
        catalogue.BEGIN,
        catalogue.END + catalogue.BEGIN,
        (catalogue.BEGIN + catalogue.END) * 2,
    ],
)
def test_a_document_without_its_markers_is_refused(document: str) -> None:
    with pytest.raises(DeclarationError, match="once each"):
        catalogue.with_reference(document, "new")
