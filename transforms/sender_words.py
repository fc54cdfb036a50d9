"""What the words of a sender show beside the score: described, never scored.

One row per (identity_id, scope): language (the one most of their measured words are in),
seeks and offers (what they say most often), pronoun and question counts, newest message.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.opportunities import KEY, scoped


def sender_words(
    tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame, said: pl.DataFrame
) -> pl.DataFrame:
    """The frame described above; `said` comes from `clusters.intents`."""
    identities = tables["people"].select("person_id", "identity_id")
    columns = (
        "language", "n_words", "first_person_singular", "second_person", "genuine_questions",
        "pitch_probability",
    )  # fmt: skip
    messages = (
        prepared.select("message_id", "sender_id", "platform", "turn_id")
        .join(tables["message_metrics"].select("message_id", *columns), "message_id")
        .rename({"sender_id": "person_id"})
        .drop("message_id")
    )
    posts = (
        tables["posts"]
        .select("post_id", pl.col("author_id").alias("person_id"), "platform")
        .join(tables["post_metrics"].select("post_id", *columns), "post_id")
        .with_columns(pl.col("post_id").alias("turn_id"))
        .select(messages.columns)
    )
    acts = scoped(pl.concat([messages, posts]).join(identities, "person_id"))
    language = (
        acts.filter(pl.col("language").is_not_null())
        .group_by(*KEY, "language")
        .agg(pl.col("n_words").sum().alias("_words"), pl.len().alias("_texts"))
        .sort("_words", "_texts", "language", descending=[True, True, False])
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("language").first())
    )
    asked = (
        acts.filter(pl.col("n_words").is_not_null())
        .group_by(*KEY, "turn_id")
        .agg((pl.col("genuine_questions") > 0).any().alias("asks"))
        .group_by(KEY)
        .agg(
            pl.len().cast(pl.Int64).alias("measured_turns"),
            pl.col("asks").sum().cast(pl.Int64).alias("asking_turns"),
        )
    )
    sums = acts.group_by(KEY).agg(
        pl.col("first_person_singular").sum().cast(pl.Int64),
        pl.col("second_person").sum().cast(pl.Int64),
        pl.col("pitch_probability").max().alias("highest_pitch_probability"),
    )
    return (
        sums.join(language, KEY, "left")
        .join(asked, KEY, "left")
        .join(_favourite(said, "seeks"), "identity_id", "left")
        .join(_favourite(said, "offers"), "identity_id", "left")
    )


def _favourite(said: pl.DataFrame, direction: str) -> pl.DataFrame:
    return (
        said.filter(pl.col("direction") == direction)
        .sort("times", "object", descending=[True, False])
        .group_by("identity_id", maintain_order=True)
        .agg(pl.col("object").first().alias(direction))
    )
