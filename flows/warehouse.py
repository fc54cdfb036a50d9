"""Tables → the published DuckDB file. The only file that imports duckdb.

A database is written closed and checkpointed under `.work/` and then put in place by one
rename: clients that hold the old file keep it, the next one sees the new one, and a run that
fails changes nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from flows.home import FILE_MODE, PUBLISHED_MODE, Home, make_folder, sync_folder
from transforms import ddl
from transforms.errors import MememeterError, UsageError
from transforms.spec import Table
from transforms.tables import TABLES

# DuckDB 1.x cannot open what 2.0 writes by default, and users' tools are older than ours.
STORAGE_VERSION = "v1.2.0"

# Every other extension is a download, and nothing here may need or cause one.
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


_MORE_MEMORY = "raise run.memory in mememeter.toml"


class WarehouseError(MememeterError):
    """The tables could not be written, or the published file could not be read."""


class UnknownNameError(UsageError):
    """A query names a table or column that this database does not have."""

    def __init__(self, fact: str, *, hint: str, missing: str) -> None:
        self.missing = missing
        super().__init__(fact, hint=hint)


def write_database(
    path: Path,
    tables: Mapping[str, pl.DataFrame],
    views: Sequence[ddl.View] = (),
    *,
    declarations: Mapping[str, Table] = TABLES,
    memory: str = "",
    on_table: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a new database file: every declared table, its rows, and the views, commented.

    A declared table that `tables` lacks stays empty. `memory` is a limit such as "2GB"; what does
    not fit is spilled beside the file. Raises WarehouseError when a row breaks
    a CHECK or a key occurs twice; the message names the rule and no value.
    """
    path.unlink(missing_ok=True)
    connection = duckdb.connect(config=_OFFLINE | _within(memory, path))
    try:
        connection.execute("SET TimeZone = 'UTC'")
        # ATTACH takes no parameters.
        connection.execute(
            f"ATTACH {_quoted(str(path))} AS published (STORAGE_VERSION '{STORAGE_VERSION}')"
        )
        connection.execute("USE published")
        _declare(connection, declarations.values())
        for name, table in declarations.items():
            on_table(name)
            if name in tables:
                _insert(connection, table, tables[name])
        _add_views(connection, views)
        connection.execute("CHECKPOINT published")
        connection.execute("USE memory")
        connection.execute("DETACH published")
    except duckdb.OutOfMemoryException as error:
        raise WarehouseError(
            f"the database does not fit into memory: {_first_line(error)}", hint=_MORE_MEMORY
        ) from None
    finally:
        connection.close()
    path.chmod(FILE_MODE)


def _within(memory: str, path: Path) -> dict[str, str]:
    """The limit, where there is one, and where to spill what is beyond it."""
    spill = {"temp_directory": str(path.with_suffix(".spill"))}
    return spill | ({"memory_limit": memory} if memory else {})


def _declare(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    # One transaction: a commit per COMMENT would sync the disk some hundred times.
    connection.execute("BEGIN")
    for table in tables:
        for statement in ddl.create_table(table):
            connection.execute(statement)
    connection.execute("COMMIT")


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, frame: pl.DataFrame) -> None:
    columns = ", ".join(ddl.identifier(name) for name in table.schema)
    connection.register("incoming", table.conform(frame).to_arrow())
    try:
        connection.execute(
            f"INSERT INTO {ddl.identifier(table.name)} ({columns}) "  # noqa: S608  declared names
            f"SELECT {columns} FROM incoming"
        )
    except duckdb.ConstraintException as error:
        # DuckDB's message may quote the row, and rows hold what people wrote.
        rule = re.search(r"constraint failed(?: on table \w+ with expression)?:? *(.*)", str(error))
        raise WarehouseError(
            f"a row of table {table.name!r} breaks its declaration: "
            f"{rule.group(1) if rule else type(error).__name__}",
            hint="a metric or a merge is out of its declared range; please report this",
        ) from None
    finally:
        connection.unregister("incoming")
    # All of it: DuckDB 2 refuses further work beside a result that is not read to its end.
    doubled = connection.execute(ddl.duplicate_keys(table)).fetchall()
    if doubled[0][0]:
        raise WarehouseError(
            f"{doubled[0][0]} rows of table {table.name!r} have a key "
            f"({', '.join(table.key)}) that another row has too",
            hint="a merge let a duplicate through; please report this",
        )


def _add_views(connection: duckdb.DuckDBPyConnection, views: Iterable[ddl.View]) -> None:
    connection.execute("BEGIN")
    for view in ddl.in_order(views):
        connection.execute(ddl.create_view(view))
        columns = connection.execute(
            "SELECT column_name FROM duckdb_columns() "
            "WHERE database_name = 'published' AND table_name = ?",
            [view.name],
        ).fetchall()
        for statement in ddl.comment_view(view, [name for (name,) in columns]):
            connection.execute(statement)
    connection.execute("COMMIT")


def publish(home: Home, database: Path) -> None:
    """Put a finished database file in the place of the published one, at once and for good."""
    database.chmod(PUBLISHED_MODE)
    # A client that opened the file for writing and died leaves a log that belongs to the old
    # file; beside the new one it would make that unreadable.
    stray = home.database.with_name(f"{home.database.name}.wal")
    if stray.exists():
        moved = stray.replace(make_folder(home.work) / stray.name)
        moved.chmod(FILE_MODE)  # that client's own umask made it
    database.replace(home.database)
    sync_folder(home.path)


@contextmanager
def open_database(path: Path, memory: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, in UTC, that reaches nothing but this file."""
    if not path.exists():
        raise UsageError(
            f"there is no database at {path}", hint="make one with `mememeter run` first"
        )
    try:
        limited = _within(memory, path) if memory else {}
        connection = duckdb.connect(str(path), read_only=True, config=_OFFLINE | limited)
    except duckdb.IOException as error:
        raise WarehouseError(
            f"{path} cannot be opened: {_first_line(error)}",
            hint="a program may hold it open for writing; close it, or `mememeter run` again",
        ) from None
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


@contextmanager
def openable(home: Home) -> Iterator[Path]:
    """The published database, or a copy of it while a client holds it open for writing."""
    copy = None
    with suppress(UsageError):  # there is none
        try:
            with open_database(home.database):
                pass
        except WarehouseError:
            copy = home.work / "draft.held.duckdb"
            shutil.copyfile(home.database, copy)
    try:
        yield copy or home.database
    finally:
        if copy:
            copy.unlink()


def query(path: Path, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """The rows of one read-only statement on the published database.

    Raises UsageError with DuckDB's own words when the statement is wrong.
    """
    with open_database(path) as connection:
        return run_query(connection, sql, parameters)


def run_query(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """The rows of one statement on an open connection; columns of one name are numbered."""
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1:
            raise UsageError(
                f"the query holds {len(statements)} statements", hint="give exactly one"
            )
        relation = connection.sql(sql, params=dict(parameters or {}))
        if relation is None:
            return pl.DataFrame()
        rows = relation.to_arrow_table()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise UnknownNameError(
            f"DuckDB refuses the query: {error}",
            hint=_sql_hint(error),
            missing=_first_line(error).partition(": ")[2],
        ) from None
    except duckdb.Error as error:
        raise UsageError(f"DuckDB refuses the query: {error}", hint=_sql_hint(error)) from None
    return _to_frame(rows)


def _sql_hint(error: duckdb.Error) -> str:
    message = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return _MORE_MEMORY
    if "read-only" in message:
        return "the published database is only read; every run writes it anew"
    if "disabled by configuration" in message or "Permission" in type(error).__name__:
        return "only the database is reachable here; use --format to save a result"
    return 'tables and views: mememeter sql "SHOW TABLES"; columns: mememeter sql "DESCRIBE people"'


def _to_frame(rows: pa.Table) -> pl.DataFrame:
    names: list[str] = []
    for name in rows.column_names:
        count = sum(1 for earlier in names if earlier == name or earlier.startswith(f"{name}_"))
        names.append(f"{name}_{count + 1}" if name in names else name)
    intervals = [field.name for field in rows.schema if pa.types.is_interval(field.type)]
    if intervals:
        raise UsageError(
            f"column {intervals[0]!r} is an interval, which has no common form outside DuckDB",
            hint="cast it: (…)::VARCHAR, or take date_diff('hour', …, …)",
        )
    return pl.DataFrame(pl.from_arrow(rows.rename_columns(names)))


def run_queries(
    path: Path, queries: Mapping[str, str], memory: str = ""
) -> dict[str, pl.DataFrame]:
    """The result of every query on the database, by the query's name."""
    with open_database(path, memory) as connection:
        return {name: run_query(connection, sql) for name, sql in sorted(queries.items())}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
