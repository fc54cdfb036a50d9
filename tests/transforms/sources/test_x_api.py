"""Answers of X's API: whatever is written in any of its forms is read back, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import SOURCES, in_chunks, read
from transforms.errors import MemberError
from transforms.sources import _batches, _jsonl
from transforms.sources.x_api import looks_like_feed

FEED = SOURCES["x_api"].members[0]
TYPES = {"repost": "retweeted", "reply": "replied_to", "quote": "quoted"}
IDS = st.integers(1, 2**63 - 1).map(str)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@dataclass(frozen=True)
class Person:
    number: str
    handle: str
    name: str


@dataclass(frozen=True)
class Post:
    number: str
    kind: str
    author: Person
    at: datetime
    text: str
    refers_to: str
    answers: Person | None


PEOPLE = st.lists(
    st.builds(Person, IDS, st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True), TEXT),
    min_size=1, max_size=4, unique_by=(lambda p: p.number, lambda p: p.handle),
)  # fmt: skip


@st.composite
def feeds(draw: st.DrawFn) -> list[Post]:
    people = draw(PEOPLE)
    posts = st.builds(
        Post,
        number=st.integers(1, 29_700_859_246).map(str),  # older ids do not hold their time
        kind=st.sampled_from(["post", *TYPES]),
        author=st.sampled_from(people),
        at=st.datetimes(datetime(2007, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
            lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
        ),
        text=TEXT,
        refers_to=IDS,
        answers=st.sampled_from(people),
    )
    return draw(st.lists(posts, min_size=1, max_size=8))


def written(post: Post) -> dict[str, Any]:
    escaped = post.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    item: dict[str, Any] = {
        "id": post.number,
        "text": escaped,
        "author_id": post.author.number,
        "conversation_id": post.number,
        "created_at": f"{post.at:%Y-%m-%dT%H:%M:%S}.{post.at.microsecond // 1000:03d}Z",
    }
    if post.kind in TYPES:
        item["referenced_tweets"] = [{"type": TYPES[post.kind], "id": post.refers_to}]
    if post.kind == "reply" and post.answers:
        item["in_reply_to_user_id"] = post.answers.number
    return item


def account(person: Person) -> dict[str, str]:
    return {"id": person.number, "username": person.handle, "name": person.name}


def as_pages(posts: Sequence[Post], size: int) -> list[dict[str, Any]]:
    pages = [posts[start : start + size] for start in range(0, len(posts), size)]
    return [
        {
            "data": [written(post) for post in page],
            "includes": {"users": [account(p) for p in sorted(people_of(page), key=repr)]},
            "meta": {"result_count": len(page)},
        }
        for page in pages
    ]


def as_flattened(posts: Sequence[Post]) -> list[dict[str, Any]]:
    return [
        {**written(post), "author": account(post.author)}
        | ({"in_reply_to_user": account(post.answers)} if post.kind == "reply" and post.answers else {})
        for post in posts
    ]  # fmt: skip


def people_of(posts: Sequence[Post]) -> set[Person]:
    answered = {p.answers for p in posts if p.kind == "reply" and p.answers}
    return {p.author for p in posts} | answered


@settings(deadline=None)
@given(
    posts=feeds(),
    form=st.sampled_from(["pages", "flattened", "a list", "an object over several lines"]),
    size=st.integers(1, 8),
    chunk=st.integers(1, 4000),
)
def test_whatever_is_written_is_read_back(
    posts: list[Post], form: str, size: int, chunk: int
) -> None:
    lines = as_flattened(posts) if form == "flattened" else as_pages(posts, size)
    if form == "a list":
        content = json.dumps(lines, indent=1)
    elif form == "an object over several lines":
        content = json.dumps(as_pages(posts, len(posts))[0], indent=2)
    else:
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    whole = read(FEED, in_chunks(content.encode(), chunk))
    assert whole.error is None
    assert (whole.rows_read, whole.rejects, whole.unknown_fields) == (len(posts), [], ())
    assert whole.records["post_records"].drop("row_number", "platform", "url").rows() == [
        (
            post.kind,
            post.number,
            False,
            f"x:{post.author.number}",
            post.author.name,
            post.at,
            post.text,
            post.refers_to if post.kind == "reply" else None,
            f"x:{post.answers.number}" if post.kind == "reply" and post.answers else None,
        )
        for post in posts
    ]
    people = whole.records["person_records"]
    assert set(people.select("person_key", "handle", "display_name").rows()) == {
        (f"x:{p.number}", p.handle, p.name) for p in people_of(posts)
    }
    assert looks_like_feed(content.encode()[: 64 << 10])


MESSAGE = {
    "id": "1765600000000000001", "event_type": "MessageCreate", "text": "Hello",
    "sender_id": "22", "dm_conversation_id": "22-33", "created_at": "2024-03-07T10:00:00.000Z",
}  # fmt: skip


def test_rows_are_numbered_over_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batches, "BATCH_BYTES", 300)
    monkeypatch.setattr(_jsonl, "STRETCH_BYTES", 100)
    lines = [json.dumps({"data": [MESSAGE, MESSAGE]}) if n % 3 else "{broken" for n in range(60)]
    whole = read(FEED, [("\n".join(lines) + "\n").encode()])
    assert whole.rows_read == 20 + 2 * 40
    numbers = whole.records["message_records"]["row_number"].to_list()
    assert sorted([*numbers, *(r.row_number for r in whole.rejects)]) == list(range(1, 101))
    assert whole.rejects[-1].row_number == 96
    assert whole.rejects[-1].reason.startswith("line 58: not valid JSON")


def test_a_line_without_end_is_an_error_and_not_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jsonl, "LONGEST_LINE", 4 << 20)
    good = json.dumps({"data": [MESSAGE]}).encode() + b"\n"
    chunks = in_chunks(good + b'{"data": "' + b"x" * (40 << 20), 1 << 20)
    whole = read(FEED, chunks)
    assert isinstance(whole.error, MemberError)
    assert whole.error.fact == "a line is longer than 4,194,304 bytes (after row 1)"
    assert whole.rows_read == 1
    assert next(chunks, None) is not None  # it did not read on to the end


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b'{"data": [{"id": "1", "text": "a", "edit_history_tweet_ids": ["1"]', True),
        (b'{"data":{"author_id":"1","conversa', True),
        (b'\xef\xbb\xbf{"meta": {"result_count": 0}}\n', True),
        (b'{"errors":[{"type":"https://api.twitter.com/2/problems/x"}]}', True),
        (b'{"id": "1", "author_id": "2", "conversation_id": "1", "text": "a"}', True),
        (b'{"author": "Ana", "text": "a", "posted_at": "2024-01-01"}\n', False),
        (b'{"data": [1, 2, 3]}', False),
        (b'window.YTD.tweets.part0 = [{"id": "1", "author_id": "1"}]', False),
        (b"id,author_id,conversation_id\n", False),
        (b"", False),
    ],
)
def test_feeds_are_known_by_what_they_say(head: bytes, known: bool) -> None:  # noqa: FBT001
    assert looks_like_feed(head) is known
