"""How a row of the score reads: what was counted out of what, or why nothing could be."""

from __future__ import annotations

import polars as pl

# {k} and {n} are whole numbers, {share} is k out of n in per cent, {weeks} is n with one decimal.
_COUNTED = {
    "pitched_openings": "{k} of {n} openings had an unprompted pitch in the first two utterances",
    "pitching_posts": "{k} of {n} posts pitch",
    "same_openings": "{k} of {n} openings of twelve words or more had a failed mail merge or a text that somebody else sent too",
    "same_posts": "{k} of {n} posts of twelve words or more repeat an earlier one of theirs",
    "promotional_utterances": "{k} promotional utterances in {weeks} weeks",
    "promotional_posts": "{k} promotional posts in {weeks} weeks",
    "contact_threads": "{k} of {n} threads held contact details nobody asked for",
    "contact_posts": "{k} of {n} posts held contact details or a link to an own offer",
    "talk_share": "median share of {share} % of the words over {n} threads of two, answers to questions left out",
    "chased_threads": "{k} of {n} threads of two had two or more unanswered follow-ups, the first of each silence free",
    "own_posts": "{k} of {n} posts start something of their own, the others reply to somebody",
    "left_groups": "{k} of {n} group threads were left after one utterance or with a question unanswered",
    "left_replies": "{k} reply threads of {n} were entered only once",
    "shift_responses": "{k} of {n} answers to something personal turned to the writer",
    "self_posts": "{k} of {n} own posts are mostly about the author",
    "giving_threads": "{k} of {n} threads with help given or a need answered",
    "giving_posts": "{k} of {n} posts give something",
    "listening_threads": "{k} of {n} threads with a follow-up question, or with the other's words taken up",
    "listening_replies": "{k} of {n} replies take up the other's words",
}
_OUTBOX = "{k} of {n} openings of twelve words or more went to two others or more"
# See padding.py.
_PADDED = "{}; those nobody answered weigh nothing against it"
_PADDABLE = ("pitched_openings", "same_openings", "contact_threads")
_NOTHING = {
    "pitch_timing": "no opening or post in a language that is supported",
    "same_message": "no opening of twelve words or more; what they send to others is not in it",
    "flood": "no message or post in a language that is supported",
    "cards": "no message or post in a language that is supported",
    "one_way_talk": "no thread of two, and no replies to others beside own posts",
    "ricochet": "fewer than three group threads and fewer than five public reply threads",
    "self_topic": "fewer than three answers to something personal, and fewer than ten posts",
    "gives": "no message or post in a language that is supported",
    "listens": "no message in a language that is supported",
}


def explanations() -> pl.Expr:
    """Column `explanation`, from block, variant, k, n, points, is_owner and after_opt_out."""
    k = pl.col("k").round(0).cast(pl.Int64).cast(pl.String)
    n = pl.col("n").round(0).cast(pl.Int64).cast(pl.String)
    weeks = pl.col("n").round(1).cast(pl.String)
    share = (100 * pl.col("k") / pl.col("n")).round(0).cast(pl.Int64).cast(pl.String)
    text = pl.col("variant").replace_strict(_COUNTED, default=None, return_dtype=pl.String)
    text = (
        pl.when((pl.col("variant") == "same_openings") & pl.col("is_owner"))
        .then(pl.lit(_OUTBOX))
        .otherwise(text)
    )
    for slot, value in (("{k}", k), ("{n}", n), ("{weeks}", weeks), ("{share}", share)):
        text = text.str.replace(slot, value, literal=True)
    text = (
        pl.when(pl.col("variant").is_in(_PADDABLE) & ~pl.col("is_owner") & (pl.col("k") > 0))
        .then(pl.format(_PADDED, text))
        .otherwise(text)
    )
    stopped = pl.format(
        "{}; {} of them after being asked to stop, which counts in full", text, "after_opt_out"
    )
    nothing = pl.format(
        "cannot be measured from this export: {}",
        pl.col("block").replace_strict(_NOTHING, default="", return_dtype=pl.String),
    )
    floor = (
        pl.when(pl.col("points") > 0)
        .then(pl.lit("what the lower limit of 0 gave back"))
        .when(pl.col("points") < 0)
        .then(pl.lit("what the upper limit of 100 took"))
        .otherwise(pl.lit("the limits of 0 and 100 took nothing"))
    )
    return (
        pl.when(pl.col("block") == "floor")
        .then(floor)
        .when(pl.col("variant").is_null())
        .then(nothing)
        .when((pl.col("block") == "flood") & (pl.col("after_opt_out") > 0))
        .then(stopped)
        .otherwise(text)
        .alias("explanation")
    )
