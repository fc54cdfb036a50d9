"""What was measured one night is not measured again the next, and changes nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from flows import kept_metrics, warehouse
from flows.forget import forget, prepare
from flows.home import Home
from flows.pipeline import run_pipeline
from flows.progress import Progress
from flows.published import find_person
from tests.flows.exports_for_tests import PITCH, linkedin_zip, message, messages_csv
from transforms import measure
from transforms.tables import MESSAGE_METRICS

FIRST = [
    message(1, "Hello, good to meet you."),
    message(1, "What do you do?", second=5, sender="me"),
    message(2, PITCH),
    message(3, "Are you coming on Friday? The train leaves at nine."),
]
LATER = [*FIRST, message(3, "Yes, I am.", second=9, sender="me"), message(4, "Thanks for the map!")]

pytestmark = pytest.mark.usefixtures("short_page")


def export(path: Path, lines: list[str]) -> None:
    linkedin_zip(path, {"messages.csv": messages_csv(*lines)})


def rows(home: Home) -> pl.DataFrame:
    return warehouse.query(home.database, "FROM message_metrics ORDER BY message_id")


def files(home: Home) -> list[Path]:
    return sorted((home.work / "metrics").rglob("*.parquet"))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each call measured."""
    counted: list[int] = []
    whole = measure.message_metrics

    def counting(prepared: pl.DataFrame, *args: object) -> pl.DataFrame:
        counted.append(prepared.height)
        return whole(prepared, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(measure, "message_metrics", counting)
    return counted


def test_the_next_night_measures_the_threads_that_are_new_or_changed(
    home: Home, tmp_path: Path, measured: list[int]
) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)
    export(home.inbox / "later.zip", LATER)
    run_pipeline(home)

    assert measured == [4, 3]  # thread 3 has a second message now, thread 4 is new
    anew = Home(tmp_path / "anew").create()
    export(anew.inbox / "first.zip", FIRST)
    export(anew.inbox / "later.zip", LATER)
    run_pipeline(anew)
    assert rows(home).equals(rows(anew))


def test_other_rules_or_code_measure_everything_again(
    home: Home, measured: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)
    former = files(home)
    monkeypatch.setattr(kept_metrics, "metrics_version", lambda: "a changed lexicon")
    export(home.inbox / "later.zip", LATER)
    run_pipeline(home)

    assert measured == [4, 6]
    assert not any(path.exists() for path in former)


def test_words_of_the_users_own_measure_everything_again(home: Home, measured: list[int]) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)
    home.config.write_text('[words.en]\npitch = ["the train leaves"]\n')
    run_pipeline(home)

    assert measured == [4, 4]


def test_what_is_kept_is_the_owners_alone_and_holds_no_words(home: Home) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)

    (file,) = files(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert pl.read_parquet_schema(file) == {**MESSAGE_METRICS.schema, "inputs": pl.UInt64}
    assert b"train leaves" not in file.read_bytes()


def test_who_is_forgotten_is_in_no_kept_row(home: Home) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)
    theirs = warehouse.query(
        home.database,
        "SELECT message_id FROM messages WHERE text LIKE 'Are you coming%'",
    )["message_id"]
    forget(home, prepare(home, find_person(home.database, "Person 3")), Progress(quiet=True))

    kept = pl.concat(pl.read_parquet(file) for file in files(home))
    assert kept.height == 3
    assert not kept["message_id"].is_in(theirs.implode()).any()


def test_a_damaged_file_costs_the_measuring_and_nothing_else(
    home: Home, measured: list[int]
) -> None:
    export(home.inbox / "first.zip", FIRST)
    run_pipeline(home)
    (file,) = files(home)
    file.write_bytes(b"PAR1")
    export(home.inbox / "later.zip", LATER)
    run_pipeline(home)

    assert measured == [4, 6]
    assert pl.concat(pl.read_parquet(file) for file in files(home)).height == 6
