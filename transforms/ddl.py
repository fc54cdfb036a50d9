"""Declarations → CREATE TABLE with CHECKs, and COMMENT ON for table, view and column.

Keys are declared here as comments and checked after loading (`duplicate_keys`), not as PRIMARY
KEY: on 1 M rows the index takes 2.4 s instead of 0.2 s and makes the file 125 MB instead of 54
(DuckDB 2.0.0, November 2026), for a file that nobody writes to again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import takewhile

from transforms.errors import DeclarationError
from transforms.spec import DUCKDB_TYPES, Column, Table


def identifier(name: str) -> str:
    """The name quoted for SQL; DuckDB reserves new words between versions (`at` in 2.0)."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL string. COMMENT ON takes no parameters, so it has to be spelled out.

    Dollar quotes, with a tag that the text does not hold.
    """
    tag = "doc"
    while f"${tag}$" in text:
        tag += "_"
    return f"${tag}${text}${tag}$"


def column_check(column: Column) -> str:
    """The condition every value meets, empty when there is none; nulls always pass a CHECK."""
    name = identifier(column.name)
    # `x >= 0` alone admits NaN and infinity, which DuckDB sorts above every number.
    parts = [f"isfinite({name})"] if column.kind == "real" else []
    if column.low is not None:
        parts.append(f"{name} >= {column.low:g}")
    if column.high is not None:
        parts.append(f"{name} <= {column.high:g}")
    if column.values:
        parts.append(f"{name} IN ({', '.join(_quoted(value) for value in column.values)})")
    return " AND ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _definition(column: Column) -> str:
    check = column_check(column)
    return "".join(
        (
            f"{identifier(column.name)} {DUCKDB_TYPES[column.kind]}",
            " NOT NULL" if column.null_when is None else "",
            f" CHECK ({check})" if check else "",
        )
    )


def create_table(table: Table) -> list[str]:
    """The statements that make the table, empty, with its constraints and comments."""
    name = identifier(table.name)
    columns = ",\n  ".join(_definition(column) for column in table.columns)
    return [
        f"CREATE TABLE {name} (\n  {columns}\n)",
        f"COMMENT ON TABLE {name} IS {literal(table_comment(table))}",
        *(
            f"COMMENT ON COLUMN {name}.{identifier(column.name)} IS {literal(column.comment)}"
            for column in table.columns
        ),
    ]


def table_comment(table: Table) -> str:
    return f"{table.comment} Key: {', '.join(table.key)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A query that users may read like a table, and what it and its own columns mean."""

    name: str
    doc: str
    query: str
    columns: Mapping[str, str]


_HEADING = re.compile(r"(Grain|Columns|Why): *(.*)")
_COLUMN = re.compile(r" {2}([a-z][a-z0-9_]*): +(.+)")


def parse_view(name: str, text: str) -> View:
    """A view from its .sql file, whose header comment documents it.

    The header says what the view holds, then `Grain:`, `Columns:` with one indented
    `column: sentence.` for each, and `Why:`. All but the last become COMMENTs.
    """
    lines = text.strip().splitlines()
    header = list(takewhile(lambda line: line.startswith("--"), lines))
    parts: dict[str, list[str]] = {"": []}
    for line in header:
        content = line.removeprefix("--").removeprefix(" ")
        heading = _HEADING.fullmatch(content)
        if heading:
            parts[heading.group(1)] = [heading.group(2)] if heading.group(2) else []
        else:
            parts[next(reversed(parts))].append(content)
    if not parts[""] or "Grain" not in parts or "Columns" not in parts:
        raise DeclarationError(
            f"the header of view {name!r} does not say what it holds, its grain and its columns",
            hint="begin its .sql file with `-- ` and a sentence, `-- Grain:` and `-- Columns:`",
        )
    grain = " ".join(line.strip() for line in parts["Grain"]).removesuffix(".")
    return View(
        name=name,
        doc=f"{' '.join(line.strip() for line in parts[''])} Grain: {grain}.",
        columns=_columns(parts["Columns"]),
        query="\n".join(lines[len(header) :]).strip().rstrip(";"),
    )


def _columns(lines: Iterable[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for line in lines:
        entry = _COLUMN.fullmatch(line)
        if entry:
            columns[entry.group(1)] = entry.group(2)
        elif columns:
            columns[next(reversed(columns))] += f" {line.strip()}"
    return columns


def in_order(views: Iterable[View]) -> list[View]:
    """The views, each after those it reads from, otherwise by name."""
    named = {view.name: view for view in views}
    reads = {
        name: sorted(set(re.findall(r"\w+", view.query)) & named.keys() - {name})
        for name, view in sorted(named.items())
    }
    return [named[name] for name in TopologicalSorter(reads).static_order()]


def create_view(view: View) -> str:
    return f"CREATE VIEW {identifier(view.name)} AS\n{view.query}"


def comment_view(view: View, columns: Iterable[str]) -> list[str]:
    """The statements that explain a view and its columns.

    Raises DeclarationError unless the header explains exactly these columns.
    """
    found = set(columns)
    for wrong, what in (
        (found - view.columns.keys(), "does not explain its column"),
        (view.columns.keys() - found, "explains a column it does not have:"),
    ):
        if wrong:
            raise DeclarationError(
                f"view {view.name!r} {what} {min(wrong)!r}",
                hint="the lines below `-- Columns:` name exactly the columns of the query",
            )
    name = identifier(view.name)
    return [
        f"COMMENT ON VIEW {name} IS {literal(view.doc)}",
        *(
            f"COMMENT ON COLUMN {name}.{identifier(column)} IS {literal(doc)}"
            for column, doc in view.columns.items()
        ),
    ]


def duplicate_keys(table: Table) -> str:
    """A query for the number of rows whose key another row has too; 0 in a sound table."""
    key = ", ".join(identifier(name) for name in table.key)
    # Both names come from declarations and are quoted.
    return f"SELECT count(*) - count(DISTINCT ({key})) FROM {identifier(table.name)}"  # noqa: S608
