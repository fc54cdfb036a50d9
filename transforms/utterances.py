"""Messages put together again: utterances (pauses of two minutes at most) and turns.

`utterances` gives one row per utterance with what was measured in its messages and in the turn
it answers; the metrics of a conversation count these, never messages, so that who sends three
short messages instead of a long one is measured the same.

Columns of an utterance:
    utterance_id, turn_id, conversation_id, person_id (null when nobody knows), platform, kind,
    participants, is_pair (two people), recipient_id, is_from_owner
    at, ordinal, in_turn, opening, hours_since_own, last_message_at
    messages, unmeasured      messages in it; those with text that was not measured
    words                     null when none of its messages was measured
    pitch, unprompted_pitch, prompted, newsletter, promotional, compliment, help, need, opt_out,
    self_subject, question, genuine_question, follow_up_question, acknowledgement,
    contact, asks (a question, for something or for help), confirms_opt_out, sells (any
    category of a pitch), offers (one that a confirmation has no need of)
                              whether any of its messages is, has or does that
    ignores_opt_out           see `transforms/opt_outs.py`
    uptake                    largest of its messages; null when nothing could be compared
    masked_tokens             largest of its messages
    merge_failure, same_to_all, twin    see `_copies`
    before_*                  of the turn it answers: words, self_subject, question,
                              genuine_question, need, pitch
"""

from __future__ import annotations

import polars as pl

from transforms.opt_outs import with_ignored
from transforms.reference import REFERENCE
from transforms.templates import ASKS
from transforms.text.lexicon import PITCH_CATEGORIES

_OFFERS = (
    "own_offer",
    "value_claim",
    "discount_or_free_offer",
    "price",
    "audience_ask",
    "scheduling_link",
)
_ANY = {
    "pitch": pl.col("is_pitch"),
    "unprompted_pitch": pl.col("is_unprompted_pitch"),
    "prompted": pl.col("is_prompted"),
    "newsletter": pl.col("is_newsletter"),
    "compliment": pl.col("generic_compliment"),
    "help": pl.col("gives_help"),
    "need": pl.col("states_need"),
    "opt_out": pl.col("opt_out_request"),
    "confirms_opt_out": pl.col("confirms_opt_out"),
    "asks": (pl.col("genuine_questions") > 0)
    | pl.col("asks_for_something")
    | pl.col("states_need"),
    # "Click here" may be where one unsubscribes.
    "sells": pl.any_horizontal(PITCH_CATEGORIES),
    "offers": pl.any_horizontal(_OFFERS) | (pl.col("call_to_action") & ~pl.col("opt_out_wording")),
    "self_subject": pl.col("self_subject_sentences") > 0,
    "question": pl.col("questions") > 0,
    "genuine_question": pl.col("genuine_questions") > 0,
    "follow_up_question": pl.col("follow_up_question"),
    "acknowledgement": pl.col("acknowledgement"),
    "merge_failure": pl.col("merge_field_failure"),
    "promotional": pl.col("is_unprompted_pitch")
    | (pl.col("is_newsletter") & ~pl.col("is_prompted")),
    "contact": ~pl.col("is_prompted")
    & (
        pl.col("contact_phone")
        | pl.col("contact_email")
        | pl.col("scheduling_link")
        # A bare link may be an article; with an offer or a request it is a card.
        | (
            pl.col("contact_link")
            & pl.any_horizontal("is_pitch", "own_offer", "call_to_action", "audience_ask")
        )
    ),
}
_FROM_METRICS = sorted(
    {name for expr in _ANY.values() for name in expr.meta.root_names()}
    | {"n_words", "uptake"}
    | {*ASKS}
)
_BEFORE = ("self_subject", "question", "genuine_question", "need", "pitch")


def measured_messages(prepared: pl.DataFrame, message_metrics: pl.DataFrame) -> pl.DataFrame:
    """`prepared` with what an utterance is made of, one row per message; yes/no columns never null."""
    joined = prepared.drop(set(_FROM_METRICS) & set(prepared.columns)).join(
        message_metrics.select("message_id", *_FROM_METRICS),
        "message_id",
        "left",
        maintain_order="left",
    )
    return joined.with_columns(
        *(expr.fill_null(value=False).alias(name) for name, expr in _ANY.items()),
        (pl.col("clean").is_not_null() & pl.col("n_words").is_null()).alias("unmeasured"),
        *_copies(),
    )


def _copies() -> list[pl.Expr]:
    """Whether a message is the same to all, or one that several people send.

    same_to_all: its template went from this person to two others at least. twin: two people or
    more sent it to the owner. Courtesies (no member asks, pitches or links) are neither.
    """
    campaign = (
        pl.any_horizontal(pl.col(ASKS).fill_null(value=False)).any().over("template_id")
    ) & pl.col("template_id").is_not_null()
    readers = pl.col("recipient_id").n_unique().over("template_id", "sender_id")
    theirs = ~pl.col("is_from_owner")
    senders = pl.col("sender_id").filter(theirs).n_unique().over("template_id")
    others = REFERENCE["openings"]["other_recipients"]
    return [
        (campaign & (readers > others)).fill_null(value=False).alias("same_to_all"),
        (campaign & theirs & (senders > 1)).fill_null(value=False).alias("twin"),
    ]


def utterances(measured: pl.DataFrame) -> pl.DataFrame:
    """One row per utterance (columns above), sorted by conversation_id, at, utterance_id."""
    names = [*_ANY, "same_to_all", "twin"]
    spoken = (
        measured.lazy()
        .group_by("utterance_id")
        .agg(
            pl.col("turn_id", "conversation_id", "platform", "kind", "participants").first(),
            pl.col("sender_id").first().alias("person_id"),
            pl.col("recipient_id", "is_from_owner", "previous_turn_id").first(),
            pl.col("utterance_at").first().alias("at"),
            pl.col("utterance_ordinal").first().alias("ordinal"),
            pl.col("utterance_in_turn").first().alias("in_turn"),
            pl.col("opening").first(),
            pl.col("hours_since_own").first(),
            pl.col("sent_at").max().alias("last_message_at"),
            pl.len().cast(pl.Int64).alias("messages"),
            pl.col("unmeasured").sum().cast(pl.Int64),
            _sum_or_null("n_words").alias("words"),
            pl.col("masked_tokens").max(),
            pl.col("uptake").max(),
            *(pl.col(name).any() for name in names),
        )
        .with_columns((pl.col("participants") == 2).alias("is_pair"))  # noqa: PLR2004
    )
    before = (
        measured.lazy()
        .group_by("turn_id")
        .agg(
            _sum_or_null("n_words").alias("before_words"),
            *(pl.col(name).any().alias(f"before_{name}") for name in _BEFORE),
        )
        .rename({"turn_id": "previous_turn_id"})
    )
    complete = (
        spoken.join(before, "previous_turn_id", "left")
        .with_columns(pl.col(f"before_{name}").fill_null(value=False) for name in _BEFORE)
        .collect()
    )
    return with_ignored(complete)


def _sum_or_null(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum().cast(pl.Int64))
