"""What leaves a home for the pool: derived from the declarations, and never a word."""

from __future__ import annotations

import polars as pl
import pytest

from transforms import tables
from transforms.cohort import DONORS, POOLED, codebook, keyed

FREE_TEXT = {
    column.name
    for table in tables.TABLES.values()
    for column in table.columns
    if column.kind in {"text", "texts", "spans"}
    and not column.values
    and not column.name.endswith("_id")
} - {"behaviour", "language"}


@pytest.mark.parametrize("table", POOLED.values(), ids=POOLED)
def test_no_free_text_and_no_moment_leaves(table: object) -> None:
    assert isinstance(table, type(DONORS))
    versions = {"sources", "program_version", "metrics_version", "reference_version"}
    for column in table.columns:
        if table is not DONORS or column.name not in versions:
            assert column.name not in FREE_TEXT
        assert column.kind not in {"timestamp", "texts", "spans"}
    assert table.key[0] == "donor_id"


def test_every_measurement_of_a_source_is_pooled() -> None:
    for name in ("sender_metrics", "sender_blocks", "conversation_metrics", "message_metrics"):
        source = tables.TABLES[name]
        numbers = {c.name for c in source.columns if c.kind in {"count", "integer", "real"}}
        assert numbers <= {c.name for c in POOLED[name].columns}


def test_an_id_is_hashed_with_the_key_and_apart_where_it_is_only_a_name() -> None:
    ids = pl.DataFrame({"id": ["p_1", None, "p_2"]})
    one, other = (ids.select(keyed("id", key))["id"].to_list() for key in ("k", "l"))
    assert one[1] is None
    assert one[0] != other[0]
    assert one[0].startswith("p_")
    assert one[0] != "p_1"
    scoped = ids.select(keyed("id", "k", pl.lit("d_1")))["id"].to_list()
    assert scoped[0] != one[0]


def test_the_codebook_describes_every_column() -> None:
    book = codebook()
    assert book.height == sum(len(table.columns) for table in POOLED.values())
    assert book["meaning"].str.len_chars().min() > 0  # type: ignore[operator]
