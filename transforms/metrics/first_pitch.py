"""How soon a pitch comes, and what comes just before it."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric

_NONE = "the person pitched nothing unprompted there"

FIRST_PITCH_HOURS = Metric(
    name="first_pitch_hours",
    label="Hours to the first pitch",
    unit="hours",
    low=0,
    grain="conversation",
    null_when=_NONE,
    expr=pl.col("first_pitch_hours"),
    doc="Hours from the day of connecting (from the start of the thread where that is unknown) to the first unprompted pitch.",
    source="evidence.md §5 D3",
)
FIRST_PITCH_ORDINAL = Metric(
    name="first_pitch_ordinal",
    label="Message of the first pitch",
    unit="count",
    kind="integer",
    low=1,
    grain="conversation",
    null_when=_NONE,
    expr=pl.col("first_pitch_ordinal"),
    doc="Which of the person's messages in the thread was the first unprompted pitch, from 1.",
    source="evidence.md §5 D3",
)
FIRST_PITCH_AT = Metric(
    name="first_pitch_at",
    label="First pitch",
    unit="",
    kind="timestamp",
    grain="conversation",
    null_when=_NONE,
    expr=pl.col("first_pitch_at"),
    doc="When the first unprompted pitch was sent.",
    source="definition",
)
COMPLIMENT_THEN_PITCH = Metric(
    name="compliment_then_pitch",
    label="Compliment, then pitch",
    unit="",
    kind="boolean",
    grain="conversation",
    expr=pl.col("compliment_then_pitch"),
    doc="A generic compliment and an unprompted pitch in one message or at most two of the person's messages later, with no question from anybody else between.",
    source="evidence.md §5 D4",
)
