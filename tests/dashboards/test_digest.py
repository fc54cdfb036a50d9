"""The digest: what a second run changed, in sentences."""

from __future__ import annotations

import datetime as dt

import polars as pl

from dashboards.digest import digest


def frames(method: str = "m1", runs: int = 2, own: str | None = None) -> dict[str, pl.DataFrame]:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    changed = [
        ("i1", "Ann <b>", "none", "mute", "new messages", False, True),
        ("i2", None, "unfollow", "none", "method", True, False),
        ("i3", "Cid", None, "thank", "new messages", False, False),
    ]
    columns = [
        "identity_id",
        "name",
        "advice_before",
        "advice",
        "cause",
        "was_on_list",
        "is_on_list",
    ]
    return {
        "runs": pl.DataFrame({
            "status": ["published", "failed", "published"][: runs + 1],
            "started_at": [start, start, start][: runs + 1],
            "messages_new": [5, 0, 40][: runs + 1],
            "posts_new": [1, 0, 0][: runs + 1],
            "metrics_version": ["m1", "m1", method][: runs + 1],
            "own_version": [own, None, None][: runs + 1],
        }),
        "changes": pl.DataFrame({"is_new": [True, False], "promotional_new": [2, 0]}),
        "list_changes": pl.DataFrame(changed, schema=columns, orient="row"),
    }  # fmt: skip


def test_a_first_run_has_no_news() -> None:
    assert digest(frames(runs=0)) == []


def test_news_on_the_list_off_it_and_to_be_thanked() -> None:
    assert digest(frames()) == [
        "5 new messages and 1 new post; 2 people wrote, 1 for the first time, 2 promotional messages among it.",
        "New on the list: Ann <b> (mute).",
        "Off the list: i2 (nothing to do, by the method, not by anything they wrote).",
        "To be thanked now: Cid (thank).",
    ]


def test_a_change_of_method_is_named_as_such() -> None:
    assert digest(frames(method="m2"))[-1] == (
        "The method changed since the last run: scores may differ without a new message, and 1 of "
        "these changes is due to it."
    )


def test_own_words_are_named_as_the_cause_and_the_method_is_not() -> None:
    told = digest(frames(own="w1"))[-1]
    assert (
        told
        == "Your own words or thresholds changed since the last run: 0 of these changes are due to them."
    )
    assert told not in digest(frames())
