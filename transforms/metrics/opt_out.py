"""Requests to be left alone."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric

_MAX_WORDS = 60

OPT_OUT_REQUEST = Metric(
    name="opt_out_request",
    label="Asks to stop",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        (
            pl.col("says_opt_out_request")
            & pl.col("partner_ever_wrote_before")
            & ~pl.col("is_pitch")
            & (pl.col("n_words") <= _MAX_WORDS)
        ).fill_null(value=False)
    ),
    doc="Answers somebody with no thanks, not interested, stop or unsubscribe.",
    source="evidence.md §6, E3",
)
CONFIRMS_OPT_OUT = Metric(
    name="confirms_opt_out",
    label="Confirms to stop",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("says_confirms_opt_out"),
    doc="Apologises for having written, accepts a no, or says that somebody was taken off a list.",
    source="evidence.md §6, E3",
)
