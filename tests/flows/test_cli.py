"""The command line: what it prints, and with which code it leaves."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import polars as pl
import pytest

from flows import state, warehouse
from flows.cli import cli, run_cli
from flows.home import Home
from tests.flows.exports_for_tests import PITCH, PROFILE, linkedin_zip, message, messages_csv
from transforms.tables import ADVICE

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("short_page")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], small_home: Home):
    def run(*arguments: str, home: Home | None = small_home) -> tuple[int, str, str]:
        where = [] if home is None else ["--home", str(home.path)]
        code = run_cli([arguments[0], *where, *arguments[1:]])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def columns(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    started = time.process_time()
    code = (
        "import sys, time; from flows.cli import run_cli; run_cli(['--help'])\n"
        "heavy = {'polars', 'duckdb', 'prefect', 'plotly', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "print(time.process_time())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert float(done.stdout.splitlines()[-1]) < 0.5
    assert time.process_time() - started < 0.5


def test_the_first_help_ends_in_an_example_on_a_line_of_its_own(call) -> None:
    code, out, _ = call("--help", home=None)
    assert code == 0
    assert [line.strip() for line in out.splitlines()][-2:] == ["Example:", "mememeter run --open"]
    assert "\\b" not in out


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_explains_itself_with_an_example_that_parses(name: str, call) -> None:
    code, out, _ = call(name, "--help", home=None)
    assert code == 0
    for option in ("--home", "--quiet", "--json"):
        assert option in out
    command = cli.commands[name]
    example = str(command.epilog).splitlines()[-1].strip()
    assert example in out
    import shlex

    words = shlex.split(example.partition(">")[0] if '"' not in example else example)
    assert words[:2] == ["mememeter", name]
    command.make_context(name, words[2:], resilient_parsing=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["run", "--nope"], "No such option '--nope'"),
        (["verdict", "jane", "great"], "'great' is not one of"),
        (["sender"], "Missing argument 'NAME'"),
        (["sender", "nobody at all"], "nobody is called 'nobody at all'"),
        (["sender", "person"], "4 people fit 'person'"),
        (["sql", "SELEC 1"], "DuckDB refuses the query"),
        (["metrics", "no_such_metric"], "there is no metric 'no_such_metric'"),
        (["sender", "person 2", "--messages", "-1"], "-1 is not in the range x>=0"),
        (["report", "--output", "no-such-folder/x.html"], "there is no folder no-such-folder"),
        (["schedule", "--print", "cron", "--timezone", "No/Where"], "'No/Where' is no time zone"),
    ],
)
def test_wrong_use_is_code_2(arguments: list[str], message: str, call) -> None:
    code, out, err = call(*arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert out == ""


def test_without_a_database_sql_says_how_to_make_one(call, home: Home) -> None:
    code, _, err = call("sql", "SELECT 1", home=home)
    assert code == 2
    assert err == (
        f"Error: there is no database at {home.database}\n\n"
        "Hint: make one with `mememeter run` first\n"
    )


def test_a_mistake_in_the_config_is_code_2(call, home: Home) -> None:
    home.config.write_text("[run]\nengin = 'plain'\n", encoding="utf-8")
    code, _, err = call("run", home=home)
    assert code == 2
    assert err.endswith("unknown key 'engin'\n\nHint: did you mean 'engine'?\n")


def test_run_prints_what_it_did_and_where_it_is(call, home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    code, out, err = call("run", "--engine", "plain", home=home)
    assert code == 0
    answer, run = out.split("\n\n")
    assert answer.splitlines()[0].startswith("Of 4 people who wrote to you, ")
    assert answer.splitlines()[1].startswith("Start with ")
    assert run.splitlines() == [
        "Published, because this is the first run.",
        "12 messages (12 new) and 0 posts (0 new) from 1 exports.",
        f"Report:   {home.latest_report}",
        f"Database: {home.database}",
    ]
    assert "Reading mine.zip …" in err
    code, out, _ = call("run", home=home)
    assert out.split("\n\n")[0] == answer
    assert out.split("\n\n")[1].startswith("Nothing new: all 1 exports were read before.")
    code, out, err = call("run", "--json", home=home)
    assert json.loads(out) == state.read_last_run(home)
    assert err == ""
    assert call("run", "--quiet", home=home) == (0, "", "")


@pytest.mark.parametrize("content", [b"<html>sign in</html>", b"PK\x03\x04 cut off", b""])
def test_an_export_that_cannot_be_read_is_code_3(call, home: Home, tmp_path, content) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    code, _, err = call("run", "--engine", "plain", str(path), home=home)
    assert code == 3
    assert "export.zip" in err
    assert "Traceback" not in err
    # The same when there is something else in the inbox, which is then read all the same.
    linkedin_zip(home.inbox / "mine.zip")
    code, out, err = call("run", "--engine", "plain", str(path), home=home)
    assert code == 3
    assert "none of the exports you named could be read" in err
    assert "12 messages" in out


def test_a_missing_export_is_code_3(call, home: Home, tmp_path: Path) -> None:
    code, _, err = call("run", str(tmp_path / "gone.zip"), home=home)
    assert code == 3
    assert "there is no such file or folder" in err


def test_a_second_run_is_code_1(call, home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    with state.only_run(home):
        code, _, err = call("run", home=home)
    assert code == 1
    assert "a run is going on" in err


def test_a_disk_that_fails_is_code_1(call, home: Home, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    linkedin_zip(home.inbox / "mine.zip")
    monkeypatch.setattr(warehouse, "write_database", full)
    code, _, err = call("run", "--engine", "plain", home=home)
    assert code == 1
    assert "No space left on device" in err
    assert "Traceback" not in err


def test_sql_as_text_csv_json_and_parquet(call) -> None:
    query = "SELECT kind, count(*) AS n FROM messages GROUP BY kind"
    assert columns(call("sql", query)[1]) == [["kind", "n"], ["dm", "12"]]
    assert call("sql", query, "--format", "csv")[1] == "kind,n\ndm,12\n"
    assert json.loads(call("sql", query, "--format", "json")[1]) == [{"kind": "dm", "n": 12}]
    assert json.loads(call("sql", query, "--json")[1]) == [{"kind": "dm", "n": 12}]


def test_sql_writes_parquet_to_a_file(small_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    with target.open("wb") as out:
        subprocess.run(
            [sys.executable, "-m", "flows.cli", "sql", "--home", str(small_home.path),
             "SELECT 1 AS one", "--format", "parquet"],
            stdout=out, check=True, cwd=ROOT,
        )  # fmt: skip
    assert pl.read_parquet(target).rows() == [(1,)]


def test_sql_reads_a_query_from_a_pipe(call, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 7 AS seven"))
    assert call("sql", "--format", "csv")[1] == "seven\n7\n"


def test_times_in_json_and_text_are_utc(call) -> None:
    query = "SELECT max(sent_at) AS last FROM messages"
    assert json.loads(call("sql", query, "--json")[1]) == [{"last": "2026-03-04 10:00:40"}]


def test_sql_warns_when_the_last_run_failed(call, home: Home, small_home: Home) -> None:
    shutil.copy(small_home.database, home.database)
    state.write_last_run(
        home,
        {
            "status": "failed",
            "started_at": "2026-01-01T00:00:00",
            "message": "disk full\n\nHint: make space",
        },
    )
    code, out, err = call("sql", "SELECT 1 AS one", home=home)
    assert (code, columns(out)) == (0, [["one"], ["1"]])
    assert err == (
        "Warning: The last run (2026-01-01T00:00) failed: disk full. "
        "What you see is from the run before.\n"
    )
    assert "failed: disk full" in call("doctor", home=home)[1]


def test_sender_shows_messages_and_how_the_points_add_up(call) -> None:
    code, out, _ = call("sender", "person 2")
    assert code == 0
    assert out.startswith("Person 2: 2 messages, 0 posts, ")
    assert "Advice: " in out
    assert f"  {PITCH}\n" in out
    values = json.loads(call("sender", "person-2", "--json")[1])
    assert values["name"] == "Person 2"
    assert len(values["messages"]) == 2


def test_the_terminal_says_what_the_first_screen_says(call, small_home: Home) -> None:
    out = call("run", "--engine", "plain")[1]
    page = html.unescape(re.sub(r"<[^>]+>", "", small_home.latest_report.read_text("utf-8")))
    for line in out.split("\n\n")[0].splitlines():
        assert line in page


def test_report_without_names_can_be_written_anywhere(
    call, small_home: Home, tmp_path: Path
) -> None:
    assert call("report", "--redact")[1] == f"Redacted report: {small_home.reports}/redacted.html\n"
    path = tmp_path / "friend.html"
    code, out, _ = call("report", "--redact", "--output", str(path), "--json")
    assert (code, json.loads(out)) == (0, {"report": str(path), "redacted": True})
    assert path.stat().st_mode & 0o077 == 0
    page = path.read_text("utf-8")
    names = warehouse.query(small_home.database, "SELECT name FROM leaderboard")["name"]
    assert names.len()
    for name in names.drop_nulls():
        assert name not in page


def test_report_is_the_page_of_the_newest_run_again(call, small_home: Home) -> None:
    before = small_home.latest_report.read_bytes()
    assert call("report")[0] == 0
    assert small_home.latest_report.read_bytes() == before


def test_actions_as_table_csv_and_json(call) -> None:
    assert columns(call("actions")[1])[0] == [
        "advice",
        "name",
        "platforms",
        "reason",
        "messages",
        "profile_url",
    ]
    rows = list(csv.DictReader(io.StringIO(call("actions", "--csv")[1])))
    assert rows
    assert {row["advice"] for row in rows} <= {*ADVICE} - {"none"}
    values = json.loads(call("actions", "--json")[1])
    assert [row["identity_id"] for row in rows] == [row["identity_id"] for row in values]


def test_metrics_lists_explains_and_helps_with_a_name(call) -> None:
    from transforms.metrics import all_metrics

    listed = columns(call("metrics")[1])
    assert len(listed) == len(all_metrics()) + 1
    metric = all_metrics()[0]
    out = call("metrics", metric.name)[1]
    assert f"Meaning       {metric.doc}" in out
    near = call("metrics", metric.name[:-1])[2]
    assert f"did you mean {metric.name}" in near


def test_metrics_explains_the_score_too_as_the_example_of_its_help_asks(call) -> None:
    code, out, _ = call("metrics", "me_score")
    assert code == 0
    assert "Column of     sender_metrics\nMeaning       " in out
    assert json.loads(call("metrics", "me_score", "--json")[1])[0]["table"]


def test_a_verdict_is_kept_and_can_be_taken_back(call, home: Home, small_home: Home) -> None:
    shutil.copy(small_home.database, home.database)
    code, out, _ = call("verdict", "person 1", "not-fine", home=home)
    assert (code, out) == (0, "Person 1: not-fine. It counts from the next run on.\n")
    assert home.verdicts.read_text(encoding="utf-8") == (
        "person,verdict,name\nlinkedin:in/person-1,not-fine,Person 1\n"
    )
    call("verdict", "person 1", "unset", home=home)
    assert home.verdicts.read_text(encoding="utf-8") == "person,verdict,name\n"


def test_doctor_accounts_for_every_row_and_stores_nothing(call, home: Home, tmp_path) -> None:
    bad = message(2, "x").replace("2026-03-03", "some day")
    path = linkedin_zip(
        tmp_path / "mine.zip",
        {"messages.csv": messages_csv(message(1, "hello"), bad), "Odd.csv": "a\n"},
    )
    code, out, _ = call("doctor", str(path), home=home)
    assert code == 0
    assert "mine.zip: LinkedIn data export, newest event 2026-03-02; not read yet" in out
    (line,) = [line for line in columns(out) if line[0] == "messages.csv"]
    assert line[1:6] == ["2", "1", "0", "1", "0"]
    assert "  rejected: messages.csv, row 2: " in out
    assert "  unknown: Odd.csv" in out
    assert "  not in it: Connections.csv: " in out
    assert list(home.manifests.iterdir()) == []
    assert not home.database.exists()
    values = json.loads(call("doctor", str(path), "--json", home=home)[1])
    (export,) = values["exports"]
    assert (export["rows_read"], export["rows_stored"], export["rows_rejected"]) == (3, 2, 1)


def test_doctor_without_exports_says_how_to_get_them(call, home: Home) -> None:
    code, out, _ = call("doctor", home=home)
    assert code == 0
    assert "LinkedIn data export: none yet." in out
    assert "How to get one: On x.com: " in out


def test_doctor_knows_what_the_store_holds(call, small_home: Home) -> None:
    out = call("doctor")[1]
    assert "mine.zip: LinkedIn data export, newest event 2026-03-04; in the store" in out
    assert "Owner: Mee Myself" in out


def test_doctor_on_something_else_is_code_3(call, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "taxes.zip"
    path.write_bytes(b"nothing of the kind")
    code, out, err = call("doctor", str(path), home=home)
    assert code == 3
    assert "taxes.zip" in out
    assert "none of the exports you named was recognised" in err


def test_a_strangers_name_cannot_command_the_terminal(call, home: Home) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07Eve"
    line = message(1, f"click \x1b[31mhere and =1+1 {evil}").replace("Person 1", evil)
    linkedin_zip(
        home.inbox / "mine.zip", {"messages.csv": messages_csv(line), "Profile.csv": PROFILE}
    )
    call("run", "--engine", "plain", home=home)
    for arguments in (
        ["sender", "person-1"],
        ["sql", "SELECT display_name FROM people"],
        ["actions"],
        ["verdict", "person-1", "fine"],
        ["sender", "e"],
    ):
        code, out, err = call(*arguments, home=home)
        assert code in {0, 2}
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


def test_a_formula_in_a_name_stays_text_in_csv(call, small_home: Home) -> None:
    out = call("sql", "SELECT '=cmd()' AS name, -1 AS n", "--format", "csv")[1]
    assert out == "name,n\n'=cmd(),-1\n"


def test_an_error_of_the_program_itself_is_not_hidden(monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(click.Group, "main", broken)
    with pytest.raises(ZeroDivisionError):
        run_cli(["metrics"])
