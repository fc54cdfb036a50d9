"""Signs that the other was heard."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric

ACKNOWLEDGEMENT = Metric(
    name="acknowledgement",
    label="Acknowledges the other",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("says_acknowledgement"),
    doc="Thanks, agrees, congratulates or says that it was understood.",
    source="evidence.md §2, A7",
)
UPTAKE = Metric(
    name="uptake",
    label="Uptake of the other's words",
    unit="share",
    low=0,
    high=1,
    grain="message",
    null_when=f"{NO_TEXT}, or no turn of somebody else with words comes before it",
    expr=if_readable(pl.col("uptake_of_turn")),
    doc="Jaccard similarity of the utterance's content words with the other's previous turn: evidence of listening, never of its absence.",
    source="evidence.md §3, B7; Demszky et al. 2021",
)
