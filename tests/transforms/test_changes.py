"""Who came onto the list, who left it, and because of what."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.changes import STANDING, advice_changes, with_untold


def standing(*rows: tuple[str, str, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(*row, 0) for row in rows], schema=STANDING, orient="row"
    )  # fmt: skip


def compare(before, now, **said: bool) -> list[tuple]:
    metrics = now.with_columns(pl.lit("all").alias("scope"))
    other = metrics.with_columns(pl.lit("x").alias("scope"), pl.lit("mute").alias("advice"))
    options = {"is_new_method": False, "has_new_exports": False} | said
    changed = advice_changes(before, pl.concat([metrics, other]), **options)
    return changed.select("identity_id", "advice_before", "advice", "cause", "is_on_list").rows()


BEFORE = standing(("a", "mute", 50.0, 3), ("b", "none", None, 1), ("c", "thank", None, 2))


def test_nothing_changed_is_no_row() -> None:
    assert compare(BEFORE, BEFORE, is_new_method=True, has_new_exports=True) == []


def test_new_people_and_people_who_wrote_again() -> None:
    now = standing(("b", "mute", None, 2), ("d", "unfollow", 80.0, 9), ("e", "none", None, 1))
    assert compare(BEFORE, now, is_new_method=True, has_new_exports=True) == [
        ("b", "none", "mute", "new messages", True),
        ("d", None, "unfollow", "new messages", True),
    ]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"is_new_method": True, "has_new_exports": True}, "method"),
        ({"has_new_exports": True}, "comparison"),
        ({}, "your word"),
    ],
)
def test_who_wrote_nothing_changed_for_another_reason(said: dict[str, bool], cause: str) -> None:
    now = standing(("a", "none", 20.0, 3))
    assert compare(BEFORE, now, **said) == [("a", "mute", "none", cause, False)]


def test_own_words_are_the_cause_before_others_one_is_compared_with() -> None:
    now = standing(("a", "none", 50.0, 3), ("b", "none", None, 1), ("c", "none", None, 3))
    causes = [row[3] for row in compare(BEFORE, now, is_new_word=True, has_new_exports=True)]
    assert causes == ["your word", "new messages"]


def changes(before: pl.DataFrame, now: pl.DataFrame, **said: bool) -> pl.DataFrame:
    options = {"is_new_method": False, "has_new_exports": False} | said
    return advice_changes(before, now.with_columns(pl.lit("all").alias("scope")), **options)


def test_what_a_run_that_was_cut_off_changed_is_told_by_the_next() -> None:
    between = standing(
        ("a", "none", 20.0, 3), ("b", "mute", None, 2), ("c", "mute", None, 2), ("d", "watch", None, 1)
    )  # fmt: skip
    now = standing(
        ("a", "mute", 50.0, 3), ("b", "watch", 9.0, 2), ("c", "mute", 70.0, 3), ("e", "watch", None, 1)
    )  # fmt: skip
    earlier = changes(BEFORE, between, is_new_method=True)
    later = changes(between, now)
    metrics = now.with_columns(pl.lit("all").alias("scope"))
    told = with_untold(earlier, later, metrics)
    # a is where they were before both, d is no longer there.
    assert told.select(
        "identity_id", "advice_before", "me_score_before", "advice", "me_score", "cause"
    ).rows() == [
        ("b", "none", None, "watch", 9.0, "new messages"),
        ("c", "thank", None, "mute", 70.0, "method"),
        ("e", None, None, "watch", None, "new messages"),
    ]
    assert told["was_on_list"].to_list() == [False, False, False]
    assert with_untold(earlier, changes(between, between), between.with_columns(scope=pl.lit("all"))).equals(earlier)  # fmt: skip
