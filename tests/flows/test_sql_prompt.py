"""The SQL prompt: answers, mistakes that do not end it, history that stays private."""

from __future__ import annotations

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from flows.commands import sql
from flows.home import Home


def type_in(home: Home, keys: str) -> None:
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        with create_app_session(input=pipe, output=DummyOutput()):
            sql._prompt(home, "csv")


@pytest.mark.parametrize("leave", ["\x04", "exit\n", "quit\n"])
def test_the_prompt_answers_until_it_is_left(
    small_home: Home, capsys: pytest.CaptureFixture[str], leave: str
) -> None:
    type_in(small_home, f"SELECT 1 AS one;\n\nSELEC 2\nSELECT 3 AS three\n{leave}")
    out, err = capsys.readouterr()
    assert out.splitlines()[1:] == ["one", "1", "three", "3"]
    assert "DuckDB refuses the query" in err


def test_tab_completes_tables_columns_and_keywords(small_home: Home) -> None:
    words = sql._words(small_home.database)
    assert {"message_recipients", "leaderboard", "sent_at", "SELECT", "DESCRIBE"} <= set(words)
    assert not any(word.startswith("duckdb_") for word in words)


def test_history_is_the_owners_only(small_home: Home) -> None:
    type_in(small_home, "SELECT 5\n\x04")
    history = small_home.work / "sql_history"
    assert "SELECT 5" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o777 == 0o600
