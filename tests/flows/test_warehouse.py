"""The database: declared, complete or not at all, readable while it is replaced."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows import warehouse
from flows.home import Home
from flows.warehouse import WarehouseError
from transforms import ddl
from transforms.errors import DeclarationError, UsageError
from transforms.spec import Column, Table

TABLE = Table(
    name="things",
    grain="thing",
    doc="Things of all kinds.",
    key=("thing_id",),
    columns=(
        Column(name="thing_id", kind="text", doc="The thing's id."),
        Column(name="share", kind="real", low=0, high=1, null_when="unknown", doc="A share."),
        Column(name="made_at", kind="timestamp", null_when="unknown", doc="When made."),
        Column(name="names", kind="texts", null_when="unknown", doc="Its names."),
        Column(name="spans", kind="spans", null_when="unknown", doc="Its spans."),
    ),
)
OTHER = Table(
    name="others",
    grain="other",
    doc="Other things here.",
    key=("other_id",),
    columns=(Column(name="other_id", kind="text", doc="Its id."),),
)
DECLARED = {"things": TABLE, "others": OTHER}
ROWS = pl.DataFrame(
    {
        "thing_id": ["b", "a"],
        "share": [0.5, None],
        "made_at": [datetime(2026, 1, 1, 23, tzinfo=UTC), None],
        "names": [["x", "y"], None],
        "spans": [[{"rule": "r", "start": 1, "stop": 2}], None],
    }
)
VIEW = ddl.parse_view(
    "halves",
    "-- Half of each share.\n-- Grain: thing.\n-- Columns:\n--   half: A half.\n"
    "SELECT share / 2 AS half FROM things WHERE share IS NOT NULL",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def build(home: Home, rows: pl.DataFrame = ROWS) -> Path:
    path = home.work / "draft.duckdb"
    warehouse.write_database(path, {"things": rows}, [VIEW], declarations=DECLARED)
    return path


def publish(home: Home, rows: pl.DataFrame = ROWS) -> None:
    warehouse.publish(home, build(home, rows))


def test_rows_come_back_sorted_by_key_with_their_types(home: Home) -> None:
    publish(home)
    back = warehouse.query(home.database, "FROM things")
    assert back.equals(TABLE.conform(ROWS))
    assert warehouse.query(home.database, "FROM halves").rows() == [(0.25,)]


def test_a_declared_table_without_rows_is_there_and_empty(home: Home) -> None:
    publish(home)
    assert warehouse.query(home.database, "FROM others").is_empty()


def test_the_file_is_read_only_for_its_owner(home: Home) -> None:
    before = os.umask(0)
    try:
        publish(home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.database.stat().st_mode) == 0o400
    assert not list(home.path.glob("*.wal"))


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan"), float("inf")])
def test_a_row_outside_its_declaration_stops_the_build(home: Home, share: float) -> None:
    rows = ROWS.with_columns(pl.lit(share).alias("share"))
    with pytest.raises(WarehouseError, match="a row of table 'things' breaks its declaration"):
        build(home, rows)


def test_the_refusal_does_not_quote_the_row(home: Home) -> None:
    rows = ROWS.with_columns(pl.lit("secret words").alias("thing_id"), pl.lit(7.0).alias("share"))
    with pytest.raises(WarehouseError) as caught:
        build(home, rows)
    assert "secret" not in str(caught.value)


def test_a_key_that_occurs_twice_stops_the_build(home: Home) -> None:
    with pytest.raises(WarehouseError, match=r"1 rows of table 'things' have a key \(thing_id\)"):
        build(home, pl.concat([ROWS, ROWS.head(1)]))


def test_a_view_with_an_unexplained_column_stops_the_build(home: Home) -> None:
    silent = ddl.View(name="v", doc="V. Grain: g.", query="SELECT 1 AS one", columns={})
    with pytest.raises(DeclarationError, match="view 'v' does not explain its column 'one'"):
        warehouse.write_database(home.work / "d.duckdb", {}, [silent], declarations=DECLARED)


def test_readers_keep_the_old_file_and_the_next_sees_the_new(home: Home) -> None:
    publish(home)
    with warehouse.open_database(home.database) as reader:
        publish(home, ROWS.head(1))
        assert reader.execute("SELECT count(*) FROM things").fetchone() == (2,)
    # Within one process DuckDB shares an open file; other processes see the new one at once.
    assert warehouse.query(home.database, "SELECT count(*) AS n FROM things").item() == 1


def test_a_reader_in_another_process_does_not_stop_a_publish(home: Home) -> None:
    publish(home)
    code = (
        "import duckdb, sys\n"
        f"c = duckdb.connect({str(home.database)!r}, read_only=True)\n"
        "print('open', flush=True); sys.stdin.readline()\n"
        "print(c.execute('SELECT count(*) FROM things').fetchone()[0], flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "open\n"
        publish(home, ROWS.head(1))
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "2\n"
    assert warehouse.query(home.database, "SELECT count(*) AS n FROM things").item() == 1


def test_a_stray_wal_of_a_client_that_died_is_moved_aside(home: Home) -> None:
    publish(home)
    # What a client leaves that opened the file for writing and was killed.
    stray = home.path / "mememeter.duckdb.wal"
    other = home.work / "other.duckdb"
    with duckdb.connect(str(other)) as client:
        client.execute("CREATE TABLE t AS SELECT 1 AS a")
        stray.write_bytes(other.with_name("other.duckdb.wal").read_bytes())
    with pytest.raises(WarehouseError):
        warehouse.query(home.database, "FROM things")
    publish(home)
    assert warehouse.query(home.database, "SELECT count(*) AS n FROM things").item() == 2
    assert not stray.exists()
    assert stat.S_IMODE((home.work / stray.name).stat().st_mode) == 0o600


def test_a_build_that_fails_leaves_the_published_file(home: Home) -> None:
    publish(home)
    before = home.database.read_bytes()
    with pytest.raises(WarehouseError):
        publish(home, ROWS.with_columns(pl.lit(9.0).alias("share")))
    assert home.database.read_bytes() == before
    publish(home, ROWS.head(1))
    assert warehouse.query(home.database, "SELECT count(*) AS n FROM things").item() == 1


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        ("SELEC 1", "DuckDB refuses the query: Parser Error", "SHOW TABLES"),
        ("FROM nowhere", "Table with name nowhere does not exist", "SHOW TABLES"),
        ("DELETE FROM things", "read-only", "the published database is only read"),
        ("SELECT 1; SELECT 2", "the query holds 2 statements", "give exactly one"),
        ("", "the query holds 0 statements", "give exactly one"),
        ("COPY things TO '/tmp/x.csv'", "disabled", "only the database is reachable"),
        ("FROM read_csv('/etc/passwd')", "disabled", "only the database is reachable"),
        ("INSTALL httpfs", "disabled", "only the database is reachable"),
        ("SELECT INTERVAL 1 DAY AS d", "column 'd' is an interval", "cast it"),
    ],
)
def test_a_query_that_cannot_be_run_says_so(home: Home, sql: str, message: str, hint: str) -> None:
    publish(home)
    with pytest.raises(UsageError) as caught:
        warehouse.query(home.database, sql)
    assert message in caught.value.fact
    assert hint in caught.value.hint


def test_parameters_are_values_and_never_sql(home: Home) -> None:
    publish(home)
    found = warehouse.query(
        home.database, "SELECT $word AS word", {"word": "'; DROP TABLE things; --"}
    )
    assert found.item() == "'; DROP TABLE things; --"


def test_columns_of_one_name_are_numbered(home: Home) -> None:
    publish(home)
    found = warehouse.query(home.database, "SELECT 1 AS a, 2 AS a, 3 AS a")
    assert found.columns == ["a", "a_2", "a_3"]


def test_times_are_utc_whatever_the_machine_says(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    publish(home)
    day = "SELECT CAST(made_at AS DATE) AS day FROM things WHERE made_at IS NOT NULL"
    assert str(warehouse.query(home.database, day).item()) == "2026-01-01"


def test_without_a_database_the_way_to_one_is_told(home: Home) -> None:
    with pytest.raises(UsageError) as caught:
        warehouse.query(home.database, "SELECT 1")
    assert caught.value.hint == "make one with `mememeter run` first"


def test_the_file_keeps_to_a_format_that_duckdb_1_2_reads(home: Home) -> None:
    publish(home)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{home.database}' AS d (READ_ONLY)")
        tags = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'd'"
        ).fetchone()
    assert tags is not None
    assert tags[0]["storage_version"].startswith("v1.2")


def test_the_limit_on_memory_holds_and_what_is_beyond_it_is_spilled(home: Home) -> None:
    rows = ROWS.select(pl.all().repeat_by(100_000).explode()).with_columns(
        thing_id=pl.int_range(2 * 100_000).cast(pl.String)
    )
    path = home.work / "draft.duckdb"
    with pytest.raises(warehouse.WarehouseError, match="does not fit into memory") as caught:
        warehouse.write_database(path, {"things": rows}, declarations=DECLARED, memory="1MB")
    assert caught.value.hint == "raise run.memory in mememeter.toml"

    warehouse.write_database(path, {"things": rows}, declarations=DECLARED)
    ordered = "SELECT sum(n) AS n FROM (SELECT row_number() OVER (ORDER BY sha256(thing_id)) AS n FROM things)"
    whole = warehouse.run_queries(path, {"n": ordered})["n"]
    assert warehouse.run_queries(path, {"n": ordered}, "45MB")["n"].equals(whole)
    with pytest.raises(UsageError, match="Out of Memory"):
        warehouse.run_queries(path, {"n": ordered}, "1MB")
