"""Flags: what was seen, with its numbers, its messages and one way it could be harmless.

Event flags state what happened and need no test. Rate flags need three opportunities and a
posterior probability P(rate <= typical) that survives Benjamini and Hochberg's procedure over
all senders of that behaviour. A flag that calls an approach cold is not set where the other
side wrote first, a third person introduced the two, or the user said that all is fine.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms import tables as declared
from transforms.evidence import events
from transforms.flag_texts import COLD, INNOCENT, event_statements, rate_statements
from transforms.intervals import discoveries, probability_below, wilson
from transforms.opportunities import posts_of
from transforms.reference import REFERENCE


def flags(
    tables: Mapping[str, pl.DataFrame],
    prepared: pl.DataFrame,
    chances: pl.DataFrame,
    verdicts: pl.DataFrame,
    least: Mapping[str, float] = REFERENCE["flags"],
) -> pl.DataFrame:
    """The table FLAGS: one row per identity and behaviour, over all platforms.

    `chances` comes from `opportunities` (its scope `all` is read), `verdicts` has identity_id
    and verdict, `least` are the thresholds.
    """
    whole = chances.filter(pl.col("scope") == "all")
    seen = events(tables, prepared)
    fine = verdicts.filter(pl.col("verdict") == "fine").select("identity_id")
    found = pl.concat(
        [_events(seen, whole, least), _rates(seen, whole, tables, least)], how="diagonal_relaxed"
    )
    kept = found.join(fine.with_columns(_fine=True), "identity_id", "left").filter(
        pl.col("_fine").is_null() | ~pl.col("behaviour").is_in(COLD)
    )
    return declared.FLAGS.conform(
        kept.with_columns(
            pl.col("behaviour")
            .replace_strict(INNOCENT, return_dtype=pl.String)
            .alias("innocent_explanation")
        ).select(declared.FLAGS.schema.names())
    )


def _events(
    seen: pl.DataFrame, whole: pl.DataFrame, thresholds: Mapping[str, float]
) -> pl.DataFrame:
    """Event flags: `seen` has one row per message and behaviour it is evidence of."""
    least = {name: thresholds[name] for name in ("newsletters", "follow_ups", "kept_pitching")}
    counted = (
        seen.filter(pl.col("is_event"))
        .sort("sent_at", "message_id")
        .group_by("identity_id", "behaviour", maintain_order=True)
        .agg(
            pl.col("unit").n_unique().cast(pl.Int64).alias("k"),
            pl.col("hours", "ordinal").first(),
            pl.col("share").max(),
            pl.col("message_id").unique(maintain_order=True).alias("message_ids"),
            pl.col("sent_at").min().alias("first_seen_at"),
        )
        .filter(pl.col("k") >= pl.col("behaviour").replace_strict(least, default=1))
        .join(whole.select("identity_id", "openings", "conversations", "messages"), "identity_id")
    )
    n = (
        pl.when(pl.col("behaviour").is_in(["cold_pitch"]))
        .then("openings")
        .when(pl.col("behaviour").is_in(["compliment_then_pitch", "one_way_thread"]))
        .then("conversations")
        .otherwise("messages")
    )
    return counted.with_columns(pl.max_horizontal(n, "k").alias("n")).with_columns(
        event_statements()
    )


def _rates(
    seen: pl.DataFrame,
    whole: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    least: Mapping[str, float],
) -> pl.DataFrame:
    """Rate flags of every variant that has a typical rate, by variant name."""
    ids = _evidence_of_rates(seen, tables)
    parts = []
    for prior in REFERENCE.variants.values():
        if prior.mu == 0 or prior.name == "talk_share":
            continue
        some = whole.filter(
            (pl.col(f"n_{prior.name}") >= max(least["minimum"], prior.minimum))
            & (pl.col(f"k_{prior.name}") > 0)
        )
        k = some.get_column(f"k_{prior.name}").to_numpy()
        n = some.get_column(f"n_{prior.name}").to_numpy()
        tested = whole.filter(
            pl.col(f"n_{prior.name}") >= max(least["minimum"], prior.minimum)
        ).height
        below = probability_below(prior, k, n, prior.lo)
        # Those who never did it have P near 1 and only count as tests.
        padded = [*below.tolist(), *([1.0] * (tested - some.height))]
        kept = discoveries(padded, least["false_discovery_rate"])[: some.height]
        parts.append(
            some.filter(pl.Series(kept, dtype=pl.Boolean)).select(
                "identity_id",
                "is_owner",
                pl.lit(prior.name).alias("behaviour"),
                pl.col(f"k_{prior.name}").alias("k"),
                pl.col(f"n_{prior.name}").alias("n"),
                pl.lit(prior.family).alias("family"),
            )
        )
    low, high = wilson(pl.col("k"), pl.col("n"))
    is_share = pl.col("family") == "beta"
    return (
        pl.concat(parts)
        .with_columns(
            pl.when(is_share).then(low).alias("rate_low"),
            pl.when(is_share).then(high).alias("rate_high"),
        )
        .join(ids, ["identity_id", "behaviour"], "inner")
        .with_columns(rate_statements())
        .with_columns(pl.col("k", "n").round(0).cast(pl.Int64))
    )


def _evidence_of_rates(seen: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """identity_id, behaviour, message_ids, first_seen_at of every variant, from messages and posts."""
    identities = tables["people"].select("person_id", "identity_id", "is_owner")
    posts = posts_of(tables, identities)
    measured = pl.col("measured")
    marks = {
        "pitching_posts": measured & pl.col("pitching"),
        "same_posts": measured & pl.col("repeated"),
        "promotional_posts": measured & pl.col("promotional"),
        "contact_posts": measured & pl.col("carding"),
        "own_posts": ~pl.col("is_reply"),
        "left_replies": pl.col("is_reply"),
        "self_posts": measured & ~pl.col("is_reply") & pl.col("about_self"),
    }
    posted = [
        posts.filter(mark).select(
            "identity_id",
            pl.lit(name).alias("behaviour"),
            pl.col("post_id").alias("message_id"),
            pl.col("posted_at").alias("sent_at"),
        )
        for name, mark in marks.items()
    ]
    said = seen.filter(~pl.col("is_event")).select(
        "identity_id", "behaviour", "message_id", "sent_at"
    )
    return (
        pl.concat([said, *posted])
        .sort("sent_at", "message_id")
        .group_by("identity_id", "behaviour", maintain_order=True)
        .agg(
            pl.col("message_id").unique(maintain_order=True).alias("message_ids"),
            pl.col("sent_at").min().alias("first_seen_at"),
        )
    )
