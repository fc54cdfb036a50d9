"""Threads as direct-messages.js and direct-messages-group.js hold them: ids only, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from transforms.sample.model import OWNER, Event, Message, Thread, World
from transforms.sample.x_ids import display, iso_time, shorten, snowflake


def direct_messages(world: World) -> list[list[dict[str, Any]]]:
    """Conversations of two, in two parts; the longest is cut in two under one id, as X does."""
    conversations = [_conversation(world, t) for t in _threads(world) if len(t.members) == 1]
    longest = max(conversations, key=lambda entry: len(entry["dmConversation"]["messages"]))
    whole = longest["dmConversation"]
    half = len(whole["messages"]) // 2
    newer, older = (
        {"dmConversation": whole | {"messages": messages}}
        for messages in (whole["messages"][:half], whole["messages"][half:])
    )
    rest = [entry for entry in conversations if entry is not longest]
    middle = len(rest) // 2
    return [[*rest[:middle], newer], [older, *rest[middle:]]]


def group_messages(world: World) -> list[dict[str, Any]]:
    """Conversations of more, with what happened in them besides messages."""
    return [_conversation(world, t) for t in _threads(world) if len(t.members) > 1]


def _threads(world: World) -> list[Thread]:
    return [thread for thread in world.threads if thread.platform == "x"]


def _x_id(world: World, key: str) -> str:
    return (world.owner if key == OWNER else world.people[key]).x_id


def _conversation(world: World, thread: Thread) -> dict[str, Any]:
    entries = [(m.sent_at, _message(world, thread, m)) for m in thread.messages]
    entries += [(event.at, _event(world, event)) for event in thread.events]
    entries.sort(key=lambda pair: pair[0], reverse=True)
    return {
        "dmConversation": {
            "conversationId": _conversation_id(world, thread),
            "messages": [entry for _, entry in entries],
        }
    }


def _conversation_id(world: World, thread: Thread) -> str:
    if len(thread.members) > 1:
        return snowflake(thread.messages[0].sent_at, "group", thread.key)
    low, high = sorted((int(world.owner.x_id), int(_x_id(world, thread.members[0]))))
    return f"{low}-{high}"


def _message(world: World, thread: Thread, message: Message) -> dict[str, Any]:
    text, links = shorten(message.text)
    create: dict[str, Any] = {
        "reactions": [_reaction(world, message)] if message.liked_by else [],
        "urls": [
            {"url": short, "expanded": url, "display": display(url)} for short, url in links.items()
        ],
        "text": text,
        "mediaUrls": [message.attachment] if message.attachment else [],
        "senderId": _x_id(world, message.sender),
        "id": snowflake(message.sent_at, thread.key, message.text),
        "createdAt": iso_time(message.sent_at),
    }
    if len(thread.members) == 1:
        other = thread.members[0] if message.sender == OWNER else OWNER
        create = {"recipientId": _x_id(world, other), **create}
    return {"messageCreate": create}


def _reaction(world: World, message: Message) -> dict[str, str]:
    at = message.sent_at + timedelta(minutes=7)
    return {
        "senderId": _x_id(world, message.liked_by),
        "reactionKey": "like",
        "eventId": snowflake(at, "reaction", message.text),
        "createdAt": iso_time(at),
    }


def _event(world: World, event: Event) -> dict[str, Any]:
    """`who` begins with whoever did it, but for those who leave."""
    ids = [_x_id(world, key) for key in event.who]
    facts: dict[str, dict[str, Any]] = {
        "conversationNameUpdate": {"initiatingUserId": ids[0], "name": event.name},
        "joinConversation": {"initiatingUserId": ids[0], "participantsSnapshot": ids},
        "participantsJoin": {"initiatingUserId": ids[0], "userIds": ids[1:]},
        "participantsLeave": {"userIds": ids},
    }
    return {event.kind: facts[event.kind] | {"createdAt": iso_time(event.at)}}
