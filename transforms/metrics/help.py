"""Help given, and needs stated."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric

_SELLS = (
    pl.col("price")
    | pl.col("call_to_action")
    | pl.col("own_offer")
    | pl.col("discount_or_free_offer")
    | pl.col("value_claim")
    | pl.col("audience_ask")
    | pl.col("says_pitch")
)

GIVES_HELP = Metric(
    name="gives_help",
    label="Gives help",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=(pl.col("says_help") | pl.col("says_gives")) & ~_SELLS,
    doc="Offers help, an introduction or a resource, with no price, call to action or offer of one's own; a free consultation is no gift.",
    source="evidence.md §8, G1; labels.md",
)
STATES_NEED = Metric(
    name="states_need",
    label="States a need",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("says_need") & ~pl.col("is_pitch"),
    doc="Says that the writer needs help, advice or somebody, and is no pitch.",
    source="evidence.md §8, G3",
)
