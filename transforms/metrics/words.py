"""How much was written."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric
from transforms.text.sentences import SENTENCE, WORD

N_WORDS = Metric(
    name="n_words",
    label="Words",
    unit="words",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("words").str.count_matches(WORD),
    doc="Words after cleaning; links, addresses, numbers, prices and emoji are none, a contraction is one.",
    source="evidence.md §1",
)
N_SENTENCES = Metric(
    name="n_sentences",
    label="Sentences",
    unit="sentences",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("words").str.count_matches(SENTENCE),
    doc="Stretches with a word in them between full stops, question and exclamation marks and line breaks.",
    source="evidence.md §1",
)
