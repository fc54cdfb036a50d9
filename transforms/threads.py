"""A message's place in its thread: utterance, turn, opening, what came before, and from whom.

Pure context, no words. The columns are described in `transforms/measure.py`.
"""

from __future__ import annotations

import polars as pl

UTTERANCE_GAP = pl.duration(minutes=2)
SILENCE = pl.duration(days=180)

_HOURS = 3600.0 * 1e6
_DAY_HOURS = 24


def _hours(later: pl.Expr, earlier: pl.Expr) -> pl.Expr:
    return (later - earlier).dt.total_microseconds() / _HOURS


def in_threads(messages: pl.DataFrame) -> pl.DataFrame:
    """Messages in order, with their utterance, turn and opening.

    Needs message_id, conversation_id, sender_id, sent_at; sorts by thread and time. Messages
    without a known sender count as one unknown person per thread.
    """
    thread = "conversation_id"
    ordered = messages.sort(thread, "sent_at", "message_id")
    same_person = pl.col("sender_id").eq_missing(pl.col("sender_id").shift(1)) & pl.col(thread).eq(
        pl.col(thread).shift(1)
    )
    gap = pl.col("sent_at") - pl.col("sent_at").shift(1)
    begins_turn = ~same_person.fill_null(value=False)
    begins_utterance = begins_turn | (gap > UTTERANCE_GAP)
    after_silence = pl.col(thread).eq(pl.col(thread).shift(1)) & (gap > SILENCE)

    def carried(value: str, where: pl.Expr) -> pl.Expr:
        return pl.when(where).then(value).forward_fill()

    ordered = ordered.with_columns(
        begins_turn=begins_turn,
        begins_utterance=begins_utterance,
        ends_silence=after_silence.fill_null(value=False),
    ).with_columns(
        turn_id=carried("message_id", pl.col("begins_turn")),
        utterance_id=carried("message_id", pl.col("begins_utterance")),
        utterance_at=carried("sent_at", pl.col("begins_utterance")),
        thread_ordinal=pl.int_range(1, pl.len() + 1).over(thread),
        message_ordinal=pl.int_range(1, pl.len() + 1).over(thread, "sender_id"),
    )
    return ordered.with_columns(
        utterance_ordinal=pl.col("begins_utterance")
        .cast(pl.Int64)
        .cum_sum()
        .over(thread, "sender_id"),
        utterance_in_turn=pl.col("begins_utterance").cast(pl.Int64).cum_sum().over("turn_id"),
    ).with_columns(
        opening=(pl.col("utterance_ordinal") == 1)
        | pl.col("ends_silence").any().over("utterance_id")
    )


def previous_turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """`ordered` (from `in_threads`) joined with the turn before each message's own."""
    turns = (
        ordered.lazy()
        .group_by("turn_id", maintain_order=True)
        .agg(
            pl.col("conversation_id").first(),
            pl.col("sender_id").first(),
            pl.col("message_id").last(),
            pl.col("sent_at").last(),
        )
        .select(
            "turn_id",
            *(
                pl.col(source).shift(1).over("conversation_id").alias(name)
                for source, name in (
                    ("turn_id", "previous_turn_id"),
                    ("sender_id", "previous_partner_id"),
                    ("message_id", "previous_partner_message_id"),
                    ("sent_at", "previous_partner_at"),
                )
            ),
        )
        .collect()
    )
    utterances = (
        ordered.filter("begins_utterance")
        .select("utterance_id", "conversation_id", "sender_id", "utterance_at")
        .with_columns(
            own_before=pl.col("utterance_at").shift(1).over("conversation_id", "sender_id")
        )
        .select(
            "utterance_id", hours_since_own=_hours(pl.col("utterance_at"), pl.col("own_before"))
        )
    )
    return (
        ordered.join(turns, on="turn_id", how="left", maintain_order="left")
        .join(utterances, on="utterance_id", how="left", maintain_order="left")
        .with_columns(
            hours_since_partner=_hours(pl.col("utterance_at"), pl.col("previous_partner_at")),
            partner_wrote_before=pl.col("previous_turn_id").is_not_null(),
        )
    )


def thread_people(ordered: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    """Distinct (conversation_id, person_id) of everybody who wrote or was written to."""
    senders = ordered.select("conversation_id", person_id="sender_id")
    received = recipients.join(
        ordered.select("message_id", "conversation_id"), on="message_id"
    ).select("conversation_id", "person_id")
    return pl.concat([senders, received]).drop_nulls().unique().sort("conversation_id", "person_id")


def with_partners(ordered: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Adds participants and, in threads of two, recipient_id and earlier words in other threads."""
    sizes = members.group_by("conversation_id").agg(
        pl.len().alias("participants"), pl.col("person_id").sort().alias("people")
    )
    two = pl.col("participants") == 2  # noqa: PLR2004
    first, second = pl.col("people").list.first(), pl.col("people").list.last()
    ordered = ordered.join(
        sizes, on="conversation_id", how="left", maintain_order="left"
    ).with_columns(
        pl.col("participants").fill_null(0),
        recipient_id=pl.when(two & (pl.col("sender_id") == first))
        .then(second)
        .when(two & (pl.col("sender_id") == second))
        .then(first),
    )
    spoke = (
        ordered.filter(pl.col("recipient_id").is_not_null())
        .group_by("sender_id", "recipient_id")
        .agg(pl.col("sent_at").min().alias("partner_first_at"))
        .rename({"sender_id": "recipient_id", "recipient_id": "sender_id"})
    )
    owner_at = (
        ordered.filter(pl.col("is_from_owner").fill_null(value=False))
        .group_by("conversation_id")
        .agg(pl.col("sent_at").min().alias("owner_first_at"))
    )
    ever = pl.col("partner_wrote_before") | (
        pl.col("partner_first_at") < pl.col("utterance_at")
    ).fill_null(value=False)
    owner_here = (pl.col("owner_first_at") < pl.col("utterance_at")).fill_null(value=False)
    return (
        ordered.join(spoke, on=["sender_id", "recipient_id"], how="left", maintain_order="left")
        .join(owner_at, on="conversation_id", how="left", maintain_order="left")
        .with_columns(partner_ever_wrote_before=ever)
        .with_columns(
            owner_wrote_before=pl.when(pl.col("is_from_owner").fill_null(value=False))
            .then("partner_ever_wrote_before")
            .when(two)
            .then(pl.col("partner_ever_wrote_before"))
            .otherwise(owner_here)
        )
        .drop("people", "partner_first_at", "owner_first_at")
    )


def with_connections(ordered: pl.DataFrame, connections: pl.DataFrame) -> pl.DataFrame:
    """Adds connected_on, invited_by and hours_since_connecting of the one who is not the owner."""
    ties = (
        connections.filter(pl.col("direction") == "connected")
        .select(other_id="person_id", connected_on="connected_on", invited_by="invited_by")
        .unique("other_id", keep="first", maintain_order=True)
    )
    other = (
        pl.when(pl.col("is_from_owner").fill_null(value=False))
        .then("recipient_id")
        .otherwise("sender_id")
    )
    start = pl.col("connected_on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    hours = _hours(pl.col("utterance_at"), start)
    return (
        ordered.with_columns(other_id=other)
        .join(ties, on="other_id", how="left", maintain_order="left")
        .with_columns(
            # The day has no zone: the evening before, in UTC, is still that day somewhere.
            hours_since_connecting=pl.when(hours >= -_DAY_HOURS).then(hours.clip(0)),
        )
        .drop("other_id")
    )
