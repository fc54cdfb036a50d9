"""What the page carries: everybody, then details in the order of the list until it is full."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import random
from typing import Any

import orjson
import polars as pl
import pytest

from dashboards.payload import columns, pack, pack_report


def unpack(text: str) -> Any:
    return orjson.loads(gzip.decompress(base64.b64decode(text)))


def inbox(people: int, letters: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """People 1 … n with one message each that does not compress."""
    texts = [base64.b85encode(random.Random(n).randbytes(letters)).decode() for n in range(people)]
    frame = pl.DataFrame({"identity_id": [f"p{n}" for n in range(people)]})
    return frame, {
        "messages": pl.DataFrame({"position": range(1, people + 1), "text": texts}),
        "flags": pl.DataFrame({"position": [1], "statement": ["One."]}),
    }


def test_pack_says_the_same_for_the_same() -> None:
    assert pack({"a": [1, None, "é"]}) == pack({"a": [1, None, "é"]})
    assert unpack(pack({"a": [1, None, "é"]})) == {"a": [1, None, "é"]}


def test_columns_are_ready_for_a_browser() -> None:
    frame = pl.DataFrame(
        {
            "at": [dt.datetime(2025, 1, 1, 0, 0, 1, 5, tzinfo=dt.UTC), None],
            "on": [dt.date(2025, 1, 1), None],
            "x": [1 / 3, None],
        }
    )
    assert columns(frame) == {
        "at": [1735689601, None],
        "on": ["2025-01-01", None],
        "x": [0.333, None],
    }


def test_small_inbox_is_carried_whole() -> None:
    packed = pack_report(*inbox(3, 80), budget=100_000)
    assert packed.carried == 3
    assert unpack(packed.people)["identity_id"] == ["p0", "p1", "p2"]
    assert len(unpack(packed.details[0])["messages"]["text"]) == 3


@pytest.mark.parametrize("budget", [30_000, 120_000, 400_000])
def test_details_stop_at_the_budget_in_the_order_of_the_list(budget: int) -> None:
    people, details = inbox(1_000, 400)
    packed = pack_report(people, details, budget=budget)
    assert len(packed.people) + sum(map(len, packed.details)) <= budget
    carried = [
        position for chunk in packed.details for position in unpack(chunk)["messages"]["position"]
    ]
    assert carried == list(range(1, packed.carried + 1))
    assert 0 < packed.carried < 1_000


def test_a_chunk_holds_the_people_its_number_says() -> None:
    people, details = inbox(700, 16)
    packed = pack_report(people, details, budget=1_000_000)
    for number, chunk in enumerate(packed.details):
        positions = unpack(chunk)["messages"]["position"]
        assert {(position - 1) // packed.chunk_of for position in positions} == {number}


def test_nobody_at_all() -> None:
    people, details = inbox(0, 8)
    packed = pack_report(people, details, budget=1_000)
    assert (packed.carried, packed.details) == (0, ())


def test_no_room_for_details_still_carries_everybody() -> None:
    people, details = inbox(300, 800)
    packed = pack_report(people, details, budget=0)
    assert packed.carried == 0
    assert len(unpack(packed.people)["identity_id"]) == 300
