"""Forgetting somebody: searched for in every file that is left."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from base64 import b64decode
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows import forgotten, store, warehouse
from flows.cli import run_cli
from flows.home import Home
from flows.pipeline import run_pipeline
from flows.published import find_person
from flows.word import read_verdicts, set_verdict
from tests.flows.exports_for_tests import PITCH, linkedin_zip, message, messages_csv
from transforms.errors import MememeterError, UsageError

# Nobody else has these: words, name and address of the one who goes.
NAME = "Zebulon Quux"
SLUG = "zebulon-quux-1847"
WORDS = "flibbertigibbet synergies"
TRACES = (NAME, SLUG, "flibbertigibbet", "Zebulon")


def renamed(line: str, thread: int) -> str:
    return line.replace(f"Person {thread}", NAME).replace(f"person-{thread}", SLUG)


def export(path: Path, *more: str) -> Path:
    lines = [
        message(1, "Hello, good to meet you."),
        message(1, f"Have you talked to {NAME}? linkedin.com/in/{SLUG}", second=5, sender="me"),
        renamed(message(2, f"{WORDS}. {PITCH}"), 2),
        renamed(message(2, "No, thank you.", second=9, sender="me"), 2),
        *more,
    ]
    connections = (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        f"Zebulon,Quux,https://www.linkedin.com/in/{SLUG},,Acme,CEO,01 Mar 2026\n"
        "Person,1,https://www.linkedin.com/in/person-1,,Acme,CTO,02 Mar 2026\n"
    )
    bad = renamed(message(2, "x"), 2).replace("2026-03-03", "some day")
    return linkedin_zip(
        path, {"messages.csv": messages_csv(*lines, bad), "Connections.csv": connections}
    )


@pytest.fixture
def known(home: Home) -> Home:
    export(home.inbox / "mine.zip")
    run_pipeline(home)
    return home


def contents(home: Home):
    """(file, readable text) of everything in the home but the exports themselves."""
    for path in sorted(home.path.rglob("*")):
        if path.is_dir() or path.parent == home.inbox:
            continue
        raw = path.read_bytes()
        yield path, raw.decode("latin-1")
        if path.suffix == ".parquet":
            yield path, str(pl.read_parquet(path).to_dicts())
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as database:
                for (table,) in database.execute(
                    "SELECT table_name FROM duckdb_tables()"
                ).fetchall():
                    yield path, str(database.execute(f'FROM "{table}"').fetchall())
        elif path.suffix == ".html":
            for chunk in raw.decode().split('"'):
                if len(chunk) > 200:
                    # What is no packed part of the page is text that was searched already.
                    with contextlib.suppress(ValueError, zlib.error):
                        yield path, zlib.decompress(b64decode(chunk), wbits=47).decode()


def traces(home: Home) -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(home.path)), trace)
        for path, text in contents(home)
        for trace in TRACES
        if trace.lower() in text.lower()
    ]


def forget(home: Home) -> None:
    assert run_cli(["forget", SLUG, "--yes", "--json", "--home", str(home.path)]) == 0


def test_nothing_of_them_is_left_anywhere(known: Home, capsys: pytest.CaptureFixture[str]) -> None:
    history = known.work / "sql_history"
    history.write_text(f"SELECT '{NAME}'", encoding="utf-8")
    prefect = known.work / "prefect"
    prefect.mkdir()
    with sqlite3.connect(prefect / "prefect.db") as database:
        database.execute("CREATE TABLE artifact (data TEXT)")
        database.executemany(
            "INSERT INTO artifact VALUES (?)", [(f"{NAME} {n}",) for n in range(99)]
        )
    database.close()
    set_verdict(known, f"linkedin:in/{SLUG}", NAME, "not-fine")
    before = traces(known)
    # The search finds what is there: in the store, the database, the report and the notes.
    assert {name.partition("/")[0].partition(".")[0] for name, _ in before} >= {
        "store", "mememeter", "reports", "", "verdicts",
    }  # fmt: skip
    forget(known)
    told = json.loads(capsys.readouterr().out)
    assert traces(known) == []
    assert told["exports_that_still_hold_them"] == [str(known.inbox / "mine.zip")]
    assert told["messages"] == 1
    # The others' words stay, without the name, and every row is accounted for.
    texts = warehouse.query(known.database, "SELECT text FROM messages ORDER BY sent_at")["text"]
    assert texts.to_list() == [
        "Hello, good to meet you.", "Have you talked to [forgotten]? linkedin.com/in/[forgotten]",
    ]  # fmt: skip
    sums = warehouse.query(known.database, "FROM reconciliation").row(0, named=True)
    assert (sums["rows_unaccounted"], sums["rows_ignored"]) == (0, 3)
    assert read_verdicts(known) == {}
    assert known.forgotten.stat().st_mode & 0o777 == 0o600
    assert known.forgotten_key.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("short_page")
def test_a_later_export_does_not_bring_them_back(known: Home) -> None:
    forget(known)
    hidden = message(2, f"{WORDS} again", second=30).replace("Person 2", "LinkedIn Member")
    hidden = hidden.replace("https://www.linkedin.com/in/person-2", "")
    moved = message(8, f"{WORDS} from my new profile").replace("Person 8", NAME)
    export(known.inbox / "newer.zip", hidden, moved, message(5, "I am new here."))
    outcome = run_pipeline(known)
    assert outcome.exports_new == ["newer.zip"]
    assert traces(known) == []
    people = warehouse.query(known.database, "SELECT display_name FROM people")["display_name"]
    assert sorted(people.drop_nulls()) == ["Mee Myself", "Person 1", "Person 5"]


@pytest.mark.usefixtures("short_page")
def test_a_run_that_broke_off_is_finished_by_the_next(
    known: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(warehouse, "write_database", full)
        assert run_cli(["forget", SLUG, "--yes", "--home", str(known.path)]) == 1
    assert traces(known)
    run_pipeline(known)
    assert traces(known) == []


@pytest.mark.usefixtures("short_page")
def test_who_asks_is_asked_back(known: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["forget", SLUG, "--home", str(known.path)]) == 2
    assert "Hint: say --yes if you are sure" in capsys.readouterr().err
    assert run_cli(["forget", "Mee Myself", "--yes", "--home", str(known.path)]) == 2
    assert "is the owner of these exports" in capsys.readouterr().err
    assert not known.forgotten.exists()


@pytest.mark.usefixtures("short_page")
def test_a_namesake_stays(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    export(home.inbox / "mine.zip", message(6, "I am another one.").replace("Person 6", NAME))
    run_pipeline(home)
    forget(home)
    assert json.loads(capsys.readouterr().out)["names_of_others_too"] == [NAME]
    assert find_person(home.database, NAME).key == "linkedin:in/person-6"
    with pytest.raises(UsageError, match="nobody is called"):
        find_person(home.database, SLUG)


@pytest.mark.usefixtures("short_page")
def test_without_its_key_the_table_is_refused(known: Home) -> None:
    forget(known)
    known.forgotten_key.unlink()
    with pytest.raises(
        MememeterError, match=r"forgotten\.csv names people to keep out, but its key"
    ):
        forgotten.load_forgotten(known)
    known.forgotten.write_text("kind,hash\nname,x\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2 is none of this program's making"):
        forgotten.load_forgotten(known)


@pytest.mark.usefixtures("short_page")
def test_the_store_is_rewritten_once(known: Home) -> None:
    forget(known)
    before = {path: path.stat().st_mtime_ns for path in known.store.rglob("*.parquet")}
    export(known.inbox / "newer.zip", message(5, "I am new here."))
    run_pipeline(known)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())
    assert len(store.manifests(known)) == 2
