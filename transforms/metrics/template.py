"""Which template a message was written from, and failures of mail merge."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric

TEMPLATE_ID = Metric(
    name="template_id",
    label="Template",
    unit="",
    kind="text",
    grain="message",
    null_when="the message is like no other, or is too short to compare (under twelve masked words)",
    expr=pl.col("template_id"),
    doc="Identifier of the group of messages with the same words, see templates.",
    source="evidence.md §4, C1",
)
