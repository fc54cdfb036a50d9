"""Frames for `render_report`: tables → an in-memory DuckDB → every query of the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl
import pytest

from dashboards.queries import report_queries, view_queries
from tests.dashboards.synthetic import synthetic, to_tables
from transforms import ddl

Frames = dict[str, pl.DataFrame]

GENERATED_AT = dt.datetime(2025, 11, 22, 2, 0, tzinfo=dt.UTC)


@contextmanager
def database_of(tables: Mapping[str, pl.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database that holds these tables and the published views."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in tables.items():
            connection.register("incoming", table.to_arrow())
            connection.execute(f"CREATE TABLE {ddl.identifier(name)} AS SELECT * FROM incoming")
            connection.unregister("incoming")
        for view in view_queries():
            connection.execute(ddl.create_view(view))
        yield connection


def run_report_queries(tables: Mapping[str, pl.DataFrame]) -> Frames:
    """The results of every report query, by stem."""
    with database_of(tables) as connection:
        return {
            name: pl.DataFrame(pl.from_arrow(connection.sql(sql).to_arrow_table()))
            for name, sql in report_queries().items()
        }


@pytest.fixture(scope="session")
def frames() -> Frames:
    return run_report_queries(to_tables(synthetic()))


@pytest.fixture(scope="session")
def empty_frames() -> Frames:
    return run_report_queries(to_tables({}))


@pytest.fixture(scope="session")
def frames_of() -> Callable[..., Frames]:
    return lambda rows: run_report_queries(to_tables(rows))
