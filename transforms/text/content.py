"""Content words: what a text is about, so that one can see how much of it another takes up."""

from __future__ import annotations

import polars as pl

from transforms.text.lexicon import LANGUAGES
from transforms.text.stopwords import SMALL_CHANGE, STOP_WORDS

_PLACEHOLDER = "<"
_ELLIPSIS = "..."
_EVERYWHERE = sorted(set().union(*STOP_WORDS.values()))


def _is_stop_word(word: pl.Expr) -> pl.Expr:
    hashed = {
        language: pl.Series(sorted(STOP_WORDS[language]), dtype=pl.String).hash().implode()
        for language in LANGUAGES
    }
    everywhere = pl.Series(_EVERYWHERE, dtype=pl.String).hash().implode()
    is_stop = word.is_in(everywhere)
    for language, words in hashed.items():
        is_stop = pl.when(pl.col("language") == language).then(word.is_in(words)).otherwise(is_stop)
    return is_stop


def is_small_change(word: pl.Expr) -> pl.Expr:
    """Whether a hash is of a word of politeness or routine, which is no subject of its own."""
    return word.is_in(pl.Series(sorted(SMALL_CHANGE), dtype=pl.String).hash().implode())


def content_words(texts: pl.DataFrame) -> pl.Series:
    """The distinct content words of each row of `texts`, as a list of hashes.

    `texts` has language, words (tokenised, lower case) and may have numbers, a list of the
    numbers in the text, which the placeholders hide. Equal words have equal hashes. A content
    word has two characters or more and is on no stop list of its language, or with no supported
    language on none at all; numbers are content, other placeholders are none. Null where `words`
    is null.
    """
    if "numbers" not in texts.columns:
        texts = texts.with_columns(numbers=pl.lit(None, dtype=pl.List(pl.String)))
    numbered = texts.select("language", "words", "numbers").with_row_index("row")
    numbers = (
        numbered.lazy()
        .select("row", word="numbers")
        .explode("word", empty_as_null=False, keep_nulls=False)
        .select("row", pl.col("word").hash())
    )
    words = (
        numbered.lazy()
        .select("row", "language", word=pl.col("words").str.split(" "))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .filter(
            # In characters: "¶" and "–" have more than one byte and are no words.
            (pl.col("word").str.len_chars() > 1)
            & ~pl.col("word").str.starts_with(_PLACEHOLDER)
            & (pl.col("word") != _ELLIPSIS)
        )
        .select("row", "language", pl.col("word").hash())
        .filter(~_is_stop_word(pl.col("word")))
        .select("row", "word")
    )
    long = pl.concat([words, numbers]).group_by("row").agg(content=pl.col("word").unique().sort())
    return (
        numbered.lazy()
        .select("row", "words")
        .join(long, on="row", how="left", maintain_order="left")
        .select(
            content=pl.when(pl.col("words").is_not_null()).then(
                pl.col("content").fill_null(pl.lit([], dtype=pl.List(pl.UInt64)))
            )
        )
        .collect()["content"]
    )


def jaccard(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Share of the words of both lists that are in both; null where both are empty or one null."""
    shared = left.list.set_intersection(right).list.len()
    both = left.list.len() + right.list.len() - shared
    return pl.when(both > 0).then(shared / both)
