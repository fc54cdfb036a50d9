"""What may stand against what somebody did: chances that padding cannot make more of.

Everybody can send a thousand "How are you?". So against somebody's pitches stand only as many
openings of a thread as there were weeks in which the owner wrote there, and for the flood only
the weeks in which the owner wrote where it was poured; who never pitched is counted over
everything. The owner's own outbox is nobody's padding and is counted whole. A thread that
pitches gives no help and does not listen, whatever else it says.
"""

from __future__ import annotations

import polars as pl

_WEEK = pl.duration(days=7)


def with_answers(
    threads: pl.DataFrame, prepared: pl.DataFrame, message_metrics: pl.DataFrame
) -> pl.DataFrame:
    """Per (conversation_id, person_id) also: answered, owner_weeks, promoted_first, promoted_last.

    `owner_weeks` are the weeks in which the owner wrote there, `promoted_*` the times of the
    person's first and last promotional message, null without one.
    """
    replied = (
        prepared.filter("is_from_owner")
        .group_by("conversation_id")
        .agg(pl.col("sent_at").dt.truncate("1w").unique().alias("owner_weeks"))
    )
    promotional = pl.col("is_unprompted_pitch") | (pl.col("is_newsletter") & ~pl.col("is_prompted"))
    promoted = (
        prepared.select("message_id", "conversation_id", "sent_at", person_id="sender_id")
        .join(message_metrics.filter(promotional).select("message_id"), "message_id", "semi")
        .group_by("conversation_id", "person_id")
        .agg(
            pl.col("sent_at").min().alias("promoted_first"),
            pl.col("sent_at").max().alias("promoted_last"),
        )
    )
    return (
        threads.join(replied, "conversation_id", "left")
        .join(promoted, ["conversation_id", "person_id"], "left")
        .with_columns(pl.col("owner_weeks").is_not_null().alias("answered"))
    )


def threads_against(did: pl.Expr, chances: pl.Expr, measured: pl.Expr) -> pl.Expr:
    """Sum of those `chances` that may weigh against `did`, both counts per thread."""
    most = pl.max_horizontal(did, pl.col("owner_weeks").list.len().fill_null(0).cast(pl.Int64))
    counted = pl.when("is_owner").then(chances).otherwise(pl.min_horizontal(chances, most))
    return (
        pl.when(did.filter(measured).sum() > 0)
        .then(counted.filter(measured).sum())
        .otherwise(chances.filter(measured).sum())
    )


def weeks_against(measured: pl.Expr) -> pl.Expr:
    """Weeks, at least one, over which a person's promotional messages are spread."""
    seen = (pl.col("last_at").max() - pl.col("first_at").min()) / _WEEK
    promoting = (pl.col("promoted_last").max() - pl.col("promoted_first").min()) / _WEEK
    talking = (
        pl.col("owner_weeks")
        .filter(measured & pl.col("promoted_last").is_not_null())
        .explode(empty_as_null=False, keep_nulls=False)
        .n_unique()
    )
    pitches = ~pl.col("is_owner").any() & pl.col("promoted_last").is_not_null().any()
    weeks = pl.when(pitches).then(pl.min_horizontal(pl.max_horizontal(promoting, talking), seen))
    return weeks.otherwise(seen).clip(1)


def posts_against(did: pl.Expr, says_something: pl.Expr, measured: pl.Expr) -> pl.Expr:
    """The number of posts that may weigh against those that `did`."""
    counted = pl.col("is_owner") | says_something | did
    return (
        pl.when((measured & did).any()).then((measured & counted).sum()).otherwise(measured.sum())
    )
