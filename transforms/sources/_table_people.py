"""Whoever a table names → person keys: by number or address, else by handle, else by name.

`x:@handle` stands for an account whose number the table does not say; `handles.py` finds it where
another export knows it. A name alone is a key of its own kind: it joins nobody but its equals
in tables, and how often that was needed is said.
"""

from __future__ import annotations

import polars as pl

from transforms.naming import ANONYMOUS_NAMES
from transforms.sources._linkedin_people import person_keys
from transforms.sources._table_columns import Platform

_X_ADDRESS = r"(?i)(?:^|//|\.)(?:x|twitter)\.com/@?([A-Za-z0-9_]{1,15})(?:[/?#]|$)"
_X_BY_NUMBER = r"(?i)(?:x|twitter)\.com/i/user/(\d+)"
_PROFILE = "https://www.linkedin.com/in/{}"
_HANDLE = r"^@?([A-Za-z0-9_]{1,15})$"
_PLACES = ("i", "home", "search", "intent", "hashtag", "explore", "share")
_COMPANY = r"(?i)linkedin\.com/(?:company|school|showcase)/"


def with_authors(frame: pl.DataFrame, platform: Platform) -> pl.DataFrame:
    """With `author_key`, `handle`, `profile_url` and `by_name` (the key is but a name)."""
    author = pl.col("author").str.strip_chars()
    if platform == "linkedin":
        frame = frame.with_columns(
            author.alias("author"),
            pl.lit(None, pl.String).alias("handle"),
            person_keys(frame["author_url"]).alias("_key"),
        )
        frame = frame.with_columns(
            pl.format(_PROFILE, pl.col("_key").str.strip_prefix("linkedin:in/")).alias(
                "profile_url"
            )
        )
        is_company = pl.col("author_url").str.contains(_COMPANY).fill_null(value=False)
    else:
        at_sign = author.str.extract(r"^@([A-Za-z0-9_]{1,15})$")
        number = pl.coalesce(
            pl.col("author_id").str.extract(r"^\s*(\d+)\s*$"),
            pl.col("author_url").str.extract(_X_BY_NUMBER),
        )
        handle = pl.coalesce(
            pl.col("author_handle").str.strip_chars().str.extract(_HANDLE),
            at_sign,
            *(_handle_in(column) for column in ("author_url", "url")),
        )
        frame = frame.with_columns(
            handle.alias("handle"),
            pl.when(at_sign.is_null()).then(author).alias("author"),
            pl.coalesce(
                pl.format("x:{}", number), pl.format("x:@{}", handle.str.to_lowercase())
            ).alias("_key"),
        ).with_columns(pl.format("https://x.com/{}", "handle").alias("profile_url"))
        is_company = pl.lit(value=False)
    by_name = pl.col("_key").is_null() & ~is_company & ~pl.col("author").is_in(ANONYMOUS_NAMES)
    name = pl.format(f"{platform}:name/{{}}", pl.col("author").str.to_lowercase())
    return (
        frame.with_columns(by_name.fill_null(value=False).alias("by_name"))
        .with_columns(pl.when("by_name").then(name).otherwise("_key").alias("author_key"))
        .drop("_key")
    )


def _handle_in(column: str) -> pl.Expr:
    handle = pl.col(column).str.extract(_X_ADDRESS)
    return pl.when(~handle.str.to_lowercase().is_in(_PLACES)).then(handle)


def people_of(frame: pl.DataFrame, platform: Platform, at: str) -> pl.DataFrame:
    """A person record for each state of an author that these rows show."""
    facts = ["author_key", "author", "handle", "profile_url", "headline"]
    null = pl.lit(None, pl.String)
    return (
        frame.filter(pl.col("author_key").is_not_null())
        .sort(at, "row_number")
        .unique(facts, keep="last", maintain_order=True)
        .sort("row_number")
        .select(
            "row_number",
            pl.lit(platform).alias("platform"),
            pl.lit(value=False).alias("is_owner"),
            pl.col("author_key").alias("person_key"),
            pl.col("author").alias("display_name"),
            "handle", "profile_url", "headline", null.alias("company"), null.alias("position"),
            null.alias("industry"), null.alias("location"),
            pl.lit(None, pl.List(pl.String)).alias("links"), pl.col(at).alias("observed_at"),
        )
    )  # fmt: skip
