"""Profile addresses of LinkedIn exports → canonical person keys, over distinct values."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import polars as pl

_PROFILE = r"(?i)^\s*(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com/in/([^/?#\s]+)"
# LinkedIn puts no blank after the comma between addresses; a spreadsheet user may.
_BETWEEN_ADDRESSES = re.compile(r",\s*(?=(?:https?://|www\.|[a-z]+\.linkedin|$))", re.IGNORECASE)


def person_key(address: str | None) -> str | None:
    """`linkedin:in/<slug>` for a profile address; null for anything else, a company's included."""
    match = re.match(_PROFILE, address or "")
    if match is None:
        return None
    slug = unicodedata.normalize("NFC", unquote(match[1])).strip().lower()
    return f"linkedin:in/{slug}" if slug else None


def person_keys(addresses: pl.Series) -> pl.Series:
    """`person_key` of each address."""
    return _by_distinct(addresses, person_key, pl.String())


def recipient_keys(addresses: pl.Series) -> pl.Series:
    """Distinct keys of the addresses joined in each cell, in order; null when there are none."""
    return _by_distinct(addresses, _keys_of, pl.List(pl.String))


def recipient_count(addresses: pl.Series) -> pl.Series:
    """How many distinct addresses each cell joins, profiles or not; 0 for an empty cell."""
    return _by_distinct(addresses, _count, pl.Int64()).fill_null(0)


def _keys_of(cell: str) -> list[str] | None:
    keys = (person_key(address) for address in _BETWEEN_ADDRESSES.split(cell))
    return list(dict.fromkeys(key for key in keys if key is not None)) or None


def _count(cell: str) -> int:
    return len({a.strip() for a in _BETWEEN_ADDRESSES.split(cell) if a.strip()})


def _by_distinct(cells: pl.Series, function: object, dtype: pl.DataType) -> pl.Series:
    """The function of every cell, computed once per distinct value."""
    assert callable(function)
    distinct = cells.drop_nulls().unique()
    values = pl.Series("value", [function(cell) for cell in distinct], dtype=dtype)
    table = pl.DataFrame({"cell": distinct, "value": values})
    return (
        cells.rename("cell")
        .to_frame()
        .join(table, on="cell", how="left", maintain_order="left")["value"]
    )
