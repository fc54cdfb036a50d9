"""Whose export each one is, and which acts are therefore the owner's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.errors import Problem


def find_owners(
    records: Mapping[str, pl.DataFrame],
    exports: pl.DataFrame,
    declared: Mapping[str, Sequence[str]],
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """Whose export each is: (export_id, platform, owner_key), owner_key null when untold.

    In this order: the config (`declared`: platform → keys), an id in the export's own profile
    or account file, the profile's name borne by one correspondent, the one person on both
    sides of most conversations who is not among the connections; then the owner of the home's
    other exports of that platform, when that is one person; at last, where nobody wrote to
    anybody, a stand-in for the name in the profile. A tie is refused.
    """
    platform_of = dict(exports.select("export_id", "platform").iter_rows())
    message_owner = _owner_by_both_sides(records)
    profile = records["person_records"].filter("is_owner")
    owner: dict[str, str | None] = {}
    without_address: dict[str, str] = {}
    problems = []
    for export_id, platform in sorted(platform_of.items()):
        own = profile.filter(pl.col("export_id") == export_id)
        keys = own["person_key"].drop_nulls().unique().sort().to_list()
        names = own["display_name"].drop_nulls().unique().to_list()
        candidates = message_owner.filter(pl.col("export_id") == export_id)
        by_name = candidates.filter(pl.col("name").is_in(names))
        told = [*declared.get(platform, ())]
        if told:
            present = [key for key in told if key in set(candidates["key"])]
            owner[export_id] = (present or told)[0]
        elif keys:
            owner[export_id] = keys[0]
        else:
            owner[export_id] = _clear_winner(by_name) or _clear_winner(
                candidates.filter("is_both_sides", ~pl.col("is_connection"))
            )
            if owner[export_id] is None and not candidates.is_empty():
                problems.append(export_id)
            elif names:
                without_address[export_id] = f"{platform}:owner/{min(names).lower()}"
    for platform in sorted(set(platform_of.values())):
        of_platform = [e for e, p in platform_of.items() if p == platform]
        known = {owner[e] for e in of_platform if owner[e]}
        if len(known) == 1:
            for export_id in of_platform:
                owner[export_id] = owner[export_id] or next(iter(known))
    for export_id, stand_in in without_address.items():
        owner[export_id] = owner[export_id] or stand_in
    names_of = dict(exports.select("export_id", "file_name").iter_rows())
    return (
        pl.DataFrame(
            {
                "export_id": list(owner),
                "platform": [platform_of[e] for e in owner],
                "owner_key": list(owner.values()),
            },
            schema={"export_id": pl.String, "platform": pl.String, "owner_key": pl.String},
        ).sort("export_id"),
        tuple(
            Problem(
                names_of[export_id],
                "",
                "whose export this is cannot be told: there is no profile in it and nobody is on "
                "both sides of most conversations.\n\nHint: add your profile address to "
                '`owner` in mememeter.toml, for example linkedin = "https://www.linkedin.com/in/…"',
            )
            for export_id in problems
            if owner[export_id] is None
        ),
    )


def _owner_by_both_sides(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per export and correspondent: threads they are in, name, whether they write and receive."""
    messages = records["message_records"].filter(pl.col("kind") != "sponsored")
    sent = messages.filter(pl.col("sender_key").is_not_null()).select(
        "export_id", "conversation_key", pl.col("sender_key").alias("key"),
        pl.col("sender_name").alias("name"), pl.lit(value=True).alias("sends"),
    )  # fmt: skip
    received = (
        messages.filter(pl.col("recipient_keys").is_not_null())
        .select(
            "export_id", "conversation_key", pl.col("recipient_keys").alias("key"),
            pl.lit(None, pl.String).alias("name"), pl.lit(value=False).alias("sends"),
        )
        .explode("key")
        .filter(pl.col("key").is_not_null())
    )  # fmt: skip
    # Before mid-2023 recipients have names only: a sender's name among them is a hint as good.
    by_name = (
        messages.filter(pl.col("recipient_keys").is_null(), pl.col("recipient_names").is_not_null())
        .select("export_id", "conversation_key", pl.col("recipient_names").alias("name"))
        .join(sent.select("export_id", "key", "name").unique(), ["export_id", "name"])
        .select("export_id", "conversation_key", "key", "name", pl.lit(value=False).alias("sends"))
    )
    connected = (
        records["connection_records"]
        .filter(pl.col("direction") == "connected")
        .select("export_id", pl.col("person_key").alias("key"))
        .unique()
        .with_columns(pl.lit(value=True).alias("is_connection"))
    )
    return (
        pl.concat([sent.unique(), received.unique(), by_name.unique()])
        .group_by("export_id", "key")
        .agg(
            pl.col("name").drop_nulls().mode().sort().first(),
            pl.col("conversation_key").n_unique().alias("threads"),
            (pl.col("sends").any() & ~pl.col("sends").all()).alias("is_both_sides"),
        )
        .join(connected, ["export_id", "key"], "left")
        .with_columns(pl.col("is_connection").fill_null(value=False))
        .sort("export_id", "threads", "key", descending=[False, True, False])
    )


def _clear_winner(candidates: pl.DataFrame) -> str | None:
    """Key of the first of the sorted candidates, unless the second is in as many threads."""
    best = candidates.head(2).rows(named=True)
    if not best or (len(best) > 1 and best[0]["threads"] == best[1]["threads"]):
        return None
    return str(best[0]["key"])


def own_keys(records: pl.DataFrame, owners: pl.DataFrame, key: str) -> pl.DataFrame:
    """Records in which the owner's acts carry the owner's key instead of null."""
    return (
        records.join(
            owners.select("export_id", "owner_key"), "export_id", "left", maintain_order="left"
        )
        .with_columns(
            pl.when(pl.col("by_owner").fill_null(value=False))
            .then(pl.coalesce(key, "owner_key"))
            .otherwise(key)
            .alias(key)
        )
        .drop("owner_key")
    )
