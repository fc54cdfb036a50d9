"""Hostile words through the whole pipeline: stored as they were said, obeyed by nothing."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows import warehouse
from flows.cli import run_cli
from flows.home import Home
from flows.pipeline import run_pipeline
from tests.reliability import strangers
from tests.reliability.strangers import WORDS, Sent

OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Known:
    home: Home
    linkedin: list[Sent]
    x: list[Sent]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    home = Home(tmp_path_factory.mktemp("strangers") / "home").create()
    known = Known(
        home,
        strangers.linkedin(home.inbox / "linkedin.zip"),
        strangers.x_archive(home.inbox / "x.zip"),
    )
    run_pipeline(home)
    return known


def texts(home: Home, query: str) -> list[str]:
    return warehouse.query(home.database, query).to_series().to_list()


@pytest.mark.parametrize("platform", ["linkedin", "x"])
def test_a_text_is_in_the_database_as_it_was_said(known: Known, platform: str) -> None:
    said = [sent.text for sent in getattr(known, platform)]
    query = f"SELECT text FROM messages WHERE platform = '{platform}'"
    assert sorted(texts(known.home, query)) == sorted(said)
    if platform == "x":
        assert sorted(texts(known.home, "SELECT text FROM posts")) == sorted(said)


def test_names_are_as_they_were_but_for_blanks_around_them(known: Known) -> None:
    found = set(texts(known.home, "SELECT display_name FROM people WHERE platform = 'linkedin'"))
    assert {str(sent.name).strip() for sent in known.linkedin} <= found


def test_what_was_mended_is_counted_and_every_row_is_accounted_for(known: Known) -> None:
    repairs = texts(
        known.home, "SELECT repairs FROM export_members WHERE repairs IS NOT NULL ORDER BY member"
    )
    assert repairs == ["half of an emoji replaced: 3"] * 2
    sums = warehouse.query(known.home.database, "FROM reconciliation")
    assert sums["rows_unaccounted"].to_list() == [0, 0]
    assert sums["rows_stored"].sum() == sums["rows_read"].sum()


COMMANDS = (
    ("doctor",), ("doctor", "--json"), ("actions",), ("actions", "--json"),
    ("sender", "stranger-3"), ("sender", "stranger-3", "--json"), ("sender", "w"), ("sender", "<script>"),
    ("verdict", "stranger-4", "fine"), ("sql", "FROM people"), ("sql", "FROM rejects"),
    ("sql", "SELECT text, [text] FROM messages"), ("sql", "FROM messages", "--format", "json"),
    ("sql", "PIVOT (SELECT left(text, 40) AS t FROM messages) ON t USING count(*)"),
    ("sql", "SELECT '\x1b[31m"), ("forget", "stranger-5"), ("report", "--redact"), ("metrics", "\x1b[31m"),
    ("run", "--engine", "plain"), ("run", "--engine", "plain", "--json"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_prints_what_a_terminal_obeys(
    known: Known, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_cli([command[0], "--home", str(known.home.path), *command[1:]])
    out, err = capsys.readouterr()
    assert code in {0, 2}
    assert "Traceback" not in err
    allowed = "\n\t\u200c\u200d"
    obeyed = {c for c in out + err if unicodedata.category(c) in OBEYED and c not in allowed}
    assert obeyed == set()


def test_json_says_the_same_all_the_same(known: Known, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT text FROM messages WHERE platform = 'linkedin'"
    run_cli(["sql", "--home", str(known.home.path), query, "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    assert sorted(row["text"] for row in rows) == sorted(WORDS)


def test_no_cell_of_a_csv_begins_like_a_formula(
    known: Known, capsys: pytest.CaptureFixture[str]
) -> None:
    for table in ("messages", "people", "posts", "rejects", "leaderboard"):
        run_cli(["sql", "--home", str(known.home.path), f"FROM {table}", "--format", "csv"])
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
        csv.field_size_limit(1 << 24)
        cells = [cell for row in rows for cell in row.values() if not _is_number(cell)]
        assert not [c for c in cells if c.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "").replace("e-", "").isdigit()


def test_nothing_was_executed(known: Known) -> None:
    assert not Path("/tmp/owned").exists()
    tables = texts(known.home, "SELECT table_name FROM duckdb_tables()")
    assert {"people", "messages"} <= set(tables)
