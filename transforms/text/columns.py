"""Helpers for columns: the costly thing only where it is needed, sums that are always the same."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import reduce

import polars as pl


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


def added(values: Iterable[pl.Expr]) -> pl.Expr:
    """Sum of the columns, one after the other, null as 0.

    `pl.sum_horizontal` adds in an order that depends on the number of threads, and so do the
    last digits of a sum of weights.
    """
    return reduce(operator.add, (value.fill_null(0.0) for value in values))
