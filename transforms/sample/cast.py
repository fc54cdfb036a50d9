"""The written part of the world: people, threads and the owner's own words, from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.sample.model import (
    OWNER,
    Event,
    Message,
    Person,
    Planted,
    Platform,
    Thread,
    number,
)
from transforms.sample.script import parse_script

CAST_FILES = ("cast_pitchers", "cast_floods", "cast_company", "cast_edges", "cast_x")
_PERSON_FIELDS = (
    "name company position email connected_on invited note former_name former_slug "
    "account_closed anonymous x_id x_handle x_name follows_owner followed_by_owner"
).split()


@cache
def load(stem: str) -> Mapping[str, Any]:
    """A text file of this package, parsed."""
    path = files("transforms.sample") / f"{stem}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def slug_for(key: str) -> str:
    """A profile slug that belongs to nobody: the key and a marked number."""
    return f"{key}-mmm{number('slug', key, below=9000) + 1000}"


def person_from(entry: Mapping[str, Any], platform: Platform = "linkedin") -> Person:
    """A person from its TOML table. People on LinkedIn get a slug if none is written."""
    given = {name: entry[name] for name in _PERSON_FIELDS if name in entry}
    key = entry["key"]
    on_linkedin = platform == "linkedin" and not entry.get("anonymous", False)
    slug = entry.get("slug") or (slug_for(key) if on_linkedin else None)
    invited_at = entry.get("invited_at")
    if invited_at is None and "invited" in given:
        invited_at = _invited_at(entry)
    return Person(key=key, slug=slug, invited_at=invited_at, **given)


def _invited_at(entry: Mapping[str, Any]) -> datetime:
    """Invitations are answered the same day, or some days later; the hash decides."""
    days = number("invited", entry["key"], below=4)
    clock = time(7 + number("hour", entry["key"], below=10), number("min", entry["key"], below=60))
    return datetime.combine(entry["connected_on"] - timedelta(days=days), clock, UTC)


def cast_people() -> Iterator[tuple[Person, Mapping[str, Any]]]:
    for stem in CAST_FILES:
        for entry in load(stem).get("people", []):
            yield person_from(entry, "x" if stem == "cast_x" else "linkedin"), entry


def cast_threads() -> Iterator[Thread]:
    for person, entry in cast_people():
        for index, thread in enumerate(_thread_tables(entry)):
            platform: Platform = thread.get("platform", "linkedin" if person.slug else "x")
            yield Thread(
                key=f"{person.key}/{index}",
                platform=platform,
                members=(person.key,),
                messages=_with_note(person, parse_script(thread["script"], person.key), index),
                title=thread.get("title", ""),
                folder=thread.get("folder", "INBOX"),
                sponsored=thread.get("sponsored", False),
                deleted=thread.get("deleted", False),
            )
    for group in load("cast_groups")["groups"]:
        yield _group(group)


def _thread_tables(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    own = [{**entry, "platform": entry.get("platform", "linkedin")}] if "script" in entry else []
    if own and "platform" not in entry:
        del own[0]["platform"]
    return [*own, *entry.get("threads", [])]


def _with_note(person: Person, messages: tuple[Message, ...], index: int) -> tuple[Message, ...]:
    """LinkedIn repeats an accepted invitation's note as the first message of the thread."""
    if index or not person.note or person.connected_on is None or person.invited_at is None:
        return messages
    sender = person.key if person.invited == "in" else OWNER
    return (Message(sender, person.invited_at, person.note), *messages)


def _group(group: Mapping[str, Any]) -> Thread:
    return Thread(
        key=group["key"],
        platform=group.get("platform", "linkedin"),
        members=tuple(group["members"]),
        messages=parse_script(group["script"], OWNER),
        title=group.get("title", ""),
        events=tuple(
            Event(event["kind"], event["at"], tuple(event.get("who", ())), event.get("name", ""))
            for event in group.get("events", [])
        ),
    )


def planted_table() -> tuple[Planted, ...]:
    """One row for every person of the cast on whom something was planted."""
    rows = []
    for person, entry in cast_people():
        for plant in [entry] if "persona" in entry else entry.get("plants", []):
            platform: Platform = plant.get("platform", "linkedin" if person.slug else "x")
            if person.anonymous:
                platform = "linkedin"
            rows.append(
                Planted(
                    persona=plant["persona"],
                    name=person.name,
                    platform=platform,
                    person_key=None if person.anonymous else person.person_key(platform),
                    planted=plant["planted"],
                    advice=tuple(plant["advice"]),
                    flags=tuple(plant.get("flags", ())),
                    innocent=plant["innocent"],
                )
            )
    return tuple(rows)
