"""Posts, connections and interactions of all exports as one of each.

The richest copy wins, as for messages (`merge_messages.py`). Less in a newer export deletes nothing.
"""

from __future__ import annotations

import polars as pl

from transforms import tables
from transforms.identify import PROVENANCE, stable_id
from transforms.people import Identities, with_person


def merge_connections(records: pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """Connection records → one row per person and tie, with the first known day."""
    asked = identities.people.select("person_id", "invited_by")
    return tables.CONNECTIONS.conform(
        with_person(records, identities.persons, "person_key", "person_id")
        .filter(pl.col("person_id").is_not_null())
        .group_by("person_id", "direction")
        .agg(
            pl.coalesce("connected_on", pl.col("invited_at").dt.date()).min().alias("connected_on")
        )
        .join(asked, "person_id", "left")
    )


def merge_posts(
    records: pl.DataFrame, identities: Identities, exports: pl.DataFrame
) -> pl.DataFrame:
    """Post records (identified, keys filled in) → posts, long ones with their whole text."""
    notes = pl.col("post_key").str.starts_with("note:")
    by_post = records.select("platform", "post_key", "post_id").unique()
    whole = _whole_texts(records.filter(notes))
    age = exports.select("export_id", pl.col("as_of").alias("_as_of"))
    merged = (
        records.join(whole.select("note_id"), left_on="post_id", right_on="note_id", how="anti")
        .pipe(with_person, identities.persons, "author_key", "author_id")
        .pipe(with_person, identities.persons, "reply_to_person_key", "reply_to_person_id")
        .join(age, "export_id", "left")
        .sort(
            pl.col("author_id").is_not_null(),
            pl.col("text").str.len_chars().fill_null(0),
            "_as_of",
            *PROVENANCE,
            descending=[True, True, True, False, False, False],
            nulls_last=True,
        )
        .group_by("post_id", maintain_order=True)
        .agg(
            pl.col("platform", "kind", "posted_at", "export_id").first(),
            pl.col("author_id", "text", "url", "reply_to_person_id", "reply_to_post_key")
            .drop_nulls()
            .first(),
        )
    )
    short = merged.filter(pl.col("platform") == "x", pl.col("text").is_not_null())
    lengthened = (
        # Notes are dated to the millisecond, their posts to the second, up to two apart.
        whole.with_columns(
            posted_at=pl.concat_list(
                pl.col("posted_at") + pl.duration(seconds=apart) for apart in range(-2, 3)
            )
        )
        .explode("posted_at")
        .join(
            short.select(
                "post_id", pl.col("posted_at").dt.truncate("1s"), _unaddressed().alias("_short")
            ),
            "posted_at",
        )
        .filter(pl.col("_short").str.starts_with(pl.col("_prefix")))
        .group_by("post_id")
        .agg(pl.col("whole").sort().first(), pl.col("note_id").sort().first())
    )  # fmt: skip
    lonely = whole.join(lengthened, "note_id", "anti").select("note_id")
    kept_notes = (
        records.join(lonely, left_on="post_id", right_on="note_id", how="semi")
        .pipe(with_person, identities.persons, "author_key", "author_id")
        .group_by("post_id")
        .agg(pl.col("platform", "kind", "posted_at", "export_id", "author_id", "text", "url").sort_by(PROVENANCE).first())
    )  # fmt: skip
    answered = by_post.group_by("platform", pl.col("post_key").alias("reply_to_post_key")).agg(
        pl.col("post_id").min().alias("_known")
    )
    return tables.POSTS.conform(
        pl.concat([merged, kept_notes], how="diagonal")
        .join(lengthened.select("post_id", "whole"), "post_id", "left")
        .join(answered, ["platform", "reply_to_post_key"], "left")
        .with_columns(
            pl.coalesce("whole", "text").alias("text"),
            pl.when(pl.col("reply_to_post_key").is_not_null())
            .then(pl.coalesce("_known", stable_id("s", "platform", "reply_to_post_key")))
            .alias("reply_to_post_id"),
        )
        .select(tables.POSTS.schema.names())
    )


_NOTE_PREFIX = 60  # characters; a truncated post keeps about 275 of them, links may follow


def _unaddressed() -> pl.Expr:
    """The text without the handles that a reply begins with: only one of the two may have them."""
    return pl.col("text").str.replace(r"^(?:@\w+\s+)+", "")


def _whole_texts(notes: pl.DataFrame) -> pl.DataFrame:
    """Note posts (`note-tweet.js`): their text, and the beginning it shares with its short post."""
    return notes.select(
        pl.col("post_id").alias("note_id"),
        pl.col("posted_at").dt.truncate("1s"),
        pl.col("text").alias("whole"),
        _unaddressed().str.head(_NOTE_PREFIX).alias("_prefix"),
    ).unique(maintain_order=True)


def merge_interactions(records: pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """Interaction records (identified, keys filled in) → one row per act, with the longest text."""
    return tables.INTERACTIONS.conform(
        with_person(records, identities.persons, "actor_key", "actor_id")
        .sort(
            pl.col("detail").str.len_chars().fill_null(0),
            *PROVENANCE,
            descending=[True, False, False, False],
        )
        .group_by("interaction_id", maintain_order=True)
        .agg(
            pl.col("kind").first(),
            pl.col("actor_id", "target_url", "detail", "occurred_at").drop_nulls().first(),
        )
    )
