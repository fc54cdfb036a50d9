"""The first screen in words: what stands out, and how many people are to be dealt with how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.format import number
from dashboards.wording import ADVICE, ADVICE_MEANING, ADVICE_ORDER, plural


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence; numbers stand out."""

    text: str
    strong: bool = False


def first_sentence(overview: Mapping[str, Any]) -> tuple[Part, ...]:
    """The answer as one sentence, also where there is little or nothing to answer."""
    people = overview["people"]
    if not people and not overview["messages_sent"] and not overview["posts"]:
        return (Part("There is nothing to read yet."),)
    if not people:
        return (Part("Nobody else wrote to you in these exports."),)
    findings = [
        [Part(number(count), strong=True), Part(f" {plural(count, one, many)}")]
        for count, one, many in (
            (overview["self_focused"], "mostly talks about themselves", "mostly talk about themselves"),
            (overview["pitched_early"], "pitched within a day of connecting", "pitched within a day of connecting"),
            (overview["flooding"], "sent three or more promotions nobody asked for", "sent three or more promotions nobody asked for"),
        )
        if count
    ]  # fmt: skip
    if people == 1:
        start = [Part("One person", strong=True), Part(" wrote to you")]
        if not findings:
            return (*start, Part(", and nothing stands out."))
        return (*start, Part(", and "), *_about_one(overview), Part("."))
    start = [
        Part("Of "),
        Part(f"{number(people)} people", strong=True),
        Part(" who wrote to you, "),
    ]
    if not findings:
        return (*start, Part("nobody stands out."))
    joined: list[Part] = []
    for place, finding in enumerate(findings):
        if place:
            joined.append(Part(" and " if place == len(findings) - 1 else ", "))
        joined.extend(finding)
    return (*start, *joined, Part("."))


def _about_one(overview: Mapping[str, Any]) -> list[Part]:
    said = [
        words
        for key, words in (
            ("self_focused", "mostly talked about themselves"),
            ("pitched_early", "pitched within a day of connecting"),
            ("flooding", "sent three or more promotions nobody asked for"),
        )
        if overview[key]
    ]
    return [Part(" and ".join(said))]


def tally(people: pl.DataFrame) -> list[dict[str, Any]]:
    """How many people get each advice, in its order, with its label and meaning."""
    counts = dict(people.group_by("advice").len().iter_rows())
    return [
        {
            "advice": advice,
            "label": ADVICE[advice],
            "meaning": ADVICE_MEANING[advice],
            "people": counts.get(advice, 0),
        }
        for advice in ADVICE_ORDER
    ]
