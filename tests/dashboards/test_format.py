"""Numbers by unit, and strings from strangers where a page would read them as something else."""

from __future__ import annotations

import datetime as dt
import html
import re

import orjson
import polars as pl
import pytest

from dashboards.format import (
    BIDI_CONTROLS,
    day,
    initials,
    iso,
    number,
    plotly_text,
    script_json,
    shown_name,
)
from tests.dashboards.hostile import HOSTILE


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "count", "–"),
        (0, "count", "0"),
        (1234567, "rows", "1\u202f234\u202f567"),
        (0.784, "share", "78\u00a0%"),
        (61.5, "score", "62"),
        (-3.25, "points", "-3.2"),
        (0.123, "per week", "0.12"),
        (7, "", "7"),
    ],
)
def test_number_is_written_as_its_unit_asks(value: float | None, unit: str, shown: str) -> None:
    assert number(value, unit) == shown


def test_dates_are_written_out_and_times_are_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=5))
    assert day(dt.date(2025, 2, 3)) == "3 Feb 2025"
    assert iso(dt.datetime(2025, 2, 3, 1, 30, tzinfo=east)) == "2025-02-02T20:30:00Z"
    assert (day(None), iso(None)) == ("–", "")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hover_text_has_no_markup_and_turns_nothing(text: str) -> None:
    (shown,) = pl.select(plotly_text(pl.lit(text)).alias("t"))["t"].to_list()
    inner = shown.removeprefix("\u2068").removesuffix("\u2069")
    assert not re.search(r"[<>]", inner)
    assert not set(inner) & set(BIDI_CONTROLS)
    assert not re.search(r"[\x00-\x1f\u2028\u2029]", inner)
    assert re.sub(r"&(amp|lt|gt);", "", inner).count("&") == 0
    assert len(html.unescape(inner)) <= 160


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_json_in_a_script_cannot_end_it_and_says_the_same(text: str) -> None:
    written = script_json({"name": text})
    assert not re.search(r"[<>&\u2028\u2029]", written)
    assert orjson.loads(written) == {"name": text}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "A. L."),
        ("Juan Carlos de la Vega", "J. V."),
        ("Prince", "P."),
        ("王小明", "王."),
        ("דנה לוי", "ד. ל."),
        ("🦊🦊", "?"),
        ("<script>", "s."),
        (None, None),
    ],
)
def test_initials(name: str | None, shown: str | None) -> None:
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    assert frame.select(initials("name"))["name"].to_list() == [shown]


@pytest.mark.parametrize("name", [None, "", " ", "\u200b\ufeff", "\x00\x07"])
def test_name_that_shows_nothing_gets_words(name: str | None) -> None:
    assert shown_name(name) == "Somebody without a name"
    assert shown_name("王") == "王"
