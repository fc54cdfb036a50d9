"""Keys for people whom an export names without an id.

Names alone never join anybody: a name counts where exactly one person bears it, else it is
good for one thread or one connection only, so namesakes stay apart.
"""

from __future__ import annotations

import polars as pl

# How LinkedIn calls people who closed their account or hid themselves: many people, never one.
ANONYMOUS_NAMES = (
    "LinkedIn Member", "LinkedIn-Mitglied", "Utilisateur LinkedIn", "Miembro de LinkedIn",
    "Usuário do LinkedIn", "",
)  # fmt: skip


def name_unidentified(messages: pl.DataFrame) -> pl.DataFrame:
    """Message records in which a named sender without an id has a key.

    The name counts only inside its own thread, or when exactly one person of the platform
    bears it; otherwise the key is good for this one thread, so namesakes stay apart.
    Anonymous senders keep null.
    """
    named = pl.col("sender_name").str.strip_chars()
    known = messages.filter(pl.col("sender_key").is_not_null()).select(
        "platform", "conversation_key", named.alias("_name"), "sender_key"
    )

    def unique_key(*by: str) -> pl.DataFrame:
        return (
            known.group_by(*by, "_name")
            .agg(
                pl.col("sender_key").min().alias(f"_by_{by[-1]}"),
                pl.col("sender_key").n_unique().alias("_keys"),
            )
            .filter(pl.col("_keys") == 1)
            .drop("_keys")
        )

    is_missing = pl.col("sender_key").is_null() & ~pl.col("by_owner").fill_null(value=False)
    if messages.filter(is_missing & ~named.is_in(ANONYMOUS_NAMES)).is_empty():
        return messages
    own_key = pl.concat_str(
        pl.when(pl.col("kind") == "sponsored")
        .then(pl.lit("linkedin:sponsor/"))
        .otherwise(pl.format("linkedin:thread/{}/", "conversation_key")),
        named.str.to_lowercase(),
    )
    return (
        messages.with_columns(named.alias("_name"))
        .join(unique_key("platform", "conversation_key"), ["platform", "conversation_key", "_name"], "left", maintain_order="left")
        .join(unique_key("platform"), ["platform", "_name"], "left", maintain_order="left")
        .with_columns(
            pl.when(is_missing & ~pl.col("_name").is_in(ANONYMOUS_NAMES))
            .then(pl.coalesce("_by_conversation_key", "_by_platform", own_key))
            .otherwise("sender_key")
            .alias("sender_key")
        )
        .drop("_name", "_by_conversation_key", "_by_platform")
    )  # fmt: skip


def name_recipients(messages: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Message records in which a recipient known by name only has a key, where one can be told.

    Until mid-2023 LinkedIn gave recipients' names only. A name counts when one sender of the
    thread, or exactly one person of the platform, bears it; whoever the owner wrote to and
    nobody else names gets a key good for that thread.
    """
    is_open = pl.col("recipient_keys").is_null() & pl.col("recipient_names").is_not_null()
    if messages.filter(is_open).is_empty():
        return messages
    names = messages.filter(
        pl.col("sender_key").is_not_null(), ~pl.col("sender_name").is_in(ANONYMOUS_NAMES)
    )

    def unique_key(*by: str) -> pl.DataFrame:
        return (
            names.group_by(*by, pl.col("sender_name").alias("recipient_names"))
            .agg(pl.col("sender_key").min().alias(f"_{by[-1]}"), pl.col("sender_key").n_unique().alias("_n"))
            .filter(pl.col("_n") == 1)
            .drop("_n")
        )  # fmt: skip

    own = pl.col("sender_key") == pl.col("owner_key")
    thread_key = pl.format(
        "linkedin:thread/{}/{}", "conversation_key", pl.col("recipient_names").str.to_lowercase()
    )
    return (
        messages.join(owners.select("export_id", "owner_key"), "export_id", "left", maintain_order="left")
        .join(unique_key("platform", "conversation_key"), ["platform", "conversation_key", "recipient_names"], "left", maintain_order="left")
        .join(unique_key("platform"), ["platform", "recipient_names"], "left", maintain_order="left")
        .with_columns(
            pl.coalesce(
                "_conversation_key",
                "_platform",
                pl.when(own & ~pl.col("recipient_names").is_in(ANONYMOUS_NAMES)).then(thread_key),
            ).alias("_key")
        )
        .with_columns(
            pl.when(is_open & pl.col("_key").is_not_null())
            .then(pl.concat_list("_key"))
            .otherwise("recipient_keys")
            .alias("recipient_keys")
        )
        .drop("owner_key", "_conversation_key", "_platform", "_key")
    )  # fmt: skip


def name_connections(connections: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Connection records in which somebody without an address has a key.

    Until mid-2023 connections have no address: a name borne by exactly one correspondent is
    that person; any other name and day is a person of its own. Without a name the key stays
    null (a closed profile).
    """
    names = (
        messages.filter(pl.col("sender_key").is_not_null())
        .group_by("platform", pl.col("sender_name").alias("display_name"))
        .agg(pl.col("sender_key").unique().sort().alias("_keys"))
        .filter(pl.col("_keys").list.len() == 1)
        .with_columns(pl.col("_keys").list.first())
    )
    own_key = pl.format(
        "linkedin:connection/{}/{}",
        pl.col("display_name").str.to_lowercase(),
        pl.col("connected_on").cast(pl.String).fill_null("undated"),
    )
    return (
        connections.join(names, ["platform", "display_name"], "left", maintain_order="left")
        .with_columns(pl.coalesce("person_key", "_keys", own_key).alias("person_key"))
        .drop("_keys")
    )
