"""What the newest run changed, in a few lines: for the terminal and for Prefect.

Names of people, counts and labels; never a word that anybody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.format import number
from dashboards.wording import ADVICE, CAUSES, plural

_NAMED = 10


def digest(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Sentences; none before there is a second run to compare with.

    `frames` are the results of the report's queries `runs`, `changes` and `list_changes`.
    """
    published = frames["runs"].filter(pl.col("status") == "published").to_dicts()
    if len(published) < 2:  # noqa: PLR2004  nothing to compare with
        return []
    moved = frames["list_changes"]
    return [
        _news(published[0], frames["changes"]),
        *_listed("New on the list", moved.filter(pl.col("is_on_list") & ~pl.col("was_on_list"))),
        *_listed("Off the list", moved.filter(~pl.col("is_on_list") & pl.col("was_on_list"))),
        *_listed(
            "To be thanked now",
            moved.filter((pl.col("advice") == "thank") & ~pl.col("was_on_list")),
        ),
        *_method(published, moved),
    ]


def _news(run: Mapping[str, Any], changes: pl.DataFrame) -> str:
    messages, posts = run["messages_new"], run["posts_new"]
    added = (
        f"{number(messages)} new {plural(messages, 'message')} and "
        f"{number(posts)} new {plural(posts, 'post')}"
    )
    if changes.is_empty():
        return f"{added}; nobody wrote anything newer than what was known."
    people, first = changes.height, int(changes["is_new"].sum())
    pitches = int(changes["promotional_new"].sum())
    told = [f"{number(people)} {plural(people, 'person', 'people')} wrote"]
    if first:
        told.append(f"{number(first)} for the first time")
    if pitches:
        told.append(f"{number(pitches)} promotional {plural(pitches, 'message')} among it")
    return f"{added}; {', '.join(told)}."


def _listed(heading: str, moved: pl.DataFrame) -> list[str]:
    if moved.is_empty():
        return []
    named = [_who(row) for row in moved.head(_NAMED).iter_rows(named=True)]
    more = moved.height - _NAMED
    if more > 0:
        named.append(f"and {number(more)} more")
    return [f"{heading}: {'; '.join(named)}."]


def _who(row: Mapping[str, Any]) -> str:
    name = row["name"] or row["identity_id"]
    return f"{name} ({ADVICE[row['advice']].lower()}{CAUSES[row['cause']]})"


def _method(published: Sequence[Mapping[str, Any]], moved: pl.DataFrame) -> list[str]:
    """A change of method, named as such: nobody did anything for it."""
    if published[0]["metrics_version"] == published[1]["metrics_version"]:
        return _own(published, moved)
    due = moved.filter(pl.col("cause") == "method").height
    return [
        "The method changed since the last run: scores may differ without a new message"
        + (
            f", and {number(due)} of these changes {plural(due, 'is', 'are')} due to it."
            if due
            else "."
        )
    ]


def _own(published: Sequence[Mapping[str, Any]], moved: pl.DataFrame) -> list[str]:
    """The same of the user's own words and thresholds."""
    if published[0]["own_version"] == published[1]["own_version"]:
        return []
    due = moved.filter(pl.col("cause") == "your word").height
    told = f"{number(due)} of these changes {plural(due, 'is', 'are')} due to them"
    return [f"Your own words or thresholds changed since the last run: {told}."]
