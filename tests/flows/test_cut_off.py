"""A run that is cut off right after it published: its news are told by the next one, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from benchmarks.reliability.programs import WRITES_LATER, program
from flows import state, warehouse
from flows.home import Home
from flows.job import NOTHING_NEW
from flows.pipeline import run_pipeline
from flows.published import digest_lines
from flows.word import set_verdict
from tests.flows.exports_for_tests import PITCH, linkedin_zip, message, messages_csv

pytestmark = pytest.mark.usefixtures("short_page")

CutOff = Callable[[object, str], None]


@pytest.fixture
def cut_off(home: Home, monkeypatch: pytest.MonkeyPatch) -> CutOff:
    """A run that ends without a word where it would call something."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    def run(owner: object, name: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, killed)
            patch.setattr("flows.session._note_failure", killed)
            with pytest.raises(KeyboardInterrupt):
                run_pipeline(home)

    return run


def says(path: Path, thread: int, text: str) -> None:
    linkedin_zip(path, {"messages.csv": messages_csv(message(thread, text, second=thread))})


def changes(home: Home) -> list[tuple]:
    found = warehouse.query(home.database, "FROM advice_changes ORDER BY identity_id")
    return found.select("advice_before", "advice", "cause").rows()


@pytest.mark.parametrize("where", ["note_published", "note_run"])
def test_what_it_changed_is_told_by_the_next_run(home: Home, cut_off: CutOff, where: str) -> None:
    says(home.inbox / "1.zip", 1, "Hello there.")
    run_pipeline(home)
    says(home.inbox / "2.zip", 1, PITCH)
    cut_off(state, where)
    run_pipeline(home)
    assert changes(home) == [("none", "mute", "new messages")]
    assert "New on the list: Person 1 (mute)." in digest_lines(home.database)


def test_it_is_told_with_what_came_after(home: Home, cut_off: CutOff) -> None:
    says(home.inbox / "1.zip", 1, "Hello there.")
    run_pipeline(home)
    says(home.inbox / "2.zip", 1, PITCH)
    cut_off(state, "note_published")
    cut_off(state, "note_published")
    says(home.inbox / "3.zip", 2, PITCH)
    run_pipeline(home)
    assert changes(home) == [("none", "mute", "new messages"), (None, "mute", "new messages")]
    set_verdict(home, "linkedin:in/person-1", "Person 1", "fine")
    run_pipeline(home)
    assert changes(home) == [("mute", "none", "your word")]


def test_whoever_is_where_they_were_is_no_news(home: Home, cut_off: CutOff) -> None:
    says(home.inbox / "1.zip", 1, PITCH)
    run_pipeline(home)
    set_verdict(home, "linkedin:in/person-1", "Person 1", "fine")
    cut_off(state, "note_published")
    set_verdict(home, "linkedin:in/person-1", "Person 1", None)
    run_pipeline(home)
    assert changes(home) == []


def test_a_run_that_had_only_to_say_so_counts_as_published(home: Home, cut_off: CutOff) -> None:
    says(home.inbox / "1.zip", 1, "Hello there.")
    cut_off(state, "note_run")
    assert run_pipeline(home).status == NOTHING_NEW
    noted = pl.DataFrame(state.noted_runs(home))
    assert noted.select("status", "messages_new").rows() == [("published", 1)]


def test_an_export_that_a_killed_run_read_is_new(home: Home, cut_off: CutOff) -> None:
    says(home.inbox / "1.zip", 1, "Hello there.")
    run_pipeline(home)
    says(home.inbox / "2.zip", 5, PITCH)
    cut_off(warehouse, "write_database")
    run_pipeline(home)
    news = warehouse.query(home.database, "SELECT name, messages_new FROM new_since_last_run")
    assert news.rows() == [("Person 5", 1)]


def test_what_changed_is_told_while_a_client_holds_the_file_for_writing(home: Home) -> None:
    says(home.inbox / "1.zip", 1, "Hello there.")
    run_pipeline(home)
    says(home.inbox / "2.zip", 1, PITCH)
    home.database.chmod(0o600)
    with program(WRITES_LATER, home.database) as client:
        assert client.stdout
        assert client.stdout.readline() == "open\n"
        run_pipeline(home)
        client.communicate("\n")
    assert changes(home) == [("none", "mute", "new messages")]
    assert not list(home.work.glob("draft.*"))
