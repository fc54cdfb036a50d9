"""How one person behaved in one thread: the working frame, and the metrics read from it.

`cells` holds one row per (conversation, person who wrote in it) with these columns; each
metric of grain "conversation" (`transforms/metrics/`) is an expression over them:

    conversation_id, person_id, platform, kind, participants, is_pair, is_group
    messages, utterances, turns, longest_run     the last: most utterances in one turn
    words, elicited_words     theirs; those in an answer to a direct question. Null when unmeasured
    all_words, all_turns      of everybody in the thread
    unmeasured                messages of the thread with text that could not be measured
    silence_follow_ups        follow-ups beyond the first of each silence, pairs only
    openings, pitched_openings, compared_openings, same_openings, copied_openings
    unprompted_pitches, newsletters, promotional_utterances, contacts, helps    utterances that are
    heard, follow_up_questions    partner turns of 5 words and more they answered; how many of
                              the answers ask further and pitch nothing
    uptake                    mean over those answers that pitch nothing
    disclosures, shifts       see metrics/shift_response.py
    needs_heard, needs_answered
    after_opt_out             promotion after a request to stop (`transforms/opt_outs.py`)
    first_pitch_at, first_pitch_ordinal, first_pitch_hours, compliment_then_pitch
    questions_received, questions_answered, reply_hours
    left                      groups only: see metrics/ricochet.py; null while it is too early
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from transforms import tables
from transforms.metrics import metrics_of
from transforms.reference import REFERENCE
from transforms.replies import replies
from transforms.spec import Metric
from transforms.utterances import measured_messages, utterances

_THREADS = REFERENCE["threads"]
_OPENINGS = REFERENCE["openings"]
_CELL = ("conversation_id", "person_id")


def conversation_metrics(
    prepared: pl.DataFrame,
    message_metrics: pl.DataFrame,
    conversations: pl.DataFrame,  # noqa: ARG001  part of the agreed interface; prepared says it all
) -> pl.DataFrame:
    """The table CONVERSATION_METRICS: one row per thread and identified person who wrote in it."""
    frame = with_metrics(cells(prepared, message_metrics), metrics_of("conversation"))
    table = tables.CONVERSATION_METRICS
    return table.conform(frame.select(table.schema.names()))


def with_metrics(frame: pl.DataFrame, metrics: Iterable[Metric]) -> pl.DataFrame:
    """`frame` with a column per metric, in the order given (each after those it reads)."""
    lazy = frame.lazy()
    for metric in metrics:
        if metric.expr is not None:
            lazy = lazy.with_columns(metric.expr.cast(metric.column.dtype).alias(metric.name))
        elif metric.compute is not None:
            reached = lazy.collect()
            computed = metric.compute(reached.select(metric.needs))
            lazy = reached.lazy().with_columns(
                computed.cast(metric.column.dtype).alias(metric.name)
            )
    return lazy.collect()


def cells(prepared: pl.DataFrame, message_metrics: pl.DataFrame) -> pl.DataFrame:
    """The working frame described above, sorted by conversation_id, person_id."""
    measured = measured_messages(prepared, message_metrics)
    spoken = utterances(measured)
    as_of = spoken.group_by("platform").agg(pl.col("last_message_at").max().alias("as_of"))
    threads = spoken.group_by("conversation_id").agg(
        pl.col("words").sum().alias("all_words"),
        pl.col("turn_id").n_unique().cast(pl.Int64).alias("all_turns"),
        pl.col("unmeasured").sum(),
    )
    known = spoken.filter(pl.col("person_id").is_not_null())
    return (
        _counts(known)
        .join(threads, "conversation_id", "left")
        .join(_first_pitches(measured), _CELL, "left")
        .join(replies(spoken, as_of), _CELL, "left")
        .join(_left_groups(spoken, as_of), _CELL, "left")
        .with_columns(
            pl.col("compliment_then_pitch").fill_null(value=False),
            pl.col("questions_received", "questions_answered").fill_null(0),
        )
        .sort(_CELL)
    )


def _counts(known: pl.DataFrame) -> pl.DataFrame:
    """Everything that is a count over a person's utterances in a thread."""
    first_in_turn = pl.col("in_turn") == 1
    next_opens = pl.col("opening").shift(-1).over(_CELL).fill_null(value=True)
    next_pitches = pl.col("unprompted_pitch").shift(-1).over(_CELL).fill_null(value=False)
    answers = first_in_turn & (pl.col("before_words") >= _THREADS["disclosure_words"])
    says_something = (pl.col("words") >= _THREADS["disclosure_words"]) & ~pl.col("compliment")
    disclosed = (
        answers & pl.col("before_self_subject") & ~pl.col("before_question") & says_something
    )
    shifts = (
        pl.col("self_subject")
        & ~pl.col("question")
        & ~pl.col("acknowledgement")
        & (pl.col("uptake").fill_null(0) == 0)
    )
    chases = (
        pl.col("is_pair")
        & (pl.col("hours_since_own") >= _THREADS["follow_up_hours"])
        & ~first_in_turn
        & ~pl.col("newsletter")
        & ~pl.col("prompted")
    )
    # "Here is the list" is no gift where the message before it names the price.
    helps = pl.col("help") & ~pl.col("pitch") & ~pl.col("offers")
    long = (pl.col("masked_tokens") >= _OPENINGS["minimum_tokens"]).fill_null(value=False)
    copied = pl.col("merge_failure") | (long & pl.col("twin"))
    late = (pl.col("hours_since_own") >= _THREADS["follow_up_hours"]).fill_null(value=False)
    marks = {
        "openings": pl.col("opening"),
        "pitched_openings": pl.col("opening")
        & (pl.col("unprompted_pitch") | (~next_opens & next_pitches)),
        "compared_openings": pl.col("opening") & (long | pl.col("merge_failure")),
        "same_openings": pl.col("opening") & long & pl.col("same_to_all"),
        "copied_openings": pl.col("opening") & copied,
        "unprompted_pitches": pl.col("unprompted_pitch"),
        "newsletters": pl.col("newsletter") & ~pl.col("prompted"),
        "promotional_utterances": pl.col("promotional"),
        "contacts": pl.col("contact"),
        "helps": helps,
        "heard": answers,
        "follow_up_questions": answers & pl.col("follow_up_question") & ~pl.col("pitch"),
        "disclosures": disclosed,
        "shifts": disclosed & shifts,
        "needs_heard": first_in_turn & pl.col("before_need"),
        "after_opt_out": pl.col("ignores_opt_out"),
    }
    turn_helps = helps.any().over("turn_id")
    marked = known.with_columns(
        *(mark.fill_null(value=False).alias(f"_{name}") for name, mark in marks.items()),
        chases.fill_null(value=False).alias("_chase"),
        turn_helps.alias("_turn_helps"),
        (answers & ~pl.col("pitch")).fill_null(value=False).alias("_listening"),
    )
    # The whole turn answers, in however many messages; what comes a day later is a follow-up.
    elicited = pl.col("before_genuine_question") & (first_in_turn | ~late)
    counted = marked.group_by(_CELL).agg(
        pl.col("platform", "kind", "participants", "is_pair").first(),
        pl.col("at").min().alias("first_at"),
        pl.col("messages").sum(),
        pl.len().cast(pl.Int64).alias("utterances"),
        pl.col("turn_id").n_unique().cast(pl.Int64).alias("turns"),
        pl.col("in_turn").max().cast(pl.Int64).alias("longest_run"),
        pl.when(pl.col("words").is_not_null().any()).then(pl.col("words").sum()).alias("words"),
        pl.col("words").filter(elicited).sum().alias("elicited_words"),
        pl.col("uptake").filter(pl.col("_listening")).mean(),
        (pl.col("_needs_heard") & pl.col("_turn_helps")).sum().alias("needs_answered"),
        *(pl.col(f"_{name}").sum().cast(pl.Int64).alias(name) for name in marks),
    )
    silences = (
        marked.group_by(*_CELL, "turn_id")
        .agg((pl.col("_chase").sum().cast(pl.Int64) - 1).clip(0).alias("beyond_first"))
        .group_by(_CELL)
        .agg(pl.col("beyond_first").sum().alias("silence_follow_ups"))
    )
    return counted.join(silences, _CELL, "left").with_columns(
        pl.col("needs_answered").cast(pl.Int64),
        (pl.col("participants") > 2).alias("is_group"),  # noqa: PLR2004
    )


def _first_pitches(measured: pl.DataFrame) -> pl.DataFrame:
    """When each person first pitched in a thread, and whether a compliment came just before.

    The compliment is in the same message or one of the person's two before it, and nobody else
    asked anything between.
    """
    person = ["conversation_id", "sender_id"]
    asked = (pl.col("genuine_question")).cast(pl.Int64)
    by_others = asked.cum_sum().over("conversation_id") - asked.cum_sum().over(person)
    hours = (pl.col("sent_at") - pl.col("sent_at").min().over("conversation_id")).dt.total_seconds()
    rows = (
        measured.sort("conversation_id", "thread_ordinal")
        .with_columns(by_others.alias("_asked"), (hours / 3600).alias("_hours"))
        .filter(pl.col("sender_id").is_not_null())
        .with_columns(
            pl.when("compliment").then(name).forward_fill().over(person).alias(f"_praise_{name}")
            for name in ("message_ordinal", "_asked")
        )
        .filter("unprompted_pitch")
        .with_columns(
            (
                (pl.col("message_ordinal") - pl.col("_praise_message_ordinal") <= 2)  # noqa: PLR2004
                & (pl.col("_asked") == pl.col("_praise__asked"))
            )
            .fill_null(value=False)
            .alias("_praised")
        )
    )
    return (
        rows.group_by(person)
        .agg(
            pl.col("sent_at").min().alias("first_pitch_at"),
            pl.col("message_ordinal").min().cast(pl.Int64).alias("first_pitch_ordinal"),
            pl.coalesce("hours_since_connecting", "_hours")
            .sort_by("message_ordinal")
            .first()
            .alias("first_pitch_hours"),
            pl.col("_praised").any().alias("compliment_then_pitch"),
        )
        .rename({"sender_id": "person_id"})
    )


def _left_groups(spoken: pl.DataFrame, as_of: pl.DataFrame) -> pl.DataFrame:
    """Whether a person left a group thread: said one thing, or did not answer the last question.

    Null within two weeks of their last utterance, and when nobody wrote after it.
    """
    later = pl.col("genuine_question").shift(-1).over("conversation_id")
    return (
        spoken.filter(pl.col("participants") > 2)  # noqa: PLR2004
        .with_columns(
            later.alias("_asked_next"), pl.col("at").max().over("conversation_id").alias("_end")
        )
        .filter(pl.col("person_id").is_not_null())
        .join(as_of, "platform")
        .group_by(_CELL)
        .agg(
            pl.len().alias("_utterances"),
            pl.col("_asked_next").last(),
            (pl.col("_end").first() > pl.col("at").last()).alias("_went_on"),
            (
                pl.col("as_of").first() - pl.col("last_message_at").last()
                >= pl.duration(days=_THREADS["reply_days"])
            ).alias("_old"),
        )
        .select(
            *_CELL,
            pl.when(pl.col("_old") & pl.col("_went_on"))
            .then((pl.col("_utterances") == 1) | pl.col("_asked_next").fill_null(value=False))
            .when(pl.col("_old"))
            .then(pl.lit(value=False))
            .alias("left"),
        )
    )
