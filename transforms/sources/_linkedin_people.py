"""Profile addresses of LinkedIn exports → canonical person keys."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

import polars as pl

_PROFILE = r"(?i)^\s*(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com/in/([^/?#\s]+)"
_USUAL = "https://www.linkedin.com/in/"
_PLAIN_SLUG = r"^[A-Za-z0-9_.~-]+$"


def person_keys(addresses: pl.Series) -> pl.Series:
    """`linkedin:in/<slug>` for each profile address; null for anything else, companies included.

    The slug is percent-decoded and lower case, whatever scheme, subdomain or query the address
    has.
    """
    slugs = addresses.str.strip_prefix(_USUAL)
    usual = (addresses.str.starts_with(_USUAL) & slugs.str.contains(_PLAIN_SLUG)).fill_null(
        addresses.is_null()
    )
    rest = usual.not_().arg_true()
    if rest.len():
        slugs = slugs.scatter(rest, _slugs(addresses.gather(rest)))
    return ("linkedin:in/" + slugs.str.to_lowercase()).alias("person_key")


def _slugs(addresses: pl.Series) -> pl.Series:
    """The slug of each address that is written in an unusual way."""
    slugs = addresses.str.extract(_PROFILE, 1)
    odd = slugs.filter(~slugs.str.contains(_PLAIN_SLUG)).unique(maintain_order=True)
    return slugs.replace(odd, pl.Series([_decoded(slug) for slug in odd], dtype=pl.String))


def _decoded(slug: str) -> str:
    return unicodedata.normalize("NFC", unquote(slug)).strip()


def recipients(addresses: pl.Series) -> pl.DataFrame:
    """`recipient_keys` and `recipients` (distinct addresses, profiles or not) of each cell.

    LinkedIn joins addresses with a comma and no blank. Keys keep their order; null when none.
    """
    several = addresses.str.contains(",", literal=True).fill_null(value=False)
    single = person_keys(addresses)
    keys = pl.select(pl.when(single.is_not_null()).then(pl.concat_list(single))).to_series()
    count = addresses.is_not_null().cast(pl.Int64)
    frame = pl.DataFrame({"recipient_keys": keys, "recipients": count})
    if not several.any():
        return frame
    row = pl.int_range(addresses.len(), eager=True).alias("row")
    split = (
        pl.DataFrame([row, addresses.alias("address")])
        .filter(several)
        .with_columns(pl.col("address").str.split(","))
        .explode("address")
        .with_columns(pl.col("address").str.strip_chars())
        .filter(pl.col("address") != "")
    )
    joined = (
        split.with_columns(person_keys(split["address"]).alias("key"))
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("key").drop_nulls().unique(maintain_order=True).alias("keys"),
            pl.col("address").n_unique().cast(pl.Int64).alias("several"),
        )
        .with_columns(pl.when(pl.col("keys").list.len() > 0).then("keys").alias("keys"))
    )
    return (
        frame.with_columns(row, wide=several)
        .join(joined, on="row", how="left", maintain_order="left")
        .select(
            pl.when("wide").then("keys").otherwise("recipient_keys").alias("recipient_keys"),
            pl.when("wide")
            .then("several")
            .otherwise("recipients")
            .fill_null(0)
            .alias("recipients"),
        )
    )
