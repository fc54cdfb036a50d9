"""Which messages are evidence of which behaviour: what a flag counts and shows.

`events` returns one row per message and behaviour:

    identity_id, behaviour, message_id, sent_at
    unit       what is counted once: the utterance, the opening or the thread
    is_event   True for an event flag, False for a variant of reference.toml (a rate)
    hours, ordinal     of a pitch: from the day of connecting (null when unknown), and which
               message of the person in the thread it is
    share      of a one-way thread: the share of the words
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.introductions import introduced
from transforms.reference import REFERENCE
from transforms.utterances import measured_messages, utterances

_THREADS = REFERENCE["threads"]
_CELL = ["conversation_id", "sender_id"]


def events(tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame) -> pl.DataFrame:
    """The frame described above, sorted by identity_id, behaviour, sent_at, message_id."""
    messages = _messages(tables, prepared)
    marks = _marks()
    rows = [
        messages.filter(mark).select(
            "identity_id",
            pl.lit(name).alias("behaviour"),
            "message_id",
            "sent_at",
            pl.col(_UNITS.get(name, "utterance_id")).alias("unit"),
            pl.lit(value=name in _EVENTS).alias("is_event"),
            *(
                (pl.col(column) if name in _TIMED else pl.lit(None, dtype)).alias(column)
                for column, dtype in (("hours", pl.Float64), ("ordinal", pl.Int64))
            ),
            (
                pl.col("talk_share_unasked")
                if name == "one_way_thread"
                else pl.lit(None, pl.Float64)
            ).alias("share"),
        )
        for name, mark in marks.items()
    ]
    return pl.concat(rows).sort("identity_id", "behaviour", "sent_at", "message_id")


_EVENTS = frozenset(
    {
        "cold_pitch", "compliment_then_pitch", "kept_pitching", "twin", "merge_failure", "ignored_opt_out",
        "newsletters", "follow_ups", "one_way_thread",
    }
)  # fmt: skip
_UNITS = {
    "cold_pitch": "_opening_id",
    "compliment_then_pitch": "conversation_id",
    "one_way_thread": "conversation_id",
}
_TIMED = frozenset({"cold_pitch", "compliment_then_pitch"})


def _marks() -> dict[str, pl.Expr]:
    warm = pl.col("_invited") | pl.col("introduced")
    in_opening = pl.col("opening").fill_null(value=False) | pl.col("_after_opening")
    late = (pl.col("hours_since_own") >= _THREADS["follow_up_hours"]).fill_null(value=False)
    in_turn = pl.col("utterance_in_turn")
    chases = (
        (pl.col("participants") == 2)  # noqa: PLR2004
        & late & (in_turn > 1) & ~pl.col("newsletter") & ~pl.col("prompted")
    )  # fmt: skip
    pitched = in_opening & pl.col("unprompted_pitch")
    long = (pl.col("masked_tokens") >= REFERENCE["openings"]["minimum_tokens"]).fill_null(
        value=False
    )
    owner = pl.col("is_from_owner").fill_null(value=False)
    return {
        "cold_pitch": pitched & ~warm,
        "compliment_then_pitch": pl.col("unprompted_pitch")
        & pl.col("compliment_then_pitch")
        & ~warm,
        "kept_pitching": (pl.col("participants") == 2) & pl.col("unprompted_pitch"),  # noqa: PLR2004
        "twin": pl.col("opening") & long & pl.col("twin"),
        "merge_failure": pl.col("merge_failure"),
        "ignored_opt_out": pl.col("ignores_opt_out") & (pl.col("newsletter") | pl.col("pitch")),
        "newsletters": pl.col("newsletter") & ~pl.col("prompted"),
        "follow_ups": chases & ~pl.col("_first_chase"),
        "one_way_thread": pl.col("talk_share_unasked") >= REFERENCE["flags"]["one_way_share"],
        "pitched_openings": pitched,
        "same_openings": pl.col("opening")
        & (
            (owner & long & pl.col("same_to_all"))
            | (~owner & (pl.col("merge_failure") | (long & pl.col("twin"))))
        ),
        "promotional_utterances": pl.col("promotional"),
        "contact_threads": pl.col("contact"),
        "chased_threads": chases,
        "left_groups": pl.col("left_group").fill_null(value=False),
        "shift_responses": pl.col("shift_responses").fill_null(0) > 0,
    }


def _messages(tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame) -> pl.DataFrame:
    """Messages of identified people with what the marks read."""
    measured = measured_messages(prepared, tables["message_metrics"])
    cells = tables["conversation_metrics"].select(
        "conversation_id",
        pl.col("person_id").alias("sender_id"),
        "compliment_then_pitch",
        "talk_share_unasked",
        "left_group",
        "shift_responses",
    )
    late = (pl.col("hours_since_own") >= _THREADS["follow_up_hours"]) & (
        pl.col("utterance_in_turn") > 1
    )
    return (
        measured.drop("compliment_then_pitch", strict=False)
        .join(
            tables["people"].select("person_id", "identity_id"),
            left_on="sender_id",
            right_on="person_id",
        )
        .join(cells, _CELL)
        .join(_after_a_no(measured), "utterance_id", "left")
        .join(introduced(measured, tables["people"]).with_columns(introduced=True), _CELL, "left")
        .sort("conversation_id", "thread_ordinal")
        .with_columns(
            pl.col("introduced", "ignores_opt_out").fill_null(value=False),
            # Whether the other side had written before this person opened; a polite answer to
            # an opening does not ask for the pitch that follows.
            pl.when("opening")
            .then(pl.col("owner_wrote_before").fill_null(value=False))
            .forward_fill()
            .over(_CELL)
            .fill_null(value=False)
            .alias("_invited"),
            pl.when("opening").then("utterance_id").forward_fill().over(_CELL).alias("_opening_id"),
            pl.col("hours_since_connecting").alias("hours"),
            pl.col("message_ordinal").cast(pl.Int64).alias("ordinal"),
            (
                (pl.col("utterance_ordinal") - 1)
                .is_in(pl.col("utterance_ordinal").filter("opening").implode())
                .over(_CELL)
                & ~pl.col("opening")
            )
            .fill_null(value=False)
            .alias("_after_opening"),
            (pl.col("utterance_id") == pl.col("utterance_id").filter(late).first().over("turn_id"))
            .fill_null(value=False)
            .alias("_first_chase"),
        )
    )


def _after_a_no(measured: pl.DataFrame) -> pl.DataFrame:
    """utterance_id, ignores_opt_out of the threads in which somebody asked to stop."""
    refused = measured.filter(pl.col("opt_out").any().over("conversation_id"))
    return utterances(refused).select("utterance_id", "ignores_opt_out")
