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

CAST_FILES: Mapping[str, Platform] = {
    "cast_pitchers": "linkedin",
    "cast_floods": "linkedin",
    "cast_company": "linkedin",
    "cast_edges": "linkedin",
    "cast_x": "x",
}
_PERSON_FIELDS = [
    "name",
    "company",
    "position",
    "email",
    "connected_on",
    "invited",
    "note",
    "former_name",
    "former_slug",
    "account_closed",
    "anonymous",
    "x_id",
    "x_handle",
    "x_name",
    "follows_owner",
    "followed_by_owner",
]


@cache
def load(stem: str) -> Mapping[str, Any]:
    """A text file of this package, parsed."""
    path = files("transforms.sample") / f"{stem}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def slug_for(key: str) -> str:
    """A profile slug that belongs to nobody: the key and a marked number."""
    return f"{key}-mmm{number('slug', key, below=9000) + 1000}"


def person_from(entry: Mapping[str, Any], platform: Platform = "linkedin") -> Person:
    """A person from its TOML table. Who is at home on LinkedIn gets a slug if none is written."""
    given = {name: entry[name] for name in _PERSON_FIELDS if name in entry}
    key = entry["key"]
    has_profile = platform == "linkedin" and not entry.get("no_profile", False)
    slug = entry.get("slug", slug_for(key)) if has_profile else None
    invited_at = _invited_at(entry) if "invited" in given else None
    return Person(key=key, slug=slug, invited_at=invited_at, **given)


def _invited_at(entry: Mapping[str, Any]) -> datetime:
    """Up to three days before the connection; a note is always older than the answer to it."""
    days = number("invited", entry["key"], below=3) + ("note" in entry)
    clock = time(7 + number("hour", entry["key"], below=10), number("min", entry["key"], below=60))
    return datetime.combine(entry["connected_on"] - timedelta(days=days), clock, UTC)


def cast_people() -> Iterator[tuple[Person, Mapping[str, Any], Platform]]:
    """Every written person with their TOML table and the platform they are at home on."""
    for stem, platform in CAST_FILES.items():
        for entry in load(stem)["people"]:
            yield person_from(entry, platform), entry, platform


def cast_threads() -> Iterator[Thread]:
    for person, entry, platform in cast_people():
        for index, thread in enumerate([entry] if "script" in entry else entry.get("threads", [])):
            messages = parse_script(thread["script"], person.key)
            yield Thread(
                key=f"{person.key}/{index}",
                platform=platform,
                members=(person.key,),
                messages=messages if index else _with_note(person, messages),
                title=thread.get("title", ""),
                sponsored=thread.get("sponsored", False),
                deleted=thread.get("deleted", False),
            )
    for thread in load("cast_x")["threads"]:
        key = thread["with"]
        yield Thread(f"{key}/x", "x", (key,), parse_script(thread["script"], key))
    for group in load("cast_groups")["groups"]:
        yield _group(group)


def _with_note(person: Person, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """LinkedIn repeats an accepted invitation's note as the first message of the thread."""
    if not person.note or person.invited_at is None:
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
            Event(event["kind"], event["at"], tuple(event["who"]), event.get("name", ""))
            for event in group.get("events", [])
        ),
    )


def planted_table() -> tuple[Planted, ...]:
    """What was planted on whom, in the order of the files; the owner comes last."""
    rows = [
        _planted(person, plant, plant.get("platform", home))
        for person, entry, home in cast_people()
        for plant in [*([entry] if "persona" in entry else []), *entry.get("plants", [])]
    ]
    owner = load("owner")["owner"]
    rows += [_planted(person_from(owner), plant, plant["platform"]) for plant in owner["plants"]]
    return tuple(rows)


def _planted(person: Person, plant: Mapping[str, Any], platform: Platform) -> Planted:
    named = platform == "x" or person.slug is not None
    return Planted(
        persona=plant["persona"],
        name=person.name,
        platform=platform,
        person_key=person.person_key(platform) if named else None,
        planted=plant["planted"],
        advice=tuple(plant["advice"]),
        flags=tuple(plant.get("flags", ())),
        innocent=plant["innocent"],
    )
