"""Requests to be left alone: how long they stand, and what goes against them.

In a thread of two, "no thanks" or "please stop" stands until the one who said it takes the
conversation up again: asks something, or begins to write after two silent weeks. While it stands,
promotion and newsletters go against it. An apology, a confirmation ("I have taken you off the
list", though it has the list's own footer), a greeting or a question about something else do not.
"""

from __future__ import annotations

import polars as pl

from transforms.reference import REFERENCE

_SILENCE = pl.duration(days=REFERENCE["threads"]["reply_days"])


def with_ignored(spoken: pl.DataFrame) -> pl.DataFrame:
    """Utterances (`transforms/utterances.py`) with the column `ignores_opt_out`, never null."""
    thread, side = "conversation_id", pl.col("is_from_owner").fill_null(value=False)
    silent = pl.col("at") - pl.col("at").shift(1).over(thread) >= _SILENCE
    takes_up = pl.col("asks") | silent.fill_null(value=False)
    # What the writer last said on the matter: True asks to stop, False takes up again.
    said = pl.when("opt_out").then(pl.lit(value=True)).when(takes_up).then(pl.lit(value=False))
    stands = pl.when(side).then("_of_the_other").otherwise("_of_the_owner").fill_null(value=False)
    # Words that sell, not only that somebody who once sold wrote again into the silence.
    sells = pl.col("newsletter") | (pl.col("pitch") & pl.col("sells"))
    return (
        spoken.sort(thread, "at", "utterance_id")
        .with_columns(
            pl.when(side).then(said).forward_fill().over(thread).alias("_of_the_owner"),
            pl.when(~side).then(said).forward_fill().over(thread).alias("_of_the_other"),
        )
        .with_columns(
            ignores_opt_out=(
                pl.col("is_pair")
                & stands
                & sells
                & ~(pl.col("confirms_opt_out") & ~pl.col("offers"))
            ).fill_null(value=False)
        )
        .drop("_of_the_owner", "_of_the_other")
    )
