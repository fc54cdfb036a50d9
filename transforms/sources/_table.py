"""Tables that other tools export → records: columns told, times told, every row accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from transforms.errors import MemberError
from transforms.sources._linkedin_rows import rejects_of, tally
from transforms.sources._table_columns import FIELDS, Plan, Platform, TableMapping, plain
from transforms.sources._table_dates import Days, order_of_days, parse_times
from transforms.sources._table_files import OpenTable, Stretch, open_table
from transforms.sources._table_people import with_authors
from transforms.sources._table_records import messages_of, post_number, posts_of
from transforms.sources._x_rows import FIRST_SNOWFLAKE, SNOWFLAKE_EPOCH_MS, TOLERANCE, add_up
from transforms.spec import Batch, Parse

_FIRST_LINKEDIN = 10**18  # ids since 2016 are as long; they hold their time, as X's do
_ADDRESSES = ("author_url", "url", "id", "recipient_url", "reply_to")
_LINKEDIN, _X = r"(?i)linkedin\.com/|urn:li:", r"(?i)(?:^|//|\.)(?:x|twitter)\.com/"
_NAMES: dict[Platform, str] = {
    "linkedin": r"(?i)^\s*(?:linkedin|li)\b",
    "x": r"(?i)^\s*(?:x|twitter)\b",
}
_X_COLUMN = re.compile(r"tweet|screenname")

_BY_ID = "time taken from the id"
_NO_ZONE = "time without a zone taken as UTC"
_BY_NAME = "author known by name only"
_ELSEWHERE = "a row of another platform"


def parser(mapping: TableMapping) -> Parse:
    """A parser of tables under this mapping."""

    def parse(chunks: Iterable[bytes]) -> Iterator[Batch]:
        reading = _Reading(mapping, open_table(chunks, mapping))
        for stretch in reading.table.stretches:
            yield reading.batch(stretch)

    return parse


@dataclass(slots=True)
class _Reading:
    """What was decided about the table so far: whose platform it is, how its days are meant."""

    mapping: TableMapping
    table: OpenTable
    platform: Platform | None = None
    days: Days | None = None

    @property
    def plan(self) -> Plan:
        return self.table.plan

    def batch(self, stretch: Stretch) -> Batch:
        absent = [name for name in FIELDS if name not in stretch.frame.columns]
        frame = stretch.frame.with_columns(pl.lit(None, pl.String).alias(n) for n in absent)
        platform = self.platform or _platform_of(frame, self.table, self.mapping)
        if frame.height:
            self.platform = platform
        frame = self._judged(self._timed(with_authors(frame, platform), platform), platform)
        ignored = add_up(stretch.ignored, tally(frame, "left_out"))
        frame = frame.filter(pl.col("left_out").is_null())
        refused = frame.filter(pl.col("refused").is_not_null())
        good = frame.filter(pl.col("refused").is_null())
        build = posts_of if self.plan.what == "posts" else messages_of
        used = tuple(self.plan.columns)
        rejects = (*stretch.rejects, *rejects_of(refused, used))
        return Batch(
            rows_read=stretch.rows_read,
            records=build(good, platform),
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row_number)),
            ignored=ignored,
            repairs=add_up(stretch.repairs, self._repairs(good)),
            unknown_fields=tuple(c for c in self.table.columns if c not in self._columns_read),
            read_as=self._read_as(platform),
        )

    def _timed(self, frame: pl.DataFrame, platform: Platform) -> pl.DataFrame:
        cells = frame[self.plan.time]
        self.days = self.mapping.days or self.days or order_of_days(cells)
        parsed = parse_times(cells, self.days, self.mapping.time_zone)
        number = pl.coalesce(post_number("url", platform), post_number("id", platform))
        number = number.cast(pl.Int64, strict=False)
        since = SNOWFLAKE_EPOCH_MS if platform == "x" else 0
        by_id: pl.Expr = pl.when(
            number > (FIRST_SNOWFLAKE if platform == "x" else _FIRST_LINKEDIN)
        ).then(pl.from_epoch(number // 2**22 + since, time_unit="ms").cast(pl.Datetime("us")))
        if self.plan.what == "messages":
            by_id = pl.lit(None, pl.Datetime("us"))
        stated = pl.col("stated")
        off = (stated - pl.col("by_id")).abs() > TOLERANCE if platform == "x" else pl.lit(None)
        return (
            frame.hstack(parsed.rename({"at": "stated"}))
            .with_columns(by_id.dt.replace_time_zone("UTC").alias("by_id"))
            .with_columns(
                (pl.col("by_id").is_not_null() & (stated.is_null() | off.fill_null(value=False)))
                .alias("is_by_id")
            )
            .with_columns(pl.when("is_by_id").then("by_id").otherwise("stated").alias("at"))
        )  # fmt: skip

    def _judged(self, frame: pl.DataFrame, platform: Platform) -> pl.DataFrame:
        cell, shown = pl.col(self.plan.time), pl.col(self.plan.time).str.slice(0, 40)
        other: Platform = "x" if platform == "linkedin" else "linkedin"
        said = pl.col("platform")
        is_other = said.str.contains(_NAMES[other]).fill_null(value=False)
        is_here = said.is_null() | said.str.contains(_NAMES[platform])
        refused = (
            pl.when(is_other)
            .then(pl.lit(f"a row of {other} in a table of {platform}: put it into a file of its own"))
            .when(pl.col("text").is_null() & pl.col("author_key").is_null() & pl.col("author").is_null())
            .then(pl.lit("the row has neither text nor author"))
            .when(pl.col("at").is_not_null())
            .then(None)
            .when("is_ambiguous")
            .then(
                pl.format(
                    '{} may be two days: write dates = "day first" or "month first" for this file '
                    "in mememeter.toml, under [[table]]",
                    shown,
                )
            )
            .when(cell.is_null())
            .then(pl.lit("the row has no date"))
            .otherwise(pl.format("no such date: {}", shown))
        )  # fmt: skip
        if self.mapping.platform is not None:
            return frame.with_columns(
                refused.alias("refused"), pl.lit(None, pl.String).alias("left_out")
            )
        return frame.with_columns(
            refused.alias("refused"),
            pl.when(~is_here & ~is_other).then(pl.lit(_ELSEWHERE)).alias("left_out"),
        )

    def _repairs(self, good: pl.DataFrame) -> dict[str, int]:
        unzoned = ~pl.col("is_zoned") & ~pl.col("is_by_id")
        counts = good.select(
            pl.col("is_by_id").sum().alias(_BY_ID),
            (unzoned.sum() if self.mapping.time_zone is None else pl.lit(0)).alias(_NO_ZONE),
            pl.col("by_name").sum().alias(_BY_NAME),
        )
        return {name: int(number) for name, number in counts.row(0, named=True).items()}

    @property
    def _columns_read(self) -> set[str]:
        return set(self.plan.columns.values())

    def _read_as(self, platform: Platform) -> dict[str, str]:
        decided = {"dates": self.days, "time_zone": self.mapping.time_zone}
        return {
            "platform": platform,
            **self.plan.columns,
            **{name: value for name, value in decided.items() if value},
        }


def _platform_of(frame: pl.DataFrame, table: OpenTable, mapping: TableMapping) -> Platform:
    """Whose rows these are, by the mapping, the rows or the columns; MemberError when untold."""
    if mapping.platform is not None:
        return mapping.platform
    named = {p: frame["platform"].str.contains(word).sum() for p, word in _NAMES.items()}
    seen = {
        p: sum(int(frame[name].str.contains(pattern).sum()) for name in _ADDRESSES)
        for p, pattern in (("linkedin", _LINKEDIN), ("x", _X))
    }
    seen["x"] += int(frame["author"].str.starts_with("@").sum())
    words = [plain(column) for column in table.columns]
    written = {
        "linkedin": sum("linkedin" in word for word in words),
        "x": sum(_X_COLUMN.search(word) is not None for word in words),
    }
    for evidence in (named, seen, written):
        if evidence["linkedin"] != evidence["x"]:
            return "linkedin" if evidence["linkedin"] > evidence["x"] else "x"
    raise MemberError(
        "whether these rows are of LinkedIn or of X cannot be told: no column says it, and no "
        "address of either is in it" if frame.height else "the table holds no rows",
        hint='say it in mememeter.toml: [[table]] with files = "name of the file", '
        'platform = "linkedin" or "x"',
    )  # fmt: skip
