"""Who is who.

One person per platform is a set of aliases (keys, names, handles, addresses) held together by
evidence: two exports showing the same message under two keys mean one renamed person. Names
alone never join anybody: namesakes stay apart. `person_id` comes from the alias that the
oldest export knows, so it survives a later rename and does not depend on arrival order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from transforms import tables
from transforms.identify import stable_id
from transforms.identities import identities, join_groups
from transforms.naming import ANONYMOUS_NAMES, single_recipients

_OBSERVATION: dict[str, pl.DataType | type[pl.DataType]] = {
    "platform": pl.String, "key": pl.String, "name": pl.String, "export_id": pl.String,
    "seen_at": pl.Datetime("us", "UTC"),
}  # fmt: skip


@dataclass(frozen=True)
class Identities:
    """Everybody, found.

    `people` and `person_aliases` are as published; `persons` maps (platform, key) → person_id,
    `owners` export_id → owner's person_id.
    """

    people: pl.DataFrame
    person_aliases: pl.DataFrame
    persons: pl.DataFrame
    owners: pl.DataFrame


def resolve(
    records: Mapping[str, pl.DataFrame],
    exports: pl.DataFrame,
    owners: pl.DataFrame,
    stand_ins: pl.DataFrame,
    same_person: Iterable[Sequence[str]] = (),
) -> Identities:
    """Everybody in the records, one row per person and platform.

    `records` hold message records with `message_id` and keys filled in by `naming`, which
    gives the `stand_ins` too, and `owners.own_keys`. `same_person` are groups of keys that the
    user's config joins across platforms.
    """
    observed = _observations(records, owners, stand_ins, exports)
    root = _roots(records["message_records"], records["connection_records"], stand_ins, observed)
    persons = (
        observed.select("platform", "key")
        .unique()
        .with_columns(pl.col("key").replace(root).alias("root"))
        .with_columns(stable_id("p", "platform", "root").alias("person_id"))
        .sort("platform", "key")
    )
    owner_ids = (
        owners.join(
            persons,
            left_on=["platform", "owner_key"],
            right_on=["platform", "key"],
            how="left",
        )
        .select("export_id", pl.col("person_id").alias("owner_id"))
        .sort("export_id")
    )
    people = _people(records, observed, persons, owner_ids, exports)
    profiles = own_profile_keys(records["person_records"], persons, owner_ids)
    identity = identities(people, persons, profiles, same_person)
    people = people.join(identity, "person_id", "left", maintain_order="left")
    return Identities(
        people=tables.PEOPLE.conform(people.select(tables.PEOPLE.schema.names())),
        person_aliases=tables.PERSON_ALIASES.conform(_aliases(observed, persons, records)),
        persons=persons.select("platform", "key", "person_id"),
        owners=owner_ids,
    )


def _observations(
    records: Mapping[str, pl.DataFrame],
    owners: pl.DataFrame,
    stand_ins: pl.DataFrame,
    exports: pl.DataFrame,
) -> pl.DataFrame:
    """Each (platform, key, name, export) with its last dated event and the export's own age."""
    messages, posts = records["message_records"], records["post_records"]

    def seen(
        frame: pl.DataFrame, key: str, name: str | None, at: str | None, platform: str = "platform"
    ) -> pl.DataFrame:
        return frame.select(
            pl.col(platform).alias("platform"),
            pl.col(key).alias("key"),
            (pl.col(name) if name else pl.lit(None, pl.String)).alias("name"),
            "export_id",
            (pl.col(at) if at else pl.lit(None)).cast(_OBSERVATION["seen_at"]).alias("seen_at"),
        )

    received = messages.select("platform", "recipient_keys", "export_id", "sent_at").filter(
        pl.col("recipient_keys").is_not_null()
    )
    invited = records["connection_records"].with_columns(
        pl.coalesce("invited_at", pl.col("connected_on").cast(_OBSERVATION["seen_at"])).alias("_at")
    )
    frames = [
        seen(messages, "sender_key", "sender_name", "sent_at"),
        seen(single_recipients(messages), "recipient_keys", "recipient_names", "sent_at"),
        seen(received.explode("recipient_keys"), "recipient_keys", None, "sent_at"),
        seen(stand_ins, "stand_in", "name", "seen_at"),
        seen(invited, "person_key", "display_name", "_at"),
        seen(records["person_records"], "person_key", "display_name", "observed_at"),
        seen(posts, "author_key", "author_name", "posted_at"),
        seen(posts, "reply_to_person_key", None, "posted_at"),
        seen(records["interaction_records"], "actor_key", "actor_name", "occurred_at"),
        seen(owners, "owner_key", None, None),
    ]  # fmt: skip
    age = exports.select("export_id", pl.col("as_of").alias("export_as_of"))
    return (
        pl.concat([frame.cast(_OBSERVATION) for frame in frames])  # type: ignore[arg-type]
        .filter(pl.col("key").is_not_null())
        .with_columns(
            pl.col("name").str.strip_chars().replace(dict.fromkeys(ANONYMOUS_NAMES, None))
        )
        .group_by("platform", "key", "name", "export_id")
        .agg(
            pl.col("seen_at").min().alias("first_seen_at"),
            pl.col("seen_at").max().alias("last_seen_at"),
        )
        .join(age, "export_id", "left")
        .sort("platform", "key", "name", "export_id")
    )


def _roots(
    messages: pl.DataFrame, ties: pl.DataFrame, stand_ins: pl.DataFrame, observed: pl.DataFrame
) -> dict[str, str]:
    """Key → the key that stands for its person, only where the two differ.

    Evidence: one message that two exports attribute to two keys, one connection or invitation
    that they show under two addresses, or a stand-in for somebody whom another export knows by
    an address. In threads of more than two people the same short text can come from two people
    in one second, so there it takes at least twenty characters.
    """
    several = (
        messages.filter(
            pl.col("message_id").is_duplicated(),
            pl.col("sender_key").is_not_null(),
            (pl.col("kind") == "dm") | (pl.col("text").str.len_chars() >= 20),  # noqa: PLR2004
        )
        .group_by("message_id")
        .agg(pl.col("sender_key").unique().sort().alias("keys"))
        .filter(pl.col("keys").list.len() > 1)
        .select("keys")
        .unique()
    )
    age = observed.group_by("key").agg(pl.col("export_as_of").min()).sort("export_as_of", "key")
    oldest_first = {key: position for position, key in enumerate(age["key"])}
    known = stand_ins.select("stand_in", "key").unique().sort("stand_in", "key").rows()
    return join_groups([*several["keys"].to_list(), *_moved(ties), *known], oldest_first)


def _moved(ties: pl.DataFrame) -> list[list[str]]:
    """Keys of one name and one day (or minute, for invitations) that no export shows together."""
    act = ["platform", "direction", "display_name", "connected_on", "invited_at"]
    dated = ties.filter(
        pl.col("person_key").is_not_null(),
        pl.col("display_name").is_not_null(),
        pl.col("connected_on").is_not_null() | pl.col("invited_at").is_not_null(),
    )
    together = dated.group_by(*act, "export_id").agg(pl.col("person_key").n_unique().alias("keys"))
    apart = together.group_by(act).agg(pl.col("keys").max()).filter(pl.col("keys") == 1)
    return (
        dated.join(apart.drop("keys"), act, "semi", nulls_equal=True)
        .group_by(act)
        .agg(pl.col("person_key").unique().sort().alias("keys"))
        .filter(pl.col("keys").list.len() > 1)
        .select("keys")
        .unique()
        .sort("keys")["keys"]
        .to_list()
    )


def _people(
    records: Mapping[str, pl.DataFrame],
    observed: pl.DataFrame,
    persons: pl.DataFrame,
    owner_ids: pl.DataFrame,
    exports: pl.DataFrame,
) -> pl.DataFrame:
    newest_first = ["export_as_of", "last_seen_at"]
    seen = observed.join(persons, ["platform", "key"])
    summary = (
        seen.sort(*newest_first, "key", "name", descending=[True, True, False, False], nulls_last=True)
        .group_by("platform", "person_id", "root", maintain_order=True)
        .agg(
            pl.col("name").drop_nulls().first().alias("display_name"),
            pl.col("key").first().alias("newest_key"),
            pl.col("first_seen_at").min(),
            pl.col("last_seen_at").max(),
        )
    )  # fmt: skip
    profile_columns = [
        "handle",
        "profile_url",
        "headline",
        "company",
        "position",
        "industry",
        "location",
    ]
    profile = (
        own_profile_keys(records["person_records"], persons, owner_ids)
        .join(exports.select("export_id", pl.col("as_of").alias("export_as_of")), "export_id", "left")
        .sort("export_as_of", "observed_at", "export_id", "member", "row_number",
              descending=[True, True, False, False, False], nulls_last=True)
        .group_by("person_id", maintain_order=True)
        .agg(pl.col("display_name").drop_nulls().first().alias("profile_name"),
             *(pl.col(name).drop_nulls().first() for name in profile_columns))
    )  # fmt: skip
    ties = _ties(records["connection_records"], persons)
    slug = pl.col("newest_key").str.extract(r"^linkedin:in/(.+)$")
    x_handle = pl.col("newest_key").str.extract(r"^x:@(.+)$")
    x_id = pl.col("newest_key").str.extract(r"^x:(\d+)$")
    return (
        summary.join(profile, "person_id", "left")
        .join(ties, "person_id", "left")
        .with_columns(
            pl.coalesce("display_name", "profile_name").alias("display_name"),
            pl.coalesce("handle", slug, x_handle).alias("handle"),
            pl.coalesce(
                "profile_url",
                pl.format("https://www.linkedin.com/in/{}", slug),
                pl.format("https://x.com/i/user/{}", x_id),
                pl.format("https://x.com/{}", x_handle),
            ).alias("profile_url"),
            pl.col("person_id").is_in(owner_ids["owner_id"].drop_nulls().to_list()).alias("is_owner"),
        )
        .sort("person_id")
    )  # fmt: skip


def own_profile_keys(
    person_records: pl.DataFrame, persons: pl.DataFrame, owner_ids: pl.DataFrame
) -> pl.DataFrame:
    """Person records with person_id; a profile without an id belongs to the export's owner."""
    return (
        person_records.join(
            persons.select("platform", pl.col("key").alias("person_key"), "person_id"),
            ["platform", "person_key"],
            "left",
        )
        .join(owner_ids, "export_id", "left")
        .with_columns(
            pl.when("is_owner")
            .then(pl.coalesce("person_id", "owner_id"))
            .otherwise("person_id")
            .alias("person_id")
        )
        .filter(pl.col("person_id").is_not_null())
        .drop("owner_id")
    )


def _ties(connections: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Per person the first known day of the connection and who asked for it."""
    tied = connections.join(
        persons.select("platform", pl.col("key").alias("person_key"), "person_id"),
        ["platform", "person_key"],
    )
    asked = pl.col("direction").replace_strict(
        {"invitation_in": "them", "invitation_out": "owner"}, default=None, return_dtype=pl.String
    )
    return (
        tied.sort("invited_at", "export_id", "member", "row_number", nulls_last=True)
        .group_by("person_id", maintain_order=True)
        .agg(
            pl.col("connected_on").filter(pl.col("direction") == "connected").min(),
            asked.drop_nulls().first().alias("invited_by"),
        )
    )


def _aliases(
    observed: pl.DataFrame, persons: pl.DataFrame, records: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    seen = observed.join(persons, ["platform", "key"])
    profile = records["person_records"].join(
        persons, left_on=["platform", "person_key"], right_on=["platform", "key"]
    )

    def alias(frame: pl.DataFrame, column: str, kind: str, at: str) -> pl.DataFrame:
        return frame.select(
            "person_id",
            pl.col(column).alias("alias"),
            pl.lit(kind).alias("kind"),
            pl.col(at).alias("first_seen_at"),
        )

    return (
        pl.concat(
            [
                alias(seen, "key", "key", "first_seen_at"),
                alias(seen, "name", "name", "first_seen_at"),
                alias(profile, "handle", "handle", "observed_at"),
                alias(profile, "profile_url", "url", "observed_at"),
            ]
        )
        .filter(pl.col("alias").is_not_null(), pl.col("alias") != "")
        .group_by("person_id", "kind", "alias")
        .agg(pl.col("first_seen_at").min())
    )


def with_person(frame: pl.DataFrame, persons: pl.DataFrame, key: str, as_name: str) -> pl.DataFrame:
    """The frame with the person_id of the person whose key is in column `key`."""
    lookup = persons.select(
        "platform", pl.col("key").alias(key), pl.col("person_id").alias(as_name)
    )
    return frame.join(lookup, ["platform", key], "left", maintain_order="left")
