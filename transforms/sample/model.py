"""What the synthetic world is made of, before it takes the shape of any export."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

OWNER = "owner"

Platform = Literal["linkedin", "x"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the world. `slug` is as in the profile URL, decoded; None on X only."""

    key: str
    name: str
    slug: str | None = None
    company: str = ""
    position: str = ""
    email: str = ""
    connected_on: date | None = None
    invited: Literal["in", "out"] | None = None
    invited_at: datetime | None = None
    note: str = ""
    former_name: str = ""
    former_slug: str = ""
    account_closed: bool = False  # "LinkedIn Member" without URL in the later export only
    anonymous: bool = False  # "LinkedIn Member" without URL in every export
    x_id: str = ""
    x_handle: str = ""
    x_name: str = ""
    follows_owner: bool = False
    followed_by_owner: bool = False

    def person_key(self, platform: Platform) -> str:
        """`linkedin:in/<slug>` or `x:<id>`, as the record tables spell it."""
        return f"x:{self.x_id}" if platform == "x" else f"linkedin:in/{(self.slug or '').lower()}"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `sender` is a person's key or OWNER, `sent_at` is UTC."""

    sender: str
    sent_at: datetime
    text: str
    subject: str = ""
    attachment: str = ""
    draft: bool = False
    liked_by: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A change in an X group chat that is not a message."""

    kind: Literal[
        "joinConversation", "participantsJoin", "participantsLeave", "conversationNameUpdate"
    ]
    at: datetime
    who: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation of the owner with `members` (person keys, without the owner)."""

    key: str
    platform: Platform
    members: tuple[str, ...]
    messages: tuple[Message, ...]
    title: str = ""
    sponsored: bool = False
    deleted: bool = False  # the owner deleted it between the two LinkedIn exports
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted on one person, and what a fair reading of it is.

    `advice` lists every advice that would be right, `flags` names the behaviour in plain
    words (empty for innocents); `person_key` is None where an export names nobody.
    """

    persona: str
    name: str
    platform: Platform
    person_key: str | None
    planted: str
    advice: tuple[str, ...]
    flags: tuple[str, ...]
    innocent: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything both exports are cut from."""

    owner: Person
    people: Mapping[str, Person]
    threads: tuple[Thread, ...]
    crowd: tuple[Planted, ...]  # what is known of the people around the written cast
    owner_texts: Mapping[str, Any]  # by file or kind: what only the owner has


def digest(*parts: object) -> bytes:
    """32 stable bytes for these parts: every "random" id of the sample comes from here."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=32).digest()


def number(*parts: object, below: int) -> int:
    """A stable number in 0..below-1."""
    return int.from_bytes(digest(*parts)[:8], "big") % below


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
