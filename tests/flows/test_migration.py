"""A store and a database of another version: read, built anew or refused, and never lost."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from flows import store, warehouse
from flows.home import Home
from flows.pipeline import run_pipeline
from flows.published import ask
from tests.flows.exports_for_tests import linkedin_zip, some_messages
from transforms.errors import MememeterError, UsageError
from transforms.tables import TABLES

pytestmark = pytest.mark.usefixtures("short_page")


def test_what_an_earlier_version_stored_is_read(home: Home) -> None:
    """A partition without a column that came later, and with one that went, beside a new one."""
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    (manifest,) = store.manifests(home)
    members = []
    for member in manifest.members:
        partitions = []
        for partition in member.partitions:
            table = partition.partition("/")[0]
            frame = pl.read_parquet(home.store / partition)
            if table == "message_records":
                frame = frame.drop("folder").with_columns(pl.lit(1).alias("gone_since"))
            partitions.append(store.write_partition(home.store, table, frame))
        members.append(dataclasses.replace(member, partitions=partitions))
    store.write_manifest(home, dataclasses.replace(manifest, members=members))
    before = warehouse.query(home.database, "FROM messages")
    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(1, first=7)})
    run_pipeline(home)
    after = warehouse.query(home.database, "FROM messages")
    assert after.height == before.height + 3
    assert after.join(before, "message_id", "semi").equals(before)


def test_a_store_of_a_later_version_is_refused_and_left(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    (path,) = home.manifests.glob("*.json")
    path.write_text(
        path.read_text(encoding="utf-8").replace('"platform"', '"plane": 1, "platform"', 1),
        encoding="utf-8",
    )
    before = path.read_bytes()
    with pytest.raises(MememeterError, match="written by a later version of this program"):
        store.manifests(home)
    assert path.read_bytes() == before


def test_a_database_of_another_version_is_built_anew(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    old = {name: table for name, table in TABLES.items() if name not in {"flags", "runs"}}
    draft = home.work / "old.duckdb"
    warehouse.write_database(draft, {}, declarations=old)
    warehouse.publish(home, draft)
    with pytest.raises(UsageError, match="was published by another version of this program"):
        ask(home.database, "ranking", most=1)
    assert run_pipeline(home).status == "published"
    assert warehouse.query(home.database, "FROM messages").height == 12
    assert ask(home.database, "ranking", most=1).height == 1
