"""A small world of people and threads, written as LinkedIn exported it in each era.

It shares nothing with the readers or with the bundled sample: what it writes is what
LinkedIn wrote, so that reading it back is a test of both eras and readers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

OWNER = 0
_BASE = ("CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO")
_REST = ("DATE", "SUBJECT", "CONTENT")
_ADDRESSES = ("RECIPIENT PROFILE URLS",)


@dataclass(frozen=True)
class Era:
    """What LinkedIn wrote in one stretch of years."""

    name: str
    columns: tuple[str, ...]
    quoted: bool = False
    breaks_lines: bool = False
    addresses: bool = False
    preamble: bool = True
    encoded: bool = False


ERAS = (
    Era("2017", (*_BASE, *_REST, "DIRECTION", "FOLDER"), preamble=False),
    Era("2020", (*_BASE, *_REST, "FOLDER"), preamble=False),
    Era("2022", (*_BASE, *_REST, "FOLDER")),
    Era("2023", (*_BASE, *_ADDRESSES, *_REST, "FOLDER"), addresses=True),
    Era("2024", (*_BASE, *_ADDRESSES, *_REST, "FOLDER", "IS MESSAGE DRAFT", "IS CONVERSATION DRAFT"),
        addresses=True),
    Era("2025", (*_BASE, *_ADDRESSES, *_REST, "FOLDER", "ATTACHMENTS", "IS MESSAGE DRAFT",
                 "IS CONVERSATION DRAFT"), addresses=True, encoded=True),
    Era("2026", (*_BASE, *_ADDRESSES, *_REST, "FOLDER", "ATTACHMENTS"), quoted=True,
        breaks_lines=True, addresses=True, encoded=True),
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """Person 0 is the owner; `connected_on` is null for who is no connection."""

    first: str
    last: str
    slug: str
    company: str = ""
    connected_on: date | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True)
class Said:
    """A message, or an invitation where `thread` is null."""

    sender: int
    recipients: tuple[int, ...]
    at: datetime
    text: str
    thread: str | None = None
    attachment: str = ""


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    said: tuple[Said, ...]

    def until(self, moment: datetime) -> World:
        """What there was by then: who connected later is there, but no connection yet."""
        return World(self.people, tuple(said for said in self.said if said.at < moment))


def address(somebody: Somebody, era: Era) -> str:
    slug = quote(somebody.slug, safe="-") if era.encoded else somebody.slug
    return f"https://www.linkedin.com/in/{slug}"


def export(world: World, era: Era, hidden: frozenset[int] = frozenset()) -> dict[str, bytes]:
    """File name → content. Whoever is `hidden` has become a LinkedIn Member."""
    files = {
        "messages.csv": messages_csv(world, era, hidden),
        "Connections.csv": connections_csv(world, era, hidden),
        "Invitations.csv": invitations_csv(world, era, hidden),
        "Profile.csv": profile_csv(world),
    }
    return {name: text.encode() for name, text in files.items()}


def _named(world: World, who: int, era: Era, hidden: frozenset[int]) -> tuple[str, str]:
    if who in hidden:
        return "LinkedIn Member", ""
    return world.people[who].name, address(world.people[who], era)


def messages_csv(world: World, era: Era, hidden: frozenset[int] = frozenset()) -> str:
    rows = []
    for said in reversed([said for said in world.said if said.thread is not None]):
        sender, url = _named(world, said.sender, era, hidden)
        others = [_named(world, who, era, hidden) for who in said.recipients]
        cells = {
            "CONVERSATION ID": said.thread,
            "FROM": sender,
            "SENDER PROFILE URL": url,
            "TO": ", ".join(name for name, _ in others),
            "RECIPIENT PROFILE URLS": ",".join(other for _, other in others if other),
            "DATE": f"{said.at:%Y-%m-%d %H:%M:%S} UTC",
            "CONTENT": content(said, era),
            "DIRECTION": "OUTGOING" if said.sender == OWNER else "INCOMING",
            "FOLDER": "INBOX",
            "ATTACHMENTS": said.attachment,
            "IS MESSAGE DRAFT": "No",
            "IS CONVERSATION DRAFT": "No",
        }
        rows.append([cells.get(column, "") for column in era.columns])
    return _csv([era.columns, *rows], quoted=era.quoted)


def content(said: Said, era: Era) -> str:
    return said.text if era.breaks_lines else re.sub(r"[\r\n]+", " ", said.text)


def connections_csv(world: World, era: Era, hidden: frozenset[int] = frozenset()) -> str:
    header = ["First Name", "Last Name", *(["URL"] if era.addresses else []), "Email Address",
              "Company", "Position", "Connected On"]  # fmt: skip
    rows = []
    for who, somebody in enumerate(world.people):
        if somebody.connected_on is None:
            continue
        shown = who not in hidden
        cells = [somebody.first, somebody.last, address(somebody, era), "", somebody.company, ""]
        kept = [cell for n, cell in enumerate(cells) if era.addresses or n != 2]
        on = f"{somebody.connected_on:%d %b %Y}"
        rows.append([*(kept if shown else [""] * len(kept)), on])
    preamble = 'Notes:\n"When exporting your data, some addresses are missing."\n\n'
    return (preamble if era.preamble else "") + _csv([header, *rows])


def invitations_csv(world: World, era: Era, hidden: frozenset[int] = frozenset()) -> str:
    header = ["From", "To", "Sent At", "Message", "Direction",
              *(["inviterProfileUrl", "inviteeProfileUrl"] if era.addresses else [])]  # fmt: skip
    rows = []
    for said in world.said:
        if said.thread is not None:
            continue
        (name, url), (to, to_url) = (
            _named(world, who, era, hidden) for who in (said.sender, said.recipients[0])
        )
        at = said.at
        sent = f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M %p}"
        way = "OUTGOING" if said.sender == OWNER else "INCOMING"
        addresses = [url, to_url] if era.addresses else []
        rows.append([name, to, sent, content(said, era), way, *addresses])
    return _csv([header, *rows])


def profile_csv(world: World) -> str:
    owner = world.people[OWNER]
    header = ["First Name", "Last Name", "Maiden Name", "Address", "Birth Date", "Headline", "Summary", "Industry", "Zip Code", "Geo Location", "Twitter Handles", "Websites", "Instant Messengers"]  # fmt: skip
    return _csv([header, [owner.first, owner.last, *[""] * 11]])


def _csv(rows: Iterable[Sequence[object]], *, quoted: bool = False) -> str:
    out = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator="\n", quoting=style).writerows(rows)
    return out.getvalue()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
