"""What one could do about somebody: the first reason that applies, and the reason in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.reference import OF_THE_USER, REFERENCE
from transforms.tables import THRESHOLDS

_TIES = ("connected", "following")


def advise(
    tables: Mapping[str, pl.DataFrame],
    chances: pl.DataFrame,
    scores: pl.DataFrame,
    flags: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    least: Mapping[str, float] = REFERENCE["flags"],
) -> pl.DataFrame:
    """identity_id, advice, advice_reason: one row per identity of `chances`.

    All is judged over both platforms (scope `all`) by the thresholds `least`. The owner gets no
    advice.
    """
    facts = _facts(tables, chances, scores, flags, verdicts)
    tied = pl.col("tie").is_not_null()
    low = pl.col("me_score_low").fill_null(-1)
    score = pl.col("me_score").fill_null(-1)
    rules = [
        (pl.col("is_owner"), "none", pl.lit("This is you: see the mirror.")),
        (pl.col("verdict") == "fine", "none", pl.lit("You said that all is fine.")),
        (
            (pl.col("verdict") == "not-fine") & tied,
            "unfollow",
            pl.lit("You said that it is not fine."),
        ),
        (pl.col("verdict") == "not-fine", "mute", pl.lit("You said that it is not fine.")),
        (
            pl.col("ignored_opt_out"),
            "unsubscribe",
            pl.lit("They went on after being asked to stop."),
        ),
        (
            pl.col("newsletters"),
            "unsubscribe",
            pl.lit("They send newsletters and no sign-up is visible in these exports."),
        ),
        (
            tied
            & (low >= least["unfollow_score"])
            & (pl.col("flagged") >= least["unfollow_flags"]),
            "unfollow",
            pl.format(
                "The score is {} at the least, and {} behaviours are flagged.",
                low.round(0).cast(pl.Int64),
                "flagged",
            ),
        ),
        (pl.col("cold_pitch"), "mute", pl.lit("They opened with a pitch nobody had asked for.")),
        (
            pl.col("compliment_then_pitch"),
            "mute",
            pl.lit("They praised, and then pitched what nobody had asked for."),
        ),
        (
            pl.col("kept_pitching"),
            "mute",
            pl.lit("They pitched again and again what nobody had asked for."),
        ),
        (pl.col("twin"), "mute", pl.lit("Somebody else sent you the same text.")),
        (pl.col("follow_ups"), "mute", pl.lit("They followed up on your silence again and again.")),
        (
            (pl.col("flagged") == 0) & (pl.col("k_giving_threads") + pl.col("k_giving_posts") > 0),
            "thank",
            pl.lit("They gave help and asked for nothing."),
        ),
        (
            # In a group one shared word can look like listening: half of the threads must show it.
            (pl.col("flagged") == 0)
            & (pl.col("k_listening_threads") > 0)
            & (pl.col("k_listening_threads") * 2 >= pl.col("n_listening_threads")),
            "thank",
            pl.lit("They listened: they asked further, or took up what was said."),
        ),
        (
            pl.col("one_way_thread"),
            "watch",
            pl.lit("They did nearly all the talking where you talked at any length."),
        ),
        (
            score >= least["watch_score"],
            "watch",
            pl.format(
                "The score is {}, with no flag that calls for more.", score.round(0).cast(pl.Int64)
            ),
        ),
    ]
    advice, reason = pl.lit("none"), pl.lit("Nothing calls for anything.")
    for applies, word, why in reversed(rules):
        holds = applies.fill_null(value=False)
        advice = pl.when(holds).then(pl.lit(word)).otherwise(advice)
        reason = pl.when(holds).then(why).otherwise(reason)
    return facts.select("identity_id", advice.alias("advice"), reason.alias("advice_reason"))


_DECIDING = (
    "ignored_opt_out",
    "newsletters",
    "cold_pitch",
    "compliment_then_pitch",
    "kept_pitching",
    "twin",
    "follow_ups",
    "one_way_thread",
)
# A rate flag that repeats an event flag in other words is not a second reason.
_SAME = {
    "pitched_openings": "cold_pitch",
    "kept_pitching": "cold_pitch",
    "chased_threads": "follow_ups",
    "promotional_utterances": "newsletters",
    "same_openings": "twin",
}


def _facts(
    tables: Mapping[str, pl.DataFrame],
    chances: pl.DataFrame,
    scores: pl.DataFrame,
    flags: pl.DataFrame,
    verdicts: pl.DataFrame,
) -> pl.DataFrame:
    whole = chances.filter(pl.col("scope") == "all").select(
        "identity_id",
        "is_owner",
        pl.col(
            "k_giving_threads", "k_giving_posts", "k_listening_threads", "n_listening_threads"
        ).fill_null(0),
    )
    flagged = flags.group_by("identity_id").agg(
        pl.col("behaviour").replace(_SAME).n_unique().alias("flagged"),
        *((pl.col("behaviour") == name).any().alias(name) for name in _DECIDING),
    )
    ties = (
        tables["connections"]
        .filter(pl.col("direction").is_in(_TIES))
        .join(tables["people"].select("person_id", "identity_id"), "person_id")
        .group_by("identity_id")
        .agg(pl.col("direction").min().alias("tie"))
    )
    return (
        whole.join(
            scores.filter(pl.col("scope") == "all").select(
                "identity_id", "me_score", "me_score_low"
            ),
            "identity_id",
            "left",
        )
        .join(flagged, "identity_id", "left")
        .join(ties, "identity_id", "left")
        .join(
            verdicts.select("identity_id", "verdict").unique("identity_id", keep="first"),
            "identity_id",
            "left",
        )
        .with_columns(pl.col("flagged").fill_null(0), pl.col(_DECIDING).fill_null(value=False))
        .sort("identity_id")
    )


def thresholds(others: Mapping[str, float]) -> pl.DataFrame:
    """The table thresholds: those a user may set, as they are by default and with these `others`."""
    usual = REFERENCE["flags"]
    rows = [(name, others.get(name, usual[name]), usual[name]) for name in OF_THE_USER]
    return THRESHOLDS.conform(
        pl.DataFrame(rows, schema=THRESHOLDS.schema, orient="row", strict=False)
    )
