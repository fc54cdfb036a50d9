"""Spoken and typed conversations through the whole pipeline: who pitches, who does all the talking.

PersuasionForGood: the sender score of both sides, and how well it tells the persuader (no rule
names charity). Switchboard, every fourth call: how many are called one-way. Each turn of a side
is one message, three minutes after the one before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from benchmarks.evaluation import figures
from benchmarks.evaluation.figures import Figure
from benchmarks.evaluation.known_groups import rows_of
from tests.transforms.worlds import ledger, records
from transforms.build import build
from transforms.reference import REFERENCE

_BEGIN = dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC)
_GAP = dt.timedelta(minutes=3)
_EVERY = 4
_NO_TONE = {"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
Turn = tuple[str, str]


def _built(talks: Iterable[tuple[str, Sequence[Turn]]]) -> dict[str, pl.DataFrame]:
    """All tables; a person is `linkedin:in/<side>-<talk>`. Nobody is the owner."""
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for talk, turns in talks:
        sides = sorted({side for side, _ in turns})
        keys = {side: f"linkedin:in/{side}-{talk.lower()}" for side in sides}
        people += [
            {"platform": "linkedin", "is_owner": False, "person_key": key, "display_name": key}
            for key in keys.values()
        ]
        rows += [
            {
                "platform": "linkedin",
                "kind": "dm",
                "conversation_key": talk,
                "sender_key": keys[side],
                "recipient_keys": [key for other, key in keys.items() if other != side],
                "sent_at": _BEGIN + number * _GAP,
                "text": text,
            }
            for number, (side, text) in enumerate(turns)
        ]
    frames = records(talks={"message_records": rows, "person_records": people})
    return build(
        frames, ledger(frames), tone=lambda _: lambda: pl.DataFrame(schema=_NO_TONE)
    ).tables


def _joined(turns: Iterable[Turn]) -> list[Turn]:
    """Neighbouring turns of one side as one."""
    found: list[Turn] = []
    for side, text in turns:
        if found and found[-1][0] == side:
            found[-1] = side, f"{found[-1][1]} {text}"
        else:
            found.append((side, text))
    return found


def persuaders() -> list[Figure]:
    """AUC of the points of all blocks (whatever the state), and of the share of talk."""
    tables = _built(
        (
            row["id"],
            _joined(("er" if turn["persuader"] else "ee", turn["text"]) for turn in row["turns"]),
        )
        for row in rows_of("persuasion_dialogues")
    )
    persuades = (
        pl.col("alias").str.starts_with("linkedin:in/er-").alias("persuader"),
        pl.col("alias").str.extract(r"-(.*)$").alias("talk"),
    )
    people = (
        tables["person_aliases"]
        .filter(pl.col("alias").str.contains(r"^linkedin:in/e[re]-"))
        .select("person_id", *persuades)
        .unique()
        .join(tables["people"].select("person_id", "identity_id"), "person_id")
    )
    points = (
        tables["sender_blocks"]
        .filter(scope="all")
        .group_by("identity_id")
        .agg(pl.col("points").sum())
    )
    share = tables["sender_metrics"].filter(scope="all").select("identity_id", "talk_share")
    scored = (
        people.join(points, "identity_id")
        .join(share, "identity_id")
        .with_columns(pl.col("points", "talk_share").fill_null(0.0))
    )
    groups, gold = scored["talk"].to_list(), scored["persuader"].to_numpy()
    return [
        Figure(
            f"persuasion.{name}.auc",
            *figures.drawn(figures.auc, scored[column].to_numpy(), gold, groups=groups),
            scored.height,
            aim=aim,
        )
        for name, column, aim in (("score", "points", 0.80), ("talk_share", "talk_share", None))
    ]


def one_way_calls() -> Figure:
    """Share of calls in which somebody is called one-way."""
    calls = rows_of("switchboard")[::_EVERY]
    tables = _built(
        (row["id"], _joined((turn["speaker"].lower(), turn["text"]) for turn in row["turns"]))
        for row in calls
    )
    most = tables["conversation_metrics"].group_by("conversation_id").agg(
        pl.col("talk_share_unasked").max()
    )  # fmt: skip
    limit = REFERENCE["flags"]["one_way_share"]
    flagged = (most["talk_share_unasked"].fill_null(0.0) >= limit).to_numpy()
    value, error = figures.drawn(lambda found: float(np.mean(found)), flagged)
    return Figure("calls.one_way", value, error, len(calls), "low", 0.025)
