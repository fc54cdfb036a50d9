"""The dates of LinkedIn exports, as expressions.

Each file has a format of its own, and a spreadsheet that saved the file again leaves another.
Only Messages, Endorsements and Company Follows state a zone (UTC); the others are taken as UTC.
A day that does not exist (30 Feb) is null, and so is a year outside 1990 to 2099.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

TIMES = (
    "%Y-%m-%d %H:%M:%S",  # messages.csv (with UTC), Shares, Comments, Reactions
    "%Y/%m/%d %H:%M:%S",  # Endorsement_Received_Info (with UTC)
    "%m/%d/%y, %I:%M %p",  # Invitations, Recommendations: US order
    "%m/%d/%Y, %I:%M %p",
    "%a %b %d %H:%M:%S %Y",  # Company Follows (with UTC before the year)
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%m/%d/%y %H:%M",  # saved again by a spreadsheet
    "%m/%d/%Y %H:%M",
    "%Y-%m-%d %H:%M",
)
DAYS = (
    "%d %b %Y",  # Connections: 08 Feb 2026
    "%d %B %Y",
    "%d-%b-%y",  # saved again by a spreadsheet: 4-Apr-21
    "%d-%b-%Y",
    "%Y-%m-%d",
    "%m/%d/%y",
    "%m/%d/%Y",
    "%b %d, %Y",
)
_EARLIEST, _LATEST = 1990, 2099


def _tidy(column: str) -> pl.Expr:
    """The cell with plain blanks (newer exports put U+202F before AM) and without its zone."""
    return (
        pl.col(column)
        .str.replace_all(r"[\s\u{a0}\u{202f}]+", " ")
        .str.strip_chars()
        .str.replace(r"( UTC|Z| GMT| \+0000|\+00:00)$", "")
        .str.replace(r" UTC (\d{4})$", " $1")
    )


def _plausible(parsed: pl.Expr) -> pl.Expr:
    return pl.when(parsed.dt.year().is_between(_EARLIEST, _LATEST)).then(parsed)


def _as_time(text: pl.Expr, formats: Sequence[str]) -> list[pl.Expr]:
    return [_plausible(text.str.to_datetime(f, strict=False, time_unit="us")) for f in formats]


def _as_day(text: pl.Expr, formats: Sequence[str]) -> list[pl.Expr]:
    return [_plausible(text.str.to_date(f, strict=False)) for f in formats]


def parse_time(frame: pl.DataFrame, column: str, usual: str | None = None) -> pl.Series:
    """UTC times of a text column; null where the cell is empty or says no possible time.

    `usual` is tried first, on the cell as it stands; other formats are tried only on what
    that leaves. A day without a time of day counts as its midnight.
    """
    quick = pl.lit(None, pl.Datetime("us"))
    if usual is not None:
        quick = _plausible(pl.col(column).str.to_datetime(usual, strict=False, time_unit="us"))
    parsed = frame.select(column, quick.alias("parsed"))
    left = pl.col("parsed").is_null() & pl.col(column).is_not_null()
    if parsed.select(left.any()).item():
        text = _tidy("cell")
        days = [day.cast(pl.Datetime("us")) for day in _as_day(text, DAYS)]
        meanings = (
            parsed.filter(left)
            .select(cell=pl.col(column).unique())
            .with_columns(meaning=pl.coalesce(*_as_time(text, TIMES), *days))
        )
        parsed = parsed.join(
            meanings, left_on=column, right_on="cell", how="left", maintain_order="left"
        ).select(column, parsed=pl.coalesce("parsed", "meaning"))
    return parsed["parsed"].dt.replace_time_zone("UTC")


def parse_day(frame: pl.DataFrame, column: str) -> pl.Series:
    """Days of a text column; null where the cell is empty or says no possible day."""
    return frame.select(pl.coalesce(*_as_day(_tidy(column), DAYS)).alias(column))[column]
