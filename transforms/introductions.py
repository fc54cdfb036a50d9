"""Who was introduced: an approach that a third person made, or that the writer was referred to.

Three signs: in a group a third person wrote before; a third person wrote to the owner before,
naming the sender in full next to a word of introduction; the sender says that they were
introduced. The last is taken at its word: it names something the reader can check.
"""

from __future__ import annotations

import polars as pl

_INTRODUCES = (
    r"(?i)\b(?:introduc\w*|intro|meet|connecting you|put you in touch|vorstell\w*|bekannt ?mach\w*|vernetz\w*"
    r"|present\w*|presento|conocer|présent\w*|mettre en (?:contact|relation)|apresent\w*|conhecer)\b"
)
_SAYS_SO = (
    r"(?i)\b(?:introduced us|made the intro(?:duction)?|thanks for (?:the|your|making the) intro\w*"
    r"|introduced me to you|put us in (?:touch|contact)|hat uns (?:vorgestellt|bekannt gemacht|vernetzt)"
    r"|nos (?:presentó|puso en contacto)|nous a (?:présentés|mis en (?:contact|relation))|nos apresentou)\b"
)


def introduced(messages: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """conversation_id, sender_id of every pair in which the sender was introduced; distinct."""
    cell = ["conversation_id", "sender_id"]
    first_at = (
        messages.filter(pl.col("sender_id").is_not_null() & ~pl.col("is_from_owner"))
        .group_by(cell)
        .agg(pl.col("sent_at").min().alias("first_at"))
    )
    says_so = messages.filter(pl.col("clean").str.contains(_SAYS_SO)).select(cell)
    return (
        pl.concat(
            [says_so, _by_third_in_group(messages, first_at), _named(messages, people, first_at)]
        )
        .drop_nulls()
        .unique()
        .sort(cell)
    )


def _by_third_in_group(messages: pl.DataFrame, first_at: pl.DataFrame) -> pl.DataFrame:
    groups = messages.filter((pl.col("participants") > 2) & ~pl.col("is_from_owner"))  # noqa: PLR2004
    first = groups.group_by("conversation_id").agg(
        pl.col("sender_id").sort_by("sent_at", "message_id").first().alias("opener")
    )
    return (
        first_at.join(first, "conversation_id")
        .filter(pl.col("opener") != pl.col("sender_id"))
        .select("conversation_id", "sender_id")
    )


def _named(messages: pl.DataFrame, people: pl.DataFrame, first_at: pl.DataFrame) -> pl.DataFrame:
    """Senders whom a third person named in full to the owner before their first message."""
    told = messages.filter(
        ~pl.col("is_from_owner") & pl.col("clean").str.contains(_INTRODUCES)
    ).select(pl.col("sender_id").alias("third"), pl.col("sent_at").alias("told_at"), "clean")
    names = (
        people.filter(~pl.col("is_owner"))
        .select("person_id", name=pl.col("display_name").str.to_lowercase().str.strip_chars())
        .filter(pl.col("name").str.contains(" ", literal=True))
    )
    known = names.get_column("name").unique().sort()
    if told.is_empty() or known.is_empty():
        return first_at.clear().select("conversation_id", "sender_id")
    return (
        told.with_columns(
            name=pl.col("clean").str.extract_many(known.to_list(), ascii_case_insensitive=True)
        )
        .explode("name", empty_as_null=False)
        .with_columns(pl.col("name").str.to_lowercase())
        .join(names, "name")
        .rename({"person_id": "sender_id"})
        .join(first_at, "sender_id")
        .filter(
            (pl.col("told_at") <= pl.col("first_at")) & (pl.col("third") != pl.col("sender_id"))
        )
        .select("conversation_id", "sender_id")
    )
