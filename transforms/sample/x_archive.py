"""The world as an X archive of 2026: `window.YTD.<name>.part<n> = [ … ]` and a manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from transforms.sample.model import World, digest
from transforms.sample.x_ids import iso_time, short_link, snowflake
from transforms.sample.x_messages import direct_messages, group_messages
from transforms.sample.x_posts import notes, posts


@dataclass(frozen=True, slots=True)
class XArchive:
    """Renders the members of the archive."""

    world: World
    asked_at: datetime

    @property
    def file_name(self) -> str:
        secret = digest("archive", self.world.owner.x_id).hex()
        return f"twitter-{self.asked_at:%Y-%m-%d}-{secret}.zip"

    def members(self) -> dict[str, bytes]:
        """Every member by path; the manifest counts what the others hold."""
        members: dict[str, bytes] = {}
        types: dict[str, Any] = {}
        for name, parts in self._parts().items():
            files = []
            for index, entries in enumerate(parts):
                path = f"data/{name}{f'-part{index}' if index else ''}.js"
                variable = f"YTD.{name.replace('-', '_')}.part{index}"
                members[path] = _javascript(f"window.{variable}", entries)
                files.append({"fileName": path, "globalName": variable, "count": str(len(entries))})
            types[_camel_case(name)] = {"files": files}
        members["data/manifest.js"] = _javascript("window.__THAR_CONFIG", self._manifest(types))
        members["data/README.txt"] = b"Synthetic archive of a person who does not exist.\n"
        return members

    def _parts(self) -> dict[str, list[list[dict[str, Any]]]]:
        tweets = posts(self.world)
        cut = len(tweets) * 2 // 3
        return {
            "account": [[{"account": self._account()}]],
            "profile": [[{"profile": self._profile()}]],
            "ip-audit": [[{"ipAudit": self._login(n)} for n in range(3)]],
            "tweets": [tweets[:cut], tweets[cut:]],
            "note-tweet": [notes(self.world)],
            "direct-messages": direct_messages(self.world),
            "direct-messages-group": [group_messages(self.world)],
            "follower": [[{"follower": who} for who in self._follows("follows_owner")]],
            "following": [[{"following": who} for who in self._follows("followed_by_owner")]],
            "like": [[{"like": _like(row)} for row in self.world.owner_texts["likes"]]],
            "community-tweet": [[]],
            "deleted-tweets": [[]],
        }

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
                "generationDate": iso_time(self.asked_at),
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
        bio = self.world.owner_texts["x_profile"][0]
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
            "createdAt": iso_time(self.asked_at - timedelta(days=9 * n + 1)),
            "loginIp": f"192.0.2.{10 + n}",  # a block kept for documentation (RFC 5737)
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


def _like(row: Mapping[str, Any]) -> dict[str, str]:
    post = snowflake(row["at"], "liked", row["text"])
    return {
        "tweetId": post,
        "fullText": escape(row["text"], quote=False),
        "expandedUrl": f"https://twitter.com/i/web/status/{post}",
    }


def _camel_case(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(word.title() for word in rest)


def _javascript(variable: str, value: object) -> bytes:
    body = json.dumps(value, ensure_ascii=False, indent=2, separators=(",", " : "))
    return f"{variable} = {body}".encode()
