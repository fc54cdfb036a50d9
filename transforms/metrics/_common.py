"""What the metrics of grain "message" share."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

NO_TEXT = "the message has no text or is in a language that is not supported"

READABLE = pl.col("readable")


def if_readable(value: pl.Expr) -> pl.Expr:
    """`value` where the row has text in a supported language, else null."""
    return pl.when(READABLE).then(value)


def count_by_language(frame: pl.DataFrame, column: str, patterns: Mapping[str, str]) -> pl.Series:
    """Matches of each language's own pattern in `column`; 0 in a language without one.

    The patterns are tried on the rows of their language only.
    """
    numbered = frame.select("language", column).with_row_index("row")
    parts = [
        group.select("row", n=pl.col(column).str.count_matches(patterns[str(language)]))
        if language in patterns
        else group.select("row", n=pl.lit(0, dtype=pl.UInt32))
        for (language,), group in numbered.group_by("language", maintain_order=True)
    ]
    if not parts:
        return pl.Series("n", [], dtype=pl.UInt32)
    return pl.concat(parts).sort("row")["n"]
