"""How flags read: the statement with its numbers, and one innocent explanation of each.

Sentences say what was done, out of how many, never what somebody is.
"""

from __future__ import annotations

import polars as pl

# Flags that call an approach cold: prior contact, an introduction or the user's word end them.
COLD = ("cold_pitch", "compliment_then_pitch", "kept_pitching", "pitched_openings")

INNOCENT = {
    "cold_pitch": "You may have met outside these exports, or asked for it elsewhere.",
    "compliment_then_pitch": "The praise may be meant, and the offer a good match.",
    "kept_pitching": "You may have talked about it elsewhere, and they took that for interest.",
    "twin": "Colleagues may share a text, for instance an invitation to the same event.",
    "merge_failure": "A typing mistake looks the same.",
    "ignored_opt_out": "The message may have been scheduled before you answered, or meant another list.",
    "newsletters": "You may have signed up somewhere else; these exports do not show it.",
    "follow_ups": "They may not know whether the earlier messages arrived.",
    "one_way_thread": "You may have been glad to listen, or have answered in calls.",
    "pitched_openings": "Selling may be their job, and some of it may have been welcome.",
    "pitching_posts": "Whoever follows somebody may want to hear what they offer.",
    "same_openings": "The same news may have been meant for many, such as an invitation.",
    "same_posts": "Repeating a post reaches readers of other time zones.",
    "promotional_utterances": "You may have signed up somewhere else; these exports do not show it.",
    "promotional_posts": "An account may exist to announce things.",
    "contact_threads": "Some people prefer another channel and say so.",
    "contact_posts": "An organiser has to say where to sign up.",
    "chased_threads": "They may not know whether the earlier messages arrived.",
    "own_posts": "They may answer people in places these exports do not show.",
    "left_groups": "Some groups are for one answer only, such as a congratulation.",
    "left_replies": "A short reply may be all that was called for.",
    "shift_responses": "Telling something of one's own can be a way to show understanding.",
    "self_posts": "A personal account may be kept for friends who want to know.",
}
_EVENT = {
    "cold_pitch": "Opened with a pitch nobody had asked for, {where}.",
    "compliment_then_pitch": "Praise that would fit anybody, then a pitch, {where}.",
    "kept_pitching": "Pitched {k} times in {n} messages without being asked to.",
    "twin": "{k} of the opening texts came, nearly word for word, from somebody else too.",
    "merge_failure": "{k} of {n} messages had a mail-merge field that was not filled in, or filled in wrongly.",
    "ignored_opt_out": "Sent {k} more pitches or newsletters after being asked to stop.",
    "newsletters": "Sent {k} newsletters; no sign-up for them is visible in these exports.",
    "follow_ups": "Followed up {k} times on silence, a day or more apart, not counting the first of each silence.",
    "one_way_thread": "Wrote up to {share} % of the words in {k} of {n} threads, answers to questions left out.",
}
_RATE = {
    "pitched_openings": "In {k} of {n} openings {rate} the first two utterances held a pitch nobody had asked for.",
    "pitching_posts": "{k} of {n} posts {rate} pitch something.",
    "same_openings": "{k} of {n} openings of twelve words or more {rate} had a failed mail merge or a text that somebody else sent too.",
    "same_posts": "{k} of {n} posts of twelve words or more {rate} repeat an earlier one.",
    "promotional_utterances": "{k} promotional messages in {n} weeks.",
    "promotional_posts": "{k} promotional posts in {n} weeks.",
    "contact_threads": "In {k} of {n} threads {rate} came contact details nobody had asked for.",
    "contact_posts": "{k} of {n} posts {rate} held contact details or a link to an own offer.",
    "chased_threads": "In {k} of {n} threads of two {rate} silence was followed up twice or more, the first time not counted.",
    "own_posts": "{k} of {n} posts {rate} start something of their own; the others reply to somebody.",
    "left_groups": "{k} of {n} group threads {rate} were left after one utterance or with a question unanswered.",
    "left_replies": "{k} of {n} public reply threads {rate} were entered only once.",
    "shift_responses": "{k} of {n} answers to something personal {rate} turned to the writer.",
    "self_posts": "{k} of {n} own posts {rate} are mostly about the author.",
}
_OUTBOX = "{k} of {n} openings of twelve words or more {rate} went to two others or more, names and numbers aside."
_DAY = 24.0


def event_statements() -> pl.Expr:
    """Column `statement` from behaviour, k, n, hours, ordinal and share."""
    behaviour, hours = pl.col("behaviour"), pl.col("hours")
    # Exports give the day of connecting, not the hour.
    after = (
        pl.when(hours < _DAY)
        .then(pl.lit(", on the day of connecting"))
        .when(hours < 2 * _DAY)
        .then(pl.lit(", the day after connecting"))
        .when(hours.is_not_null())
        .then(pl.format(", {} days after connecting", (hours / _DAY).floor().cast(pl.Int64)))
        .otherwise(pl.lit(""))
    )
    message = pl.format("message {}{}", "ordinal", after)
    unit = pl.when(behaviour == "cold_pitch").then(pl.lit("openings")).otherwise(pl.lit("threads"))
    among = pl.format("in {} of {} {}", "k", "n", unit)
    where = (
        pl.when((pl.col("n") == 1) & message.is_not_null())
        .then(pl.format("in {}", message))
        .otherwise(among + pl.format("; the first of them was {}", message).fill_null(""))
    )
    share = (100 * pl.col("share")).round(0).cast(pl.Int64).cast(pl.String).fill_null("")
    return _filled(
        behaviour.replace_strict(_EVENT, return_dtype=pl.String),
        {
            "k": pl.col("k").cast(pl.String),
            "n": pl.col("n").cast(pl.String),
            "where": where,
            "share": share,
        },
    )


def rate_statements() -> pl.Expr:
    """Column `statement` from behaviour, is_owner, k, n, rate_low and rate_high."""
    text = (
        pl.when((pl.col("behaviour") == "same_openings") & pl.col("is_owner"))
        .then(pl.lit(_OUTBOX))
        .otherwise(pl.col("behaviour").replace_strict(_RATE, return_dtype=pl.String))
    )
    percent = [
        (100 * value).round(0).cast(pl.Int64)
        for value in (pl.col("k") / pl.col("n"), pl.col("rate_low"), pl.col("rate_high"))
    ]
    whole = {name: pl.col(name).round(0).cast(pl.Int64).cast(pl.String) for name in ("k", "n")}
    rate = pl.format("({} %, {}–{} %)", *percent).fill_null("")
    return _filled(text, {**whole, "rate": rate})


def _filled(text: pl.Expr, slots: dict[str, pl.Expr]) -> pl.Expr:
    for name, value in slots.items():
        text = text.str.replace(f"{{{name}}}", value, literal=True)
    return text.alias("statement")
