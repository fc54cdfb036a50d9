"""Lines of X API files → objects in their order: a row is one post, event, person or error.

A page is one line with many objects: those of `data`, then the posts in `includes`, then the
`errors`. A flattened post is one object, and so is each post it refers to when that is told
inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from transforms.sources._x_rows import objects_in, text_of
from transforms.sources._ytd import Element

Kind = Literal["post", "person", "message", "left out", "refused"]

REPORTED = "an error the API reported, not a post"
NOTHING = "a page without results"
COUNT = "a count of posts, not a post"
GROUP_EVENT = "group event, not a message"

PAGE_FIELDS = frozenset(
    ("data", "includes", "errors", "meta", "matching_rules", "__twarc", "title", "detail", "type",
     "status", "connection_issue")
)  # fmt: skip
POST_FIELDS = frozenset(
    ("id", "text", "note_tweet", "author_id", "created_at", "entities", "referenced_tweets",
     "in_reply_to_user_id", "attachments", "article", "card_uri", "community_id", "lang",
     "context_annotations", "conversation_id", "display_text_range", "edit_controls", "geo",
     "edit_history_tweet_ids", "media_metadata", "non_public_metrics", "organic_metrics",
     "possibly_sensitive", "promoted_metrics", "public_metrics", "reply_settings", "scopes",
     "source", "suggested_source_links", "withheld", "matched_media_notes", "paid_partnership",
     "author", "in_reply_to_user", "type", "__twarc", "matching_rules")
)  # fmt: skip
PERSON_FIELDS = frozenset(
    ("id", "username", "name", "description", "location", "url", "entities", "created_at",
     "affiliation", "confirmed_email", "connection_status", "is_identity_verified", "parody",
     "most_recent_tweet_id", "pinned_tweet_id", "pinned_tweet", "profile_banner_url",
     "profile_image_url", "protected", "public_metrics", "receives_your_dm", "subscription",
     "subscription_type", "verified", "verified_followers_count", "verified_type", "withheld",
     "__twarc")
)  # fmt: skip
EVENT_FIELDS = frozenset(
    ("id", "event_type", "text", "created_at", "dm_conversation_id", "sender_id", "sender",
     "participant_ids", "participants", "referenced_tweets", "attachments", "entities", "__twarc")
)  # fmt: skip
FIELDS: Mapping[Kind, frozenset[str]] = {
    "post": POST_FIELDS, "person": PERSON_FIELDS, "message": EVENT_FIELDS,
}  # fmt: skip

_LIKED = re.compile(r"/2/users/(\d+)/liked_tweets")
_LIKING = re.compile(r"/2/tweets/(\d+)/liking_users")
_PROBLEM = "/2/problems/"


@dataclass(frozen=True, slots=True)
class Context:
    """What a line says about all of its objects.

    `people` by id, `handles` of them all; `asked_at` is when twarc asked; `liked_by` an account whose liked posts
    these are, `liked_post` a post whose likers these are.
    """

    people: Mapping[str, Element]
    handles: frozenset[str | None]
    asked_at: str | None = None
    liked_by: str | None = None
    liked_post: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a line; `why` it is left out or refused. `is_asked_for`: not just included."""

    kind: Kind
    item: Element
    why: str = ""
    is_asked_for: bool = True


def context_of(line: Element) -> Context:
    twarc = line.get("__twarc")
    url = text_of(twarc.get("url")) if type(twarc) is dict else None
    liked, liking = (p.search(url) if url else None for p in (_LIKED, _LIKING))
    people: dict[str, Element] = {}
    for person in _people_in(line):
        if key := text_of(person.get("id")):
            people.setdefault(key, person)
    return Context(
        people,
        frozenset(text_of(person.get("username")) for person in people.values()),
        text_of(twarc.get("retrieved_at")) if type(twarc) is dict else None,
        liked[1] if liked else None,
        liking[1] if liking else None,
    )


def _people_in(line: Element) -> Iterator[Element]:
    """Accounts that a page includes, or that a flattened post or message tells with it."""
    yield from objects_in(line, "includes", "users")
    for post in (line, *objects_in(line, "referenced_tweets")):
        for name in ("author", "in_reply_to_user", "sender"):
            if type(person := post.get(name)) is dict:
                yield person
    yield from (p for p in objects_in(line, "participants") if "username" in p)


def rows_of(line: Element) -> Iterator[Row]:
    """The objects of a line, at least one."""
    if "data" not in line and "text" in line and "id" in line:
        yield _classified(line)
        for other in objects_in(line, "referenced_tweets"):
            if "text" in other:
                yield _classified(other, is_asked_for=False)
        return
    if not line.keys() & PAGE_FIELDS or "username" in line or "event_type" in line:
        yield _classified(line)
        return
    any_yet = False
    data = line.get("data")
    for item in data if type(data) is list else [] if data is None else [data]:
        any_yet = True
        yield (
            _classified(item)
            if type(item) is dict
            else Row("refused", {"data": item}, "the data of the page is no object")
        )
    for item in objects_in(line, "includes", "tweets"):
        any_yet = True
        yield _classified(item, is_asked_for=False)
    for item in objects_in(line, "errors"):
        any_yet = True
        yield Row("left out", item, REPORTED)
    if not any_yet:
        is_problem = _PROBLEM in str(line.get("type")) or "connection_issue" in line
        yield Row("left out", line, REPORTED if is_problem else NOTHING)


def _classified(item: Element, *, is_asked_for: bool = True) -> Row:
    if "event_type" in item or "dm_conversation_id" in item:
        if text_of(item.get("event_type")) in ("ParticipantsJoin", "ParticipantsLeave"):
            return Row("left out", item, GROUP_EVENT)
        return Row("message", item)
    if "username" in item:
        return Row("person", item)
    if "text" in item or "author_id" in item or "note_tweet" in item:
        return Row("post", item, is_asked_for=is_asked_for)
    if "tweet_count" in item and "start" in item:
        return Row("left out", item, COUNT)
    return Row("refused", item, "the object is no post, no message and no person")
