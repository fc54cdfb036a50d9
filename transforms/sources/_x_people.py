"""account, profile, follower and following of X archives → person and connection records."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl

from transforms.sources._x_posts import person_frame
from transforms.sources._x_rows import Outcome, objects_parser, person_key, show, table, text_of, x
from transforms.sources._ytd import Element
from transforms.spec import Parse, Reject

# The last four are read past: an address, a number and where the account was made.
ACCOUNT_FIELDS = frozenset(
    ("accountId", "username", "accountDisplayName", "createdAt", "createdVia", "email",
     "phoneNumber", "userCreationIp")
)  # fmt: skip
HANDLE_FIELDS = frozenset(
    ("accountId", "screenNameChange", "changedAt", "changedFrom", "changedTo")
)
PROFILE_FIELDS = frozenset(("description", "avatarMediaUrl", "headerMediaUrl"))
FOLLOW_FIELDS = frozenset(("accountId", "userLink"))
_ACCOUNT = {
    "row_number": pl.Int64,
    "person_key": pl.String,
    "handle": pl.String,
    "display_name": pl.String,
}
_CHANGE = ("changedFrom", "changedTo")
_HANDLE = {
    "row_number": pl.Int64,
    "person_key": pl.String,
    "handle": pl.String,
    "changed": pl.String,
    "former": pl.Boolean,
}
_PROFILE: dict[str, Any] = {
    "row_number": pl.Int64,
    "headline": pl.String,
    "location": pl.String,
    "links": pl.List(pl.String),
}


class _Account:
    """Collects the account; of a broken one nothing is shown, it holds an e-mail address."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str | None, str | None]] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        key = person_key(item.get("accountId"))
        if key is None:
            self._rejects.append(Reject(number, "the account has no accountId", ""))
            return
        handle, name = text_of(item.get("username")), text_of(item.get("accountDisplayName"))
        self._rows.append((number, key, handle, name))

    def finish(self) -> Outcome:
        frame = table(self._rows, _ACCOUNT)
        return Outcome({"person_records": person_frame(frame, is_owner=True)}, self._rejects)


class _Handles:
    """Collects the owner's handles with the time they changed: older archives name them."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str | None, str, str | None, bool]] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        change = item.get("screenNameChange", item)
        if type(change) is not dict or not any(text_of(change.get(name)) for name in _CHANGE):
            self._rejects.append(Reject(number, "the change of handle names no handle", show(item)))
            return
        key, at = person_key(item.get("accountId")), text_of(change.get("changedAt"))
        self._rows += [
            (number, key, handle, at, name == "changedFrom")
            for name in _CHANGE
            if (handle := text_of(change.get(name)))
        ]

    def finish(self) -> Outcome:
        at = pl.col("changed").str.to_datetime(
            "%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_unit="us", time_zone="UTC"
        )
        before = pl.col("former").cast(pl.Int64) * pl.duration(microseconds=1)
        frame = table(self._rows, _HANDLE).with_columns((at - before).alias("observed_at"))
        return Outcome({"person_records": person_frame(frame, is_owner=True)}, self._rejects)


class _Profile:
    """Collects the owner's bio, place and website; the file does not say whose they are."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str | None, str | None, list[str] | None]] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        about = item.get("description")
        if type(about) is not dict:
            self._rejects.append(Reject(number, "the profile has no description", show(item)))
            return
        website = text_of(about.get("website"))
        bio, place = text_of(about.get("bio")), text_of(about.get("location"))
        self._rows.append((number, bio, place, [website] if website else None))

    def finish(self) -> Outcome:
        frame = table(self._rows, _PROFILE)
        return Outcome({"person_records": person_frame(frame, is_owner=True)}, self._rejects)


class _Follows:
    """Collects followers or followed accounts, by id only: the archive has no names for them."""

    _direction: Literal["follower", "following"]

    def __init__(self) -> None:
        self._rows: list[tuple[int, str]] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        key = person_key(item.get("accountId"))
        if key is None:
            self._rejects.append(Reject(number, "the entry has no accountId", show(item)))
            return
        self._rows.append((number, key))

    def finish(self) -> Outcome:
        schema = {"row_number": pl.Int64, "person_key": pl.String}
        frame = table(self._rows, schema).select(
            "row_number",
            x(),
            pl.lit(self._direction).alias("direction"),
            "person_key",
            pl.lit(None, pl.String).alias("display_name"),
            pl.lit(None, pl.Date).alias("connected_on"),
            pl.lit(None, pl.Datetime("us", "UTC")).alias("invited_at"),
        )
        return Outcome({"connection_records": frame}, self._rejects)


class _Followers(_Follows):
    _direction = "follower"


class _Following(_Follows):
    _direction = "following"


parse_account: Parse = objects_parser("account", ACCOUNT_FIELDS, _Account)
parse_handles: Parse = objects_parser("screenNameChange", HANDLE_FIELDS, _Handles)
parse_profile: Parse = objects_parser("profile", PROFILE_FIELDS, _Profile)
parse_followers: Parse = objects_parser("follower", FOLLOW_FIELDS, _Followers)
parse_following: Parse = objects_parser("following", FOLLOW_FIELDS, _Following)
