"""The world: the written cast and a seeded background, as one value."""

from __future__ import annotations

from itertools import pairwise

from transforms.sample import background
from transforms.sample.cast import cast_people, cast_threads, load, person_from
from transforms.sample.model import Person, World


def build_world(seed: int) -> World:
    """The synthetic person's whole world; the seed draws the background, not the cast."""
    owner_file = load("owner")
    people: dict[str, Person] = {}
    for person, _, _ in cast_people():
        if person.key in people:
            raise ValueError(f"two people of the cast have the key {person.key!r}")
        people[person.key] = person
    crowd = background.draw(seed)
    people.update(crowd.people)
    threads = (*cast_threads(), *crowd.threads)
    for thread in threads:
        unknown = {*thread.members, *(m.sender for m in thread.messages)} - {*people, "owner"}
        if unknown:
            raise ValueError(f"thread {thread.key!r} names unknown people: {sorted(unknown)}")
        times = [message.sent_at for message in thread.messages]
        if any(earlier > later for earlier, later in pairwise(times)):
            raise ValueError(f"thread {thread.key!r} is not in order of time")
    return World(
        owner=person_from(owner_file["owner"]),
        people=people,
        threads=threads,
        crowd=crowd.planted,
        owner_texts={**owner_file["files"], **load("owner_posts")},
    )
