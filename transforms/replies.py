"""Who answers questions, and how soon: reply counts and Kaplan-Meier medians per thread and person.

Only threads of two people: in a group nobody knows who was asked. A question is a turn that
really asks something and pitches nothing. Unanswered and younger than two weeks at `as_of` is
not a failure, it is not counted; in the median it is censored (Kaplan & Meier 1958).
"""

from __future__ import annotations

import polars as pl

from transforms.reference import REFERENCE

_DAYS = REFERENCE["threads"]["reply_days"]
_CELL = ("conversation_id", "person_id")


def replies(spoken: pl.DataFrame, as_of: pl.DataFrame) -> pl.DataFrame:
    """conversation_id, person_id, questions_received, questions_answered, reply_hours."""
    asked = _questions(spoken, as_of)
    window = pl.duration(days=_DAYS)
    in_time = (pl.col("waited") <= window) & pl.col("answered")
    due = in_time | (pl.col("waited") >= window)
    counts = asked.group_by(_CELL).agg(
        due.sum().cast(pl.Int64).alias("questions_received"),
        in_time.sum().cast(pl.Int64).alias("questions_answered"),
    )
    hours = asked.select(
        *_CELL, (pl.col("waited").dt.total_seconds() / 3600).alias("hours"), "answered"
    )
    return counts.join(kaplan_meier_median(hours, _CELL), _CELL, "left")


def _questions(spoken: pl.DataFrame, as_of: pl.DataFrame) -> pl.DataFrame:
    """One row per asking turn in a thread of two: who was asked, whether and how long they took."""
    turns = (
        spoken.filter(pl.col("is_pair") & pl.col("recipient_id").is_not_null())
        .group_by("conversation_id", "turn_id", maintain_order=True)
        .agg(
            pl.col("recipient_id", "platform").first(),
            pl.col("at").min(),
            pl.col("last_message_at").max().alias("asked_at"),
            pl.col("genuine_question").any(),
            pl.col("unprompted_pitch").any(),
        )
    )
    answer_at = pl.col("at").shift(-1).over("conversation_id")
    return (
        turns.with_columns(answer_at.alias("answer_at"))
        .filter(pl.col("genuine_question") & ~pl.col("unprompted_pitch"))
        .join(as_of, "platform")
        .select(
            "conversation_id",
            pl.col("recipient_id").alias("person_id"),
            pl.col("answer_at").is_not_null().alias("answered"),
            (pl.coalesce("answer_at", "as_of") - pl.col("asked_at")).alias("waited"),
        )
    )


def kaplan_meier_median(events: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Per group of `by` the hours by which half are answered: `reply_hours`.

    `events` has hours and answered; an unanswered row is censored at its hours. Null when less
    than half are answered within what was observed.
    """
    at_risk = pl.len().over(by) - pl.int_range(pl.len()).over(by)
    survival = (1 - pl.col("answered").cast(pl.Float64) / at_risk).cum_prod().over(by)
    return (
        events.sort(*by, "hours", "answered", descending=[*(False for _ in by), False, True])
        .with_columns(survival.alias("_survival"))
        .group_by(by)
        .agg(
            # A hair above .5, or 1 - 1/2 over 4 steps would miss it by rounding.
            pl.col("hours").filter(pl.col("_survival") <= 0.5 + 1e-9).min().alias("reply_hours")
        )
    )
