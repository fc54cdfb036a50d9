"""Whole runs without the engine: what is new, what fails, and what stays as it was."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows import discovery, state, steps, warehouse
from flows.home import Home
from flows.job import NOTHING_NEW, PUBLISHED, RUNNING, StepError
from flows.pipeline import PLAIN, run_pipeline
from flows.published import digest_lines
from flows.session import nothing_new
from flows.settings import load_settings
from flows.warehouse import WarehouseError
from flows.word import set_verdict
from tests.flows.exports_for_tests import PITCH, linkedin_zip, message, messages_csv, some_messages
from transforms.errors import ExportError, NothingReadError, UsageError
from transforms.text.lexicon import LANGUAGES

pytestmark = pytest.mark.usefixtures("short_page")


def count(home: Home, table: str) -> int:
    return int(warehouse.query(home.database, f"SELECT count(*) AS n FROM {table}").item())


def published(home: Home) -> tuple[bytes, bytes]:
    return home.database.read_bytes(), home.latest_report.read_bytes()


def test_a_run_publishes_database_report_and_how_it_ended(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    assert count(home, "messages") == 12
    assert count(home, "exports") == 1
    assert home.latest_report.read_text(encoding="utf-8").startswith("<!doctype html>")
    last = state.read_last_run(home)
    assert (last["status"], last["changes"]) == (PUBLISHED, ["first run"])
    assert (last["messages"], last["messages_new"]) == (12, 12)
    assert last["exports_new"] == ["mine.zip"]
    assert not last["is_sample"]
    assert stat.S_IMODE(home.database.stat().st_mode) == 0o400


def test_everything_in_the_home_is_the_owners_only(small_home: Home) -> None:
    for path in small_home.path.rglob("*"):
        if path.name not in {"mememeter.duckdb", "mine.zip"}:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_run_is_a_row_of_runs(small_home: Home) -> None:
    row = warehouse.query(small_home.database, "FROM runs").row(0, named=True)
    assert (row["status"], row["messages_new"], row["message"]) == (PUBLISHED, 12, None)
    assert row["started_at"] <= row["finished_at"]


def test_nothing_new_publishes_nothing(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    assert nothing_new(home) is None
    run_pipeline(home)
    before = published(home)
    stamps = [path.stat().st_mtime_ns for path in (home.database, home.latest_report)]
    for outcome in (nothing_new(home), run_pipeline(home)):
        assert outcome is not None
        assert (outcome.status, outcome.exports_known) == (NOTHING_NEW, 1)
    assert published(home) == before
    assert [p.stat().st_mtime_ns for p in (home.database, home.latest_report)] == stamps
    assert state.read_last_run(home)["status"] == NOTHING_NEW
    assert len(state.noted_runs(home)) == 1


def test_own_words_reach_the_database_at_the_next_run(home: Home) -> None:
    linkedin_zip(
        home.inbox / "mine.zip",
        {
            "messages.csv": messages_csv(
                message(1, "You and all of us are at the Glimmerfest soon.")
            )
        },
    )
    run_pipeline(home)
    row = "SELECT is_pitch, spans, (SELECT own_version FROM runs ORDER BY started_at DESC LIMIT 1) AS own FROM message_metrics"
    assert warehouse.query(home.database, row).row(0) == (False, [], None)
    assert count(home, "own_words") == 0
    home.config.write_text('[words.any]\npitch = ["glimmerfest"]\n', encoding="utf-8")
    assert run_pipeline(home).changes == ["config"]
    is_pitch, spans, own = warehouse.query(home.database, row).row(0)
    assert (is_pitch, own) == (True, state.own_version(load_settings(home).own))
    assert spans == [{"rule": "own.pitch", "start": 29, "stop": 40}]
    assert count(home, "own_words") == len(LANGUAGES)
    home.config.write_text("[thresholds]\nunfollow_score = 50\n", encoding="utf-8")
    assert run_pipeline(home).changes == ["config"]
    assert warehouse.query(home.database, row).row(0)[0] is False
    changed = "SELECT name, value FROM thresholds WHERE value != default_value"
    assert warehouse.query(home.database, changed).rows() == [("unfollow_score", 50.0)]


def test_what_is_new_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)

    def next_changes() -> list[str]:
        assert nothing_new(home) is None
        return run_pipeline(home).changes

    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(6)})
    assert next_changes() == ["exports"]
    set_verdict(home, "linkedin:in/person-1", "Person 1", "fine")
    assert next_changes() == ["verdicts"]
    home.config.write_text("[run]\nreports_kept = 5\n", encoding="utf-8")
    assert next_changes() == ["config"]
    home.latest_report.unlink()
    assert next_changes() == ["published files"]
    monkeypatch.setattr(state, "code_version", lambda: "another")
    assert next_changes() == ["code"]
    assert nothing_new(home) is not None


def test_a_second_export_adds_what_is_new_in_it(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(6)})
    outcome = run_pipeline(home)
    assert (outcome.messages, outcome.messages_new) == (18, 6)
    rows = warehouse.query(
        home.database, "SELECT file_name, rows_stored, rows_duplicate FROM exports ORDER BY 1"
    ).rows()
    assert rows == [("mine.zip", 13, 0), ("more.zip", 6, 13)]


def test_the_same_content_under_another_name_is_not_read_again(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    (home.inbox / "copy.zip").write_bytes((home.inbox / "mine.zip").read_bytes())
    assert run_pipeline(home).status == NOTHING_NEW
    assert nothing_new(home) is not None


def test_exports_may_be_deleted_once_they_are_read(home: Home) -> None:
    path = linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    path.unlink()
    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(2, first=7)})
    assert run_pipeline(home).messages == 18


def test_dot_work_may_be_deleted_at_any_time(home: Home) -> None:
    import shutil

    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    first = warehouse.query(home.database, "FROM message_metrics")
    shutil.rmtree(home.work)
    assert run_pipeline(home).changes == ["first run"]
    assert warehouse.query(home.database, "FROM message_metrics").equals(first)


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    contents = []
    for order in (("a.zip", "b.zip"), ("b.zip", "a.zip")):
        home = Home(tmp_path / order[0]).create()
        for name in order:
            threads = 3 if name == "a.zip" else 6
            linkedin_zip(home.inbox / name, {"messages.csv": some_messages(threads)})
            run_pipeline(home)
        contents.append(
            {
                table: warehouse.query(home.database, f"FROM {table}")
                for table in ("messages", "people", "message_metrics", "sender_metrics", "flags")
            }
        )
    assert all(contents[0][table].equals(contents[1][table]) for table in contents[0])


def test_one_bad_export_does_not_stop_the_rest(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    (home.inbox / "cut.zip").write_bytes((home.inbox / "mine.zip").read_bytes()[:200])
    outcome = run_pipeline(home)
    assert (outcome.status, outcome.exports_new) == (PUBLISHED, ["mine.zip"])
    (problem,) = outcome.problems
    assert problem["export"] == "cut.zip"
    page = home.latest_report.read_text(encoding="utf-8")
    assert "warnings: 1 ['cut.zip: the zip file is cut off" in page
    assert "cut off or damaged" in problem["message"]
    # It is not tried again every night, but it is still told.
    again = nothing_new(home)
    assert again is not None
    assert again.problems == [problem]


@pytest.mark.parametrize("error", [ValueError, pl.exceptions.PanicException])
def test_an_export_that_breaks_the_reader_does_not_stop_the_rest(
    home: Home, error: type[BaseException]
) -> None:
    linkedin_zip(home.inbox / "bad.zip", {"messages.csv": some_messages(1)})
    linkedin_zip(home.inbox / "mine.zip")

    def ingest(job, found):
        if found.name == "bad.zip":
            raise error("secret words")
        return steps.ingest(job, found)

    guarded = steps.step(ingest)
    outcome = run_pipeline(home, run=dataclasses.replace(PLAIN, ingest=guarded))
    assert outcome.exports_new == ["mine.zip"]
    assert "secret" not in json.dumps(outcome.problems)
    assert error.__name__ in outcome.problems[0]["message"]


@pytest.mark.parametrize("name", ["build", "draft", "publish"])
def test_a_run_that_fails_leaves_yesterdays_result(home: Home, name: str) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    before = published(home)
    linkedin_zip(home.inbox / "more.zip", {"messages.csv": some_messages(6)})

    def fail(job, *_):
        raise pl.exceptions.ComputeError("could not read 'secret words'")

    failing = dataclasses.replace(PLAIN, **{name: steps.step(fail)})
    with pytest.raises(StepError) as caught:
        run_pipeline(home, run=failing)
    assert "secret" not in str(caught.value)
    assert "secret words" in (home.work / "failure.txt").read_text(encoding="utf-8")
    assert published(home) == before
    last = state.read_last_run(home)
    assert last["status"] == "failed"
    assert last["message"] == str(caught.value)
    assert "failed" in (state.warning_of_last_run(home) or "")
    # The next run makes up for it, and the failure is part of the record.
    assert run_pipeline(home).status == PUBLISHED
    assert state.warning_of_last_run(home) is None
    statuses = warehouse.query(home.database, "SELECT status FROM runs ORDER BY started_at")
    assert statuses["status"].to_list() == ["published", "failed", "published"]


def test_a_crash_between_the_two_renames_is_mended_by_the_next_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    linkedin_zip(home.inbox / "mine.zip")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(state, "note_published", killed)
        patch.setattr("flows.session._note_failure", killed)
        with pytest.raises(KeyboardInterrupt):
            run_pipeline(home)
    assert state.read_last_run(home)["status"] == RUNNING
    assert "interrupted" in (state.warning_of_last_run(home) or "")
    assert nothing_new(home) is None
    run_pipeline(home)
    statuses = warehouse.query(home.database, "SELECT status FROM runs ORDER BY started_at")
    assert statuses["status"].to_list() == ["interrupted", "published"]


def test_a_failure_is_told_to_the_users_command(home: Home, tmp_path: Path) -> None:
    told = tmp_path / "told"
    home.config.write_text(f"[run]\non_failure = ['tee', '{told}']\n", encoding="utf-8")
    (home.inbox / "cut.zip").write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(NothingReadError):
        run_pipeline(home)
    assert "nothing could be read" in told.read_text(encoding="utf-8")


def test_a_mistake_in_the_config_is_a_failed_run(home: Home) -> None:
    home.config.write_text("[ownr]\n", encoding="utf-8")
    with pytest.raises(UsageError):
        run_pipeline(home)
    assert "unknown section 'ownr'" in state.read_last_run(home)["message"]


def test_a_second_run_says_so_and_ends(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    with state.only_run(home), pytest.raises(state.AlreadyRunningError) as caught:
        run_pipeline(home)
    assert "a run is going on in" in caught.value.fact
    assert state.read_last_run(home) == {}
    assert run_pipeline(home).status == PUBLISHED


def test_nothing_readable_at_all_is_an_error_of_its_own(home: Home) -> None:
    (home.inbox / "notes.zip").write_bytes(b"<html>sign in</html>")
    with pytest.raises(NothingReadError) as caught:
        run_pipeline(home)
    assert caught.value.exit_code == 3
    assert "notes.zip" in caught.value.fact
    assert "a web page was saved instead" in caught.value.fact


def test_old_reports_are_thrown_away(home: Home) -> None:
    home.config.write_text("[run]\nreports_kept = 2\n", encoding="utf-8")
    for year in (2020, 2021, 2022):
        (home.reports / f"{year}-01-01_000000.html").write_text("old", encoding="utf-8")
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    dated = sorted(path.name[:4] for path in home.reports.glob("2*.html"))
    assert dated[0] == "2022"
    assert len(dated) == 2
    assert home.latest_report.exists()


@pytest.mark.parametrize(
    ("limit", "fact"),
    [
        (
            "member_bytes = 1000",
            "more than the limit of 1,000 (limits.member_bytes in mememeter.toml)",
        ),
        ("total_bytes = 1000", "the export holds more than the limit of 1,000 bytes"),
        ("members = 1", "it holds 2 files, more than the limit of 1\n\nHint: raise limits.members"),
        ("ratio = 10", "it says it inflates to more than 10 times its packed size"),
    ],
)
def test_the_limits_of_the_config_hold(home: Home, limit: str, fact: str) -> None:
    big = some_messages(2_000) + "\n" * 2_000_000
    with zipfile.ZipFile(home.inbox / "big.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("messages.csv", big)
        packed.writestr("Profile.csv", "First Name,Last Name\nMee,Myself\n")
    home.config.write_text(f"[limits]\n{limit}\n", encoding="utf-8")
    settings = load_settings(home)
    (found,), _ = discovery.find_all(home, settings)
    try:
        read = discovery.read_export(
            home, found, settings, now=state.now(), on_rows=lambda *_: None
        )
        told = [member.reason for member in read.members] if read else []
    except ExportError as error:
        told = [str(error)]
    assert any(fact in (text or "") for text in told), told


def rested(path: Path, seconds: int = 60) -> Path:
    """The file as if nothing had written to it for a while."""
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


def test_a_report_of_a_day_when_the_clock_was_wrong_is_thrown_away_too(home: Home) -> None:
    home.config.write_text("[run]\nreports_kept = 1\n", encoding="utf-8")
    for year in (1970, 2099):
        (home.reports / f"{year}-01-01_000000.html").write_text("old", encoding="utf-8")
    linkedin_zip(home.inbox / "mine.zip")
    run_pipeline(home)
    (dated,) = (path.name for path in home.reports.glob("[0-9]*.html"))
    assert dated[:4] not in {"1970", "2099"}


def test_watched_folders_are_read_and_left_alone(home: Home, tmp_path: Path) -> None:
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    path = rested(linkedin_zip(downloads / "Basic_LinkedInDataExport_01-01-2026.zip"))
    (downloads / "taxes.zip").write_bytes(b"mine")
    home.config.write_text(
        f"[watch]\npatterns = ['{downloads}/*LinkedInDataExport*.zip']\n", encoding="utf-8"
    )
    outcome = run_pipeline(home)
    assert outcome.exports_new == [path.name]
    assert outcome.problems == []
    assert path.exists()


@pytest.mark.parametrize("partner", [None, ".part", ".crdownload"])
def test_a_file_still_being_written_is_left_for_next_time(
    home: Home, tmp_path: Path, partner: str | None
) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    path = linkedin_zip(tmp_path / "Complete.zip", {"messages.csv": some_messages(6)})
    home.config.write_text(f"[watch]\npatterns = ['{tmp_path}/*.zip']\n", encoding="utf-8")
    if partner:
        rested(path)
        other = path.with_name(path.name + partner)
        other.write_bytes(b"PK")
    outcome = run_pipeline(home)
    assert outcome.exports_new == ["mine.zip"]
    (problem,) = outcome.problems
    assert (
        "it is still being written and was left for the next run\n\nHint: wait"
        in problem["message"]
    )
    rested(other, 4000) if partner else rested(
        path
    )  # a download that died hours ago blocks nothing
    outcome = run_pipeline(home)
    assert (outcome.exports_new, outcome.problems) == (["Complete.zip"], [])


def test_what_changes_while_it_is_read_is_left_for_next_time(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    folder = home.inbox / "copied"
    folder.mkdir()
    (folder / "messages.csv").write_text(some_messages(6), encoding="utf-8")
    read_members = discovery.read_members

    def while_copying(opened, source):
        yield from read_members(opened, source)
        if opened.name == "copied":
            with (folder / "messages.csv").open("a", encoding="utf-8") as file:
                file.write(message(7, "the rest of the file"))

    with monkeypatch.context() as patch:
        patch.setattr(discovery, "read_members", while_copying)
        outcome = run_pipeline(home)
    assert "still being written" in outcome.problems[0]["message"]
    assert count(home, "exports") == 1
    outcome = run_pipeline(home)
    assert (outcome.exports_new, outcome.problems) == (["copied"], [])
    assert count(home, "messages") == 19


def test_what_is_no_export_in_a_watched_folder_is_nobodys_concern(
    home: Home, tmp_path: Path
) -> None:
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    with zipfile.ZipFile(downloads / "holiday.zip", "w") as other:
        other.writestr("beach.jpg", b"sand")
    (downloads / "budget.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    path = linkedin_zip(downloads / "export.zip")
    for file in downloads.iterdir():
        rested(file)
    home.config.write_text(f"[watch]\npatterns = ['{downloads}']\n", encoding="utf-8")
    outcome = run_pipeline(home)
    assert (outcome.exports_new, outcome.problems) == ([path.name], [])
    again = nothing_new(home)
    assert again is not None
    assert again.problems == []


def test_the_sample_stands_in_until_there_is_something_else(home: Home) -> None:
    outcome = run_pipeline(home)
    assert outcome.is_sample
    assert len(outcome.exports_new) == 3
    assert "sample: True" in home.latest_report.read_text(encoding="utf-8")
    assert nothing_new(home) is not None
    linkedin_zip(home.inbox / "mine.zip")
    outcome = run_pipeline(home)
    assert not outcome.is_sample
    assert (outcome.messages, outcome.messages_new) == (12, 12)
    assert count(home, "exports") == 1
    assert count(home, "runs") == 1
    # Even when the inbox is empty again, the user's own stays.
    (home.inbox / "mine.zip").unlink()
    linkedin_zip(home.inbox / "b.zip", {"messages.csv": some_messages(1, first=8)})
    assert not run_pipeline(home).is_sample


def test_what_changed_is_told_against_what_was_published(home: Home) -> None:
    linkedin_zip(
        home.inbox / "mine.zip", {"messages.csv": messages_csv(message(1, "Hello there."))}
    )
    run_pipeline(home)
    assert count(home, "advice_changes") == 0
    assert digest_lines(home.database) == []
    linkedin_zip(
        home.inbox / "more.zip", {"messages.csv": messages_csv(message(1, PITCH, second=9))}
    )
    run_pipeline(home)
    (row,) = warehouse.query(home.database, "FROM advice_changes").to_dicts()
    assert (row["advice_before"], row["advice"], row["cause"]) == ("none", "mute", "new messages")
    assert (row["was_on_list"], row["is_on_list"]) == (False, True)
    assert digest_lines(home.database)[1] == "New on the list: Person 1 (mute)."
    set_verdict(home, "linkedin:in/person-1", "Person 1", "fine")
    run_pipeline(home)
    (row,) = warehouse.query(home.database, "FROM advice_changes").to_dicts()
    assert (row["advice"], row["cause"]) == ("none", "your word")


def test_the_limit_on_memory_of_the_config_reaches_the_database(home: Home) -> None:
    linkedin_zip(home.inbox / "mine.zip")
    home.config.write_text('[run]\nmemory = "1MB"\n', encoding="utf-8")
    with pytest.raises(
        WarehouseError, match=r"does not fit into memory.*\n\nHint: raise run\.memory"
    ):
        run_pipeline(home)
