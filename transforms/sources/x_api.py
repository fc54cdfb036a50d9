"""Posts, people and direct messages as X's own API (v2) gives them, one JSON object a line.

How to get it: see HOW_TO_GET. Any tool that keeps the API's answers as they come will do: twarc2,
academic collections, a few lines with curl. Other people's posts come in this way, with their
authors.

Forms seen (2021 to 2026), all told by content, whatever the file is called:

- pages: `{"data": […], "includes": {…}, "errors": […], "meta": {…}}`, `data` a list, or one
  object in a stream; twarc adds `__twarc`;
- flattened by twarc (`twarc2 flatten`): a line is a post with `author`, and with the posts it
  refers to inside `referenced_tweets`;
- people (`twarc2 followers`, `users`), direct messages (`/2/dm_events`), and pages saved as one
  document over several lines.

What is emitted. A row is an object: a post of `data`, a post in `includes`, an event, a person, an
error. Posts get kind repost, reply, quote or post by `referenced_tweets`; the text is that of
`note_tweet` where there is one, unescaped once, links expanded. Accounts in `includes.users`
become person records. Pages of liked posts and of likers become likes as well. A direct
message needs its `dm_conversation_id`; `a-b` is a thread of two. Nobody here is the owner: who
that is, other exports or mememeter.toml say.

Known defects: a last line that is cut off (refused, the rest is kept); pages that report errors
beside their posts (counted, by rule); ids beyond 2^53 as text. `confirmed_email` is read past.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.sources._x_api import parse_feed
from transforms.spec import Head, Member, Source

HOW_TO_GET = (
    "With twarc (pip install twarc, and a key of your own from developer.x.com): twarc2 timeline "
    "NAME posts.jsonl, or twarc2 search QUERY posts.jsonl → put the file, flattened or not, "
    "into the inbox."
)

_PAGE = re.compile(rb'"(?:data|includes)"\s*:\s*[\[{]')
_MARKS = (
    b'"author_id"', b'"conversation_id"', b'"edit_history_tweet_ids"', b'"dm_conversation_id"',
    b'"event_type"', b'"public_metrics"', b'"username"', b'"referenced_tweets"',
)  # fmt: skip
_FLAT = (
    b'"conversation_id"', b'"public_metrics"', b'"edit_history_tweet_ids"', b'"reply_settings"',
    b'"dm_conversation_id"', b'"referenced_tweets"',
)  # fmt: skip
# No brace between: a file of nothing but '"meta":{' would else be searched to its end at each.
_EMPTY = re.compile(rb'"meta"\s*:\s*\{[^{}]*"result_count"')


def looks_like_feed(head: bytes) -> bool:
    """Whether the bytes begin a file of answers of X's API."""
    begins = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if not begins.startswith((b"{", b"[")):
        return False
    if _PAGE.search(begins) and any(mark in begins for mark in _MARKS):
        return True
    if b'"author_id"' in begins or b'"username"' in begins or b'"sender_id"' in begins:
        return any(mark in begins for mark in _FLAT)
    return b"/2/problems/" in begins or _EMPTY.search(begins) is not None


def _recognises(paths: Sequence[str], head: Head) -> bool:
    return any(SOURCE.member_for(path, head) is not None for path in paths)


SOURCE = Source(
    name="x_api",
    platform="x",
    label="X API feed",
    how_to_get=HOW_TO_GET,
    recognises=_recognises,
    members=(
        Member(
            name="feed",
            pattern=r".*\.(?:jsonl?|ndjson)",
            feeds=("post_records", "person_records", "message_records", "interaction_records"),
            parse=parse_feed,
            begins=looks_like_feed,
            doc="Posts of anybody with their authors, people and direct messages.",
            example="posts.jsonl",
        ),
    ),
    ignored={},
)
