"""direct-messages.js and direct-messages-group.js of X archives → message records.

An element is a conversation, or about a thousand events of a long one, newest first; the
same conversationId may come again with overlapping times. A row is an event inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import polars as pl

from transforms.sources._batches import in_batches
from transforms.sources._x_rows import (
    add_up,
    objects_in,
    person_key,
    plain_text,
    show,
    table,
    text_of,
    undated,
    unwrap,
    with_times,
    x,
)
from transforms.sources._ytd import Element, Elements, read_elements
from transforms.spec import Batch, Parse, Reject

CONVERSATION_FIELDS = frozenset(("conversationId", "messages", "name"))
MESSAGE_FIELDS = frozenset(
    ("id", "senderId", "recipientId", "createdAt", "text", "mediaUrls", "urls", "reactions",
     "editHistory")
)  # fmt: skip
_MESSAGES = ("messageCreate", "welcomeMessageCreate")
_CHANGES = {
    "joinConversation": "participantsSnapshot",
    "participantsJoin": "userIds",
    "participantsLeave": "userIds",
}
_LEFT_OUT = {
    "joinConversation": "group event, not a message",
    "participantsJoin": "group event, not a message",
    "participantsLeave": "group event, not a message",
    "conversationNameUpdate": "group event, not a message",
    "conversationAvatarUpdate": "group event, not a message",
    "reactionCreate": "reaction, not a message",
}
_SCHEMA: dict[str, Any] = {
    "row_number": pl.Int64,
    "conversation_key": pl.String,
    "conversation_title": pl.String,
    "id": pl.String,
    "created": pl.String,
    "sender_key": pl.String,
    "recipient_keys": pl.List(pl.String),
    "text": pl.String,
    "has_attachment": pl.Boolean,
}
_Row = tuple[
    int, str, str | None, str | None, str | None, str | None, list[str] | None, str | None, bool
]


@dataclass(slots=True)
class _Pending:
    """What was read since the last batch; `before` is the number of rows before it."""

    kind: Literal["dm", "group_dm"]
    before: int
    size: int = 0
    conversations: int = 0
    read: int = 0
    rows: list[_Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def next_number(self) -> int:
        self.read += 1
        return self.before + self.read

    def reject(self, reason: str, excerpt: str) -> None:
        self.rejects.append(Reject(self.next_number(), reason, excerpt))

    def take(self, elements: Elements) -> None:
        """Add the events of all conversations, in the order of the file."""
        refused = {reject.row_number: reject for reject in elements.rejects}
        whole = dict(zip(elements.numbers, elements.items, strict=True))
        for number in sorted((*refused, *whole)):
            if number in refused:
                broken = refused[number]
                self.reject(f"a whole conversation: {broken.reason}", broken.excerpt)
            else:
                self._take_conversation(unwrap(whole[number], "dmConversation"))
        self.size += elements.size
        self.conversations += elements.read
        self.repairs = add_up(self.repairs, elements.repairs)

    def _take_conversation(self, conversation: Element) -> None:
        self.unknown |= conversation.keys() - CONVERSATION_FIELDS
        key = text_of(conversation.get("conversationId"))
        events = conversation.get("messages")
        if key is None or type(events) is not list:
            reason = "the conversation has no conversationId or no messages"
            self.reject(reason, show(conversation))
            return
        title = text_of(conversation.get("name")) or _newest_name(conversation)
        for event, present in zip(events, _present(events), strict=True):
            self._take_event(key, title, event, present)

    def _take_event(
        self, key: str, title: str | None, event: object, present: frozenset[str] | None
    ) -> None:
        name, body = "nothing", None
        if type(event) is dict:
            name, body = next(iter(event.items()), (name, None))
        if name in _MESSAGES and type(body) is dict:
            if not body.keys() <= MESSAGE_FIELDS:
                self.unknown |= body.keys() - MESSAGE_FIELDS
            self.rows.append(_message(self.next_number(), key, title, body, present))
        elif rule := _LEFT_OUT.get(name):
            self.next_number()
            self.ignored[rule] = self.ignored.get(rule, 0) + 1
        else:
            self.reject(f"unknown event {name[:40]!r} in a conversation", show(event))

    def batch(self) -> Batch:
        frame = with_times(table(self.rows, _SCHEMA), "created", "id")
        rejects = [*self.rejects, *undated(frame, "created")]
        good = frame.filter(pl.col("at").is_not_null())
        messages = good.select(
            "row_number",
            x(),
            pl.lit(self.kind).alias("kind"),
            "conversation_key",
            "conversation_title",
            pl.lit(None, pl.Boolean).alias("by_owner"),
            "sender_key",
            pl.lit(None, pl.String).alias("sender_name"),
            "recipient_keys",
            pl.lit(None, pl.String).alias("recipient_names"),
            pl.col("at").alias("sent_at"),
            pl.lit(None, pl.String).alias("subject"),
            "text",
            "has_attachment",
            pl.lit(None, pl.String).alias("folder"),
        )
        mended = {"time taken from the id": int(good["mended"].sum())}
        return Batch(
            rows_read=self.read,
            records={"message_records": messages},
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row_number)),
            ignored=self.ignored,
            repairs=add_up(self.repairs, mended),
            unknown_fields=tuple(sorted(self.unknown)),
            elements_read=self.conversations,
        )


def _parse(kind: Literal["dm", "group_dm"]) -> Parse:
    def parse(chunks: Iterable[bytes]) -> Iterator[Batch]:
        return in_batches(read_elements(chunks), partial(_Pending, kind))

    return parse


def _newest_name(conversation: Element) -> str | None:
    for event in objects_in(conversation, "messages"):
        update = event.get("conversationNameUpdate")
        if type(update) is dict and (name := text_of(update.get("name"))):
            return name
    return None


def _present(events: Sequence[object]) -> list[frozenset[str] | None]:
    """Who was in the group at each event (the newest comes first); null where no one says.

    Only the stretch of a conversation in which the owner joined holds a list of who was there;
    those who never write are known by it alone.
    """
    present: frozenset[str] | None = None
    told: list[frozenset[str] | None] = []
    for event in reversed(events):
        name, body = next(iter(event.items()), ("", None)) if type(event) is dict else ("", None)
        if name in _CHANGES and type(body) is dict:
            listed = body.get(_CHANGES[name])
            keys = map(person_key, listed) if type(listed) is list else ()
            people = frozenset(key for key in keys if key)
            if name == "joinConversation":
                present = people or present
            elif present is not None:
                present = present | people if name == "participantsJoin" else present - people
        told.append(present)
    return told[::-1]


def _message(
    number: int, key: str, title: str | None, body: Element, present: frozenset[str] | None
) -> _Row:
    sender = person_key(body.get("senderId"))
    recipient = person_key(body.get("recipientId"))
    if recipient is None and key.count("-") == 1:
        others = [person_key(part) for part in key.split("-")]
        recipient = next((other for other in others if other and other != sender), None)
    recipients = [recipient] if recipient else sorted((present or frozenset()) - {sender})
    links = [
        (
            text_of(link.get("url")),
            text_of(link.get("expanded")) or text_of(link.get("expanded_url")),
        )
        for link in objects_in(body, "urls")
    ]
    text = text_of(body.get("text"))
    return (
        number,
        key,
        title,
        text_of(body.get("id")),
        text_of(body.get("createdAt")),
        sender,
        recipients or None,
        plain_text(text, links) if text else None,
        bool(body.get("mediaUrls")),
    )


parse_direct_messages = _parse("dm")
parse_group_messages = _parse("group_dm")
