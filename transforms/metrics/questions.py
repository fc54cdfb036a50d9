"""Questions, and which of them listen."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric

_QUESTION_MARKS = r" \?(?: [?!])*"
# Questions that point back at what was said without repeating a word of it.
_ANAPHORIC = (
    r" (?:how did (?:that|it|this)|what made you|how come|why (?:is|was|did|do|are) (?:that|it|you|this)|what happened|and then|since when"
    r"|what do you mean|how (?:long|often) (?:have|did|do|has) you|how was (?:it|that|the)|what was (?:it|that)|did (?:it|that|they|he|she)"
    r"|is that|was that|how so|which (?:one|part|of)|wie kam|warum (?:das|denn)|was ist passiert|wie war|por qué|cómo fue|qué pasó"
    r"|pourquoi|comment ça s'est|qu'est-ce qui|como foi|por quê|o que aconteceu) "
)

_SOLD = 2.0  # points of selling words: two rules of ordinary weight
# In a pitch, a newsletter, or from somebody who has sold in this thread, a question leads to a sale.
_LEADS_TO_A_SALE = (
    pl.col("is_unprompted_pitch")
    | (pl.col("is_newsletter") & ~pl.col("is_prompted"))
    | ((pl.col("own_points_before") >= _SOLD) & ~pl.col("asked_for") & ~pl.col("question_before"))
).fill_null(value=False)

QUESTIONS = Metric(
    name="questions",
    label="Question marks",
    unit="sentences",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("words").str.count_matches(_QUESTION_MARKS),
    doc="Sentences that end in a question mark, whatever they are for.",
    source="evidence.md §3, B4",
)
GENUINE_QUESTIONS = Metric(
    name="genuine_questions",
    label="Real questions",
    unit="sentences",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(pl.when(_LEADS_TO_A_SALE).then(0).otherwise(pl.col("n_real"))),
    doc="Questions, with or without a mark, that want to know: no call, sale, click, slot or reaction asked for, no offer, no hook, none in a pitch or newsletter nobody asked for nor by who sold before.",
    source="evidence.md §3, B4",
)
FOLLOW_UP_QUESTION = Metric(
    name="follow_up_question",
    label="Follow-up question",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        (
            (pl.col("n_asked") > 0)
            & pl.col("previous_turn_id").is_not_null()
            & ((pl.col("asked_shares").fill_null(0) > 0) | pl.col("asked").str.contains(_ANAPHORIC))
        ).fill_null(value=False)
    ),
    doc="A real question that shares a content word with the other's previous turn, or points back at it.",
    source="evidence.md §3, B5; Huang et al. 2017",
)
ASKS_FOR_SOMETHING = Metric(
    name="asks_for_something",
    label="Asks for something",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("says_asks_for") & ~pl.col("says_opt_out_request"),
    doc="Wants something of the reader that then is no pitch: a price, a link, more about it.",
    source="evidence.md §5, D1 (direction)",
)
