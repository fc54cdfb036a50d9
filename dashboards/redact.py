"""A report without names and words, to show to somebody else."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboards.format import initials

# Columns that hold what people wrote, or lead to them, and are emptied.
_EMPTIED = frozenset(
    {
        "text", "subject", "title", "excerpt", "masked_text", "example", "handle", "profile_url",
        "headline", "spans", "quote",
    }
)  # fmt: skip
_NAMES = ("name", "owner_name", "author_name")
_SENTENCES = (
    "statement", "innocent_explanation", "strongest_flag", "reason", "second_reason",
    "advice_reason", "explanation", "state_reason",
)  # fmt: skip
_NO_WORD = 5
# A pattern of thousands of characters takes seconds to build; no name people use is as long.
_LONG_NAME = 80
_PEOPLE_KEYS = ("identity_id", "owner_id")


def redact_frames(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The frames with initials for names, no text, no address, and numbers for identifiers.

    Names inside sentences and file names are replaced by initials, too.
    """
    names = _all_names(frames)
    numbers = _numbers(frames)
    return {stem: _redact(frame, names, numbers) for stem, frame in frames.items()}


def _all_names(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = [
        frame[name].alias("name")
        for _, frame in sorted(frames.items())
        for name in _NAMES
        if name in frame.columns and frame.schema[name] == pl.String
        if any(key in frame.columns for key in _PEOPLE_KEYS)
    ]
    known = pl.concat(columns) if columns else pl.Series("name", [], dtype=pl.String)
    # The longest first, so that "Ann" does not eat into "Ann Lee".
    return (
        known.drop_nulls()
        .unique()
        .to_frame()
        # Short single names are words, too: "May" is in "maybe".
        .filter((pl.col("name").str.len_chars() >= _NO_WORD) | pl.col("name").str.contains(r"\s"))
        .with_columns(initials("name").alias("initials"))
        .sort([pl.col("name").str.len_chars(), pl.col("name")], descending=[True, False])
    )


def _numbers(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = [
        frames[stem][key].cast(pl.String).alias("key")
        for stem in ("people", "overview", *sorted(frames))
        for key in _PEOPLE_KEYS
        if stem in frames and key in frames[stem].columns
    ]
    keys = pl.concat(columns) if columns else pl.Series("key", [], dtype=pl.String)
    unique = keys.drop_nulls().unique(maintain_order=True)
    return unique.to_frame().with_row_index("number", offset=1)


def _redact(frame: pl.DataFrame, names: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    def have(columns: tuple[str, ...] | frozenset[str]) -> list[str]:
        return [name for name in frame.columns if name in columns]

    sentences = [name for name in have(_SENTENCES) if frame.schema[name] == pl.String]
    replaced = _without_names(sentences, names) if names.height else []
    return frame.with_columns(
        *(pl.lit(None).cast(frame.schema[name]).alias(name) for name in have(_EMPTIED)),
        # The name of a metric is not the name of a person.
        *(initials(name) for name in have(_NAMES) if have(_PEOPLE_KEYS)),
        *(pl.lit("(export)").alias(name) for name in have(("file_name",))),
        *replaced,
        *(
            pl.format(
                "p{}",
                pl.col(name)
                .cast(pl.String)
                .replace_strict(
                    numbers["key"], numbers["number"], default=None, return_dtype=pl.UInt32
                ),
            ).alias(name)
            for name in have(_PEOPLE_KEYS)
        ),
    )


def _without_names(sentences: list[str], names: pl.DataFrame) -> list[pl.Expr]:
    """The sentences with initials for names; one that quotes a very long name is left out."""
    is_long = pl.col("name").str.len_chars() > _LONG_NAME
    usual = names.filter(~is_long)
    long = names.filter(is_long)["name"].str.slice(0, _LONG_NAME).unique(maintain_order=True)
    replaced = [
        pl.col(name).str.replace_many(
            usual["name"].to_list(), usual["initials"].to_list(), leftmost=True
        )
        for name in sentences
    ]
    if long.is_empty():
        return replaced
    return [
        pl.when(~pl.col(name).str.contains_any(long.to_list())).then(sentence).alias(name)
        for name, sentence in zip(sentences, replaced, strict=True)
    ]
