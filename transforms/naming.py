"""Keys for people whom an export names without an address.

Until mid-2023 LinkedIn gave addresses of senders only. Names alone never join anybody: somebody
is found by the same thread in any export, or by a name that exactly one person bears. Who is
not found gets a stand-in key, good for that one thread, connection or invitation, so namesakes
stay apart. A stand-in stays an alias of the person whom another export tells the address of:
by such a name, or by the same connection or invitation (`people.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from transforms.identify import PROVENANCE

# How LinkedIn calls people who closed their account or hid themselves: many people, never one.
ANONYMOUS_NAMES = (
    "LinkedIn Member", "LinkedIn-Mitglied", "Utilisateur LinkedIn", "Membre de LinkedIn",
    "Miembro de LinkedIn", "Usuário do LinkedIn", "Utente LinkedIn", "LinkedIn-lid",
    "Użytkownik LinkedIn", "LinkedIn Üyesi", "LinkedIn-medlem", "Участник LinkedIn", "",
)  # fmt: skip

_TIME = pl.Datetime("us", "UTC")
_STAND_IN: dict[str, pl.DataType | type[pl.DataType]] = {
    "platform": pl.String, "key": pl.String, "stand_in": pl.String, "name": pl.String,
    "export_id": pl.String, "seen_at": _TIME,
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Records whose people have keys.

    `stand_ins` (platform, key, stand_in, name, export_id, seen_at): the keys that people had
    who are known by an address from another export only.
    """

    records: dict[str, pl.DataFrame]
    stand_ins: pl.DataFrame


def name_people(records: Mapping[str, pl.DataFrame]) -> Named:
    """Records in which connections, invitations and senders known by name only have a key."""
    bearers = _bearers(records)
    ties = _name_connected(records["connection_records"], bearers)
    named_ties = ties.filter(pl.col("person_key") == pl.col("_stand_in"))
    bearers = pl.concat(
        [bearers, named_ties.select("platform", pl.col("display_name").alias("_name"), pl.col("person_key").alias("_key"))]
    ).unique()  # fmt: skip
    ties = _name_invited(ties, bearers)
    messages = _name_senders(records["message_records"], ties, bearers)
    stand_ins = pl.concat(
        [
            _stand_ins(ties, "person_key", "display_name", pl.coalesce("invited_at", pl.col("connected_on").cast(_TIME))),
            _stand_ins(messages, "sender_key", "sender_name", pl.col("sent_at")),
        ]
    )  # fmt: skip
    return Named(
        {
            **records,
            "connection_records": ties.drop("_stand_in"),
            "message_records": messages.drop("_stand_in"),
            "person_records": _name_profiles(records["person_records"], ties),
        },
        _not_known_there(stand_ins, records),
    )


def name_recipients(named: Named, owners: pl.DataFrame) -> Named:
    """The same with keys for recipients known by name only, where one can be told.

    Whoever the owner wrote to and nobody else names gets a stand-in. A list of names stays
    open: everybody else in the thread received it.
    """
    messages = named.records["message_records"]
    is_open = pl.col("recipient_keys").is_null() & pl.col("recipient_names").is_not_null()
    if messages.filter(is_open).is_empty():
        return named
    bearers = _bearers(named.records)
    threads = _thread_bearers(messages)
    name = pl.col("recipient_names").str.strip_chars()
    own = (pl.col("sender_key") == pl.col("owner_key")).fill_null(value=False)
    found = (
        messages.with_columns(name.alias("_name"), is_open.alias("_open"))
        .join(owners.select("export_id", "owner_key"), "export_id", "left", maintain_order="left")
        .join(_borne_by_one(threads, "conversation_key"), ["platform", "conversation_key", "_name"], "left", maintain_order="left")
        .join(_borne_by_one(bearers), ["platform", "_name"], "left", maintain_order="left")
        .join(_invited_key(named.records["connection_records"]), PROVENANCE, "left", maintain_order="left")
        .with_columns(
            pl.when(own & ~_anonymous("_name") & ~_several(bearers))
            .then(pl.coalesce(pl.when(pl.col("kind") == "invitation").then("_invited"), _thread_key("_name")))
            .alias("_stand_in")
        )
        .with_columns(
            pl.when("_open")
            .then(
                pl.coalesce(
                    pl.when((pl.col("kind") == "invitation") & own).then("_invited"),
                    "_by_conversation_key", "_by_platform", "_stand_in",
                )
            )
            .alias("_key")
        )
    )  # fmt: skip
    known_by_name = found.filter("_open", pl.col("_key").is_not_null())
    stand_ins = _stand_ins(known_by_name, "_key", "_name", pl.col("sent_at"))
    messages = found.with_columns(
        pl.when("_open", pl.col("_key").is_not_null())
        .then(pl.concat_list("_key"))
        .otherwise("recipient_keys")
        .alias("recipient_keys")
    ).select(messages.columns)
    return Named(
        {**named.records, "message_records": messages},
        pl.concat([named.stand_ins, _not_known_there(stand_ins, named.records)]).unique(),
    )


def single_recipients(messages: pl.DataFrame) -> pl.DataFrame:
    """Message records with one recipient: `recipient_keys` is their key, the names are theirs.

    An anonymous second recipient has a name in the list, but no address.
    """
    anonymous = [name for name in ANONYMOUS_NAMES if name]
    return messages.filter(
        pl.col("recipient_keys").list.len() == 1,
        ~pl.col("recipient_names").str.contains_any(anonymous).fill_null(value=False),
    ).with_columns(pl.col("recipient_keys").list.first())


def _bearers(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """(platform, _name, _key): every name with each key that bears it somewhere."""
    places = (
        (records["message_records"], "sender_name", "sender_key"),
        (single_recipients(records["message_records"]), "recipient_names", "recipient_keys"),
        (records["connection_records"], "display_name", "person_key"),
        (records["interaction_records"], "actor_name", "actor_key"),
    )
    return pl.concat(_names(frame, name, key) for frame, name, key in places).unique()


def _names(frame: pl.DataFrame, name: str, key: str, *more: str) -> pl.DataFrame:
    return (
        frame.select(
            "platform", *more, pl.col(name).str.strip_chars().alias("_name"), pl.col(key).alias("_key")
        )
        .filter(pl.col("_key").is_not_null(), pl.col("_name").is_not_null(), ~_anonymous("_name"))
        .unique()
    )  # fmt: skip


def _thread_bearers(messages: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            _names(messages, "sender_name", "sender_key", "conversation_key"),
            _names(single_recipients(messages), "recipient_names", "recipient_keys", "conversation_key"),
        ]
    ).unique()  # fmt: skip


def _borne_by_one(bearers: pl.DataFrame, *within: str) -> pl.DataFrame:
    """(platform, within …, _name, _by_<last>): names that exactly one key bears."""
    by = ("platform", *within)
    return (
        bearers.group_by(*by, "_name")
        .agg(pl.col("_key").min().alias(f"_by_{by[-1]}"), pl.col("_key").n_unique().alias("_keys"))
        .filter(pl.col("_keys") == 1)
        .drop("_keys")
    )


def _anonymous(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().is_in(ANONYMOUS_NAMES).fill_null(value=True)


def _several(bearers: pl.DataFrame) -> pl.Expr:
    """Whether a cell of recipients lists several names: some part of it is somebody's name."""
    parts = pl.col("_name").str.split(", ")
    known = parts.list.eval(pl.element().is_in(bearers["_name"].unique().to_list())).list.any()
    return (parts.list.len() > 1) & known


def _thread_key(name: str) -> pl.Expr:
    return pl.format(
        "{}:thread/{}/{}", "platform", "conversation_key", pl.col(name).str.to_lowercase()
    )


def _name_connected(ties: pl.DataFrame, bearers: pl.DataFrame) -> pl.DataFrame:
    """Connection records with `_stand_in` (null where the file gives an address) and a key.

    A name finds its one bearer, unless the two are known to have connected on different days.
    """
    named = ~_anonymous("display_name")
    open_ties = (pl.col("direction") == "connected") & pl.col("person_key").is_null() & named
    own_key = pl.format(
        "{}:connection/{}/{}", "platform",
        pl.col("display_name").str.strip_chars().str.to_lowercase(),
        pl.col("connected_on").cast(pl.String).fill_null("undated"),
    )  # fmt: skip
    known = ties.filter(pl.col("direction") == "connected", pl.col("person_key").is_not_null())
    days = known.group_by(pl.col("person_key").alias("_by_platform")).agg(
        pl.col("connected_on").min().alias("_day")
    )
    bearing = ties.filter(open_ties).group_by("platform", "display_name").agg(
        pl.col("connected_on").n_unique().alias("_namesakes")
    )  # fmt: skip
    same_day = pl.col("_day").is_null() | (pl.col("_day") == pl.col("connected_on"))
    by_name = pl.when(same_day.fill_null(value=True), pl.col("_namesakes") == 1).then(
        "_by_platform"
    )
    return (
        ties.with_columns(pl.when(open_ties).then(own_key).alias("_stand_in"))
        .with_columns(pl.col("display_name").str.strip_chars().alias("_name"))
        .join(_borne_by_one(bearers), ["platform", "_name"], "left", maintain_order="left")
        .join(days, "_by_platform", "left", maintain_order="left")
        .join(bearing, ["platform", "display_name"], "left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("_stand_in").is_not_null())
            .then(pl.coalesce(by_name, "_stand_in"))
            .otherwise("person_key")
            .alias("person_key")
        )
        .select(*ties.columns, "_stand_in")
    )


def _name_invited(ties: pl.DataFrame, bearers: pl.DataFrame) -> pl.DataFrame:
    """The same for invitations."""
    open_ties = (
        pl.col("direction").str.starts_with("invitation")
        & pl.col("person_key").is_null()
        & ~_anonymous("display_name")
    )
    own_key = pl.format(
        "{}:{}/{}/{}", "platform", "direction",
        pl.col("display_name").str.strip_chars().str.to_lowercase(),
        pl.col("invited_at").dt.strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    return (
        ties.with_columns(pl.when(open_ties).then(own_key).otherwise("_stand_in").alias("_stand_in"))
        .with_columns(pl.col("display_name").str.strip_chars().alias("_name"))
        .join(_borne_by_one(bearers), ["platform", "_name"], "left", maintain_order="left")
        .with_columns(
            pl.when(open_ties)
            .then(pl.coalesce("_by_platform", "_stand_in"))
            .otherwise("person_key")
            .alias("person_key")
        )
        .select(*ties.columns)
    )  # fmt: skip


def _invited_key(ties: pl.DataFrame) -> pl.DataFrame:
    """(export_id, member, row_number, _invited): whom an invitation ties, for its note."""
    invited = ties.filter(pl.col("direction").str.starts_with("invitation"))
    return invited.select(*PROVENANCE, pl.col("person_key").alias("_invited"))


def _name_senders(
    messages: pl.DataFrame, ties: pl.DataFrame, bearers: pl.DataFrame
) -> pl.DataFrame:
    """Message records with `_stand_in` and a key for every sender who has a name.

    The name counts inside its own thread, or when exactly one person of the platform bears it;
    not where the same export gives that person's address elsewhere: it would have given it here.
    """
    named = ~_anonymous("sender_name")
    missing = pl.col("sender_key").is_null() & ~pl.col("by_owner").fill_null(value=False) & named
    if messages.filter(missing).is_empty():
        return messages.with_columns(pl.lit(None, pl.String).alias("_stand_in"))
    name = pl.col("sender_name").str.strip_chars()
    own_key = (
        pl.when(pl.col("kind") == "sponsored")
        .then(pl.format("{}:sponsor/{}", "platform", name.str.to_lowercase()))
        .when(pl.col("kind") == "invitation")
        .then("_invited")
        .otherwise(_thread_key("_name"))
    )
    threads = _thread_bearers(messages)
    addressed = messages.filter(pl.col("sender_key").is_not_null(), pl.col("kind") != "invitation")
    told = addressed.select("export_id", name.alias("_name"), pl.lit(value=True).alias("_told"))
    return (
        messages.with_columns(name.alias("_name"))
        .join(told.unique(), ["export_id", "_name"], "left", maintain_order="left")
        .join(_borne_by_one(threads, "conversation_key"), ["platform", "conversation_key", "_name"], "left", maintain_order="left")
        .join(_borne_by_one(bearers), ["platform", "_name"], "left", maintain_order="left")
        .join(_invited_key(ties), PROVENANCE, "left", maintain_order="left")
        .with_columns(pl.when(missing).then(own_key).alias("_stand_in"))
        .with_columns(
            pl.when(missing)
            .then(
                pl.coalesce(
                    pl.when(pl.col("kind") == "invitation").then("_invited"),
                    "_by_conversation_key",
                    pl.when(pl.col("_told").is_null()).then("_by_platform"),
                    "_stand_in",
                )
            )
            .otherwise("sender_key")
            .alias("sender_key")
        )
        .select(*messages.columns, "_stand_in")
    )  # fmt: skip


def _name_profiles(people: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Person records of connections without an address, with the key their row was given."""
    found = ties.filter(pl.col("_stand_in").is_not_null()).select(
        *PROVENANCE, pl.col("person_key").alias("_found")
    )
    return (
        people.join(found, PROVENANCE, "left", maintain_order="left")
        .with_columns(pl.coalesce("person_key", "_found").alias("person_key"))
        .drop("_found")
    )


def _stand_ins(named: pl.DataFrame, key: str, name: str, at: pl.Expr) -> pl.DataFrame:
    return (
        named.select(
            "platform", pl.col(key).alias("key"), pl.col("_stand_in").alias("stand_in"),
            pl.col(name).alias("name"), "export_id", at.alias("seen_at"),
        )
        .filter(pl.col("stand_in").is_not_null(), pl.col("stand_in") != pl.col("key"))
        .cast(_STAND_IN)  # type: ignore[arg-type]
        .unique()
    )  # fmt: skip


def _not_known_there(stand_ins: pl.DataFrame, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Only those whose person that export itself gives no address of."""
    if stand_ins.is_empty():
        return stand_ins
    messages = records["message_records"]
    addressed = pl.concat(
        frame.select("export_id", pl.col(key).alias("key")).filter(pl.col("key").is_not_null()).unique()
        for frame, key in (
            (messages, "sender_key"),
            (messages.select("export_id", pl.col("recipient_keys")).explode("recipient_keys"), "recipient_keys"),
            (records["connection_records"], "person_key"),
        )
    ).unique()  # fmt: skip
    return stand_ins.join(addressed, ["export_id", "key"], "anti")
