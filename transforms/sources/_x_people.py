"""account, profile, follower and following of X archives → person and connection records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import polars as pl

from transforms.sources._x_posts import person_frame
from transforms.sources._x_rows import Outcome, objects_parser, person_key, show, text_of, x
from transforms.sources._ytd import Element
from transforms.spec import Parse, Reject

# The last four are read past: an address, a number and where the account was made.
ACCOUNT_FIELDS = frozenset(
    ("accountId", "username", "accountDisplayName", "createdAt", "createdVia", "email",
     "phoneNumber", "userCreationIp")
)  # fmt: skip
PROFILE_FIELDS = frozenset(("description", "avatarMediaUrl", "headerMediaUrl"))
FOLLOW_FIELDS = frozenset(("accountId", "userLink"))


def _build_account(numbers: Sequence[int], accounts: Sequence[Element]) -> Outcome:
    rows: list[tuple[int, str, str | None, str | None]] = []
    rejects: list[Reject] = []
    for number, account in zip(numbers, accounts, strict=True):
        key = person_key(account.get("accountId"))
        if key is None:
            rejects.append(Reject(number, "the account has no accountId", ""))
            continue
        handle, name = account.get("username"), account.get("accountDisplayName")
        rows.append((number, key, text_of(handle), text_of(name)))
    schema = {
        "row_number": pl.Int64,
        "person_key": pl.String,
        "handle": pl.String,
        "display_name": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Outcome({"person_records": person_frame(frame, is_owner=True)}, rejects)


def _build_profile(numbers: Sequence[int], profiles: Sequence[Element]) -> Outcome:
    rows: list[tuple[int, str | None, str | None, list[str] | None]] = []
    rejects: list[Reject] = []
    for number, profile in zip(numbers, profiles, strict=True):
        about = profile.get("description")
        if type(about) is not dict:
            rejects.append(Reject(number, "the profile has no description", show(profile)))
            continue
        website = text_of(about.get("website"))
        bio, place = text_of(about.get("bio")), text_of(about.get("location"))
        rows.append((number, bio, place, [website] if website else None))
    schema: dict[str, Any] = {
        "row_number": pl.Int64,
        "headline": pl.String,
        "location": pl.String,
        "links": pl.List(pl.String),
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Outcome({"person_records": person_frame(frame, is_owner=True)}, rejects)


def _parse_follows(direction: Literal["follower", "following"]) -> Parse:
    def build(numbers: Sequence[int], follows: Sequence[Element]) -> Outcome:
        keys = [person_key(follow.get("accountId")) for follow in follows]
        known = [(n, key) for n, key in zip(numbers, keys, strict=True) if key is not None]
        rejects = [
            Reject(number, "the entry has no accountId", show(follow))
            for number, follow, key in zip(numbers, follows, keys, strict=True)
            if key is None
        ]
        schema = {"row_number": pl.Int64, "person_key": pl.String}
        frame = pl.DataFrame(known, schema=schema, orient="row").select(
            "row_number",
            x(),
            pl.lit(direction).alias("direction"),
            "person_key",
            pl.lit(None, pl.String).alias("display_name"),
            pl.lit(None, pl.Date).alias("connected_on"),
            pl.lit(None, pl.Datetime("us", "UTC")).alias("invited_at"),
        )
        return Outcome({"connection_records": frame}, rejects)

    return objects_parser(direction, FOLLOW_FIELDS, build)


parse_account = objects_parser("account", ACCOUNT_FIELDS, _build_account)
parse_profile = objects_parser("profile", PROFILE_FIELDS, _build_profile)
parse_followers = _parse_follows("follower")
parse_following = _parse_follows("following")
