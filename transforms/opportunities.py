"""What each sender did, out of how many chances: k and n of every variant, per scope.

One row per (identity_id, scope), scope `all` and each platform the person is seen on:

    is_owner, messages, posts, conversations, utterances, words     measured text only, but for
                              messages, posts and conversations
    unmeasured                messages and posts with text that could not be measured
    after_opt_out, unanswered_follow_ups, newsletters, compliment_then_pitch     sums over threads
    first_pitch_hours, talk_share, reply_hours     medians over threads
    questions_received, questions_answered         sums over threads
    k_<variant>, n_<variant>  for every variant of reference.toml; null where the text of a
                              thread or post could not be measured is left out of both
    plus every count of the conversation metrics that OPENING_COUNTS names

Posts are posts, quotes, replies and comments; a repost is somebody else's words. What may weigh
against a pitch is decided in `padding.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.padding import posts_against, threads_against, weeks_against, with_answers
from transforms.reference import REFERENCE

KEY = ("identity_id", "scope")
OPENING_COUNTS = (
    "openings", "pitched_openings", "unprompted_pitches", "newsletters", "promotional_utterances",
    "contacts", "helps", "needs_answered", "follow_up_questions", "after_opt_out",
    "questions_received", "questions_answered", "disclosures_answered", "shift_responses",
)  # fmt: skip
_OWN = ("post", "quote")
_REPLY = ("reply", "comment")
_FOLLOW_UPS = 2
_WEEK = pl.duration(days=7)
_REPLY_THREAD = pl.duration(days=3)


def opportunities(tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame) -> pl.DataFrame:
    """The frame described above, sorted by identity_id, scope.

    Reads people, messages through `prepared`, conversation_metrics, conversations, posts and
    post_metrics. People nobody can identify are left out.
    """
    identities = tables["people"].select("person_id", "identity_id", "is_owner")
    threads = _threads(tables, prepared, identities)
    posts = posts_of(tables, identities)
    parts = [_thread_counts(threads), _post_counts(posts)]
    people = pl.concat([part.select(KEY) for part in parts]).unique()
    for part in parts:
        people = people.join(part, KEY, "left")
    owners = identities.group_by("identity_id").agg(pl.col("is_owner").any())
    counts = [
        name for name in people.columns
        if name.startswith("n_") or name in {*OPENING_COUNTS, *_TOTALS}
    ]  # fmt: skip
    return (
        people.join(owners, "identity_id")
        .with_columns(
            pl.sum_horizontal(
                pl.col(f"{part}_{name}").fill_null(0) for part in ("thread", "post")
            ).alias(name)
            for name in ("words", "utterances", "unmeasured")
        )
        .with_columns(pl.col(counts).fill_null(0))
        .sort(KEY)
    )


_TOTALS = ("messages", "posts", "conversations", "unanswered_follow_ups")


def scoped(frame: pl.DataFrame) -> pl.DataFrame:
    """Every row twice: in scope `all` and in the scope of its platform."""
    return pl.concat(
        [
            frame.with_columns(pl.lit("all").alias("scope")),
            frame.with_columns(pl.col("platform").alias("scope")),
        ]
    )


def _threads(
    tables: Mapping[str, pl.DataFrame], prepared: pl.DataFrame, identities: pl.DataFrame
) -> pl.DataFrame:
    """conversation_metrics with identity, platform and when the person wrote first and last."""
    span = (
        prepared.filter(pl.col("sender_id").is_not_null())
        .group_by("conversation_id", pl.col("sender_id").alias("person_id"))
        .agg(
            pl.col("sent_at").min().alias("first_at"),
            pl.col("sent_at").max().alias("last_at"),
            pl.col("clean").is_not_null().sum().cast(pl.Int64).alias("texts"),
        )
    )
    met = with_answers(tables["conversation_metrics"], prepared, tables["message_metrics"])
    return (
        met.join(span, ["conversation_id", "person_id"])
        .join(tables["conversations"].select("conversation_id", "platform"), "conversation_id")
        .join(identities, "person_id")
    )


# Help that somebody who pitches offers to those who never answer is bait.
_SINCERE = (
    pl.col("is_owner") | pl.col("answered") | (pl.col("unprompted_pitches").sum() == 0)
)  # fmt: skip


def _thread_counts(threads: pl.DataFrame) -> pl.DataFrame:
    measured = pl.col("words").is_not_null()
    share = pl.col("talk_share_unasked")
    chased = pl.col("unanswered_follow_ups").filter(measured)
    left = pl.col("left_group").filter(measured)
    unselfish = pl.col("unprompted_pitches") == 0
    gave = ((pl.col("helps") > 0) | (pl.col("needs_answered") > 0)) & unselfish
    same = pl.when("is_owner").then("same_openings").otherwise("copied_openings")

    def total(did: pl.Expr) -> pl.Expr:
        return did.filter(measured).sum()

    def against(did: pl.Expr, chances: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        return total(did), threads_against(did, chances, measured)

    counted: dict[str, tuple[pl.Expr, pl.Expr]] = {
        "pitched_openings": against(pl.col("pitched_openings"), pl.col("openings")),
        "same_openings": against(same, pl.col("compared_openings")),
        "promotional_utterances": (
            total(pl.col("promotional_utterances")),
            pl.when(measured.any()).then(weeks_against(measured)).otherwise(0.0),
        ),
        "contact_threads": against(
            (pl.col("contacts") > 0).cast(pl.Int64), measured.cast(pl.Int64)
        ),
        "talk_share": (share.median().fill_null(0) * share.count(), share.count()),
        "chased_threads": ((chased >= _FOLLOW_UPS).sum(), chased.count()),
        "left_groups": (left.sum(), left.count()),
        "shift_responses": (
            total(pl.col("shift_responses")),
            total(pl.col("disclosures_answered")),
        ),
        "giving_threads": (total(gave & _SINCERE), measured.sum()),
        "listening_threads": (total(pl.col("listened") & unselfish), measured.sum()),
    }
    return (
        scoped(threads)
        .group_by(KEY)
        .agg(
            pl.col("messages").sum(),
            pl.len().cast(pl.Int64).alias("conversations"),
            pl.col("utterances").filter(measured).sum().alias("thread_utterances"),
            pl.col("words").sum().alias("thread_words"),
            pl.col("texts").filter(~measured).sum().alias("thread_unmeasured"),
            pl.col("unanswered_follow_ups").sum(),
            pl.col("compliment_then_pitch").any(),
            pl.col("first_pitch_hours", "talk_share", "reply_hours").median(),
            *(pl.col(name).sum() for name in OPENING_COUNTS),
            *(k.cast(pl.Float64).alias(f"k_{name}") for name, (k, _) in counted.items()),
            *(n.cast(pl.Float64).alias(f"n_{name}") for name, (_, n) in counted.items()),
        )
    )


def posts_of(tables: Mapping[str, pl.DataFrame], identities: pl.DataFrame) -> pl.DataFrame:
    """Posts with their metrics and the yes/no columns that count, reposts left out."""
    flag = {
        "promotional": pl.coalesce("is_unprompted_pitch", "is_pitch") | pl.col("is_newsletter"),
        "pitching": pl.coalesce("is_unprompted_pitch", "is_pitch"),
        "carding": pl.col("contact_phone")
        | pl.col("contact_email")
        | pl.col("scheduling_link")
        | (
            pl.col("contact_link")
            & pl.any_horizontal("is_pitch", "own_offer", "call_to_action", "audience_ask")
        ),
        "about_self": 2 * pl.col("self_subject_sentences") >= pl.col("n_sentences"),
        "giving": pl.col("gives_help") & ~pl.col("is_pitch"),
        "taking_up": pl.col("uptake") > REFERENCE["threads"]["uptake_median"],
    }
    return (
        tables["posts"]
        .filter(pl.col("kind").is_in(_OWN + _REPLY) & pl.col("author_id").is_not_null())
        .join(tables["post_metrics"], "post_id")
        .join(identities, left_on="author_id", right_on="person_id")
        .sort("posted_at", "post_id")
        .with_columns(expr.fill_null(value=False).alias(name) for name, expr in flag.items())
        .with_columns(
            pl.col("n_words").is_not_null().alias("measured"),
            (
                pl.col("kind").is_in(_REPLY)
                & pl.col("reply_to_person_id").ne_missing(pl.col("author_id"))
            ).alias("is_reply"),
            (
                pl.col("template_id").is_not_null()
                & pl.col("post_id").cum_count().over("author_id", "template_id").gt(1)
            ).alias("repeated"),
            pl.col("kind").is_in(_REPLY).any().over("platform").alias("replies_visible"),
        )
    )


def _post_counts(posts: pl.DataFrame) -> pl.DataFrame:
    measured = pl.col("measured")
    long = measured & (pl.col("n_words") >= REFERENCE["openings"]["minimum_tokens"])
    says_something = long & ~pl.col("repeated")
    at = pl.col("posted_at").filter(
        measured & (says_something | pl.col("promotional") | pl.col("is_owner"))
    )
    weeks = ((at.max() - at.min()) / _WEEK).fill_null(1).clip(1)
    own = ~pl.col("is_reply")
    entry = (
        (
            pl.col("posted_at")
            - pl.col("posted_at").shift().over(*KEY, "reply_to_person_id", "is_reply")
            <= _REPLY_THREAD
        )
        .not_()
        .fill_null(value=True)
    )
    compared = pl.col("is_reply") & pl.col("uptake").is_not_null()
    counted: dict[str, tuple[pl.Expr, pl.Expr]] = {
        "pitching_posts": (
            (measured & pl.col("pitching")).sum(),
            posts_against(pl.col("pitching"), says_something, measured),
        ),
        "same_posts": ((long & pl.col("repeated")).sum(), long.sum()),
        "promotional_posts": (
            (measured & pl.col("promotional")).sum(),
            pl.when(measured.any()).then(weeks).otherwise(0.0),
        ),
        "contact_posts": (
            (measured & pl.col("carding")).sum(),
            posts_against(pl.col("carding"), says_something, measured),
        ),
        "own_posts": (
            (own & pl.col("replies_visible")).sum(),
            pl.col("replies_visible").sum(),
        ),
        "left_replies": (
            (pl.col("is_reply") & (pl.col("_entered") == 1)).sum(),
            (pl.col("is_reply") & pl.col("_entry")).sum(),
        ),
        "self_posts": ((measured & own & pl.col("about_self")).sum(), (measured & own).sum()),
        "giving_posts": ((measured & pl.col("giving")).sum(), measured.sum()),
        "listening_replies": ((compared & pl.col("taking_up")).sum(), compared.sum()),
    }
    person = [*KEY, "reply_to_person_id", "is_reply"]
    return (
        scoped(posts)
        .sort(*KEY, "posted_at", "post_id")
        .with_columns(entry.alias("_entry"))
        .with_columns(pl.col("_entry").cast(pl.Int64).cum_sum().over(person).alias("_session"))
        .with_columns(pl.len().over(*person, "_session").alias("_entered"))
        .group_by(KEY)
        .agg(
            pl.len().cast(pl.Int64).alias("posts"),
            measured.sum().cast(pl.Int64).alias("post_utterances"),
            pl.col("n_words").sum().cast(pl.Int64).alias("post_words"),
            (~measured & pl.col("text").is_not_null())
            .sum()
            .cast(pl.Int64)
            .alias("post_unmeasured"),
            *(k.cast(pl.Float64).alias(f"k_{name}") for name, (k, _) in counted.items()),
            *(n.cast(pl.Float64).alias(f"n_{name}") for name, (_, n) in counted.items()),
        )
    )
