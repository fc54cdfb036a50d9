"""The owner's posts as tweets.js and note-tweet.js hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Any

from transforms.sample.model import World, digest, number
from transforms.sample.x_ids import display, iso_time, post_time, shorten, snowflake

_SHOWN = 277  # characters of a long post that tweets.js keeps before the ellipsis
_REPOST_SHOWN = 139
_MENTION = re.compile(r"@(\w{2,15})")


def posts(world: World) -> list[dict[str, Any]]:
    """Elements of tweets.js, in no order, as X exports them."""
    by_handle = {p.x_handle.lower(): p for p in world.people.values() if p.x_handle}

    def mentions(text: str) -> list[dict[str, Any]]:
        return [
            {
                "name": person.x_name or person.name,
                "screen_name": person.x_handle,
                "indices": [str(match.start()), str(match.end())],
                "id_str": person.x_id,
                "id": person.x_id,
            }
            for match in _MENTION.finditer(text)
            if (person := by_handle.get(match[1].lower()))
        ]

    found = []
    for row in world.owner_texts["tweets"]:
        tweet = _post(row)
        tweet["entities"]["user_mentions"] = mentions(_shown(row["text"]))
        if "reply_to" in row:
            person = world.people[row["reply_to"]]
            parent = snowflake(row["at"] - timedelta(minutes=37), "parent", row["text"])
            tweet |= {
                "in_reply_to_status_id": parent,
                "in_reply_to_status_id_str": parent,
                "in_reply_to_user_id": person.x_id,
                "in_reply_to_user_id_str": person.x_id,
                "in_reply_to_screen_name": person.x_handle,
            }
        found.append({"tweet": tweet})
    return sorted(found, key=lambda entry: digest("order", entry["tweet"]["id_str"]))


def notes(world: World) -> list[dict[str, Any]]:
    """Elements of note-tweet.js: the whole text of long posts."""
    return [
        {"noteTweet": _note(row)}
        for row in world.owner_texts["tweets"]
        if len(shorten(row["text"])[0]) > _SHOWN and not row["text"].startswith("RT @")
    ]


def _shown(text: str) -> str:
    """What tweets.js shows of a text, before escaping."""
    shown = shorten(text)[0]
    room = _REPOST_SHOWN if shown.startswith("RT @") else _SHOWN
    return shown if len(shown) <= room else shown[:room] + "…"


def _post(row: Mapping[str, Any]) -> dict[str, Any]:
    at, text = row["at"], row["text"]
    post, shown = snowflake(at, "post", text), _shown(text)
    return {
        "edit_info": {
            "initial": {
                "editTweetIds": [post],
                "editableUntil": iso_time(at + timedelta(hours=1)),
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
            "user_mentions": [],
            "urls": [
                {
                    "url": short,
                    "expanded_url": url,
                    "display_url": display(url),
                    "indices": _span(shown, short),
                }
                for short, url in shorten(text)[1].items()
                if short in shown
            ],
        },
        "display_text_range": ["0", str(len(shown))],
        "favorite_count": str(number("hearts", text, below=24)),
        "id_str": post,
        "truncated": False,
        "retweet_count": str(number("reposts", text, below=5)),
        "id": post,
        "created_at": post_time(at),
        "favorited": False,
        "full_text": escape(shown, quote=False),
        "lang": row.get("lang", "en"),
    }


def _note(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "noteTweetId": snowflake(row["at"], "note", row["text"]),
        "updatedAt": iso_time(row["at"]),
        "lifecycle": {"value": "ACTIVE", "name": "Active", "originalName": "Active"},
        "createdAt": iso_time(row["at"]),
        "core": {
            "styletags": [],
            "urls": [],
            "text": shorten(row["text"])[0],
            "mentions": [],
            "cashtags": [],
            "hashtags": [],
        },
    }


def _span(text: str, part: str) -> list[str]:
    start = text.find(part)
    return [str(start), str(start + len(part))]
