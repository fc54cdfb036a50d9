"""The dates of LinkedIn exports, as expressions.

Each file has a format of its own, and a spreadsheet that saved the file again leaves another.
Only Messages, Endorsements and Company Follows state a zone (UTC); the others are taken as UTC.
A day that does not exist (30 Feb) is null, and so is a year outside 1990 to 2099.

Dates in figures are in US order with slashes and day first with dots and dashes, unless the file
itself shows the other: a spreadsheet writes them as its country does. With a comma before the
time they are LinkedIn's own, and US order. What shows it has to have been read: of a damaged file
whose first rows leave it open, US order is taken.
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
    "%m/%d/%y, %H:%M",
    "%m/%d/%Y, %H:%M",
    "%m/%d/%y %H:%M",  # saved again by a spreadsheet
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y-%m-%d %H:%M",
)
DAYS = (
    "%d %b %Y",  # Connections: 08 Feb 2026
    "%d %B %Y",
    "%d-%b-%y",  # saved again by a spreadsheet: 4-Apr-21
    "%d-%b-%Y",
    "%d. %b %y",
    "%d. %b %Y",
    "%Y-%m-%d",
    "%m/%d/%y",
    "%m/%d/%Y",
    "%b %d, %Y",
)
_EARLIEST, _LATEST = 1990, 2099


_NUMERIC = r"^(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})( |$)"


def _tidy(column: str) -> pl.Expr:
    """The cell with plain blanks (newer exports put U+202F before AM) and without its zone."""
    return (
        pl.col(column)
        .str.replace_all(r"[\s\u{a0}\u{202f}]+", " ")
        .str.strip_chars()
        .str.replace(r"( UTC|Z| GMT| \+0000|\+00:00)$", "")
        .str.replace(r" UTC (\d{4})$", " $1")
    )


def _in_us_order(cells: pl.DataFrame) -> pl.DataFrame:
    """The column `cell` with dates in figures as month/day/year, by what all cells show."""
    first, sign, second = (pl.col("cell").str.extract(_NUMERIC, group) for group in (1, 2, 3))
    no_month = [number.cast(pl.Int8, strict=False) > 12 for number in (first, second)]  # noqa: PLR2004
    return (
        cells.with_columns(sign.alias("sign"))
        .with_columns(
            by_first=no_month[0].any().over("sign"), by_second=no_month[1].any().over("sign")
        )
        .with_columns(
            day_first=pl.when(pl.col("by_first") != pl.col("by_second"))
            .then("by_first")
            .otherwise(pl.col("sign") != "/")
        )
        .with_columns(
            pl.when("day_first")
            .then(pl.col("cell").str.replace(_NUMERIC, "$3/$1/$4$5"))
            .otherwise(pl.col("cell").str.replace(_NUMERIC, "$1/$3/$4$5"))
            .alias("cell")
        )
    )


def _plausible(parsed: pl.Expr) -> pl.Expr:
    return pl.when(parsed.dt.year().is_between(_EARLIEST, _LATEST)).then(parsed)


def _as_time(formats: Sequence[str]) -> list[pl.Expr]:
    text = pl.col("cell")
    return [_plausible(text.str.to_datetime(f, strict=False, time_unit="us")) for f in formats]


def _as_day(formats: Sequence[str]) -> list[pl.Expr]:
    return [_plausible(pl.col("cell").str.to_date(f, strict=False)) for f in formats]


def _meanings(cells: pl.Series, meaning: pl.Expr) -> pl.Series:
    """What each cell means, looked at once for each different one."""
    known = cells.drop_nulls().unique()
    tidy = _in_us_order(
        known.to_frame("as_written").with_columns(_tidy("as_written").alias("cell"))
    )
    meant = tidy.select("as_written", meaning.alias("meaning"))
    return (
        cells.to_frame("as_written")
        .join(meant, "as_written", "left", maintain_order="left")["meaning"]
        .alias(cells.name)
    )


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
        days = [day.cast(pl.Datetime("us")) for day in _as_day(DAYS)]
        others = parsed.select(pl.when(left).then(column).alias(column))[column]
        meant = _meanings(others, pl.coalesce(*_as_time(TIMES), *days))
        parsed = parsed.with_columns(pl.coalesce("parsed", meant).alias("parsed"))
    return parsed["parsed"].dt.replace_time_zone("UTC").alias(column)


def parse_day(frame: pl.DataFrame, column: str) -> pl.Series:
    """Days of a text column; null where the cell is empty or says no possible day."""
    return _meanings(frame[column], pl.coalesce(*_as_day(DAYS)))
