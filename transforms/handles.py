"""Accounts of X that a table knows by their handle only → their number, where an export tells it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_BY_HANDLE = "x:@"
_KEYS = {
    "message_records": ("sender_key", "recipient_keys"),
    "post_records": ("author_key", "reply_to_person_key"),
    "person_records": ("person_key",),
    "connection_records": ("person_key",),
    "interaction_records": ("actor_key",),
}


def number_handles(records: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Records in which an account known by handle only (`x:@handle`) has its number as key.

    Tables of other tools often give no number. Where exactly one numbered account bears the
    handle in any export, it is that account; else the handle stays the key.
    """
    people = records["person_records"].filter(pl.col("platform") == "x")
    handles = (
        people.filter(pl.col("person_key").str.contains(r"^x:\d+$"), pl.col("handle").is_not_null())
        .group_by(pl.format(f"{_BY_HANDLE}{{}}", pl.col("handle").str.to_lowercase()).alias("key"))
        .agg(pl.col("person_key").unique())
        .filter(pl.col("person_key").list.len() == 1)
        .select("key", pl.col("person_key").list.first())
    )
    numbers = dict(handles.iter_rows())
    numbered = dict(records)
    for name, columns in _KEYS.items():
        for column in columns if numbers else ():
            frame = numbered[name]
            if frame.schema[column] == pl.String:
                if frame[column].str.starts_with(_BY_HANDLE).any():
                    numbered[name] = frame.with_columns(pl.col(column).replace(numbers))
            elif frame[column].explode().str.starts_with(_BY_HANDLE).any():
                numbered[name] = frame.with_columns(
                    pl.col(column).list.eval(pl.element().replace(numbers))
                )
    return numbered
