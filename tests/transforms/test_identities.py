"""One person on two platforms: by an address, never by a name."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.transforms.worlds import ledger, message, records
from transforms.content import Word, content_tables

ADA = {"person_key": "linkedin:in/ada", "display_name": "Ada L", "platform": "linkedin"}
X_ADA = {"person_key": "x:7", "display_name": "Ada L", "handle": "AdaL", "platform": "x"}


def joined(*profiles: dict[str, Any], said: Word | None = None) -> bool:
    """Whether Ada of LinkedIn and Ada of X come out as one identity."""
    base = {"is_owner": False}
    frames = records(
        e={
            "message_records": [
                message("Hello there", "ada"),
                message("Hello", "bob", sender_key="x:7", platform="x", conversation_key="7-8"),
            ],
            "person_records": [base | profile for profile in profiles],
        }
    )
    people = content_tables(frames, ledger(frames), said or Word())[0]["people"]
    ids = people.filter(pl.col("handle").is_in(["ada", "AdaL"]))["identity_id"]
    assert len(ids) == 2
    return ids.n_unique() == 1


ADDRESS = {"links": ["https://www.linkedin.com/in/ada"]}


@pytest.mark.parametrize(
    "link", ["@adal", "@AdaL", "https://twitter.com/AdaL", "x.com/adal/", "https://x.com/AdaL?s=20"]
)
def test_two_profiles_that_name_each_other(link: str) -> None:
    assert joined(ADA | {"links": [link]}, X_ADA | ADDRESS)


@pytest.mark.parametrize(
    "link",
    ["https://ada.example/adal", "adal", "https://x.com/adal/status/1", "https://adal.example",
     "https://x.com/intent", "@adalove", "https://notx.com/adal"],
)  # fmt: skip
def test_a_link_that_only_ends_like_a_handle_is_no_evidence(link: str) -> None:
    assert not joined(ADA | {"links": [link]}, X_ADA | ADDRESS)


@pytest.mark.parametrize(
    "told",
    [
        {"links": ["https://www.linkedin.com/in/Ada/"]},
        {"links": ["linkedin.com/in/ada?trk=x"]},
        {"headline": "Engines. More: linkedin.com/in/ada"},
    ],
)
def test_a_profile_of_x_may_give_the_address_anywhere(told: dict[str, Any]) -> None:
    assert joined(ADA | {"links": ["@adal"]}, X_ADA | told)


@pytest.mark.parametrize(
    ("of_linkedin", "of_x"),
    [
        ({}, ADDRESS),
        ({"links": ["@adal"]}, {}),
        ({"links": ["https://ada.example"]}, {"links": ["https://ada.example"]}),
        ({"links": ["@somebody"]}, ADDRESS),
    ],
)
def test_a_claim_of_one_side_joins_nobody(
    of_linkedin: dict[str, Any], of_x: dict[str, Any]
) -> None:
    """Anybody can write somebody else's address, handle or website into their own profile."""
    assert not joined(ADA | of_linkedin, X_ADA | of_x)


def test_the_owners_own_profile_is_their_word() -> None:
    assert joined(ADA | {"links": ["@adal"], "is_owner": True}, X_ADA)
    # That somebody says so of the owner is not.
    assert not joined(ADA | {"is_owner": True}, X_ADA | ADDRESS)


def test_the_same_name_is_no_evidence_and_the_users_word_is() -> None:
    assert not joined(ADA, X_ADA)
    for said in ("@adal", "x:7"):
        assert joined(ADA, X_ADA, said=Word(same_person=[["linkedin:in/ada", said]]))
