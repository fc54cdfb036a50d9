"""Where in the text the rules fired."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric

SPANS = Metric(
    name="spans",
    label="Evidence in the text",
    unit="",
    kind="spans",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("spans_of_text"),
    doc="Which characters of the original text fired which rule: rule, first character from 0, one past the last.",
    source="definition",
)
