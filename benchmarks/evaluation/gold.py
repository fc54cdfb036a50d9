"""Threads written and labelled by hand (`data/gold/`): read, checked, and put together again.

Format and meaning of the labels: `data/gold/README.md`. The part `develop` may be read by anybody
who works on the rules; the part `sealed` only by `sealed.py`, which prints figures and no text.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "gold"
LABELS = (
    "pitch",
    "unprompted",
    "generic_compliment",
    "gives_help",
    "follow_up_without_reply",
    "newsletter",
    "real_question",
    "requested",
)
INTENTS = ("clients", "talent", "job", "partner", "investor", "help", "social", "other")
VERDICTS = ("yes", "no", "unclear")


class GoldError(ValueError):
    """A file of threads that does not keep to the format; says where."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message; `labels` and `intent` are those of the other person's messages."""

    by_them: bool
    at: dt.datetime
    text: str
    labels: frozenset[str]
    intent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One conversation between the owner of an inbox and another person."""

    id: str
    sender: str
    owner: str
    platform: str
    language: str
    me_me_me: str
    messages: tuple[Said, ...]
    headline: str | None = None
    connected_on: dt.date | None = None
    invited_by: str | None = None
    hard: str | None = None

    @property
    def person(self) -> tuple[str, str]:
        """Whose inbox, and who wrote: one person may have several threads."""
        return self.owner, self.sender

    @property
    def writer(self) -> str:
        """Who wrote it: what its id begins with."""
        return writer_of(self.id)


@dataclass(frozen=True, slots=True)
class Reading:
    """A second reader's verdict on a thread, and labels and intent of each message of theirs."""

    me_me_me: str
    them: tuple[tuple[frozenset[str], str], ...]


def writer_of(thread: str) -> str:
    """What the id of a thread begins with."""
    return thread.partition("-")[0]


def load(folder: Path) -> tuple[Thread, ...]:
    """All threads of the folder's files, by id. Raises GoldError."""
    threads = [
        _thread(entry, path.name)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("threads", ())
    ]
    ids = [thread.id for thread in threads]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise GoldError(f"{folder}: {', '.join(twice)} is there twice")
    return tuple(sorted(threads, key=lambda thread: thread.id))


def load_readings(folder: Path) -> dict[str, Reading]:
    """Thread id → what another reader says of it, from all files of the folder."""
    found: dict[str, Reading] = {}
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("threads", ()):
            where = f"{path.name}: thread {entry.get('id', '?')}"
            _one_of(where, "me_me_me", entry.get("me_me_me"), VERDICTS)
            found[entry["id"]] = Reading(
                entry["me_me_me"],
                tuple(
                    _labels(said, f"{where}, message {number} of theirs")
                    for number, said in enumerate(entry["them"], start=1)
                ),
            )
    return found


def verdicts(threads: Sequence[Thread]) -> dict[tuple[str, str], str]:
    """Person → Me-Me-Me sender yes, no or unclear, over all their threads: yes wins, then unclear."""
    said: dict[tuple[str, str], set[str]] = {}
    for thread in threads:
        said.setdefault(thread.person, set()).add(thread.me_me_me)
    return {
        person: next(verdict for verdict in ("yes", "unclear", "no") if verdict in found)
        for person, found in said.items()
    }


def _thread(entry: Mapping[str, Any], file: str) -> Thread:
    where = f"{file}: thread {entry.get('id', '?')}"
    missing = [
        name
        for name in ("id", "sender", "owner", "platform", "language", "me_me_me", "messages")
        if not entry.get(name)
    ]
    if missing:
        raise GoldError(f"{where} lacks {', '.join(missing)}")
    _one_of(where, "platform", entry["platform"], ("linkedin", "x"))
    _one_of(where, "me_me_me", entry["me_me_me"], VERDICTS)
    messages = tuple(
        _said(message, f"{where}, message {number}")
        for number, message in enumerate(entry["messages"], start=1)
    )
    times = [said.at for said in messages]
    if times != sorted(times):
        raise GoldError(f"{where}: messages are not in the order of time")
    return Thread(
        **{name: entry[name] for name in ("id", "sender", "owner", "platform", "language")},
        me_me_me=entry["me_me_me"],
        messages=messages,
        headline=entry.get("headline"),
        connected_on=entry.get("connected_on"),
        invited_by=entry.get("invited_by"),
        hard=entry.get("hard"),
    )


def _said(entry: Mapping[str, Any], where: str) -> Said:
    _one_of(where, "from", entry.get("from"), ("them", "owner"))
    by_them = entry["from"] == "them"
    if not by_them and ("labels" in entry or "intent" in entry):
        raise GoldError(f"{where} is the owner's and bears labels")
    labels, intent = _labels(entry, where) if by_them else (frozenset(), None)
    at = entry.get("at")
    if not isinstance(at, dt.datetime) or at.tzinfo is None:
        raise GoldError(f"{where}: at is {at!r}, and has to be a time in UTC")
    return Said(by_them, at.astimezone(dt.UTC), entry["text"], labels, intent)


def _labels(entry: Mapping[str, Any], where: str) -> tuple[frozenset[str], str]:
    labels = entry.get("labels")
    if labels is None:
        raise GoldError(f"{where} has no labels; [] says that none applies")
    for label in labels:
        _one_of(where, "label", label, LABELS)
    _one_of(where, "intent", entry.get("intent"), INTENTS)
    return frozenset(labels), entry["intent"]


def _one_of(where: str, what: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        raise GoldError(f"{where}: {what} is {value!r}, and has to be one of {', '.join(known)}")
