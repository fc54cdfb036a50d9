"""The sender grain: who does what how often, what that adds up to, and what one could do.

Published whole: sender_metrics, sender_blocks, flags, sender_weekly, sender_monthly, clusters.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms import tables as declared
from transforms.advice import advise
from transforms.blocks import score
from transforms.clusters import clusters, intents
from transforms.flags import flags
from transforms.measure_conversations import with_metrics
from transforms.metrics import metrics_of
from transforms.naming import ANONYMOUS_NAMES
from transforms.opportunities import KEY, opportunities
from transforms.reference import REFERENCE
from transforms.sender_words import sender_words
from transforms.trends import trends


def score_senders(
    tables: Mapping[str, pl.DataFrame],
    prepared: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    thresholds: Mapping[str, float] | None = None,
) -> dict[str, pl.DataFrame]:
    """All tables of the sender grain, by name.

    `tables` holds people, connections, conversations, messages, posts, message_metrics,
    post_metrics and conversation_metrics; `prepared` is the frame of `measure` with the columns
    of `templates.join_assigned`; `verdicts` has identity_id and verdict (fine or not-fine);
    `thresholds` are those the user set otherwise (`reference.OF_THE_USER`).
    """
    tables = {**tables, "people": _persons(tables["people"])}
    chances = opportunities(tables, prepared)
    scores, blocks = score(chances)
    least = {**REFERENCE["flags"], **(thresholds or {})}
    flagged = flags(tables, prepared, chances, verdicts, least)
    said = intents(tables)
    working = chances.join(sender_words(tables, prepared, said), KEY, "left")
    advice = advise(tables, chances, scores, flagged, verdicts, least=least)
    senders = (
        with_metrics(working, metrics_of("sender"))
        .join(scores, KEY)
        .join(advice, "identity_id")
        .with_columns(_rank())
    )
    weekly, monthly = trends(tables, prepared)
    return {
        "sender_metrics": declared.SENDER_METRICS.conform(
            senders.select(declared.SENDER_METRICS.schema.names())
        ),
        "sender_blocks": declared.SENDER_BLOCKS.conform(blocks),
        "flags": flagged,
        "sender_weekly": weekly,
        "sender_monthly": monthly,
        "clusters": clusters(tables, said),
    }


def _persons(people: pl.DataFrame) -> pl.DataFrame:
    """People without those whom a platform calls "member": that is many people, never one."""
    return people.filter(~pl.col("display_name").is_in(ANONYMOUS_NAMES).fill_null(value=False))


def _rank() -> pl.Expr:
    """Rank by the lower end of the score within the scope, then by the score; not for the owner."""
    ranked = pl.col("me_score").is_not_null() & ~pl.col("is_owner")
    order = pl.struct(
        pl.when(ranked).then(-pl.col("me_score_low")).alias("low"),
        pl.when(ranked).then(-pl.col("me_score")).alias("score"),
        "identity_id",
    )
    return (
        pl.when(ranked)
        .then(order.rank("ordinal").over("scope", ranked))
        .cast(pl.Int64)
        .alias("rank")
    )
