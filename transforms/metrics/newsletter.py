"""Text written for many."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric

_SURE_POINTS = 2
_LONG_WORDS = 40
_MANY_RECIPIENTS = 5

IS_NEWSLETTER = Metric(
    name="is_newsletter",
    label="Newsletter or advertisement",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        pl.col("is_sponsored")
        | (pl.col("says_opt_out_wording") & (pl.col("n_words") >= _LONG_WORDS // 2))
        | (
            (pl.col("points_newsletter") >= _SURE_POINTS)
            & ((pl.col("contact_count") > 0) | (pl.col("n_words") >= _LONG_WORDS))
        )
        | (
            pl.col("says_newsletter")
            & (pl.col("contact_count") > 0)
            & (pl.col("n_words") >= _LONG_WORDS)
        )
        | (
            (pl.col("template_recipients") >= _MANY_RECIPIENTS)
            & (pl.col("contact_count") > 0)
            & (pl.col("n_words") >= _LONG_WORDS)
        ).fill_null(value=False)
    ),
    doc="Text for many, in a series or as an advertisement, also when it is wanted: issue, digest, opt-out line, sponsored.",
    source="evidence.md §6, E2; labels.md",
)
