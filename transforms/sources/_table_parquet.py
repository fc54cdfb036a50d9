"""Parquet → frames of text. Its description stands at its end, so the file is held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import MemberError

MAGIC = b"PAR1"
LARGEST = 1 << 30
_BATCH_BYTES = 16 << 20
_FEWEST, _MOST = 1_000, 200_000  # rows of a batch
_DEEPEST = 3
_BROKEN = (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError)

Frames = Callable[[Mapping[str, str]], Iterator[pl.DataFrame]]


def open_parquet(chunks: Iterable[bytes]) -> tuple[Sequence[str], Frames]:
    """Column names (nested ones with dots) and what makes frames of the columns one asks for.

    Raises MemberError where the file is larger than LARGEST or damaged.
    """
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            raise MemberError(
                f"a Parquet file of more than {LARGEST:,} bytes is not read",
                hint="write it as several files, or as CSV or JSON Lines",
            )
    try:
        file = pq.ParquetFile(pa.BufferReader(b"".join(parts)))
        schema, rows = file.schema_arrow, file.metadata.num_rows
        unpacked = sum(
            file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)
        )
        columns = _flat(pl.DataFrame(schema.empty_table())).columns
    except _BROKEN as error:
        raise _damaged(error) from None
    per_batch = max(_FEWEST, min(_MOST, _BATCH_BYTES * rows // max(unpacked, 1)))

    def frames(wanted: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        tops = {next(n for n in schema.names if _holds(n, column)) for column in wanted.values()}
        number = 0
        batches = file.iter_batches(per_batch, columns=sorted(tops))
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    break
                frame = _flat(pl.DataFrame(pa.Table.from_batches([batch])))
                frame = frame.select(
                    _as_text(frame, column, name) for name, column in wanted.items()
                )
            except (*_BROKEN, pl.exceptions.PolarsError) as error:
                raise _damaged(error, number) from None
            index = pl.int_range(number + 1, number + 1 + frame.height, eager=True)
            yield frame.insert_column(0, index.alias("row_number"))
            number += frame.height
        if not number:
            raise MemberError("the table holds no rows", hint="export it again")

    return columns, frames


def _holds(top: str, column: str) -> bool:
    return column == top or column.startswith(f"{top}.")


def _damaged(error: Exception, rows: int | None = None) -> MemberError:
    return MemberError(
        f"the Parquet file is damaged or of a kind that is not read ({type(error).__name__})",
        row_number=rows,
        hint="write it again, or as CSV",
    )


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Fields of nested objects as columns with a dot in their name."""
    for _ in range(_DEEPEST):
        nested = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Struct)]
        if not nested:
            break
        frame = frame.with_columns(
            pl.col(name).struct.rename_fields(
                [f"{name}.{inner.name}" for inner in frame.schema[name].fields]  # type: ignore[attr-defined]
            )
            for name in nested
        ).unnest(nested)
    return frame


def _as_text(frame: pl.DataFrame, column: str, name: str) -> pl.Expr:
    """The column as a cell of a CSV would say it; empty text is null."""
    kind, value = frame.schema[column], pl.col(column)
    if isinstance(kind, pl.Datetime):
        # What is stored with a zone is UTC; without one, whoever wrote it knows.
        text = value.dt.replace_time_zone(None).dt.to_string("%Y-%m-%d %H:%M:%S%.6f")
        text = pl.format("{}+0000", text) if kind.time_zone else text
        if kind.time_zone:
            utc = value.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            text = pl.format("{}+0000", utc.dt.to_string("%Y-%m-%d %H:%M:%S%.6f"))
    elif isinstance(kind, pl.List):
        text = value.cast(pl.List(pl.String), strict=False).list.join(", ")
    elif kind.is_float():
        whole = value.cast(pl.Int64, strict=False)
        text = pl.when(whole == value).then(whole.cast(pl.String)).otherwise(value.cast(pl.String))
    elif isinstance(kind, pl.Binary):
        text = value.cast(pl.String, strict=False)
    else:
        text = value.cast(pl.String, strict=False)
    return pl.when(text != "").then(text).alias(name)
