"""The answer in words: the sentences of the first screen, the terminal and the summary in Prefect.

All three show what `answer` returns, so that none of them can say something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.format import number, shown_name
from dashboards.wording import (
    ADVICE,
    ADVICE_MEANING,
    ADVICE_ORDER,
    FINDINGS,
    REASON_TO_ACT,
    REASON_TO_WATCH,
    TO_DEAL_WITH,
    Finding,
    plural,
)

_TOO_LITTLE = ": too little for a score. Here is what was seen."


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: a number stands out and leads to its people, a name to the person."""

    text: str
    strong: bool = False
    seen: str | None = None
    person: str | None = None


Sentence = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands out, what to do first, and how far to trust it; later parts may be empty."""

    found: Sentence
    first: Sentence
    rest: Sentence
    basis: Sentence

    def lines(self) -> list[str]:
        """Plain text, a line for each part that says something."""
        return [
            "".join(part.text for part in sentence)
            for sentence in (self.found, self.first, self.rest, self.basis)
            if sentence
        ]


def answer(
    overview: Mapping[str, Any], advised: Mapping[str, int], first: Mapping[str, Any] | None
) -> Answer:
    """The answer from the row of overview.sql, people by advice, and the first of the list.

    `first` has identity_id, name, advice, advice_reason and strongest_flag; None when nobody needs
    dealing with.
    """
    to_deal_with = sum(advised.get(advice, 0) for advice in TO_DEAL_WITH)
    if not overview["people"]:
        return Answer(_nobody(overview), (), (), ())
    findings = _findings(overview, to_deal_with, advised.get("watch", 0))
    found = _of_many if overview["people"] > 1 else _of_one
    return Answer(
        found(overview, findings),
        _start_with(first) if first else (),
        _rest(to_deal_with - bool(first), advised.get("thank", 0), "more" if first else ""),
        _basis(overview, findings),
    )


def _nobody(overview: Mapping[str, Any]) -> Sentence:
    if overview["messages_sent"] or overview["posts"]:
        return (Part("Nobody else wrote to you in these exports."),)
    return (Part("There is nothing to read yet."),)


def _findings(
    overview: Mapping[str, Any], to_deal_with: int, to_watch: int
) -> list[tuple[int, Finding, str | None]]:
    """How many people, what is said of them, and the key that leads to them."""
    seen: list[tuple[int, Finding, str | None]] = [
        (overview[key], finding, key) for key, finding in FINDINGS.items() if overview[key]
    ]
    if seen:
        return seen
    people, why = (to_deal_with, REASON_TO_ACT) if to_deal_with else (to_watch, REASON_TO_WATCH)
    return [(people, why, None)] if people else []


def _of_one(
    overview: Mapping[str, Any], findings: Sequence[tuple[int, Finding, str | None]]
) -> Sentence:
    if findings:
        said = f", and {' and '.join(finding.of_one for _, finding, _ in findings)}."
    else:
        said = ", and nothing stands out." if overview["scored"] else _TOO_LITTLE
    did = "'s posts were read" if overview["posters"] else " wrote to you"
    return (Part("One person", strong=True), Part(f"{did}{said}"))


def _of_many(
    overview: Mapping[str, Any], findings: Sequence[tuple[int, Finding, str | None]]
) -> Sentence:
    everybody = Part(f"{number(overview['people'])} people", strong=True)
    if not findings and not overview["scored"]:
        if overview["posters"] == overview["people"]:
            return (Part("The posts of "), everybody, Part(f" were read{_TOO_LITTLE}"))
        or_posts = " or have posts here" if overview["posters"] else ""
        return (everybody, Part(f" wrote to you{or_posts}{_TOO_LITTLE}"))
    start = (Part("Of "), everybody, Part(f" {_who(overview)}, "))
    if not findings:
        return (*start, Part("nobody stands out."))
    said_of = [
        (
            Part(number(people), strong=True, seen=key),
            Part(f" {plural(people, finding.one, finding.many)}"),
        )
        for people, finding, key in findings
    ]
    return (*start, *_listed(said_of), Part("."))


def _who(overview: Mapping[str, Any]) -> str:
    """What these people have in common: a feed holds posts of people who never wrote to anybody."""
    if overview["posters"] == overview["people"]:
        return "whose posts were read"
    return "who wrote to you" + " or whose posts were read" * bool(overview["posters"])


def _start_with(first: Mapping[str, Any]) -> Sentence:
    reason = first["strongest_flag"] or first["advice_reason"]
    return (
        Part("Start with "),
        Part(shown_name(first["name"]), strong=True, person=first["identity_id"]),
        Part(f": {TO_DEAL_WITH[first['advice']]}. {reason}"),
    )


def _rest(left: int, thanks: int, more: str) -> Sentence:
    """How many more to deal with, and how many to thank."""
    said: list[Sentence] = []
    if left > 0:
        who = more or plural(left, "person", "people")
        said.append((Part(number(left), strong=True), Part(f" {who} to deal with after that")))
    if thanks:
        who = plural(thanks, "person was good company", "people were good company")
        said.append((Part(number(thanks), strong=True), Part(f" {who} and could be thanked")))
    return (*_listed(said), Part(".")) if said else ()


def _basis(overview: Mapping[str, Any], findings: Sequence[object]) -> Sentence:
    people, scored = overview["people"], overview["scored"]
    if people == 1 or not (scored or findings):
        return ()  # the first sentence says it
    if not scored:
        return (
            Part(
                "Nobody wrote enough for a score: what follows are facts, single messages and what they hold."
            ),
        )
    if scored == people:
        return (Part("Everybody wrote enough for a score."),)
    return (
        Part(
            f"{number(scored)} wrote enough for a score. About the other {number(people - scored)} "
        ),
        Part("there are facts and no score: most people who pitch write once."),
    )


def _listed(items: Sequence[Sentence]) -> Sentence:
    """The items with commas, and "and" before the last."""
    joined: list[Part] = []
    for place, item in enumerate(items):
        if place:
            joined.append(Part(" and " if place == len(items) - 1 else ", "))
        joined.extend(item)
    return tuple(joined)


def tally(advised: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many people get each advice, in its order, with its label and meaning."""
    return [
        {
            "advice": advice,
            "label": ADVICE[advice],
            "meaning": ADVICE_MEANING[advice],
            "people": advised.get(advice, 0),
        }
        for advice in ADVICE_ORDER
    ]
