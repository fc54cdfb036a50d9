"""Taking up what the other said."""

from __future__ import annotations

import polars as pl

from transforms.reference import REFERENCE
from transforms.spec import Metric

_WORDS = REFERENCE["threads"]["disclosure_words"]
# One answer that shares a word with the question is chance.
_ANSWERS = 2
_MEDIAN = REFERENCE["threads"]["uptake_median"]

HEARD = Metric(
    name="heard",
    label="Turns of the other answered",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("heard"),
    doc=f"Turns of others with {_WORDS} words or more that the person answered.",
    source="evidence.md §3 B5",
)
FOLLOW_UP_QUESTIONS = Metric(
    name="follow_up_questions",
    label="Follow-up questions",
    unit="count",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("follow_up_questions"),
    doc="Of those answers, how many ask further about what was said and pitch nothing.",
    source="evidence.md §3 B5; Huang et al. 2017",
)
FOLLOW_UP_QUESTION_RATE = Metric(
    name="follow_up_question_rate",
    label="Follow-up question rate",
    unit="share",
    low=0,
    high=1,
    grain="conversation",
    null_when="the person answered no turn long enough to ask about",
    expr=pl.when(pl.col("heard") > 0).then(pl.col("follow_up_questions") / pl.col("heard")),
    doc="Follow-up questions out of turns of the other answered.",
    source="evidence.md §3 B5",
)
MEAN_UPTAKE = Metric(
    name="mean_uptake",
    label="Mean uptake",
    unit="share",
    low=0,
    high=1,
    grain="conversation",
    null_when="the person answered no turn long enough without pitching",
    expr=pl.col("uptake"),
    doc="Mean overlap of content words of the person's answers, pitches left out, with what they answer.",
    source="evidence.md §3 B7; Demszky et al. 2021",
)
LISTENED = Metric(
    name="listened",
    label="Listened",
    unit="",
    kind="boolean",
    grain="conversation",
    expr=(pl.col("follow_up_questions") > 0)
    | ((pl.col("uptake").fill_null(0) > _MEDIAN) & (pl.col("heard") >= _ANSWERS)),
    doc=f"The person asked further, or in {_ANSWERS} answers or more took up the other's words more than usual (mean uptake over {_MEDIAN}).",
    source="metrics.md, sender grain",
)
