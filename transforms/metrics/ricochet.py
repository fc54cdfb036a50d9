"""In and out of group threads."""

from __future__ import annotations

import polars as pl

from transforms.reference import REFERENCE
from transforms.spec import Metric

_DAYS = REFERENCE["threads"]["reply_days"]

LEFT_GROUP = Metric(
    name="left_group",
    label="Left a group",
    unit="",
    kind="boolean",
    grain="conversation",
    null_when=f"it is a thread of two, or the person's last utterance is less than {_DAYS} days older than the newest message",
    expr=pl.col("left"),
    doc="In a group: the others went on and the person said one thing only, or left the question right after their last utterance unanswered.",
    source="evidence.md §7 F2, F3",
)
