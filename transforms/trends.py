"""Activity of each sender by week and by month."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms import tables as declared
from transforms.opportunities import posts_of


def trends(
    tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SENDER_WEEKLY and SENDER_MONTHLY: weeks begin on Monday, months on the first, UTC."""
    identities = tables["people"].select("person_id", "identity_id", "is_owner")
    promotional = (
        pl.col("is_unprompted_pitch") | (pl.col("is_newsletter") & ~pl.col("is_prompted"))
    ).fill_null(value=False)
    said = (
        prepared.select("message_id", "sender_id", "sent_at", "conversation_id")
        .join(
            tables["message_metrics"].select(
                "message_id", "n_words", promotional.alias("promotional")
            ),
            "message_id",
        )
        .join(identities, left_on="sender_id", right_on="person_id")
        .select(
            "identity_id",
            pl.col("sent_at").alias("at"),
            "conversation_id",
            "n_words",
            "promotional",
            pl.lit(value=False).alias("is_post"),
        )
    )
    posted = posts_of(tables, identities).select(
        "identity_id",
        pl.col("posted_at").alias("at"),
        pl.lit(None, pl.String).alias("conversation_id"),
        "n_words",
        "promotional",
        pl.lit(value=True).alias("is_post"),
    )
    acts = pl.concat([said, posted])
    weekly, monthly = (_by(acts, noun, every) for noun, every in (("week", "1w"), ("month", "1mo")))
    return declared.SENDER_WEEKLY.conform(weekly), declared.SENDER_MONTHLY.conform(monthly)


def _by(acts: pl.DataFrame, noun: str, every: str) -> pl.DataFrame:
    return acts.group_by(
        "identity_id", pl.col("at").dt.truncate(every).dt.date().alias(f"{noun}_on")
    ).agg(
        (~pl.col("is_post")).sum().alias("messages"),
        pl.col("is_post").sum().alias("posts"),
        pl.col("n_words").sum().alias("words"),
        pl.col("promotional").sum().alias("promotional_messages"),
        pl.col("conversation_id").drop_nulls().n_unique().alias("threads"),
    )
