"""Text written for many."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric

_SURE_POINTS = 2
_LONG_WORDS = 40
_MANY_RECIPIENTS = 5

_LINKS = 2  # a friend shares one or two
_DAILY_HOURS = 20  # "every morning" is not to the minute
_HAS_CONTACT = pl.col("contact_count") > 0
_TO_ONE = pl.col("participants") == 2  # noqa: PLR2004
# Link after link into the same silence, and no word of waiting for an answer.
_IN_A_SERIES = (
    _HAS_CONTACT
    & (pl.col("utterance_in_turn") > 1)
    & (pl.col("hours_since_own") >= _DAILY_HOURS)
    & ~pl.col("says_chaser")
    & ~pl.col("says_private")
    & _TO_ONE
    & (pl.col("links_before") >= _LINKS)
)

IS_NEWSLETTER = Metric(
    name="is_newsletter",
    label="Newsletter or advertisement",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        pl.col("is_sponsored")
        | (
            pl.col("says_opt_out_wording")
            & (pl.col("n_words") >= _LONG_WORDS // 2)
            & (_HAS_CONTACT | (pl.col("n_words") >= _LONG_WORDS))
        )
        | (
            (pl.col("points_newsletter") >= _SURE_POINTS)
            & (_HAS_CONTACT | (pl.col("n_words") >= _LONG_WORDS))
        )
        # To one reader only words for many are out of place; a group or the public are many.
        | (
            pl.col("says_newsletter")
            & pl.when(_TO_ONE)
            .then(_HAS_CONTACT | (pl.col("n_words") >= _LONG_WORDS))
            .otherwise(_HAS_CONTACT & (pl.col("n_words") >= _LONG_WORDS))
        )
        | (
            (pl.col("template_recipients") >= _MANY_RECIPIENTS)
            & _HAS_CONTACT
            & (pl.col("n_words") >= _LONG_WORDS)
        ).fill_null(value=False)
        | _IN_A_SERIES.fill_null(value=False)
    ),
    doc="Text for many, in a series or as an advertisement, also when it is wanted: issue, digest, greeting to many, opt-out line, sponsored, or link after link, a day apart, into silence.",
    source="evidence.md §6, E2; labels.md",
)
