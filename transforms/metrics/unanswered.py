"""Following up on silence."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric

UNANSWERED_FOLLOW_UPS = Metric(
    name="unanswered_follow_ups",
    label="Unanswered follow-ups",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    null_when="it is a group, where a reply may be elsewhere",
    expr=pl.when("is_pair").then(pl.col("silence_follow_ups")),
    doc="Utterances a day or more after the person's last, with no reply between; the first of each silence is free, newsletters and what was asked for do not count.",
    source="evidence.md §3 B10",
)
AFTER_OPT_OUT = Metric(
    name="after_opt_out",
    label="After being asked to stop",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("after_opt_out"),
    doc="Pitches and newsletters after the other, in a thread of two, asked to stop, until they ask something or begin to write again after two silent weeks; an apology or a confirmation is none.",
    source="evidence.md §6 E3",
)
