"""Archives from before 2018: months as scripts and as a table tell the same posts."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import SOURCES, in_chunks, read

SOURCE = SOURCES["x_grailbird"]
COLUMNS = (
    "tweet_id", "in_reply_to_status_id", "in_reply_to_user_id", "timestamp", "source", "text",
    "retweeted_status_id", "retweeted_status_user_id", "retweeted_status_timestamp",
    "expanded_urls",
)  # fmt: skip
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="ÃÂÄÅÐÑâð"),
    min_size=1, max_size=40,
).filter(lambda text: not text.startswith("RT @") and "t.co/" not in text)  # fmt: skip


@st.composite
def posts(draw: st.DrawFn) -> dict[str, Any]:
    answered = draw(st.none() | st.integers(1, 2**62).map(str))
    return {
        "id": str(draw(st.integers(1, 29_700_859_246))),  # older ids do not hold their time
        "at": draw(st.datetimes(datetime(2007, 1, 1), datetime(2017, 12, 31))).replace(  # noqa: DTZ001
            microsecond=0, tzinfo=UTC
        ),
        "text": draw(TEXT),
        "answered": answered,
        "answers": answered and draw(st.integers(1, 2**62).map(str)),
    }


def as_script(items: list[dict[str, Any]], time: str) -> bytes:
    elements = [
        {
            "id_str": item["id"],
            "text": escaped(item["text"]),
            "created_at": item["at"].strftime(time),
            "entities": {"urls": [], "user_mentions": [], "hashtags": [], "media": []},
            "user": {"id_str": "12", "screen_name": "me", "name": "Me"},
        }
        | (
            {
                f"in_reply_to_{what}_id{suffix}": kind(item[field])
                for what, field in (("status", "answered"), ("user", "answers"))
                for suffix, kind in (("", int), ("_str", str))
            }
            if item["answered"]
            else {}
        )
        for item in items
    ]  # fmt: skip
    return b"Grailbird.data.tweets_2012_12 = \n " + json.dumps(elements, indent=1).encode()


def as_table(items: list[dict[str, Any]], time: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in items:
        said = (
            item["id"],
            item["answered"] or "",
            item["answers"] or "",
            item["at"].strftime(time),
        )
        writer.writerow((*said, "web", escaped(item["text"]), "", "", "", ""))
    return out.getvalue().encode()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("path", "write"), [("data/js/tweets/2012_12.js", as_script), ("tweets.csv", as_table)]
)
@settings(deadline=None)
@given(
    items=st.lists(posts(), min_size=1, max_size=8),
    time=st.sampled_from(["%Y-%m-%d %H:%M:%S +0000", "%a %b %d %H:%M:%S +0000 %Y"]),
    chunk=st.integers(1, 3000),
)
def test_whatever_is_written_is_read_back(
    path: str, write: Any, items: list[dict[str, Any]], time: str, chunk: int
) -> None:
    member = SOURCE.member_for(path)
    assert member is not None
    whole = read(member, in_chunks(write(items, time), chunk))
    assert whole.error is None
    assert (whole.rows_read, whole.rejects, whole.repairs) == (len(items), [], {})
    frame = whole.records["post_records"]
    columns = ("post_key", "posted_at", "text", "reply_to_post_key", "reply_to_person_key", "kind")
    assert frame.select(columns).rows() == [
        (
            item["id"],
            item["at"],
            item["text"],
            item["answered"],
            item["answers"] and f"x:{item['answers']}",
            "reply" if item["answered"] else "post",
        )
        for item in items
    ]
    assert frame["by_owner"].all()


def test_the_index_is_what_the_months_are_checked_against() -> None:
    assert SOURCE.counts is not None
    index = json.dumps(
        [
            {"file_name": "data/js/tweets/2013_01.js", "tweet_count": 3, "month": 1},
            {"file_name": "data/js/tweets/2013_02.js", "tweet_count": "many"},
            {"tweet_count": 4},
        ]
    )
    assert SOURCE.counts(f"var tweet_index = {index}".encode()) == {"data/js/tweets/2013_01.js": 3}
