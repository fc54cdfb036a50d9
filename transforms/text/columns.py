"""Helpers for text columns: do the costly thing only where it is needed, and on all cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

Rows = TypeVar("Rows", pl.Series, pl.DataFrame)
_WORTH_SPLITTING = 20_000


def change_where(
    texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """`texts` with `change` applied to the rows that match `pattern`; the others are not touched.

    A search costs a fiftieth of a replacement or a normalisation, and most messages need none.
    """
    mask = texts.str.contains(pattern).fill_null(value=False)
    if not mask.any():
        return texts
    changed = change(texts.filter(mask))
    spread = changed.gather((mask.cast(pl.Int64).cum_sum() - 1).clip(0))
    return spread.zip_with(mask, texts).rename(texts.name)


def on_all_cores(rows: Rows, work: Callable[[Rows], Rows]) -> Rows:
    """`work(rows)`, done on a slice per core, in order.

    Polars runs one expression over one column on one core; its engine lets go of Python's lock,
    so threads are enough.
    """
    parts = pl.thread_pool_size()
    if parts < 2 or len(rows) < _WORTH_SPLITTING:  # noqa: PLR2004
        return work(rows)
    step = -(-len(rows) // parts)
    slices = [rows.slice(start, step) for start in range(0, len(rows), step)]
    with ThreadPoolExecutor(parts) as pool:
        return pl.concat(list(pool.map(work, slices)))
