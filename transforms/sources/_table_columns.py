"""Which column of a table says what: as the user's mapping names it, else by its common names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Platform = Literal["linkedin", "x"]

# Compared without case, blanks and underscores; a dot goes into a nested object. First come first.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "author": "author.name author.fullname authorname authorfullname author postauthor postedby "
        "poster user.name user.fullname userfullname profilename fullname displayname name from "
        "sendername sender.name sender creator user",
        "author_url": "author.url author.profileurl authorurl authorprofileurl authorprofile "
        "authorlink authorlinkedinurl user.url userurl userprofileurl profileurl profilelink "
        "linkedinprofileurl linkedinurl senderprofileurl senderurl posterurl",
        "author_handle": "author.username author.handle author.screenname authorhandle "
        "authorusername user.screenname user.username userscreenname screenname userhandle handle "
        "username twitterhandle",
        "author_id": "author.id authorid user.idstr user.id useridstr userid senderid",
        "headline": "author.headline author.description authorheadline authortitle headline "
        "occupation user.description userdescription authordescription bio",
        "text": "text fulltext posttext tweettext content postcontent tweetcontent body message "
        "messagetext commentary commenttext comment tweet post caption description",
        "posted_at": "postedat posttimestamp createdat publishedat postedon publishdate "
        "publisheddate postdate posteddate tweetdate tweetcreatedat datetime createddate timestamp "
        "date time created published posted",
        "sent_at": "sentat senton sentdate datesent messagedate",
        "url": "url posturl tweeturl permalink postlink tweetlink link shareurl activityurl "
        "statusurl commenturl",
        "id": "id idstr tweetid postid statusid activityid urn posturn activityurn shareurn",
        "kind": "kind posttype tweettype activitytype type",
        "platform": "platform network socialnetwork",
        "reply_to": "replyto inreplyto inreplytostatusidstr inreplytostatusid inreplytotweetid "
        "referencedtweets.repliedto.id parenturl parentposturl replytourl commentedposturl",
        "repost_of": "repostof retweetof retweetedstatusidstr retweetedstatusid retweetid "
        "referencedtweets.retweeted.id isretweet isrepost",
        "quote_of": "quoteof quotedstatusidstr quotedstatusid quotedtweetid "
        "referencedtweets.quoted.id isquote",
        "conversation": "conversationid conversation threadid thread chatid",
        "recipient": "recipient.name recipientname recipient recipients toname to receivername "
        "receiver",
        "recipient_url": "recipient.url recipientprofileurls recipientprofileurl recipienturl tourl "
        "receiverprofileurl receiverurl",
        "recipient_id": "recipient.id recipientid receiverid",
        "subject": "subject",
    }
)
FIELDS = tuple(_NAMES)
AUTHORS = ("author", "author_url", "author_handle", "author_id")
_RECIPIENTS = ("recipient", "recipient_url", "recipient_id")
_POSTS_ONLY = ("posted_at", "url", "kind", "reply_to", "repost_of", "quote_of")
_MESSAGES_ONLY = ("sent_at", "conversation", "subject", *_RECIPIENTS)
_OF_POSTS = re.compile(r"tweet|likes|permalink|repl(?:y|ies)count|hashtags")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """What the user says of some tables: which files, whose platform, which column is what.

    `columns` maps a field to a column as written; `days` says how 03/04/2024 is meant.
    """

    files: str = "*"
    platform: Platform | None = None
    days: Literal["day first", "month first"] | None = None
    time_zone: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is read: `columns` maps fields to its columns, `missing` is what it lacks."""

    what: Literal["posts", "messages"]
    columns: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def time(self) -> str:
        return "posted_at" if self.what == "posts" else "sent_at"


def plain(name: str) -> str:
    """A column name without case, blanks and punctuation but the dots of nested objects."""
    return re.sub(r"[^\w.]+|_+", "", name).strip(".").casefold()


def plan_for(columns: Sequence[str], mapping: TableMapping) -> Plan:
    """What each column is: named by the mapping, else by a common name that nothing else takes."""
    found, absent = {}, []
    for name, column in mapping.columns.items():
        exact = next((c for c in columns if c == column), None)
        same = exact or next((c for c in columns if plain(c) == plain(column)), None)
        if same is None:
            absent.append(f"{column!r} for {name}")
        else:
            found[name] = same
    free = {plain(column): column for column in reversed(columns) if column not in found.values()}
    for name in FIELDS:
        known = next((free[word] for word in _NAMES[name].split() if word in free), None)
        if name not in mapping.columns and known is not None and known not in found.values():
            found[name] = known
    what: Literal["posts", "messages"] = _what(found, columns, mapping)
    if what == "messages" and "sent_at" not in found and "posted_at" in found:
        found["sent_at"] = found["posted_at"]
    others = _MESSAGES_ONLY if what == "posts" else _POSTS_ONLY
    kept = {name: found[name] for name in FIELDS if name in found and name not in others}
    return Plan(what, kept, (*absent, *_missing(what, kept)))


def _what(
    found: Mapping[str, str], columns: Sequence[str], mapping: TableMapping
) -> Literal["posts", "messages"]:
    said = mapping.columns.keys()
    if said & {"sent_at", *_RECIPIENTS}:
        return "messages"
    if "posted_at" in said or "url" in found or any(_OF_POSTS.search(plain(c)) for c in columns):
        return "posts"
    return "messages" if found.keys() & {"sent_at", *_RECIPIENTS} else "posts"


def _missing(what: str, found: Mapping[str, str]) -> list[str]:
    missing = []
    if not any(name in found for name in AUTHORS):
        missing.append("author")
    if "text" not in found:
        missing.append("text")
    if what == "posts" and not found.keys() & {"posted_at", "url", "id"}:
        missing.append("posted_at")
    if what == "messages":
        if "sent_at" not in found:
            missing.append("sent_at")
        if not found.keys() & {"conversation", *_RECIPIENTS}:
            missing.append("recipient")
    return missing
