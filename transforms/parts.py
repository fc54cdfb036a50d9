"""Messages by whole threads: some at a time, and a number that says what is read of each."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

_SEED = 20_26


def whole_threads(prepared: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """`prepared` in slices of about so many rows; no thread is in two of them."""
    threads_end = prepared["conversation_id"].rle_id().diff(n=-1).fill_null(-1).ne(0).arg_true()
    begin = 0
    while begin < prepared.height:
        end = threads_end.gather(
            min(int(threads_end.search_sorted(begin + rows - 1)), threads_end.len() - 1)
        ).item()
        yield prepared.slice(begin, end + 1 - begin)
        begin = end + 1


def inputs_of_threads(prepared: pl.DataFrame) -> pl.DataFrame:
    """conversation_id, inputs: one number for all that `message_metrics` reads of a thread.

    It changes with anything that is new or different there. What follows from a text alone is
    told by the text; what code and rules make of it is not in it. Numbers of one version of
    Polars are alike.
    """
    told = ("clean", "tokens", "content")
    read = prepared.select(name for name in prepared.columns if name not in told)
    return (
        prepared.select("conversation_id", inputs=read.hash_rows(seed=_SEED))
        .group_by("conversation_id", maintain_order=True)
        # Summed up: the order of rows in a thread is among what each row says.
        .agg(inputs=pl.col("inputs").sum() + pl.len())
    )
