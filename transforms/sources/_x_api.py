"""Objects of X API files → post, person, message and interaction records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from transforms.sources._batches import in_batches
from transforms.sources._jsonl import read_objects
from transforms.sources._x_api_rows import FIELDS, PAGE_FIELDS, Context, Row, context_of, rows_of
from transforms.sources._x_posts import person_frame
from transforms.sources._x_rows import (
    add_up,
    objects_in,
    person_key,
    plain_text,
    show,
    table,
    text_of,
    undated,
    with_times,
    x,
)
from transforms.sources._ytd import Element, Elements
from transforms.spec import Batch, Reject

_MENDED = "time taken from the id"
_NULL = pl.lit(None, pl.String)
_STATUS = "https://x.com/i/web/status/{}"

_POST = {
    "row_number": pl.Int64, "post_key": pl.String, "kind": pl.String, "author_key": pl.String,
    "author_name": pl.String, "created": pl.String, "text": pl.String,
    "reply_to_post_key": pl.String, "reply_to_person_key": pl.String,
}  # fmt: skip
_PERSON: dict[str, Any] = {
    "row_number": pl.Int64, "person_key": pl.String, "handle": pl.String,
    "display_name": pl.String, "headline": pl.String, "location": pl.String,
    "links": pl.List(pl.String), "asked_at": pl.String, "is_row": pl.Boolean,
}  # fmt: skip
_MESSAGE: dict[str, Any] = {
    "row_number": pl.Int64, "conversation_key": pl.String, "id": pl.String, "created": pl.String,
    "sender_key": pl.String, "sender_name": pl.String, "recipient_keys": pl.List(pl.String),
    "text": pl.String, "has_attachment": pl.Boolean,
}  # fmt: skip
_LIKE = {
    "row_number": pl.Int64, "actor_key": pl.String, "actor_name": pl.String,
    "target_url": pl.String, "detail": pl.String,
}  # fmt: skip


@dataclass(slots=True)
class _Pending:
    """What was read since the last batch; `before` is the number of rows before it."""

    before: int = 0
    size: int = 0
    read: int = 0
    posts: list[tuple[Any, ...]] = field(default_factory=list)
    people: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    likes: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def next_number(self) -> int:
        self.read += 1
        return self.before + self.read

    def take(self, elements: Elements) -> None:
        """Add the objects of all lines, in the order of the file."""
        refused = {reject.row_number: reject for reject in elements.rejects}
        whole = dict(zip(elements.numbers, elements.items, strict=True))
        for number in sorted((*refused, *whole)):
            if number in refused:
                broken = refused[number]
                reason = f"line {number}: {broken.reason}"
                self.rejects.append(Reject(self.next_number(), reason[:200], broken.excerpt))
            else:
                self._take_line(whole[number])
        self.size += elements.size
        self.repairs = add_up(self.repairs, elements.repairs)

    def _take_line(self, line: Element) -> None:
        context = context_of(line)
        named: set[str] = set()
        first_post = None
        for row in rows_of(line):
            number = self.next_number()
            if (known := FIELDS.get(row.kind)) and not row.item.keys() <= known:
                self.unknown |= row.item.keys() - known
            if row.kind == "post":
                first_post = first_post or number
                self._take_post(number, row, context, named)
            else:
                self._take_other(number, row, context)
        if first_post is not None:
            for key, person in context.people.items():
                if key not in named:
                    self.people.append(_person(first_post, person, context, is_row=False))
        if "data" in line:
            self.unknown |= line.keys() - PAGE_FIELDS

    def _take_other(self, number: int, row: Row, context: Context) -> None:
        if row.kind == "left out":
            self.ignored[row.why] = self.ignored.get(row.why, 0) + 1
        elif row.kind == "refused":
            self.rejects.append(Reject(number, row.why, show(row.item)))
        elif row.kind == "person":
            self._take_person(number, row.item, context)
        else:
            self._take_message(number, row.item, context)

    def _take_post(self, number: int, row: Row, context: Context, named: set[str]) -> None:
        item = row.item
        key = text_of(item.get("id"))
        if key is None:
            self.rejects.append(Reject(number, "the post has no id", show(item)))
            return
        author = text_of(item.get("author_id"))
        kind, answered = _kind(item)
        text, mentions = _text_and_mentions(item)
        self.posts.append(
            (
                number, key, kind, person_key(author),
                _name(context.people.get(author or "")), text_of(item.get("created_at")),
                text, answered, person_key(item.get("in_reply_to_user_id")),
            )
        )  # fmt: skip
        ids = [author, text_of(item.get("in_reply_to_user_id"))]
        for mention in mentions:
            mentioned = text_of(mention.get("id"))
            if mentioned in context.people:
                ids.append(mentioned)
            elif text_of(mention.get("username")) not in context.handles:
                self.people.append(_person(number, mention, context, is_row=False))
        for somebody in ids:
            if somebody and somebody in context.people and somebody not in named:
                named.add(somebody)
                self.people.append(_person(number, context.people[somebody], context, is_row=False))
        if context.liked_by and row.is_asked_for:
            liker = context.liked_by
            name = _name(context.people.get(liker))
            self.likes.append((number, person_key(liker), name, _STATUS.format(key), text))

    def _take_person(self, number: int, item: Element, context: Context) -> None:
        person = _person(number, item, context, is_row=True)
        if person[1] is None:
            self.rejects.append(Reject(number, "the person has no id", show(item)))
            return
        self.people.append(person)
        if context.liked_post:
            target = _STATUS.format(context.liked_post)
            self.likes.append((number, person[1], _name(item), target, None))

    def _take_message(self, number: int, item: Element, context: Context) -> None:
        key = text_of(item.get("dm_conversation_id"))
        if key is None:
            reason = (
                "the message names no conversation: ask the API for "
                "dm_event.fields=dm_conversation_id,sender_id,created_at"
            )
            self.rejects.append(Reject(number, reason, show(item)))
            return
        sender = person_key(item.get("sender_id"))
        pair = [person_key(part) for part in key.split("-")] if key.count("-") == 1 else []
        recipients = [other for other in pair if other and other != sender]
        text = text_of(item.get("text"))
        self.messages.append(
            (
                number, key, text_of(item.get("id")), text_of(item.get("created_at")), sender,
                _name(context.people.get(text_of(item.get("sender_id")) or "")),
                recipients if sender and len(recipients) == 1 else None,
                plain_text(text, _links(item)) if text else None, bool(item.get("attachments")),
            )
        )  # fmt: skip

    def batch(self) -> Batch:
        posts = with_times(table(self.posts, _POST), "created", "post_key")
        messages = with_times(table(self.messages, _MESSAGE), "created", "id")
        dated_posts = posts.filter(pl.col("at").is_not_null())
        dated_messages = messages.filter(pl.col("at").is_not_null())
        mended = int(dated_posts["mended"].sum()) + int(dated_messages["mended"].sum())
        rejects = [*self.rejects, *undated(posts, "created"), *undated(messages, "created")]
        likes = table(self.likes, _LIKE)
        undated_posts = posts.filter(pl.col("at").is_null()).select("row_number")
        return Batch(
            rows_read=self.read,
            records={
                "post_records": _posts(dated_posts),
                "person_records": _people(table(self.people, _PERSON), dated_posts),
                "message_records": _messages(dated_messages),
                "interaction_records": _likes(likes.join(undated_posts, "row_number", "anti")),
            },
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row_number)),
            ignored=self.ignored,
            repairs=add_up(self.repairs, {_MENDED: mended}),
            unknown_fields=tuple(sorted(self.unknown)),
        )


def parse_feed(chunks: Iterable[bytes]) -> Iterator[Batch]:
    """Everything the file holds; MemberError, after the good rows, as `read_objects` says."""
    return in_batches(read_objects(chunks), _Pending)


def _kind(item: Element) -> tuple[str, str | None]:
    """What sort of post it is, and the post it answers."""
    told = {text_of(r.get("type")): r for r in objects_in(item, "referenced_tweets")}
    answered = told.get("replied_to")
    if "retweeted" in told:
        return "repost", None
    if answered is not None or text_of(item.get("in_reply_to_user_id")):
        return "reply", text_of(answered.get("id")) if answered else None
    return ("quote" if "quoted" in told else "post"), None


def _text_and_mentions(item: Element) -> tuple[str | None, list[Element]]:
    """The whole text, links expanded, and who is named in it."""
    note = item.get("note_tweet")
    long = text_of(note.get("text")) if type(note) is dict else None
    told: Element = note if long else item  # type: ignore[assignment]
    text = long or text_of(item.get("text"))
    mentions = objects_in(told, "entities", "mentions")
    return (plain_text(text, _links(told)) if text else None), mentions


def _links(item: Element) -> list[tuple[str | None, str | None]]:
    return [
        (text_of(link.get("url")), text_of(link.get("expanded_url")))
        for link in objects_in(item, "entities", "urls")
    ]


def _name(person: Element | None) -> str | None:
    return text_of(person.get("name")) if person else None


def _person(number: int, person: Element, context: Context, *, is_row: bool) -> tuple[Any, ...]:
    links = [
        long
        for link in objects_in(person, "entities", "url", "urls")
        if (long := text_of(link.get("expanded_url")))
    ]
    return (
        number, person_key(person.get("id")), text_of(person.get("username")), _name(person),
        text_of(person.get("description")), text_of(person.get("location")), links or None,
        context.asked_at, is_row,
    )  # fmt: skip


def _posts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "row_number", x(), "kind", "post_key", pl.lit(value=False).alias("by_owner"), "author_key",
        "author_name", pl.col("at").alias("posted_at"), "text",
        pl.format(_STATUS, "post_key").alias("url"), "reply_to_post_key", "reply_to_person_key",
    )  # fmt: skip


def _people(people: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Rows of their own, and whom the posts name, each state of an account once per batch."""
    asked = pl.col("asked_at").str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%z", strict=False, time_unit="us", time_zone="UTC"
    )
    people = people.with_columns(asked.alias("asked_at"))
    own = people.filter("is_row").with_columns(observed_at="asked_at")
    facts = ["person_key", "handle", "display_name", "headline", "location", "links"]
    named = (
        people.filter(~pl.col("is_row"))
        .join(posts.select("row_number", "at"), "row_number")
        .with_columns(observed_at=pl.coalesce("asked_at", "at"))
        .drop("at")
        .sort("observed_at", "row_number", maintain_order=True)
        .unique(facts, keep="last", maintain_order=True)
    )
    address = pl.format("https://x.com/{}", "handle").alias("profile_url")
    found = pl.concat([own, named]).sort("row_number", maintain_order=True)
    return person_frame(found.with_columns(address))


def _messages(frame: pl.DataFrame) -> pl.DataFrame:
    is_pair = pl.col("conversation_key").str.contains("-", literal=True)
    return frame.select(
        "row_number", x(), pl.when(is_pair).then(pl.lit("dm")).otherwise(pl.lit("group_dm")).alias("kind"),
        "conversation_key", _NULL.alias("conversation_title"),
        pl.lit(None, pl.Boolean).alias("by_owner"), "sender_key", "sender_name", "recipient_keys",
        _NULL.alias("recipient_names"), pl.col("at").alias("sent_at"), _NULL.alias("subject"),
        "text", "has_attachment", _NULL.alias("folder"),
    )  # fmt: skip


def _likes(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "row_number", x(), pl.lit("like").alias("kind"), pl.lit(value=False).alias("by_owner"),
        "actor_key", "actor_name", "target_url", "detail",
        pl.lit(None, pl.Datetime("us", "UTC")).alias("occurred_at"),
    )  # fmt: skip
