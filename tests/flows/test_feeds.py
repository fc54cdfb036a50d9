"""Feeds and old archives through a whole run: what is stored, what is a copy, whose it is."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows import warehouse
from flows.cli import run_cli
from flows.examine import examine
from flows.home import Home
from flows.pipeline import run_pipeline
from flows.settings import Settings, parse_settings
from transforms.errors import NothingReadError

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    return warehouse.query(home.database, query).rows()


def test_table_and_scripts_of_an_old_archive_are_one_set_of_posts(home: Home) -> None:
    """Four posts told twice, and the one that a retweet brought along: five, and four copies."""
    run_pipeline(home, [FIXTURES / "x_grailbird" / "ok"])
    assert rows(home, "SELECT kind, count(*) FROM posts GROUP BY kind ORDER BY kind") == [
        ("post", 3),
        ("reply", 1),
        ("repost", 1),
    ]
    (checked,) = examine(home, Settings()).exports
    assert checked.owner == "Me Myself"
    counts = dict(
        checked.members.select("member", pl.struct("rows_stored", "rows_duplicate")).rows()
    )
    assert counts["tweets.csv"] == {"rows_stored": 0, "rows_duplicate": 4}
    assert counts["data/js/tweets/2013_01.js"] == {"rows_stored": 3, "rows_duplicate": 0}
    declared = checked.members.filter(pl.col("member").str.contains("2013_01"))["rows_declared"]
    assert declared.to_list() == [3]


def test_a_feed_by_itself_needs_no_owner(home: Home) -> None:
    outcome = run_pipeline(home, [FIXTURES / "x_api" / "ok" / "pages.jsonl"])
    assert (outcome.problems, outcome.posts) == ([], 9)
    assert rows(home, "SELECT file_name, owner_id FROM exports") == [("pages.jsonl", None)]
    assert rows(home, "SELECT count(*) FROM people WHERE is_owner") == [(0,)]
    measured = rows(
        home,
        "SELECT handle, posts FROM sender_metrics JOIN people USING (identity_id)"
        " WHERE scope = 'x' ORDER BY ALL",
    )
    assert measured == [("ana_builds", 5), ("bo_reads", 2), ("cy", 1)]


def test_the_config_may_say_whose_posts_are_ones_own(home: Home) -> None:
    settings = parse_settings({"owner": {"x": ["9007199254740993"]}})
    run_pipeline(home, [FIXTURES / "x_api" / "ok" / "pages.jsonl"], settings=settings)
    assert rows(home, "SELECT handle FROM people WHERE is_owner") == [("ana_builds",)]


def test_a_post_of_an_archive_and_of_a_feed_is_one(home: Home, tmp_path: Path) -> None:
    """The feed knows the whole text of a post that the archive cut."""
    archive = tmp_path / "archive"
    shutil.copytree(FIXTURES / "x_archive" / "2018_root_without_wrapper", archive)
    run_pipeline(home, [archive])
    ((key, text), *_) = rows(
        home, "SELECT split_part(url, '/', -1), text FROM posts WHERE kind = 'post' ORDER BY ALL"
    )
    account = json.loads((archive / "account.js").read_text().partition("=")[2])[0]
    owner = account.get("account", account)["accountId"]
    feed = tmp_path / "feed.jsonl"
    post = {"id": key, "author_id": owner, "text": f"{text} and a good deal more"}
    feed.write_text(json.dumps({"data": [post | {"conversation_id": key}]}))
    before = rows(home, "SELECT count(*) FROM posts")
    run_pipeline(home, [feed])
    assert rows(home, "SELECT count(*) FROM posts") == before
    assert rows(home, f"SELECT text FROM posts WHERE url LIKE '%/{key}'") == [(post["text"],)]
    assert rows(home, "SELECT count(DISTINCT owner_id), count(*) FROM exports") == [(1, 2)]


# --- tables of other tools

ODD = "Poster,Said,When\nAna,I and me,03/04/2024\nAna,Me again,05/04/2024\n"
MAPPING = {
    "files": "odd*.csv", "platform": "linkedin", "author": "Poster", "text": "Said",
    "posted_at": "When",
}  # fmt: skip


def config(**more: str) -> Settings:
    return parse_settings({"table": [MAPPING | more]})


def test_a_table_is_read_again_when_the_config_says_otherwise(home: Home, tmp_path: Path) -> None:
    table = tmp_path / "odd_feed.csv"
    table.write_text(ODD)
    with pytest.raises(NothingReadError, match="no column for text, posted_at; its columns are"):
        run_pipeline(home, [table])
    outcome = run_pipeline(home, [table], settings=config())
    assert (outcome.posts, rows(home, "SELECT count(*) FROM rejects")) == (0, [(2,)])
    run_pipeline(home, [table], settings=config(dates="month first"))
    assert rows(home, "SELECT CAST(posted_at AS DATE)::VARCHAR FROM posts ORDER BY 1") == [
        ("2024-03-04",),
        ("2024-05-04",),
    ]
    outcome = run_pipeline(home, [table], settings=config(dates="day first"))
    assert outcome.exports_new == ["odd_feed.csv"]
    assert rows(home, "SELECT CAST(posted_at AS DATE)::VARCHAR FROM posts ORDER BY 1") == [
        ("2024-04-03",),
        ("2024-04-05",),
    ]
    assert rows(home, "SELECT count(*) FROM exports") == [(1,)]
    outcome = run_pipeline(home, [table], settings=config(dates="day first"))
    assert outcome.status == "nothing new"


def test_doctor_knows_the_mapping_it_would_use(home: Home, tmp_path: Path) -> None:
    table = tmp_path / "odd_feed.csv"
    table.write_text(ODD)
    (checked,) = examine(home, config(dates="day first"), [table]).exports
    assert checked.mappings == {
        "odd_feed.csv": {
            "platform": "linkedin", "author": "Poster", "text": "Said", "posted_at": "When",
            "dates": "day first",
        }
    }  # fmt: skip


def test_a_handle_is_the_account_that_another_export_tells_the_number_of(
    home: Home, tmp_path: Path
) -> None:
    """Posts of a table that knows handles only are those of the API's accounts."""
    table = tmp_path / "tweets.csv"
    table.write_text(
        "date,username,tweet\n2024-03-05,@Ana_Builds,Mine\n2024-03-05,unknown_one,Another\n"
    )
    run_pipeline(home, [FIXTURES / "x_api" / "ok" / "pages.jsonl", table])
    assert rows(
        home,
        "SELECT handle, count(*) FROM posts JOIN people ON author_id = person_id "
        "WHERE text IN ('Mine', 'Another') OR text LIKE 'I launched%' GROUP BY ALL ORDER BY ALL",
    ) == [("ana_builds", 2), ("unknown_one", 1)]


def test_a_feed_that_breaks_off_keeps_what_was_read(home: Home) -> None:
    outcome = run_pipeline(home, [FIXTURES / "table" / "broken" / "feed.csv"])
    assert outcome.posts == 2
    (problem,) = outcome.problems
    assert (problem["export"], problem["member"]) == ("feed.csv", "feed.csv")
    assert "never closed" in problem["message"]


def test_a_zip_of_tables(home: Home, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as archive:
        for name in ("linkedin_feed.csv", "feed.parquet"):
            archive.write(FIXTURES / "table" / "ok" / name, f"export/{name}")
    outcome = run_pipeline(home, [tmp_path / "tables.zip"])
    assert (outcome.posts, outcome.problems) == (8, [])
    assert rows(home, "SELECT DISTINCT platform FROM exports") == [("linkedin",)]


def test_who_is_forgotten_does_not_come_back_in_a_feed_by_number_handle_or_name(
    home: Home, tmp_path: Path
) -> None:
    run_pipeline(home, [FIXTURES / "x_api" / "ok" / "pages.jsonl"])
    assert run_cli(["forget", "x:9007199254740993", "--yes", "--home", str(home.path)]) == 0
    table = tmp_path / "table.csv"
    table.write_text(
        "date,name,username,user_id,tweet\n"
        "2024-03-05,Ana Builds,ana_builds,,By handle\n"
        "2024-03-05,Ana Builds,,,By name\n"
        "2024-03-05,,,9007199254740993,By number\n"
        "2024-03-05,Cy,cy,,Somebody else\n"
    )
    run_pipeline(home, [table, FIXTURES / "x_api" / "ok" / "flat.jsonl"])
    said = "SELECT DISTINCT handle FROM posts JOIN people ON author_id = person_id ORDER BY 1"
    assert rows(home, said) == [("bo_reads",), ("cy",)]
    assert rows(home, "SELECT count(*) FROM posts WHERE text LIKE 'By %'") == [(0,)]
    counts = "SELECT rows_read, rows_ignored FROM export_members WHERE member = 'table.csv'"
    assert rows(home, counts) == [(4, 3)]
