"""Every query says what it returns and runs; the views answer what their names promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb
import polars as pl
import pytest

from dashboards.queries import report_queries, view_queries
from tests.dashboards.conftest import database_of
from tests.dashboards.synthetic import Inbox, synthetic, to_tables
from transforms import ddl
from transforms.tables import TABLES

UTC = dt.UTC
DAY = dt.datetime(2025, 3, 3, 9, tzinfo=UTC)

VIEWS = {
    "leaderboard", "good_company", "pitched_on_connecting", "unanswered_by_me",
    "unanswered_by_them", "same_words", "flood_by_week", "new_since_last_run", "reconciliation",
    "strongest_flags",
}  # fmt: skip


@pytest.fixture(scope="module")
def declared() -> duckdb.DuckDBPyConnection:
    """A database made from the declarations, as the warehouse makes it, without a row."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES.values():
        for statement in ddl.create_table(table):
            connection.execute(statement)
    for view in view_queries():
        connection.execute(ddl.create_view(view))
    return connection


def test_the_promised_views_are_there() -> None:
    assert {view.name for view in view_queries()} == VIEWS


@pytest.mark.parametrize("name", sorted(report_queries()))
def test_query_runs_on_an_empty_database(name: str, declared: duckdb.DuckDBPyConnection) -> None:
    frame = pl.DataFrame(pl.from_arrow(declared.sql(report_queries()[name]).to_arrow_table()))
    assert frame.height == (1 if name == "overview" else 0)


@pytest.mark.parametrize("name", sorted(report_queries()))
def test_query_begins_with_what_it_returns(name: str) -> None:
    view = ddl.parse_view(name, report_queries()[name])
    assert view.doc
    assert "-- Why:" in report_queries()[name]


@pytest.mark.parametrize("view", view_queries(), ids=lambda view: view.name)
def test_view_explains_exactly_its_columns(
    view: ddl.View, declared: duckdb.DuckDBPyConnection
) -> None:
    columns = [row[0] for row in declared.execute(f"DESCRIBE {view.name}").fetchall()]
    for statement in ddl.comment_view(view, columns):
        declared.execute(statement)


@pytest.mark.parametrize("name", [*sorted(report_queries()), *sorted(VIEWS)])
def test_order_is_total(name: str) -> None:
    """A second run gives the same rows in the same order, though DuckDB runs in threads."""
    sql = report_queries().get(name, f"FROM {name}")
    rows = synthetic()
    with database_of(to_tables(rows)) as one, database_of(shuffled(to_tables(rows))) as other:
        assert one.sql(sql).fetchall() == other.sql(sql).fetchall()


def shuffled(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {name: table.sample(fraction=1, shuffle=True, seed=3) for name, table in tables.items()}


def rows_of(inbox: Inbox, view: str) -> list[dict[str, object]]:
    with database_of(to_tables(inbox.rows)) as connection:
        return pl.DataFrame(
            pl.from_arrow(connection.sql(f"FROM {view}").to_arrow_table())
        ).to_dicts()


def with_people(*keys: str, **more: object) -> Inbox:
    inbox = Inbox()
    inbox.add("people", person_id="owner", identity_id="owner", platform="linkedin", is_owner=True)
    for key in keys:
        inbox.person(key, key.title(), "linkedin", **more)
        inbox.add("sender_metrics", identity_id=key, scope="all", advice="none", state="facts only")
    return inbox


def threads(inbox: Inbox) -> None:
    for key in {row["conversation_id"] for row in inbox.rows["messages"]}:
        inbox.add("conversations", conversation_id=key)


def test_leaderboard_goes_by_advice_then_evidence_then_score() -> None:
    inbox = with_people()
    for key, advice, low in (
        ("thanked", "thank", 0.0), ("low", "mute", 10.0), ("high", "mute", 30.0),
        ("flagged", "mute", None), ("gone", "unfollow", None),
    ):  # fmt: skip
        inbox.person(key, key, "x")
        inbox.add("sender_metrics", identity_id=key, scope="all", advice=advice, me_score_low=low)
    inbox.add("flags", identity_id="flagged", behaviour="cold_pitch", k=1, statement="One.")
    names = [row["identity_id"] for row in rows_of(inbox, "leaderboard")]
    assert names == ["gone", "flagged", "high", "low", "thanked"]


def test_what_was_done_to_the_reader_weighs_more_than_what_was_often() -> None:
    inbox = with_people("ann")
    for behaviour, k in (
        ("merge_failure", 9),
        ("follow_ups", 7),
        ("cold_pitch", 1),
        ("ignored_opt_out", 1),
    ):
        inbox.add("flags", identity_id="ann", behaviour=behaviour, k=k, statement=behaviour)
    order = [row["behaviour"] for row in rows_of(inbox, "strongest_flags")]
    assert order == ["ignored_opt_out", "cold_pitch", "follow_ups", "merge_failure"]
    assert rows_of(inbox, "leaderboard")[0]["strongest_flag"] == "ignored_opt_out"


@pytest.mark.parametrize(
    ("hours", "kind", "listed"),
    [
        (0, "dm", True),
        (30, "dm", True),
        (72, "dm", False),
        (-100, "invitation", True),
        (-100, "dm", False),
    ],
)
def test_pitched_on_connecting_means_that_day_or_the_next(
    hours: int, kind: str, *, listed: bool
) -> None:
    inbox = with_people("ann", connected_on=DAY.date())
    sent_at = DAY + dt.timedelta(hours=hours)
    inbox.message("t", "ann", "Hi", sent_at - dt.timedelta(minutes=9), "linkedin", to="owner")
    inbox.message(
        "t", "ann", "Buy", sent_at, "linkedin", to="owner", kind=kind, is_unprompted_pitch=True
    )
    found = rows_of(inbox, "pitched_on_connecting")
    assert bool(found) is listed
    if listed:
        assert found[0]["message_number"] == 2
        assert found[0]["with_invitation"] is (kind == "invitation")


def test_unanswered_views_look_at_the_last_word_of_a_thread() -> None:
    inbox = with_people("ann", "ben", "cat", "dan")
    hour = dt.timedelta(hours=1)
    asked = {"genuine_questions": 1}
    inbox.message("a", "ann", "Coming?", DAY, "linkedin", to="owner", **asked)
    inbox.message("b", "ben", "Coming?", DAY, "linkedin", to="owner", **asked)
    inbox.message("b", "owner", "Yes.", DAY + hour, "linkedin", to="ben")
    inbox.message(
        "c", "cat", "A call?", DAY, "linkedin", to="owner", is_unprompted_pitch=True, **asked
    )
    inbox.message("d", "owner", "Well?", DAY + 50 * hour, "linkedin", to="dan", **asked)
    mine, theirs = rows_of(inbox, "unanswered_by_me"), rows_of(inbox, "unanswered_by_them")
    assert [(row["identity_id"], row["days_waiting"]) for row in mine] == [("ann", 2)]
    assert [(row["identity_id"], row["days_waiting"]) for row in theirs] == [("dan", 0)]


def test_good_company_has_nobody_with_a_flag() -> None:
    inbox = with_people("ann", "ben")
    for key in ("ann", "ben"):
        inbox.add(
            "sender_blocks", identity_id=key, scope="all", block="gives", k=2.0, n=3.0, points=-4.0
        )
    inbox.add("flags", identity_id="ben", behaviour="cold_pitch", statement="One.")
    assert [row["identity_id"] for row in rows_of(inbox, "good_company")] == ["ann"]


@pytest.mark.parametrize(
    ("first_seen", "new"),
    [
        (DAY, []),
        (DAY + dt.timedelta(days=8), ["ben"]),
        # A run between the two read it and was killed before it published.
        (DAY + dt.timedelta(days=7), ["ben"]),
    ],
)
def test_new_since_last_run_needs_an_export_that_is_new(
    first_seen: dt.datetime, new: list[str]
) -> None:
    inbox = with_people("ann", "ben")
    inbox.message("a", "ann", "Old", DAY - dt.timedelta(days=3), "linkedin", to="owner")
    inbox.message("b", "ben", "New", DAY + dt.timedelta(days=5), "linkedin", to="owner")
    for key, seen, as_of in (("one", DAY, DAY), ("two", first_seen, DAY + dt.timedelta(days=6))):
        inbox.add("exports", export_id=key, platform="linkedin", first_seen_at=seen, as_of=as_of)
    for key, started in (("r1", DAY), ("r2", DAY + dt.timedelta(8))):
        inbox.add("runs", run_id=key, started_at=started, status="published")
    assert [row["identity_id"] for row in rows_of(inbox, "new_since_last_run")] == new


def test_reconciliation_shows_what_is_unaccounted_for_and_what_the_manifest_misses() -> None:
    inbox = Inbox()
    inbox.add("exports", export_id="e", platform="x", rows_read=10, rows_stored=6, rows_rejected=1)
    inbox.add(
        "export_members", export_id="e", member="a", handling="read", rows_read=10, rows_declared=12
    )
    (row,) = rows_of(inbox, "reconciliation")
    assert (row["rows_unaccounted"], row["rows_missing"], row["files_read"]) == (3, 2, 1)


def test_flood_counts_weeks_from_monday_in_utc() -> None:
    inbox = with_people("ann")
    sunday = dt.datetime(2025, 3, 2, 23, 59, tzinfo=UTC)
    inbox.message("a", "ann", "Buy", sunday, "linkedin", to="owner", is_newsletter=True)
    inbox.message("a", "ann", "Hi", sunday + dt.timedelta(minutes=2), "linkedin", to="owner")
    weeks = [
        (row["week_on"], row["promotional_messages"], row["messages"])
        for row in rows_of(inbox, "flood_by_week")
    ]
    assert weeks == [(dt.date(2025, 2, 24), 1, 1), (dt.date(2025, 3, 3), 0, 1)]


def test_messages_of_a_group_come_with_their_neighbours_only(
    frames_of: Callable[..., dict[str, pl.DataFrame]],
) -> None:
    inbox = with_people("ann", "ben")
    minutes = [dt.timedelta(minutes=10 * n) for n in range(6)]
    writers = ("ben", "ben", "ann", "ben", "ben", "ben")
    for sender, minute in zip(writers, minutes, strict=True):
        inbox.message("g", sender, f"at {minute}", DAY + minute, "x", to="owner", kind="group_dm")
    threads(inbox)
    shown = frames_of(inbox.rows)["messages"].filter(pl.col("identity_id") == "ann")
    assert shown["author"].to_list() == ["other", "them", "other"]
    assert shown["author_name"].to_list() == ["Ben", None, "Ben"]
