"""Which message copies are one message, who received it, and what thread it is in.

The richest copy wins: a known sender before an anonymous one, known recipients before none,
more text (line breaks survive only from 2026 on), then the newer export. What the winner
lacks comes from the other copies. Less in a newer export deletes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from transforms import tables
from transforms.identify import PROVENANCE, bare_text
from transforms.people import Identities, with_person


@dataclass(frozen=True)
class Threads:
    """Messages once each, who received them, and the threads they are in."""

    conversations: pl.DataFrame
    messages: pl.DataFrame
    message_recipients: pl.DataFrame


def merge_messages(records: pl.DataFrame, identities: Identities, exports: pl.DataFrame) -> Threads:
    """Message records (identified, keys filled in) → threads, messages and their recipients."""
    named = with_person(records, identities.persons, "sender_key", "sender_id")
    kept = _richest(named, exports).sort("conversation_id", "sent_at", *PROVENANCE)
    owner_ids = identities.people.filter("is_owner").select("platform", "person_id")
    received = _recipients(kept, identities, owner_ids)
    kept = _name_anonymous(kept, received, owner_ids)
    received = (
        received.join(kept.select("message_id", "sender_id"), "message_id", maintain_order="left")
        .filter(pl.col("person_id").ne_missing(pl.col("sender_id")))
        .drop("sender_id")
    )
    told_twice = _notes_told_again(kept, received)
    kept = kept.join(told_twice, "message_id", "anti", maintain_order="left")
    received = received.join(told_twice, "message_id", "anti", maintain_order="left")
    conversations, groups = _conversations(kept, received)
    has_owner = pl.col("platform").is_in(owner_ids["platform"].unique().to_list())
    messages = (
        kept.join(groups, "conversation_id", "left", maintain_order="left")
        .with_columns(
            pl.col("thread_kind").alias("kind"),
            pl.when(has_owner)
            .then(pl.col("sender_id").is_in(owner_ids["person_id"].to_list()))
            .alias("is_from_owner"),
        )
        .select(tables.MESSAGES.schema.names())
    )
    return Threads(
        conversations=tables.CONVERSATIONS.conform(conversations),
        messages=tables.MESSAGES.conform(messages),
        message_recipients=tables.MESSAGE_RECIPIENTS.conform(
            received.select("message_id", "person_id").unique()
        ),
    )


def _richest(records: pl.DataFrame, exports: pl.DataFrame) -> pl.DataFrame:
    """One row per message; only messages with copies are compared at all."""
    has_copies = records["message_id"].is_duplicated()
    if not has_copies.any():
        return records
    age = exports.select("export_id", pl.col("as_of").alias("_as_of"))
    of_one = ["sender_id", "subject", "recipient_keys", "has_attachment"]
    richest = (
        records.filter(has_copies)
        .join(age, "export_id", "left", maintain_order="left")
        .sort(
            pl.col("sender_id").is_not_null(),
            pl.col("recipient_keys").is_not_null(),
            pl.col("text").str.len_chars().fill_null(0),
            pl.col("text").str.count_matches("\n").fill_null(0),
            "_as_of",
            *PROVENANCE,
            descending=[True, True, True, True, True, False, False, False],
            nulls_last=True,
        )
        .group_by("message_id", maintain_order=True)
        .agg(
            pl.exclude("message_id", "_as_of", *of_one).first(),
            pl.col(of_one[:3]).drop_nulls().first(),
            pl.col("has_attachment").max(),
        )
    )
    return pl.concat([records.filter(~has_copies), richest.select(records.columns)])


def _recipients(
    kept: pl.DataFrame, identities: Identities, owner_ids: pl.DataFrame
) -> pl.DataFrame:
    """(message_id, person_id); where an export lists no recipients, everybody else in the thread.

    The owner is in every thread: it is their export.
    """
    listed = (
        kept.select("message_id", "conversation_id", "platform", "recipient_keys")
        .filter(pl.col("recipient_keys").is_not_null())
        .explode("recipient_keys")
        .pipe(with_person, identities.persons, "recipient_keys", "person_id")
        .filter(pl.col("person_id").is_not_null())
        .select("message_id", "conversation_id", "person_id")
    )
    unlisted = kept.join(listed, "message_id", "anti").select(
        "message_id", "conversation_id", "platform", "sender_id"
    )
    if unlisted.is_empty():
        return listed.select("message_id", "person_id").unique(maintain_order=True)
    writers = kept.select("conversation_id", pl.col("sender_id").alias("person_id"))
    present = unlisted.select("conversation_id", "platform").unique()
    participants = (
        pl.concat(
            [
                writers,
                listed.select("conversation_id", "person_id"),
                present.join(owner_ids, "platform").select("conversation_id", "person_id"),
            ]
        )
        .filter(pl.col("person_id").is_not_null())
        .join(present, "conversation_id", "semi")
        .unique()
    )
    inferred = (
        unlisted.join(participants, "conversation_id")
        .filter(pl.col("person_id").ne_missing(pl.col("sender_id")))
        .select("message_id", "person_id")
    )
    return pl.concat([listed.select("message_id", "person_id"), inferred]).unique().sort(
        "message_id", "person_id"
    )  # fmt: skip


def _name_anonymous(
    kept: pl.DataFrame, received: pl.DataFrame, owner_ids: pl.DataFrame
) -> pl.DataFrame:
    """In a thread of the owner and one known other, what the owner received is from that other."""
    open_threads = kept.filter(
        pl.col("sender_id").is_null(), pl.col("kind") == "dm"
    ).select("conversation_id").unique()  # fmt: skip
    if open_threads.is_empty():
        return kept
    in_thread = kept.join(open_threads, "conversation_id", "semi")
    others = (
        pl.concat(
            [
                in_thread.select("conversation_id", pl.col("sender_id").alias("person_id")),
                in_thread.select("message_id", "conversation_id")
                .join(received, "message_id")
                .select("conversation_id", "person_id"),
            ]
        )
        .filter(pl.col("person_id").is_not_null())
        .join(owner_ids, "person_id", "anti")
        .unique()
        .group_by("conversation_id")
        .agg(pl.col("person_id").first().alias("_other"), pl.len().alias("_others"))
        .filter(pl.col("_others") == 1)
        .select("conversation_id", "_other")
    )
    to_owner = (
        received.join(owner_ids, "person_id", "semi")
        .select("message_id", pl.lit(value=True).alias("_to_owner"))
        .unique()
    )
    return (
        kept.join(others, "conversation_id", "left", maintain_order="left")
        .join(to_owner, "message_id", "left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("sender_id").is_null() & pl.col("_to_owner"))
            .then("_other")
            .otherwise("sender_id")
            .alias("sender_id")
        )
        .drop("_other", "_to_owner")
    )


def _notes_told_again(kept: pl.DataFrame, received: pl.DataFrame) -> pl.DataFrame:
    """message_id of invitation notes that come again as a message of a thread: told once."""
    known = kept.filter(pl.col("sender_id").is_not_null(), pl.col("text").is_not_null())
    notes = known.filter(pl.col("kind") == "invitation")
    if notes.is_empty():
        return notes.select("message_id")
    pair = ["sender_id", "person_id", "_text"]
    both = known.filter(pl.col("kind").is_in(["invitation", "dm"])).join(
        notes.select("sender_id").unique(), "sender_id", "semi"
    )
    told = (
        both.select("message_id", "kind", "sender_id", bare_text().alias("_text"))
        .join(received, "message_id")
    )  # fmt: skip
    again = told.filter(pl.col("kind") == "dm").select(pair).unique()
    return (
        told.filter(pl.col("kind") == "invitation").join(again, pair, "semi").select("message_id").unique()
    )  # fmt: skip


def _conversations(kept: pl.DataFrame, received: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The threads, and per thread its kind: a group is a thread of more than two people."""
    members = (
        pl.concat(
            [
                kept.select("conversation_id", pl.col("sender_id").alias("person_id")),
                kept.select("message_id", "conversation_id")
                .join(received, "message_id")
                .select("conversation_id", "person_id"),
            ]
        )
        .filter(pl.col("person_id").is_not_null())
        .group_by("conversation_id")
        .agg(pl.col("person_id").n_unique().alias("participants"))
    )
    threads = (
        kept.sort("sent_at", "message_id")
        .group_by("conversation_id")
        .agg(
            pl.col("platform").first(),
            pl.col("kind").unique().alias("kinds"),
            pl.col("conversation_title").drop_nulls().last().alias("title"),
            pl.len().alias("messages"),
            pl.col("sent_at").min().alias("started_at"),
            pl.col("sent_at").max().alias("last_message_at"),
        )
        .join(members, "conversation_id", "left")
        .with_columns(pl.col("participants").fill_null(0))
        .with_columns(
            pl.when(pl.col("kinds").list.contains("sponsored"))
            .then(pl.lit("sponsored"))
            .when(pl.col("kinds").list.contains("group_dm") | (pl.col("participants") > 2))  # noqa: PLR2004
            .then(pl.lit("group_dm"))
            .when(pl.col("kinds").list.contains("dm"))
            .then(pl.lit("dm"))
            .otherwise(pl.lit("invitation"))
            .alias("kind")
        )
    )
    return (
        threads.select(tables.CONVERSATIONS.schema.names()),
        threads.select("conversation_id", pl.col("kind").alias("thread_kind")),
    )
