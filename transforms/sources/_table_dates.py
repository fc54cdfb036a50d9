"""Dates as tools write them → UTC times; one that may mean two days is told apart, not guessed."""

from __future__ import annotations

from typing import Literal

import polars as pl

_ZONED = (
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M%z",
    "%a %b %d %H:%M:%S %z %Y",  # X's older API
    "%a, %d %b %Y %H:%M:%S %z",  # mail and feeds
)
_UNZONED = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M",
    "%d %b %Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %B %Y %H:%M",
    "%b %d %Y %H:%M:%S", "%B %d %Y %H:%M:%S", "%b %d %Y %H:%M", "%B %d %Y %H:%M",
    "%b %d %Y %I:%M:%S %p", "%B %d %Y %I:%M:%S %p", "%b %d %Y %I:%M %p", "%B %d %Y %I:%M %p",
    "%a %b %d %Y %H:%M:%S", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S %p", "%I:%M %p %b %d %Y",
)  # fmt: skip
_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y",
    "%d-%b-%y", "%a %b %d %Y",
)  # fmt: skip
_NUMERIC = (
    r"^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})"
    r"(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?([AaPp][Mm])?)?$"
)
_EARLIEST, _LATEST = 2003, 2099  # LinkedIn's first year; X came later
_EPOCHS = ((10, 1_000_000), (13, 1_000), (16, 1))  # digits of a time in our decades, µs in each

Days = Literal["day first", "month first"]


def parse_times(cells: pl.Series, days: Days | None, time_zone: str | None) -> pl.DataFrame:
    """`at` (UTC, null where the cell says no time), `is_ambiguous` and `is_zoned` for each cell.

    A time without a zone is one of `time_zone`, else of UTC. 03/04/2024 is read as `days` says,
    and is ambiguous without it; 25/04/2024 and 25.4.24 are not.
    """
    unique = pl.DataFrame({"cell": cells.unique(maintain_order=True)})
    meanings = unique.filter(pl.col("cell").is_not_null()).with_columns(_tidy().alias("text"))
    zoned = [
        pl.col("text").str.to_datetime(f, strict=False, time_unit="us", time_zone="UTC")
        for f in _ZONED
    ]
    plain = pl.col("text").str.replace_all(",", "", literal=True)
    unzoned = [plain.str.to_datetime(f, strict=False, time_unit="us") for f in _UNZONED]
    whole_days = [plain.str.to_date(f, strict=False).cast(pl.Datetime("us")) for f in _DAYS]
    meanings = meanings.with_columns(pl.coalesce(*zoned, _epoch()).alias("zoned")).with_columns(
        # A year of two digits passes for one long ago: 04/03/26 is not the year 4.
        pl.coalesce(*map(_plausible, (*unzoned, *whole_days))).alias("local"),
        _numeric(days),
    )
    local = pl.coalesce("local", "numeric").dt.replace_time_zone(
        time_zone or "UTC", non_existent="null", ambiguous="earliest"
    )
    at = pl.coalesce("zoned", local.dt.convert_time_zone("UTC"))
    meanings = meanings.select(
        "cell",
        _plausible(at).alias("at"),
        (at.is_null() & pl.col("is_ambiguous").fill_null(value=False)).alias("is_ambiguous"),
        pl.col("zoned").is_not_null().alias("is_zoned"),
    )
    return (
        pl.DataFrame({"cell": cells})
        .join(meanings, "cell", "left", maintain_order="left")
        .select("at", pl.col("is_ambiguous", "is_zoned").fill_null(value=False))
    )


def _plausible(at: pl.Expr) -> pl.Expr:
    return pl.when(at.dt.year().is_between(_EARLIEST, _LATEST)).then(at)


def order_of_days(cells: pl.Series) -> Days | None:
    """What the column itself says of its numeric days: some are over twelve; None when none or both."""
    parts = cells.to_frame("text").select(_tidy("text").alias("text")).select(_parts())
    slashed = parts.filter(pl.col("mark") != ".")
    day_first, month_first = (slashed.select((pl.col(c) > 12).any()).item() for c in ("a", "b"))  # noqa: PLR2004
    if day_first == month_first:
        return None
    return "day first" if day_first else "month first"


def _tidy(column: str = "cell") -> pl.Expr:
    """Single blanks, no T between day and time, every zone as +hhmm."""
    return (
        pl.col(column)
        .str.replace_all(r"[\s\u{a0}\u{202f}·]+", " ")
        .str.strip_chars()
        .str.replace(r"(?i)^(\d{4}-\d{2}-\d{2})T", "$1 ")
        .str.replace(r"(?i)(\d) ?(?:Z|UTC|GMT)$", "$1+0000")
        .str.replace(r"(:\d{2}(?:\.\d+)?) ?([+-]\d{2}):?(\d{2})$", "$1$2$3")
        .str.replace(r"(:\d{2}(?:\.\d+)?) ?([+-]\d{2})$", "${1}${2}00")
        .str.replace(r"^([A-Z][a-z]{2}, .*:\d{2})([+-]\d{4})$", "$1 $2")
        .str.replace(r"(?i) at (\d)", " $1")
    )


def _epoch() -> pl.Expr:
    digits = pl.col("text").str.extract(r"^(\d{10,16})(?:\.\d+)?$")
    number, length = digits.cast(pl.Int64, strict=False), digits.str.len_chars()
    return pl.coalesce(
        *(
            pl.when(length == size).then((number * scale).cast(pl.Datetime("us")))
            for size, scale in _EPOCHS
        )
    ).dt.replace_time_zone("UTC")  # fmt: skip


def _parts() -> list[pl.Expr]:
    """The numbers of a day written in numbers."""
    groups = pl.col("text").str.extract_groups(_NUMERIC)
    number = {"a": 0, "b": 2, "year": 3, "hour": 4, "minute": 5, "second": 6}
    return [
        *(groups.struct[i].cast(pl.Int32, strict=False).alias(name) for name, i in number.items()),
        groups.struct[1].alias("mark"),
        groups.struct[7].str.to_lowercase().alias("half"),
    ]


def _numeric(days: Days | None) -> pl.Expr:
    """A struct of `numeric`, the time, and `is_ambiguous`."""
    part = pl.struct(_parts()).struct
    a, b, year = part.field("a"), part.field("b"), part.field("year")
    is_day_first = (
        pl.when(part.field("mark") == ".")
        .then(statement=True)
        .when(a > 12)  # noqa: PLR2004
        .then(statement=True)
        .when((b > 12) | (a == b))  # noqa: PLR2004
        .then(statement=False)
        .otherwise(pl.lit(None if days is None else days == "day first", pl.Boolean))
    )
    hour = part.field("hour").fill_null(0)
    half = part.field("half")
    hour = pl.when(half.is_null()).then(hour).otherwise(hour % 12 + 12 * (half == "pm"))
    day, month = (pl.when(is_day_first).then(x).otherwise(y) for x, y in ((a, b), (b, a)))
    text = pl.format(
        "{}-{}-{} {}:{}:{}",
        pl.when(year < 100).then(year + 2000).otherwise(year),  # noqa: PLR2004
        month, day, hour, part.field("minute").fill_null(0), part.field("second").fill_null(0),
    )  # fmt: skip
    time = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    return pl.struct(
        pl.when(is_day_first.is_not_null()).then(time).alias("numeric"),
        (is_day_first.is_null() & a.is_not_null()).alias("is_ambiguous"),
    ).struct.unnest()
