"""The bundled sample through readers, people and merging: every row accounted for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl
import pytest

from flows.warehouse import query


@pytest.fixture(scope="module")
def ask(sample_database: Path):
    return partial(query, sample_database)


def test_every_row_is_stored_duplicate_rejected_or_ignored(ask) -> None:
    lost = ask(
        "SELECT * FROM export_members WHERE rows_read "
        "<> rows_stored + rows_duplicate + rows_rejected + rows_ignored"
    )
    assert lost.is_empty(), lost


def test_what_the_manifest_declares_was_read(ask) -> None:
    declared = ask(
        "SELECT * FROM export_members WHERE handling = 'read' AND rows_declared IS NOT NULL"
    )
    assert declared.height >= 8
    assert declared.filter(pl.col("rows_declared") != pl.col("rows_read")).is_empty()


def test_the_earlier_export_adds_to_the_later_and_nothing_is_told_twice(ask) -> None:
    exports = ask("SELECT file_name, rows_duplicate FROM exports WHERE platform = 'linkedin'")
    assert exports["rows_duplicate"].sum() > 1000
    twice = ask(
        "SELECT conversation_id, sent_at, sender_id, text FROM messages "
        "GROUP BY ALL HAVING count(*) > 1"
    )
    assert twice.height <= 2, twice  # true repeats only


def test_the_owner_is_one_identity_on_both_platforms(ask) -> None:
    owners = ask("SELECT platform, identity_id FROM people WHERE is_owner ORDER BY platform")
    assert owners["platform"].to_list() == ["linkedin", "x"]
    assert owners["identity_id"].n_unique() == 1
