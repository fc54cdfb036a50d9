"""The world as an X archive of 2026: `window.YTD.<name>.part<n> = [ … ]` and a manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from transforms.sample.model import OWNER, Event, Message, Person, Thread, World, digest, number

_EPOCH_MS = 1_288_834_974_657
_SHOWN = 277  # characters of a long post that tweets.js keeps before the ellipsis
_REPOST_SHOWN = 139
_LINK = re.compile(r"https?://[^\s)]+")
_MENTION = re.compile(r"@(\w{2,15})")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CAMEL = {"direct-messages": "directMessages", "direct-messages-group": "directMessagesGroup"}


def snowflake(at: datetime, *parts: object) -> str:
    """An id as X makes them: the time in milliseconds, then 22 more bits."""
    ms = int(at.timestamp() * 1000) + number("ms", *parts, below=1000)
    return str(((ms - _EPOCH_MS) << 22) | number("low", *parts, below=1 << 22))


def short_link(url: str) -> str:
    return f"https://t.co/{digest('t.co', url).hex()[:10]}"


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _tweet_time(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S} +0000 {at:%Y}"


@dataclass(frozen=True, slots=True)
class XArchive:
    """Renders the members of the archive."""

    world: World
    asked_at: datetime

    @property
    def file_name(self) -> str:
        return (
            f"twitter-{self.asked_at:%Y-%m-%d}-{digest('archive', self.world.owner.x_id).hex()}.zip"
        )

    def members(self) -> dict[str, bytes]:
        """Every member by path; the manifest counts what the others hold."""
        tweets = [{"tweet": self._tweet(row)} for row in self._table("tweets")]
        tweets.sort(key=lambda entry: digest("order", entry["tweet"]["id_str"]))  # as exported
        half = len(tweets) * 2 // 3
        dms = self._threads(group=False)
        parts: dict[str, list[list[dict[str, Any]]]] = {
            "account": [[{"account": self._account()}]],
            "profile": [[{"profile": self._profile()}]],
            "ip-audit": [[{"ipAudit": self._login(n)} for n in range(3)]],
            "tweets": [tweets[:half], tweets[half:]],
            "note-tweet": [[{"noteTweet": note} for note in self._notes()]],
            "direct-messages": _in_two_parts(dms),
            "direct-messages-group": [self._threads(group=True)],
            "follower": [[{"follower": who} for who in self._follows("follows_owner")]],
            "following": [[{"following": who} for who in self._follows("followed_by_owner")]],
            "like": [[{"like": self._like(row)} for row in self._table("likes")]],
            "community-tweet": [[]],
            "deleted-tweets": [[]],
        }
        members: dict[str, bytes] = {}
        manifest: dict[str, Any] = {}
        for name, lists in parts.items():
            files = []
            for index, entries in enumerate(lists):
                path = f"data/{name}{f'-part{index}' if index else ''}.js"
                variable = f"YTD.{name.replace('-', '_')}.part{index}"
                members[path] = _javascript(f"window.{variable}", entries)
                files.append({"fileName": path, "globalName": variable, "count": str(len(entries))})
            manifest[_camel(name)] = {"files": files}
        members["data/manifest.js"] = _javascript("window.__THAR_CONFIG", self._manifest(manifest))
        members["data/README.txt"] = b"Synthetic archive of a person who does not exist.\n"
        return members

    def _table(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.world.owner_texts[name]
        return rows

    def _manifest(self, types: Mapping[str, Any]) -> dict[str, Any]:
        owner = self.world.owner
        return {
            "userInfo": {
                "accountId": owner.x_id,
                "userName": owner.x_handle,
                "displayName": owner.x_name,
            },
            "archiveInfo": {
                "sizeBytes": "182044",
                "generationDate": _iso(self.asked_at),
                "isPartialArchive": False,
                "maxPartSizeBytes": "53687091200",
            },
            "readmeInfo": {
                "fileName": "data/README.txt",
                "directory": "data/",
                "name": "README.txt",
            },
            "dataTypes": types,
        }

    # The account

    def _account(self) -> dict[str, str]:
        owner = self.world.owner
        return {
            "email": owner.email,
            "createdVia": "web",
            "username": owner.x_handle,
            "accountId": owner.x_id,
            "createdAt": "2013-03-11T19:02:44.000Z",
            "accountDisplayName": owner.x_name,
            "phoneNumber": "+12025550119",
        }

    def _profile(self) -> dict[str, Any]:
        bio = self._table("x_profile")[0]
        return {
            "description": {
                "bio": bio["bio"],
                "website": short_link(bio["website"]),
                "location": bio["location"],
            },
            "avatarMediaUrl": "https://pbs.twimg.com/profile_images/0/sample.jpg",
        }

    def _login(self, n: int) -> dict[str, str]:
        return {
            "accountId": self.world.owner.x_id,
            "createdAt": _iso(self.asked_at - timedelta(days=9 * n + 1)),
            "loginIp": f"192.0.2.{10 + n}",
        }

    def _follows(self, which: str) -> list[dict[str, str]]:
        return [
            {
                "accountId": person.x_id,
                "userLink": f"https://twitter.com/intent/user?user_id={person.x_id}",
            }
            for person in self.world.people.values()
            if person.x_id and getattr(person, which)
        ]

    def _like(self, row: Mapping[str, Any]) -> dict[str, str]:
        post = snowflake(row["at"], "liked", row["text"])
        return {
            "tweetId": post,
            "fullText": escape(row["text"], quote=False),
            "expandedUrl": f"https://twitter.com/i/web/status/{post}",
        }

    # Posts

    def _tweet(self, row: Mapping[str, Any]) -> dict[str, Any]:
        at, text = row["at"], row["text"]
        post = snowflake(at, "post", text)
        shown, urls = _shorten(text)
        room = _REPOST_SHOWN if shown.startswith("RT @") else _SHOWN
        if len(shown) > room:
            shown = shown[:room] + "…"
            urls = [url for url in urls if url["url"] in shown]
        tweet: dict[str, Any] = {
            "edit_info": {
                "initial": {
                    "editTweetIds": [post],
                    "editableUntil": _iso(at + timedelta(hours=1)),
                    "editsRemaining": "5",
                    "isEditEligible": "reply_to" not in row,
                }
            },
            "retweeted": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "entities": {
                "hashtags": [
                    {"text": tag[1:], "indices": _span(shown, tag)}
                    for tag in re.findall(r"#\w+", shown)
                ],
                "symbols": [],
                "user_mentions": self._mentions(shown),
                "urls": [url | {"indices": _span(shown, url["url"])} for url in urls],
            },
            "display_text_range": ["0", str(len(shown))],
            "favorite_count": str(number("hearts", text, below=24)),
            "id_str": post,
            "truncated": False,
            "retweet_count": str(number("reposts", text, below=5)),
            "id": post,
            "created_at": _tweet_time(at),
            "favorited": False,
            "full_text": escape(shown, quote=False),
            "lang": row.get("lang", "en"),
        }
        if "reply_to" in row:
            other = self.world.owner if row["reply_to"] == OWNER else self._person(row["reply_to"])
            parent = snowflake(at - timedelta(minutes=37), "parent", text)
            tweet |= {
                "in_reply_to_status_id": parent,
                "in_reply_to_status_id_str": parent,
                "in_reply_to_user_id": other.x_id,
                "in_reply_to_user_id_str": other.x_id,
                "in_reply_to_screen_name": other.x_handle,
            }
        return tweet

    def _notes(self) -> list[dict[str, Any]]:
        notes = []
        for row in self._table("tweets"):
            if len(_shorten(row["text"])[0]) <= _SHOWN or row["text"].startswith("RT @"):
                continue
            notes.append(
                {
                    "noteTweetId": snowflake(row["at"], "note", row["text"]),
                    "updatedAt": _iso(row["at"]),
                    "lifecycle": {"value": "ACTIVE", "name": "Active", "originalName": "Active"},
                    "createdAt": _iso(row["at"]),
                    "core": {
                        "styletags": [],
                        "urls": [],
                        "text": _shorten(row["text"])[0],
                        "mentions": [],
                        "cashtags": [],
                        "hashtags": [],
                    },
                }
            )
        return notes

    def _person(self, key: str) -> Person:
        return self.world.people[key]

    def _mentions(self, text: str) -> list[dict[str, Any]]:
        by_handle = {p.x_handle.lower(): p for p in self.world.people.values() if p.x_handle}
        found = []
        for match in _MENTION.finditer(text):
            person = by_handle.get(match[1].lower())
            if person:
                found.append(
                    {
                        "name": person.x_name or person.name,
                        "screen_name": person.x_handle,
                        "indices": [str(match.start()), str(match.end())],
                        "id_str": person.x_id,
                        "id": person.x_id,
                    }
                )
        return found

    # Direct messages

    def _threads(self, *, group: bool) -> list[dict[str, Any]]:
        conversations = []
        for thread in self.world.threads:
            if thread.platform != "x" or (len(thread.members) > 1) != group:
                continue
            entries = [(m.sent_at, self._direct_message(thread, m)) for m in thread.messages]
            entries += [(event.at, self._event(event)) for event in thread.events]
            entries.sort(key=lambda pair: pair[0], reverse=True)
            conversations.append(
                {
                    "dmConversation": {
                        "conversationId": self._conversation_id(thread),
                        "messages": [entry for _, entry in entries],
                    }
                }
            )
        return conversations

    def _conversation_id(self, thread: Thread) -> str:
        if len(thread.members) > 1:
            return snowflake(thread.messages[0].sent_at, "group", thread.key)
        pair = sorted((int(self.world.owner.x_id), int(self._x_id(thread.members[0]))))
        return f"{pair[0]}-{pair[1]}"

    def _x_id(self, key: str) -> str:
        return self.world.owner.x_id if key == OWNER else self._person(key).x_id

    def _direct_message(self, thread: Thread, message: Message) -> dict[str, Any]:
        text, urls = _shorten(message.text)
        reactions = []
        if message.liked_by:
            at = message.sent_at + timedelta(minutes=7)
            reactions.append(
                {
                    "senderId": self._x_id(message.liked_by),
                    "reactionKey": "like",
                    "eventId": snowflake(at, "reaction", message.text),
                    "createdAt": _iso(at),
                }
            )
        create: dict[str, Any] = {
            "reactions": reactions,
            "urls": [{k: u[k] for k in ("url", "expanded", "display")} for u in _dm_urls(urls)],
            "text": text,
            "mediaUrls": [message.attachment] if message.attachment else [],
            "senderId": self._x_id(message.sender),
            "id": snowflake(message.sent_at, thread.key, message.text),
            "createdAt": _iso(message.sent_at),
        }
        if len(thread.members) == 1:
            other = thread.members[0] if message.sender == OWNER else OWNER
            create = {"recipientId": self._x_id(other), **create}
        return {"messageCreate": create}

    def _event(self, event: Event) -> dict[str, Any]:
        ids = [self._x_id(key) for key in event.who]
        at = _iso(event.at)
        if event.kind == "rename":
            return {
                "conversationNameUpdate": {
                    "initiatingUserId": ids[0],
                    "name": event.name,
                    "createdAt": at,
                }
            }
        if event.kind == "joinConversation":
            return {
                "joinConversation": {
                    "initiatingUserId": ids[0],
                    "participantsSnapshot": ids,
                    "createdAt": at,
                }
            }
        if event.kind == "participantsJoin":
            return {
                "participantsJoin": {
                    "initiatingUserId": ids[0],
                    "userIds": ids[1:],
                    "createdAt": at,
                }
            }
        return {"participantsLeave": {"userIds": ids, "createdAt": at}}


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return _CAMEL.get(name, head + "".join(word.title() for word in rest))


def _in_two_parts(conversations: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The longest conversation is cut in two under one id, as X cuts long ones."""
    longest = max(conversations, key=lambda entry: len(entry["dmConversation"]["messages"]))
    whole = longest["dmConversation"]
    half = len(whole["messages"]) // 2
    newer, older = (
        {"dmConversation": whole | {"messages": messages}}
        for messages in (whole["messages"][:half], whole["messages"][half:])
    )
    rest = [entry for entry in conversations if entry is not longest]
    middle = len(rest) // 2
    return [[*rest[:middle], newer], [older, *rest[middle:]]]


def _shorten(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with t.co links, and what each stands for."""
    urls = [
        {"url": short_link(link), "expanded_url": link, "display_url": link.split("//")[1][:26]}
        for link in _LINK.findall(text)
    ]
    return _LINK.sub(lambda match: short_link(match[0]), text), urls


def _dm_urls(urls: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"url": u["url"], "expanded": u["expanded_url"], "display": u["display_url"]} for u in urls
    ]


def _span(text: str, part: str) -> list[str]:
    start = text.find(part)
    return [str(start), str(start + len(part))]


def _javascript(variable: str, value: object) -> bytes:
    body = json.dumps(value, ensure_ascii=False, indent=2, separators=(",", " : "))
    return f"{variable} = {body}".encode()
