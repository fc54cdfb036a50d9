"""Posts and direct messages, written as X's archives hold them in each era and read back: equal."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import SOURCES, Read, read

SOURCE = SOURCES["x_archive"]
EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)


@dataclass(frozen=True)
class Era:
    """How a file begins, whether its elements are wrapped, and what comes before and after."""

    name: str
    tweets: str
    begins: str
    wrapped: bool = True
    bom: bool = False
    semicolon: bool = False
    indent: int | None = 2


ERAS = (
    Era("2018", "tweet.js", "window.YTD.tweet.part0 = ", wrapped=False, bom=True),
    Era("2019", "data/tweet.js", "window.YTD.tweet.part0 = "),
    Era("2021, a part", "data/tweet-part3.js", "window.YTD.tweet.part3 = ", semicolon=True),
    Era("2023", "data/tweets.js", "window.YTD.tweets.part0 = "),
    Era("2024, a part on one line", "data/tweets-part1.js", "window.YTD.tweets.part1 = ", indent=None),
)  # fmt: skip

texts = st.lists(
    st.sampled_from(["a & b", "<b>", "&amp;", "[", "]", "{", "}", '"', '\\"', "\\", "\n", "🚀", "RT ", "@ada",
                     "window.YTD = [", '{"tweet": {', "é", "\u2028", "];"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    max_size=4,
).map("".join)  # fmt: skip
times = st.datetimes(datetime(2011, 1, 1), datetime(2026, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC, microsecond=0)
)
people = st.integers(1, 2**62)


def number_at(at: datetime, more: int) -> str:
    """An id such as X gives at that moment."""
    return str((int((at - EPOCH) / timedelta(milliseconds=1)) << 22) + more)


def script(era: Era, wrapper: str, items: Sequence[dict[str, Any]]) -> bytes:
    elements = [{wrapper: item} if era.wrapped else item for item in items]
    body = json.dumps(elements, indent=era.indent, ensure_ascii=era.indent is None)
    text = era.begins + body + (";" if era.semicolon else "")
    return (b"\xef\xbb\xbf" if era.bom else b"") + text.encode()


def read_whole(path: str, content: bytes, size: int) -> Read:
    member = SOURCE.member_for(path)
    assert member is not None
    chunks = (content[start : start + size] for start in range(0, len(content), size))
    whole = read(member, chunks)
    assert (whole.error, whole.rejects, whole.repairs, whole.unknown_fields) == (None, [], {}, ())
    return whole


posts = st.lists(
    st.tuples(times, st.integers(0, 2**22 - 1), texts, st.none() | people), max_size=12,
    unique_by=lambda post: post[:2],
)  # fmt: skip


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
@settings(max_examples=25, deadline=None)
@given(written=posts, size=st.integers(1, 4000))
def test_posts_of_any_era_are_read_as_they_were_written(
    era: Era, written: list[tuple[datetime, int, str, int | None]], size: int
) -> None:
    items = []
    for at, more, text, answers in written:
        item = {
            "id_str": number_at(at, more), "id": number_at(at, more), "retweeted": False,
            "full_text": html.escape(text, quote=False), "lang": "en",
            "created_at": f"{at:%a %b %d %H:%M:%S} +0000 {at.year}",
            "entities": {"urls": [], "user_mentions": [], "hashtags": [], "symbols": []},
        }  # fmt: skip
        if answers is not None:
            item |= {"in_reply_to_user_id_str": str(answers), "in_reply_to_screen_name": "ada"}
        items.append(item)
    whole = read_whole(era.tweets, script(era, "tweet", items), size)
    rows = whole.records["post_records"].rows(named=True)
    assert len(rows) == whole.rows_read == len(written)
    for row, (at, more, text, answers) in zip(rows, written, strict=True):
        assert row["post_key"] == number_at(at, more)
        assert row["posted_at"] == at
        assert row["text"] == (text or None)
        assert row["reply_to_person_key"] == (f"x:{answers}" if answers else None)
        expected = "reply" if answers else "post"
        assert row["kind"] == ("repost" if text.startswith("RT @") else expected)


conversations = st.lists(
    st.tuples(people, people, st.lists(st.tuples(times, st.booleans(), texts), max_size=5)),
    max_size=5,
)


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
@settings(max_examples=25, deadline=None)
@given(written=conversations, size=st.integers(1, 4000))
def test_direct_messages_of_any_era_are_read_as_they_were_sent(
    era: Era, written: list[tuple[int, int, list[tuple[datetime, bool, str]]]], size: int
) -> None:
    items, sent = [], []
    for one, other, said in written:
        key = f"{one}-{other}"
        events: list[dict[str, Any]] = [{"reactionCreate": {"senderId": str(one)}}]
        for at, by_one, text in said:
            sender, recipient = (one, other) if by_one else (other, one)
            body = {
                "id": number_at(at, 0), "senderId": str(sender), "recipientId": str(recipient),
                "createdAt": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "text": html.escape(text, quote=False),
                "mediaUrls": [], "urls": [], "reactions": [],
            }  # fmt: skip
            events.append({"messageCreate": body})
            sent.append((key, f"x:{sender}", [f"x:{recipient}"], at, text or None))
        items.append({"conversationId": key, "messages": events})
    path = "data/direct-messages.js" if era.name >= "2021" else "direct-message.js"
    whole = read_whole(path, script(era, "dmConversation", items), size)
    assert whole.elements_read == len(written)
    assert whole.rows_read == len(sent) + len(written)
    assert sum(whole.ignored.values()) == len(written)
    names = ["conversation_key", "sender_key", "recipient_keys", "sent_at", "text"]
    assert whole.records["message_records"].select(names).rows() == sent
