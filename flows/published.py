"""What the command line and Prefect show of the published database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.answer import answer
from dashboards.digest import digest
from dashboards.queries import report_queries, terminal_queries
from flows import warehouse
from transforms.errors import UsageError


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a word on the command line means; `key` is what verdicts.csv calls them."""

    identity_id: str
    name: str
    key: str


def ask(database: Path, query: str, **parameters: Any) -> pl.DataFrame:  # noqa: ANN401
    """The rows of one of the terminal's queries.

    Raises UsageError when another version of this program published the database.
    """
    try:
        return warehouse.query(database, terminal_queries()[query], parameters)
    except warehouse.UnknownNameError as error:
        raise UsageError(
            f"{database} was published by another version of this program ({error.missing})",
            hint="`mememeter run` builds it anew from the store; nothing is lost",
        ) from None


def answer_lines(database: Path) -> list[str]:
    """The answer of the report's first screen, a line for each sentence."""
    overview = warehouse.query(database, report_queries()["overview"], {}).row(0, named=True)
    advised = dict(ask(database, "advised").iter_rows())
    first = ask(database, "first").to_dicts()
    return answer(overview, advised, first[0] if first else None).lines()


def digest_lines(database: Path) -> list[str]:
    """What the newest run changed, a line for each kind of news; none after a first run."""
    wanted = ("runs", "changes", "list_changes")
    return digest(warehouse.run_queries(database, {n: report_queries()[n] for n in wanted}))


def find_person(database: Path, word: str) -> Person:
    """The one person a word means. Raises UsageError when nobody, or several people, fit."""
    found = ask(database, "find_people", word=word)
    exact = found.filter("is_exact")
    fitting = exact if exact.height else found
    if fitting.height == 1:
        row = fitting.row(0, named=True)
        return Person(row["identity_id"], row["name"], row["person"])
    if fitting.is_empty():
        raise UsageError(
            f"nobody is called {word!r}",
            hint="a part of a name, a handle or an id will do: "
            """mememeter sql "SELECT name, identity_id FROM leaderboard" """.strip(),
        )
    listed = "\n".join(
        f"- {row['name']} ({', '.join(row['platforms'])}, {row['messages']} messages): "
        f"{row['identity_id']}"
        for row in fitting.head(10).iter_rows(named=True)
    )
    raise UsageError(
        f"{fitting.height} people fit {word!r}:\n{listed}", hint="use the id behind one of them"
    )
