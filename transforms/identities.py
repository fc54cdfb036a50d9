"""Who is one person on two platforms: by evidence in a profile, or by the user's word.

Evidence is an address, never a name: a profile that names a handle or the other profile's
address, or a website that exactly one person of each platform names as theirs. All owners of
one home are one identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from transforms.identify import stable_id
from transforms.sources._linkedin_people import person_keys

_HANDLE = r"(?i)^@([a-z0-9_]{1,15})$|^(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/@?([a-z0-9_]{1,15})/?(?:\?|$)"
_NO_HANDLE = ("home", "i", "intent", "share", "search", "hashtag", "settings", "explore")
# Pages that many people name as their own, or that hide where they lead.
_SHARED_HOSTS = (
    "linkedin.com", "twitter.com", "x.com", "t.co", "lnkd.in", "bit.ly", "facebook.com",
    "instagram.com", "youtube.com", "medium.com", "github.com", "substack.com", "linktr.ee",
)  # fmt: skip


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
    pairs = pl.concat([_by_handle(links, handles), _by_address(links, persons), _by_site(links)])
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
    named = pl.coalesce(pl.col("link").str.extract(_HANDLE, group) for group in (1, 2))
    return (
        links.filter(pl.col("platform") != "x")
        .with_columns(named.str.to_lowercase().alias("handle"))
        .filter(~pl.col("handle").is_in(_NO_HANDLE))
        .join(handles, "handle")
        .select("person_id", "other")
    )


def _by_address(links: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    known = persons.filter(pl.col("platform") == "linkedin").select(
        "key", pl.col("person_id").alias("other")
    )
    named = links.filter(pl.col("platform") == "x")
    return (
        named.with_columns(person_keys(named["link"]).alias("key"))
        .join(known, "key")
        # An address that two accounts claim as theirs is a claim in somebody else's name.
        .filter(pl.col("person_id").n_unique().over("other") == 1)
        .select("person_id", "other")
    )


def _by_site(links: pl.DataFrame) -> pl.DataFrame:
    site = (
        pl.col("link")
        .str.to_lowercase()
        .str.replace(r"^(?:https?://)?(?:www\.)?", "")
        .str.replace(r"[?#].*$", "")
        .str.strip_chars_end("/")
    )
    sites = (
        links.with_columns(site.alias("site"))
        .filter(
            pl.col("site").str.contains(r"^[^\s/@]+\.[a-z]{2,}"),
            ~pl.col("site").str.extract(r"^(?:[^/]*\.)?([^./]+\.[^./]+)(?:/|$)").is_in(_SHARED_HOSTS).fill_null(value=False),
        )
        .select("platform", "person_id", "site")
        .unique()
        .filter(pl.len().over("platform", "site") == 1)
    )  # fmt: skip
    return sites.filter(pl.col("platform") == "linkedin").join(
        sites.filter(pl.col("platform") == "x").select("site", pl.col("person_id").alias("other")),
        "site",
    ).select("person_id", "other")  # fmt: skip
