"""Who does the talking in a thread of two."""

from __future__ import annotations

import polars as pl

from transforms.reference import REFERENCE
from transforms.spec import Metric

_LEAST = REFERENCE["threads"]
_UNMEASURED = "none of the person's messages there has text in a supported language"
_TOO_SHORT = (
    f"it is not a thread of two with {_LEAST['share_turns']} turns, {_LEAST['share_words']} words and"
    f" {_LEAST['share_partner_turns']} turns of the other, or part of its text could not be measured"
)
_comparable = (
    pl.col("is_pair")
    & (pl.col("unmeasured") == 0)
    & (pl.col("all_turns") >= _LEAST["share_turns"])
    & (pl.col("all_words") >= _LEAST["share_words"])
    & (pl.col("all_turns") - pl.col("turns") >= _LEAST["share_partner_turns"])
    & pl.col("words").is_not_null()
)

WORDS = Metric(
    name="words",
    label="Words",
    unit="words",
    kind="integer",
    low=0,
    grain="conversation",
    null_when=_UNMEASURED,
    expr=pl.col("words"),
    doc="Words the person wrote in the thread.",
    source="definition",
)
ELICITED_WORDS = Metric(
    name="elicited_words",
    label="Words in answers",
    unit="words",
    kind="integer",
    low=0,
    grain="conversation",
    expr=pl.col("elicited_words"),
    doc="Words of the person in turns that answer a direct question, follow-ups a day or more later left out: they were asked to talk.",
    source="evidence.md §3 B1",
)
TALK_SHARE = Metric(
    name="talk_share",
    label="Share of the words",
    unit="share",
    low=0,
    high=1,
    grain="conversation",
    null_when=_TOO_SHORT,
    expr=pl.when(_comparable).then(pl.col("words") / pl.col("all_words")),
    doc="The person's words out of all words in the thread.",
    source="evidence.md §3 B1; median of the larger share in 1,155 Switchboard calls .595",
)
TALK_SHARE_UNASKED = Metric(
    name="talk_share_unasked",
    label="Share of the words, answers left out",
    unit="share",
    low=0,
    high=1,
    grain="conversation",
    null_when=_TOO_SHORT,
    expr=pl.when(_comparable).then(
        (
            (pl.col("words") - pl.col("elicited_words"))
            / (pl.col("all_words") - pl.col("elicited_words"))
        ).fill_nan(0)
    ),
    doc="The same without the person's words that answer a direct question: who is asked may talk at length.",
    source="evidence.md §3 B1",
)
