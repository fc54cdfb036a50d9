"""Who came onto the list, who left it, and because of what."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.changes import STANDING, advice_changes


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
