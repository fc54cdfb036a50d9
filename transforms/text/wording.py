"""Words that are typical of pitches, or of letters that are none, each with a learned weight.

`pitch_wording.toml` has them by language, in thousandths of log-odds of a pitch; it is written by
`python -m benchmarks.evaluation.fit --write`. Every distinct word of a text counts once. What
speaks for a pitch and what speaks against one are two categories of the model, each with its cap.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import polars as pl

from transforms.text.hits import HIT_SCHEMA
from transforms.text.lexicon import AGAINST_WORDING, FOR_WORDING

# From this weight on a word is shown as a reason of its own, in thousandths.
_SHOWN = 400
_SCHEMA = {"language": pl.String, "word": pl.String, "weight": pl.Int32}


@cache
def weights() -> pl.DataFrame:
    """language, word, weight (thousandths of log-odds; below zero: speaks against a pitch)."""
    path = resources.files("transforms.text") / "pitch_wording.toml"
    if not path.is_file():
        return pl.DataFrame(schema=_SCHEMA)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = [
        (language, word, weight)
        for language, words in data["words"].items()
        for word, weight in words.items()
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _words(texts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """text_id, word, weight: every distinct weighed word of texts in one language."""
    return (
        texts.lazy()
        .select("text_id", word=pl.col("words").str.split(" "))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .join(known.lazy().select("word", "weight"), on="word", maintain_order="left")
        .unique(["text_id", "word"], maintain_order=True)
        .collect()
    )


def hits(texts: pl.DataFrame) -> pl.DataFrame:
    """Rows like those of `hits.hits` for the wording of the texts (text_id, language, words).

    Per text and direction a row for each word of weight, which it shows, and one for all the
    others together, whose `match` is null.
    """
    parts = []
    for (language,), group in texts.group_by("language", maintain_order=True):
        known = weights().filter(pl.col("language") == language)
        if known.is_empty():
            continue
        shown = (pl.col("weight").abs() >= _SHOWN) & ~pl.col("word").str.starts_with("<")
        parts.append(
            _words(group, known)
            .with_columns(
                category=pl.when(pl.col("weight") > 0)
                .then(pl.lit(FOR_WORDING))
                .otherwise(pl.lit(AGAINST_WORDING)),
                match=pl.when(shown).then("word"),
            )
            # Whole numbers: their sum does not depend on the order, which differs from run to run.
            .group_by("text_id", "category", "match", maintain_order=True)
            .agg(points=pl.col("weight").abs().sum().cast(pl.Float64) / 1000)
            .with_columns(language=pl.lit(language), rule="category")
        )
    if not parts:
        return HIT_SCHEMA.to_frame()
    return pl.concat(parts).select(HIT_SCHEMA.names()).cast(HIT_SCHEMA)
