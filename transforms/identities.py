"""Who is one person on two platforms: by evidence in both profiles, or by the user's word.

Evidence is an address, never a name, and both sides give it: anybody can write somebody else's
address, handle or website into their own profile, and would take over their good name, or leave
them their own. One side is enough where it is the owner's own profile. All owners of one home are
one identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from transforms.identify import stable_id
from transforms.sources._linkedin_people import person_keys

_HANDLE = r"(?i)^@([a-z0-9_]{1,15})$|^(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/@?([a-z0-9_]{1,15})/?(?:\?|$)"
_NO_HANDLE = ("home", "i", "intent", "share", "search", "hashtag", "settings", "explore")


def identities(
    people: pl.DataFrame,
    persons: pl.DataFrame,
    profiles: pl.DataFrame,
    same_person: Iterable[Sequence[str]],
) -> pl.DataFrame:
    """(person_id, identity_id): persons of several platforms joined where they are one.

    `profiles` are person records with person_id. `same_person` are groups of keys or, for X,
    of handles as `@handle`.
    """
    owners = people.filter("is_owner")["person_id"].sort().to_list()
    handles = _handles(people)
    person_of = dict(persons.select("key", "person_id").iter_rows())
    person_of |= {f"@{handle}": person for handle, person in handles.iter_rows()}
    declared = [[person_of[key] for key in group if key in person_of] for group in same_person]
    links = _links(profiles)
    claimed, returned = _by_handle(links, handles), _by_address(links, persons)
    pairs = pl.concat(
        [
            claimed.join(returned, ["person_id", "other"], "semi"),
            claimed.filter(pl.col("person_id").is_in(owners)),
        ]
    )
    order = {p: i for i, p in enumerate(people.sort("platform", "person_id")["person_id"])}
    joined = join_groups(
        [owners, *declared, *pairs.unique().sort("person_id", "other").iter_rows()], order
    )
    return people.select(
        "person_id",
        stable_id("i", pl.col("person_id").replace(joined)).alias("identity_id"),
    )


def join_groups(groups: Iterable[Sequence[str]], order: Mapping[str, int]) -> dict[str, str]:
    """Member → representative for groups that overlap, the representative being first in order.

    Members that represent themselves are left out.
    """
    parent: dict[str, str] = {}

    def find(member: str) -> str:
        while (up := parent.get(member, member)) != member:
            parent[member] = parent.get(up, up)
            member = up
        return member

    last = len(order)
    for group in groups:
        tops = sorted({find(member) for member in group}, key=lambda m: (order.get(m, last), m))
        for top in tops[1:]:
            parent[top] = tops[0]
    return {member: find(member) for member in parent if find(member) != member}


def _handles(people: pl.DataFrame) -> pl.DataFrame:
    """(handle in lower case, other): X handles that exactly one person bears."""
    return (
        people.filter(pl.col("platform") == "x", pl.col("handle").is_not_null())
        .group_by(pl.col("handle").str.to_lowercase())
        .agg(pl.col("person_id").min().alias("other"), pl.len().alias("bearers"))
        .filter(pl.col("bearers") == 1)
        .select("handle", "other")
    )


def _links(profiles: pl.DataFrame) -> pl.DataFrame:
    """(platform, person_id, link): every address a profile names, in its bio too."""
    listed = profiles.filter(pl.col("links").is_not_null()).explode("links")
    bio = pl.col("headline").str.extract_all(r"(?i)linkedin\.com/in/[^/?#\s]+")
    told = profiles.with_columns(bio.alias("links")).explode("links")
    return (
        pl.concat([frame.select("platform", "person_id", pl.col("links").str.strip_chars().alias("link")) for frame in (listed, told)])
        .filter(pl.col("link").is_not_null())
        .unique()
    )  # fmt: skip


def _by_handle(links: pl.DataFrame, handles: pl.DataFrame) -> pl.DataFrame:
    """(person_id, other): who names the handle of which person of X."""
    named = pl.coalesce(pl.col("link").str.extract(_HANDLE, group) for group in (1, 2))
    return (
        links.filter(pl.col("platform") != "x")
        .with_columns(named.str.to_lowercase().alias("handle"))
        .filter(~pl.col("handle").is_in(_NO_HANDLE))
        .join(handles, "handle")
        .select("person_id", "other")
    )


def _by_address(links: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """(person_id, other): whose address on LinkedIn which person of X names."""
    known = persons.filter(pl.col("platform") == "linkedin").select("key", "person_id")
    named = links.filter(pl.col("platform") == "x").rename({"person_id": "other"})
    return (
        named.with_columns(person_keys(named["link"]).alias("key"))
        .join(known, "key")
        .select("person_id", "other")
    )
