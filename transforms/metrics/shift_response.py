"""Turning the talk to oneself when the other tells something (Derber 1979)."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric

DISCLOSURES_ANSWERED = Metric(
    name="disclosures_answered",
    label="Disclosures answered",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("disclosures"),
    doc="Turns of the other of five words or more about themselves, asking nothing, that the person answered in five words or more with more than a generic compliment.",
    source="evidence.md §2 A7; Vangelisti et al. 1990",
)
SHIFT_RESPONSES = Metric(
    name="shift_responses",
    label="Shift responses",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("shifts"),
    doc="Of those answers, how many speak of the person, ask nothing, acknowledge nothing and share no content word with what was told.",
    source="evidence.md §2 A7; Derber 1979",
)
SHIFT_RESPONSE_RATE = Metric(
    name="shift_response_rate",
    label="Shift-response rate",
    unit="share",
    low=0,
    high=1,
    grain="conversation",
    null_when="no disclosure was answered",
    expr=pl.when(pl.col("disclosures") > 0).then(pl.col("shifts") / pl.col("disclosures")),
    doc="Shift responses out of disclosures answered.",
    source="evidence.md §2 A7",
)
