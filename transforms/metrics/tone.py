"""Tone words, as TextBlob counts them. Shown, never scored."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric

_NULL = "the message has no text, is not in English, or has no word that TextBlob knows"

POLARITY = Metric(
    name="polarity",
    label="Polarity of tone words",
    unit="index",
    low=-1,
    high=1,
    grain="message",
    null_when=_NULL,
    expr=pl.col("polarity_of_text"),
    doc="TextBlob polarity: mean of its known words from negative to positive; says little about a person and is never scored.",
    source="TextBlob 0.20, evidence.md §10",
)
SUBJECTIVITY = Metric(
    name="subjectivity",
    label="Subjectivity of tone words",
    unit="index",
    low=0,
    high=1,
    grain="message",
    null_when=_NULL,
    expr=pl.col("subjectivity_of_text"),
    doc="TextBlob subjectivity: mean of its known words from fact to opinion; it does not measure self-focus and is never scored.",
    source="TextBlob 0.20, evidence.md §10",
)
