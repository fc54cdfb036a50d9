"""Activity by week and month, and clusters that never show fewer than five people."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.transforms.by_hand import (
    DAY,
    PITCH,
    WEEK,
    World,
    attaches,
    by_hand,
    key_of,
    name_of,
    posts,
    says,
)


@pytest.fixture(scope="module")
def world() -> World:
    """START is Monday 3 March 2025, 09:00 UTC."""
    return by_hand(
        [
            says("a", 0, words=10, **PITCH),
            says("a", 5 * DAY, words=5, is_newsletter=True),
            says("a", 6 * DAY + 14.99, words=3),  # Sunday, a minute to midnight
            says("a", 6 * DAY + 15, words=4, is_newsletter=True, is_prompted=True),  # Monday
            says("owner", 7 * DAY + 9, words=50),
        ],
        [says("a", 1 * DAY, words=2), attaches("a", 28 * DAY + 14.9)],
        [says("a", 5 * WEEK, words=None)],
        public=[
            posts("a", 2 * DAY, words=20, **PITCH),
            posts("a", 2 * DAY + 1, words=9, kind="repost"),
            posts("a", 29 * DAY, words=8, kind="reply", to="q"),
        ],
    )


def rows(world: World, table: str, who: str) -> list[tuple[Any, ...]]:
    found = world.tables[table].filter(identity_id=world.identity(who))
    return found.drop("identity_id").rows()


def test_weeks_begin_on_monday_and_empty_ones_are_absent(world: World) -> None:
    # first day, messages, posts, words, promotional, threads
    assert rows(world, "sender_weekly", "a") == [
        (date(2025, 3, 3), 4, 1, 10 + 5 + 3 + 2 + 20, 3, 2),
        (date(2025, 3, 10), 1, 0, 4, 0, 1),
        (date(2025, 3, 31), 1, 1, 8, 0, 1),
        (date(2025, 4, 7), 1, 0, 0, 0, 1),
    ]
    assert rows(world, "sender_weekly", "owner") == [(date(2025, 3, 10), 1, 0, 50, 0, 1)]


def test_months_begin_on_the_first(world: World) -> None:
    assert rows(world, "sender_monthly", "a") == [
        (date(2025, 3, 1), 6, 1, 10 + 5 + 3 + 4 + 2 + 20, 3, 2),
        (date(2025, 4, 1), 1, 1, 8, 0, 1),
    ]


def test_weeks_months_and_sums_agree(world: World) -> None:
    sender = world.sender("a")
    for table in ("sender_weekly", "sender_monthly"):
        sums = world.tables[table].filter(identity_id=world.identity("a")).sum()
        for name in ("messages", "posts", "words"):
            assert sums[name].item() == sender[name], (table, name)


def person(who: str, industry: str | None, place: str | None, **more: Any) -> dict[str, Any]:
    return {
        "platform": "linkedin", "is_owner": who == "owner", "person_key": key_of(who),
        "display_name": name_of(who), "industry": industry, "location": place,
    } | more  # fmt: skip


def seekers(*people: tuple[str | None, str | None], **intent: bool) -> pl.DataFrame:
    """CLUSTERS when each of these (industry, place) says so once."""
    world = by_hand(
        *([says(f"p{n}", n, **intent), says(f"p{n}", n + 9, **intent)] for n in range(len(people))),
        [says("owner", 99, **intent), says("p0", 100)],
        person_records=[
            person("owner", "Software", "Berlin"),
            *(person(f"p{n}", *about) for n, about in enumerate(people)),
        ],
    )
    return world.tables["clusters"]


def cells(frame: pl.DataFrame) -> dict[tuple[str, str, str, str], int]:
    return {row[:4]: row[4] for row in frame.rows()}


def test_five_people_make_a_cell_and_the_owner_is_none_of_them() -> None:
    berlin = [("Software", "Berlin")]
    assert cells(seekers(*berlin * 5, seeks_clients=True)) == {
        ("seeks", "clients", "Software", "Berlin"): 5,
        ("seeks", "clients", "Software", "all"): 5,
        ("seeks", "clients", "all", "Berlin"): 5,
        ("seeks", "clients", "all", "all"): 5,
    }
    assert seekers(*berlin * 4, seeks_clients=True).is_empty()


def test_small_cells_are_left_out_and_people_of_no_known_place_are_in_the_sums() -> None:
    people = (
        [("Software", "Berlin")] * 5 + [("Software", "Rome")] * 4 + [(None, "Rome"), (None, None)]
    )
    assert cells(seekers(*people, offers_job=True)) == {
        ("offers", "job", "Software", "Berlin"): 5,
        ("offers", "job", "Software", "all"): 9,
        ("offers", "job", "all", "Berlin"): 5,
        ("offers", "job", "all", "Rome"): 5,
        ("offers", "job", "all", "all"): 11,
    }


@pytest.mark.parametrize("intent", ["seeks_investor", "offers_advice"])
def test_direction_and_object_are_two_axes(intent: str) -> None:
    found = seekers(*[("Law", None)] * 6, **{intent: True})
    direction, what = intent.split("_")
    assert set(found["direction"]) == {direction}
    assert set(found["object"]) == {what}
    assert set(found["people"]) == {6}
    assert set(found["location"]) == {"all"}


def test_saying_it_in_posts_counts_as_well() -> None:
    world = by_hand(
        [says("x", 0)],
        public=[posts(f"p{n}", n, seeks_talent=True) for n in range(5)],
    )
    assert cells(world.tables["clusters"]) == {("seeks", "talent", "all", "all"): 5}
