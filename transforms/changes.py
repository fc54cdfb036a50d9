"""Yesterday's advice beside today's: who changed, and because of what."""

from __future__ import annotations

import polars as pl

from transforms.tables import ADVICE_CHANGES

TO_ACT = ("unfollow", "unsubscribe", "mute")

STANDING = {
    "identity_id": pl.String,
    "advice": pl.String,
    "me_score": pl.Float64,
    "messages": pl.Int64,
    "posts": pl.Int64,
}


def advice_changes(
    before: pl.DataFrame,
    sender_metrics: pl.DataFrame,
    *,
    is_new_method: bool,
    is_new_word: bool = False,
    has_new_exports: bool,
) -> pl.DataFrame:
    """tables.ADVICE_CHANGES of today's sender_metrics against yesterday's (columns `STANDING`).

    Whoever is no longer there was forgotten or joined to somebody else, and is not named.
    """
    now = sender_metrics.filter(pl.col("scope") == "all").select(*STANDING)
    both = now.join(before.cast(STANDING), "identity_id", "left", suffix="_before")  # type: ignore[arg-type]
    wrote = (pl.col("messages") != pl.col("messages_before")) | (
        pl.col("posts") != pl.col("posts_before")
    )
    cause = (
        pl.when(wrote | pl.col("advice_before").is_null())
        .then(pl.lit("new messages"))
        .when(pl.lit(is_new_method))
        .then(pl.lit("method"))
        .when(pl.lit(is_new_word))
        .then(pl.lit("your word"))
        .when(pl.lit(has_new_exports))
        .then(pl.lit("comparison"))
        .otherwise(pl.lit("your word"))
    )
    return _changed(both.with_columns(cause.alias("cause")))


def with_untold(
    earlier: pl.DataFrame, later: pl.DataFrame, sender_metrics: pl.DataFrame
) -> pl.DataFrame:
    """Changes of two runs as those of one: from before the earlier to today's sender_metrics.

    Whoever is where they were before both is no news.
    """
    now = sender_metrics.filter(pl.col("scope") == "all").select(*STANDING)
    before = ["identity_id", "advice_before", "me_score_before", "cause"]
    first = earlier.select(before).with_columns(pl.lit(value=True).alias("is_first"))
    both = first.join(later.select(before), "identity_id", "full", coalesce=True, suffix="_later")
    is_first = pl.col("is_first").is_not_null()
    wrote = pl.lit("new messages")
    cause = (
        pl.when((pl.col("cause") == wrote) | (pl.col("cause_later") == wrote))
        .then(wrote)
        .otherwise(pl.coalesce("cause_later", "cause"))
    )
    return _changed(
        both.with_columns(
            pl.when(is_first).then(name).otherwise(f"{name}_later").alias(name)
            for name in ("advice_before", "me_score_before")
        )
        .with_columns(cause.alias("cause"))
        .join(now, "identity_id")
    )


def _changed(both: pl.DataFrame) -> pl.DataFrame:
    return ADVICE_CHANGES.conform(
        both.filter(pl.col("advice") != pl.col("advice_before").fill_null("none"))
        .with_columns(
            pl.col("advice_before").is_in(TO_ACT).fill_null(value=False).alias("was_on_list"),
            pl.col("advice").is_in(TO_ACT).alias("is_on_list"),
        )
        .select(ADVICE_CHANGES.schema.names())
    )
