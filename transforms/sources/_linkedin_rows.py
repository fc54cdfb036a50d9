"""What all LinkedIn files share: header → rows → verdict → records, with exact accounting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from transforms.sources._csv import Rows, read_rows
from transforms.sources._csv_header import Header
from transforms.sources._stream import excerpt
from transforms.spec import Batch, Parse, Reject

Judge = Callable[[pl.DataFrame, frozenset[str]], pl.DataFrame]
Build = Callable[[pl.DataFrame], Mapping[str, pl.DataFrame]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one kind of file and what becomes of its rows.

    Column names are canonical (`_csv_header.canonical`). `judge(frame, present)` gets every column of
    `required` and `optional` (null where this era lacks it; `present` says which it has) and
    returns the frame with `refused` (why the row is rejected, or null) and, where it applies,
    `left_out` (the rule that leaves it out) and `repaired` (what was mended). `build` turns the
    remaining rows into record tables. Columns in `unread` are dropped at once: nobody's e-mail
    address gets further than this.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    example: str
    judge: Judge
    build: Build
    backslash_quotes: bool = False

    @property
    def parse(self) -> Parse:
        def parse(chunks: Iterable[bytes]) -> Iterator[Batch]:
            header, stretches = read_rows(
                chunks, self.required, self.example, backslash_quotes=self.backslash_quotes
            )
            for rows in stretches:
                yield self._batch(header, rows)

        return parse

    def _batch(self, header: Header, rows: Rows) -> Batch:
        used = (*self.required, *self.optional)
        present = frozenset(header.names)
        known = {*used, *self.unread, ""}
        written = zip(header.written, header.names, strict=True)
        unknown = tuple(name.strip() for name, plain in written if plain not in known)
        blank = pl.all_horizontal(pl.exclude("row_number").is_null())
        # In one piece: `pl.format` panics on a column of which a piece is empty (Polars 2.1.0).
        full = rows.frame.filter(~blank).rechunk()
        missing = [pl.lit(None, pl.String).alias(name) for name in used if name not in present]
        frame = self.judge(full.with_columns(missing).select("row_number", *used), present)
        for name in ("refused", "left_out", "repaired"):
            if name not in frame.columns:
                frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
        left_out = tally(frame, "left_out")
        frame = frame.filter(pl.col("left_out").is_null())
        refused = frame.filter(pl.col("refused").is_not_null())
        good = frame.filter(pl.col("refused").is_null())
        if blank_rows := rows.frame.height - full.height:
            left_out["blank row"] = blank_rows
        rejects = (*rows.rejects, *rejects_of(refused, used))
        return Batch(
            rows_read=rows.frame.height + len(rows.rejects),
            records=self.build(good),
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row_number)),
            ignored=left_out,
            repairs={**rows.repairs, **tally(good, "repaired")},
            unknown_fields=unknown,
        )


def tally(frame: pl.DataFrame, column: str) -> dict[str, int]:
    counts = frame.filter(pl.col(column).is_not_null()).group_by(column).len().sort(column)
    return dict(counts.iter_rows())


def rejects_of(refused: pl.DataFrame, used: tuple[str, ...]) -> Iterator[Reject]:
    begins = refused.select(
        "row_number", "refused", pl.concat_str(pl.col(used), separator=",", ignore_nulls=True)
    )
    for number, reason, text in begins.iter_rows():
        yield Reject(number, excerpt(reason), excerpt(text))


def undated(time: str, cell: str) -> pl.Expr:
    """Why a row without a usable time is refused: the cell is empty, or what it says."""
    return (
        pl.when(pl.col(time).is_not_null())
        .then(None)
        .when(pl.col(cell).is_null())
        .then(pl.lit("the row has no date"))
        .otherwise(pl.format("no such date: {}", pl.col(cell).str.slice(0, 60)))
        .alias("refused")
    )


def full_name(first: str, last: str) -> pl.Expr:
    """Both names with one blank between; null when both are empty."""
    joined = pl.concat_str(
        pl.col(first).str.strip_chars(),
        pl.col(last).str.strip_chars(),
        separator=" ",
        ignore_nulls=True,
    ).str.strip_chars()
    return pl.when(joined != "").then(joined)


def linkedin() -> pl.Expr:
    return pl.lit("linkedin").alias("platform")
