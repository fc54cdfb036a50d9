"""Which language a message is in."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric
from transforms.text.language import OTHER
from transforms.text.lexicon import LANGUAGES

LANGUAGE = Metric(
    name="language",
    label="Language",
    unit="",
    kind="text",
    values=(*LANGUAGES, OTHER),
    grain="message",
    null_when="the message has no text, or too little text to tell (under three words by its writer anywhere)",
    expr=pl.col("language"),
    doc="Language its writer uses in this thread; other means not supported, and then every text metric is null.",
    source="evidence.md §14: votes of function words, then py3langid",
)
