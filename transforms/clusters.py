"""What people seek and offer, by industry and place, with no cell under five people."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms import tables as declared

DIRECTIONS = ("seeks", "offers")
OBJECTS = ("clients", "talent", "job", "partner", "investor", "advice", "intro")
_LEAST = 5
_ALL = "all"


def intents(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """identity_id, direction, object, times: in how many messages and posts a person says so."""
    names = [f"{direction}_{what}" for direction in DIRECTIONS for what in OBJECTS]
    author = {"messages": ("message_id", "sender_id"), "posts": ("post_id", "author_id")}
    parts = []
    for content, (key, by) in author.items():
        said = tables["message_metrics" if content == "messages" else "post_metrics"]
        parts.append(
            tables[content]
            .select(key, pl.col(by).alias("person_id"))
            .join(said.select(key, *names).filter(pl.any_horizontal(names)), key)
            .drop(key)
        )
    return (
        pl.concat(parts)
        .join(tables["people"].select("person_id", "identity_id"), "person_id")
        .group_by("identity_id")
        .agg(pl.col(names).sum().cast(pl.Int64))
        .unpivot(names, index="identity_id", variable_name="intent", value_name="times")
        .filter(pl.col("times") > 0)
        .with_columns(
            pl.col("intent").str.split_exact("_", 1).struct.rename_fields(["direction", "object"])
        )
        .unnest("intent")
        .sort("identity_id", "direction", "object")
    )


def clusters(tables: Mapping[str, pl.DataFrame], said: pl.DataFrame) -> pl.DataFrame:
    """CLUSTERS: people per direction, object, industry and place, and the same with `all`.

    `said` comes from `intents`. The owner does not count; who names no industry or place counts
    in the sums only.
    """
    people = (
        tables["people"]
        .filter(~pl.col("is_owner").any().over("identity_id"))
        .sort("person_id")
        .group_by("identity_id")
        .agg(pl.col("industry", "location").drop_nulls().first())
    )
    found = said.join(people, "identity_id")
    sums = [
        found.with_columns(pl.lit(_ALL).alias(name) for name in over)
        for over in ((), ("industry",), ("location",), ("industry", "location"))
    ]
    return declared.CLUSTERS.conform(
        pl.concat(sums)
        .drop_nulls(["industry", "location"])
        .group_by("direction", "object", "industry", "location")
        .agg(pl.col("identity_id").n_unique().alias("people"))
        .filter(pl.col("people") >= _LEAST)
    )
