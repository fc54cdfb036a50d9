"""Content words: what a text is about, and how much of it another text takes up."""

from __future__ import annotations

import polars as pl

from transforms.text.lexicon import LANGUAGES
from transforms.text.stopwords import STOP_WORDS

_A_WORD = r" [\p{L}][^ ]+"


def content_words(texts: pl.DataFrame) -> pl.DataFrame:
    """Distinct content words of each text: text_id, word (a hash; equal words, equal hashes).

    `texts` has text_id, language and words (tokenised, lower case). A content word begins with a
    letter, has two or more, and is on no stop list of its language; with no language, on none at
    all. Placeholders are none.
    """
    long = (
        texts.lazy()
        .filter(pl.col("words").is_not_null())
        .select("text_id", "language", pl.col("words").str.extract_all(_A_WORD).alias("word"))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("word").str.slice(1))
    )
    stops = pl.DataFrame(
        [(language, word) for language in LANGUAGES for word in sorted(STOP_WORDS[language])],
        schema={"language": pl.String, "word": pl.String},
        orient="row",
    ).lazy()
    everywhere = sorted(set().union(*STOP_WORDS.values()))
    supported = pl.col("language").is_in(LANGUAGES).fill_null(value=False)
    return (
        pl.concat(
            [
                long.filter(supported).join(stops, on=["language", "word"], how="anti"),
                long.filter(~supported & ~pl.col("word").is_in(everywhere)),
            ]
        )
        .select("text_id", pl.col("word").hash())
        .unique()
        .collect()
    )


def overlap(words: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (left, right: text ids) with shared, size_left, size_right and jaccard.

    Jaccard is the share of the words of both that both use; null where neither has any.
    """
    sizes = words.group_by("text_id").len("size")
    shared = (
        pairs.unique()
        .join(words, left_on="left", right_on="text_id")
        .join(words, left_on=["right", "word"], right_on=["text_id", "word"])
        .group_by("left", "right")
        .len("shared")
    )
    both = pl.col("size_left") + pl.col("size_right") - pl.col("shared")
    return (
        pairs.join(shared, on=["left", "right"], how="left", maintain_order="left")
        .join(
            sizes.rename({"text_id": "left", "size": "size_left"}),
            on="left",
            how="left",
            maintain_order="left",
        )
        .join(
            sizes.rename({"text_id": "right", "size": "size_right"}),
            on="right",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("shared", "size_left", "size_right").fill_null(0).cast(pl.Int64))
        .with_columns(jaccard=pl.when(both > 0).then(pl.col("shared") / both))
    )
