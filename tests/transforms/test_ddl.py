"""Declarations become constraints that DuckDB enforces and comments that it shows."""

from __future__ import annotations

import duckdb
import pytest

from transforms import ddl
from transforms.errors import DeclarationError
from transforms.spec import DUCKDB_TYPES, Column, Table
from transforms.tables import TABLES

TABLE = Table(
    name="things",
    grain="thing",
    doc="Things that are $doc$ quoted; 'so'.",
    key=("thing_id", "kind"),
    columns=(
        Column(name="thing_id", kind="text", doc="The thing's id."),
        Column(name="kind", kind="text", values=("big", "it's"), doc="What kind."),
        Column(
            name="share", kind="real", low=0, high=1, null_when="unknown", doc="A share it has."
        ),
        Column(name="free", kind="real", null_when="unknown", doc="Any finite number."),
        Column(name="rank", kind="count", low=1, null_when="unknown", doc="Its rank."),
        Column(name="at", kind="timestamp", null_when="unknown", doc="A reserved word in SQL."),
    ),
)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        for statement in ddl.create_table(TABLE):
            connection.execute(statement)
        yield connection


def insert(connection: duckdb.DuckDBPyConnection, **values: object) -> None:
    row = {"thing_id": "a", "kind": "big"} | values
    names = ", ".join(ddl.identifier(name) for name in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO things ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize(
    "values",
    [
        {"share": -0.1},
        {"share": 1.1},
        {"share": float("nan")},
        {"free": float("inf")},
        {"free": float("nan")},
        {"rank": 0},
        {"kind": "small"},
        {"kind": None},
        {"thing_id": None},
    ],
)
def test_a_value_outside_its_declaration_is_refused(connection, values) -> None:
    with pytest.raises(duckdb.ConstraintException):
        insert(connection, **values)


@pytest.mark.parametrize(
    "values",
    [{"share": 0}, {"share": 1}, {"share": None}, {"free": -1e300}, {"rank": 1}, {"kind": "it's"}],
)
def test_a_value_inside_its_declaration_is_taken(connection, values) -> None:
    insert(connection, **values)
    assert connection.execute("SELECT count(*) FROM things").fetchone() == (1,)


def test_comments_hold_text_with_quotes_of_every_kind(connection) -> None:
    comment = connection.execute(
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'things'"
    ).fetchone()
    assert comment == ("Things that are $doc$ quoted; 'so'. Grain: thing. Key: thing_id, kind.",)


def test_duplicate_keys_counts_rows_beyond_the_first(connection) -> None:
    for kind in ("big", "big", "it's", "big"):
        insert(connection, kind=kind)
    assert connection.execute(ddl.duplicate_keys(TABLE)).fetchone() == (2,)


@pytest.mark.parametrize("name", TABLES)
def test_every_published_table_can_be_made_and_explains_every_column(name: str) -> None:
    with duckdb.connect() as connection:
        for statement in ddl.create_table(TABLES[name]):
            connection.execute(statement)
        rows = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
            "WHERE table_name = ? ORDER BY column_index",
            [name],
        ).fetchall()
    spelled = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
    types = {kind: spelled.get(duck, duck) for kind, duck in DUCKDB_TYPES.items()}
    plain = [(n, kind.replace('"', ""), null, comment) for n, kind, null, comment in rows]
    assert plain == [
        (c.name, types[c.kind], c.null_when is not None, c.comment) for c in TABLES[name].columns
    ]


VIEW = """\
-- What there is,
-- in two lines.
-- Grain: thing.
-- Columns:
--   thing_id: The thing.
--   half: Half of its share,
--     on two lines.
-- Why: because.
SELECT thing_id, share / 2 AS half FROM things;
"""


def test_a_view_is_documented_by_its_header() -> None:
    view = ddl.parse_view("halves", VIEW)
    assert view.doc == "What there is, in two lines. Grain: thing."
    assert view.columns == {"thing_id": "The thing.", "half": "Half of its share, on two lines."}
    assert view.query == "SELECT thing_id, share / 2 AS half FROM things"


def test_a_view_and_its_columns_get_their_comments(connection) -> None:
    view = ddl.parse_view("halves", VIEW)
    connection.execute(ddl.create_view(view))
    for statement in ddl.comment_view(view, ["thing_id", "half"]):
        connection.execute(statement)
    comments = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'halves'"
    ).fetchall()
    assert dict(comments) == dict(view.columns)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["thing_id", "half", "new"], "view 'halves' does not explain its column 'new'"),
        (["thing_id"], "view 'halves' explains a column it does not have: 'half'"),
    ],
)
def test_a_view_explains_exactly_its_columns(columns, message) -> None:
    with pytest.raises(DeclarationError, match=message):
        ddl.comment_view(ddl.parse_view("halves", VIEW), columns)


def test_a_view_without_a_header_is_refused() -> None:
    with pytest.raises(DeclarationError, match="the header of view 'bare' does not say"):
        ddl.parse_view("bare", "-- Only a sentence.\nSELECT 1")


def test_views_come_after_those_they_read_from() -> None:
    header = "-- V.\n-- Grain: g.\n-- Columns:\n--   a: A.\n"
    views = [
        ddl.parse_view("alpha", header + "SELECT a FROM omega"),
        ddl.parse_view("omega", header + "SELECT a FROM beta"),
        ddl.parse_view("beta", header + "SELECT 1 AS a"),
    ]
    assert [view.name for view in ddl.in_order(views)] == ["beta", "omega", "alpha"]
