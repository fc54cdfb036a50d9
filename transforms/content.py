"""What was said by whom, once each, and where every row of every file went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from transforms.errors import Problem
from transforms.handles import number_handles
from transforms.identify import (
    identify_interactions,
    identify_invitations,
    identify_messages,
    identify_posts,
)
from transforms.merge import merge_connections, merge_interactions, merge_posts
from transforms.merge_messages import merge_messages
from transforms.naming import name_people, name_recipients
from transforms.owners import find_owners, own_keys
from transforms.people import resolve
from transforms.reconcile import Ledger, reconcile
from transforms.text.own_words import Words

Records = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Word:
    """What the user says, stronger than anything inferred.

    `owners`: platform → person keys of the owner. `same_person`: groups of person keys, for X
    of handles too (`@handle`).
    `verdicts`: a name, key, handle or identity_id → "fine" or "not-fine".
    `words`: language (or `any`) → category → phrases of the user's own.
    `thresholds`: the thresholds of `reference.OF_THE_USER` that the user set otherwise.
    """

    owners: Mapping[str, Sequence[str]] = field(default_factory=dict)
    same_person: Sequence[Sequence[str]] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)


def content_tables(
    records: Records, ledger: Ledger, word: Word
) -> tuple[dict[str, pl.DataFrame], tuple[Problem, ...]]:
    """The tables that say what was said by whom, and where each row of each file went."""
    records = number_handles(records)
    named = name_people(records)
    owners, problems = find_owners(named.records, ledger.exports, word.owners)
    named.records["message_records"] = own_keys(
        named.records["message_records"], owners, "sender_key"
    )
    named = name_recipients(named, owners)
    keyed = dict(named.records)
    keyed["message_records"] = identify_messages(keyed["message_records"])
    keyed["post_records"] = identify_posts(own_keys(records["post_records"], owners, "author_key"))
    keyed["interaction_records"] = identify_interactions(
        own_keys(records["interaction_records"], owners, "actor_key")
    )
    identities = resolve(keyed, ledger.exports, owners, named.stand_ins, word.same_person)
    keyed["message_records"] = identify_invitations(
        keyed["message_records"], keyed["connection_records"], identities.persons
    )
    threads = merge_messages(keyed["message_records"], identities, ledger.exports)
    content = {
        "people": identities.people,
        "person_aliases": identities.person_aliases,
        "connections": merge_connections(keyed["connection_records"], identities),
        "conversations": threads.conversations,
        "messages": threads.messages,
        "message_recipients": threads.message_recipients,
        "posts": merge_posts(keyed["post_records"], identities, ledger.exports),
        "interactions": merge_interactions(keyed["interaction_records"], identities),
    }
    return content | reconcile(keyed, ledger, identities), problems


def verdicts_at(word: Word, content: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """(identity_id, verdict): each of the user's verdicts at the person it names.

    A verdict names a person by identity_id, person_id, key, address or handle; a name that
    several people bear decides for nobody.
    """
    said = pl.DataFrame(
        {"alias": list(word.verdicts), "verdict": list(word.verdicts.values())},
        schema={"alias": pl.String, "verdict": pl.String},
    )
    identity = content["people"].select("person_id", "identity_id")
    known = pl.concat(
        [
            identity.select(pl.col("identity_id").alias("alias"), "identity_id"),
            identity.select(pl.col("person_id").alias("alias"), "identity_id"),
            content["person_aliases"].join(identity, "person_id").select("alias", "identity_id"),
        ]
    ).unique()
    return (
        said.join(known, "alias")
        .group_by("alias")
        .agg(pl.col("identity_id", "verdict").first(), pl.len().alias("bearers"))
        .filter(pl.col("bearers") == 1)
        .select("identity_id", "verdict")
        .sort("identity_id", "verdict")
        .unique("identity_id", keep="first", maintain_order=True)
    )
