"""The world as LinkedIn exports: the 2026 dialect, and an earlier one that overlaps it."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from transforms.sample.model import OWNER, Message, Person, Thread, World, digest, number

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PREAMBLE = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are '
    "missing. You will only see email addresses for connections who have allowed their "
    'connections to see or download their email address using this setting."\n\n'
)
_MESSAGE_COLUMNS = [
    "CONVERSATION ID",
    "CONVERSATION TITLE",
    "FROM",
    "SENDER PROFILE URL",
    "TO",
    "RECIPIENT PROFILE URLS",
    "DATE",
    "SUBJECT",
    "CONTENT",
    "FOLDER",
    "ATTACHMENTS",
]
_OWNER_FILES = (
    "Profile",
    "Positions",
    "Education",
    "Skills",
    "Email Addresses",
    "Company Follows",
    "Member_Follows",
    "Events",
)
_HEADER_ONLY = (
    "guide_messages.csv",
    "learning_coach_messages.csv",
    "learning_role_play_messages.csv",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One export: what the world looked like when it was asked for."""

    asked_at: datetime
    modern: bool  # 2026: all quoted, line breaks kept; else 2025: flattened, with draft columns

    @property
    def file_name(self) -> str:
        return f"Complete_LinkedInDataExport_{self.asked_at:%m-%d-%Y}.zip"


def write_rows(rows: Iterable[Sequence[object]], *, quoted: bool = False) -> str:
    """The rows as CSV text with LF line ends."""
    out = io.StringIO()
    dialect = csv.writer(
        out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    dialect.writerows(rows)
    return out.getvalue()


def connection_row(person: Person, name: str, url: str) -> list[str]:
    day = person.connected_on
    shown = f"{day:%d} {_MONTHS[day.month - 1]} {day:%Y}" if day else ""
    return [*split_name(name), url, person.email, person.company, person.position, shown]


def split_name(name: str) -> tuple[str, str]:
    """First and last name as LinkedIn keeps them: the suffix belongs to the last name."""
    head, comma, suffix = name.partition(", ")
    first, _, last = head.rpartition(" ")
    return (first or last, (last if first else "") + comma + suffix)


def profile_url(slug: str | None) -> str:
    return f"https://www.linkedin.com/in/{quote(slug, safe='-')}" if slug else ""


@dataclass(frozen=True, slots=True)
class LinkedInExport:
    """Renders the members of one edition."""

    world: World
    edition: Edition

    def members(self) -> dict[str, bytes]:
        """Every member of the export but the filler, by name."""
        return {name: text.encode() for name, text in self._texts()}

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "messages.csv", self._messages()
        yield "Connections.csv", self._connections()
        yield "Invitations.csv", self._invitations()
        yield from self._profile_files()
        yield from self._public_files()
        header = write_rows([_MESSAGE_COLUMNS], quoted=self.edition.modern)
        yield from ((name, header) for name in _HEADER_ONLY)
        yield "LearningCoachMessages.csv", "No conversations found\n"

    # People as this edition names them

    def _identity(self, key: str) -> tuple[str, str]:
        """Name and profile URL of a person in this edition."""
        person = self.world.owner if key == OWNER else self.world.people[key]
        if person.anonymous or (person.account_closed and self.edition.modern):
            return "LinkedIn Member", ""
        if self.edition.modern:
            return person.name, profile_url(person.slug)
        slug = person.former_slug or person.slug
        return person.former_name or person.name, unquote(profile_url(slug))

    def _known(self) -> list[Person]:
        return [
            person
            for person in self.world.people.values()
            if person.slug
            and not person.anonymous
            and not (person.account_closed and self.edition.modern)
        ]

    # messages.csv

    def _messages(self) -> str:
        shown: list[tuple[datetime, list[list[str]]]] = []
        for thread in self.world.threads:
            if thread.platform != "linkedin" or (thread.deleted and self.edition.modern):
                continue
            kept = [
                message
                for message in thread.messages
                if message.sent_at < self.edition.asked_at
                and not (message.draft and self.edition.modern)
            ]
            if kept:
                rows = [self._message_row(thread, message) for message in reversed(kept)]
                shown.append((kept[-1].sent_at, rows))
        shown.sort(key=lambda pair: (pair[0], pair[1][0]), reverse=True)
        header = [*_MESSAGE_COLUMNS, *([] if self.edition.modern else ["IS MESSAGE DRAFT"])]
        rows = [header, *(row for _, thread_rows in shown for row in thread_rows)]
        return write_rows(rows, quoted=self.edition.modern)

    def _message_row(self, thread: Thread, message: Message) -> list[str]:
        recipients = [key for key in (OWNER, *thread.members) if key != message.sender]
        names, urls = zip(*map(self._identity, recipients), strict=True)
        sender, sender_url = self._identity(message.sender)
        content = message.text
        if not self.edition.modern:
            content = re.sub(r"\s*\n\s*", " ", content)
        elif number("crlf", content, below=4) == 0:
            content = content.replace("\n", "\r\n")
        row = [
            conversation_id(thread.key),
            thread.title,
            sender,
            sender_url,
            ", ".join(names),
            ",".join(url for url in urls if url),
            f"{message.sent_at:%Y-%m-%d %H:%M:%S} UTC",
            message.subject,
            content,
            _folder(thread) if self.edition.modern else "INBOX",
            message.attachment,
        ]
        return row if self.edition.modern else [*row, "Yes" if message.draft else "No"]

    # Connections.csv, Invitations.csv

    def _connections(self) -> str:
        last_day = self.edition.asked_at.date()
        rows = [
            (person.connected_on, connection_row(person, *self._identity(person.key)))
            for person in self._known()
            if person.connected_on and person.connected_on < last_day
        ]
        nobody = Person("", "")
        rows += [
            (day, connection_row(replace(nobody, connected_on=day), "", ""))
            for day in self.world.owner_texts["closed_profiles"]
            if day < last_day
        ]
        rows.sort(key=lambda row: (row[0], row[1]), reverse=True)
        header = [
            "First Name",
            "Last Name",
            "URL",
            "Email Address",
            "Company",
            "Position",
            "Connected On",
        ]
        return _PREAMBLE + write_rows([header, *(row for _, row in rows)]).rstrip("\n")

    def _invitations(self) -> str:
        rows: list[tuple[datetime, list[str]]] = []
        owner, owner_url = self._identity(OWNER)
        for person in self._known():
            at = person.invited_at
            if at is None or at >= self.edition.asked_at:
                continue
            name, url = self._identity(person.key)
            shown = f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M %p}"
            incoming = person.invited == "in"
            rows.append(
                (
                    at,
                    [name, owner, shown, person.note, "INCOMING", url, owner_url]
                    if incoming
                    else [owner, name, shown, person.note, "OUTGOING", owner_url, url],
                )
            )
        rows.sort(reverse=True)
        header = [
            "From",
            "To",
            "Sent At",
            "Message",
            "Direction",
            "inviterProfileUrl",
            "inviteeProfileUrl",
        ]
        return write_rows([header, *(row for _, row in rows)])

    # The owner's own files

    def _table(self, name: str) -> list[dict[str, Any]]:
        rows = self.world.owner_texts[name]
        return [row for row in rows if "at" not in row or row["at"] < self.edition.asked_at]

    def _profile_files(self) -> Iterator[tuple[str, str]]:
        for file in _OWNER_FILES:
            rows = self._table(file)
            columns = list(rows[0])
            yield (
                f"{file}.csv",
                write_rows([columns, *([row[c] for c in columns] for row in rows)]),
            )

    def _public_files(self) -> Iterator[tuple[str, str]]:
        shares = [
            [
                f"{row['at']:%Y-%m-%d %H:%M:%S}",
                f"https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A{_urn(row)}",
                row["text"].replace("\n", '"\n"'),  # as exported: each line is quoted by itself
                row.get("url", ""),
                "",
                "MEMBER_NETWORK",
            ]
            for row in reversed(self._table("shares"))
        ]
        header = ["Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility"]
        yield "Shares.csv", write_rows([header, *shares])
        yield "Comments.csv", self._comments()
        reactions = [
            [f"{row['at']:%Y-%m-%d %H:%M:%S}", row["type"], _activity(row)]
            for row in reversed(self._table("reactions"))
        ]
        yield "Reactions.csv", write_rows([["Date", "Type", "Link"], *reactions])
        yield "Endorsement_Received_Info.csv", self._endorsements()
        yield "Recommendations_Received.csv", self._recommendations()

    def _comments(self) -> str:
        """A dialect of its own: quotes are escaped with a backslash, always quoted."""
        rows = ["Date,Link,Message"]
        for row in reversed(self._table("comments")):
            text = row["text"].replace('"', '\\"')
            rows.append(f'{row["at"]:%Y-%m-%d %H:%M:%S},{_activity(row)},"{text}"')
        return "\n".join(rows) + "\n"

    def _endorsements(self) -> str:
        header = [
            "Endorsement Date",
            "Skill Name",
            "Endorser First Name",
            "Endorser Last Name",
            "Endorser Public Url",
            "Endorsement Status",
        ]
        rows = []
        for row in reversed(self._table("endorsements")):
            name, url = self._identity(row["by"])
            rows.append(
                [
                    f"{row['at']:%Y/%m/%d %H:%M:%S} UTC",
                    row["skill"],
                    *split_name(name),
                    url.removeprefix("https://"),
                    "ACCEPTED",
                ]
            )
        return write_rows([header, *rows])

    def _recommendations(self) -> str:
        header = [
            "First Name",
            "Last Name",
            "Company",
            "Job Title",
            "Text",
            "Creation Date",
            "Status",
        ]
        rows = []
        for row in reversed(self._table("recommendations")):
            person = self.world.people[row["by"]]
            rows.append(
                [
                    *split_name(self._identity(person.key)[0]),
                    person.company,
                    person.position,
                    row["text"],
                    f"{row['at']:%m/%d/%y, %I:%M %p}",
                    "VISIBLE",
                ]
            )
        return write_rows([header, *rows])


def _folder(thread: Thread) -> str:
    """Where the owner keeps it now; LinkedIn leaves the column empty at times."""
    return {0: "ARCHIVE", 1: "", 2: "SPAM"}.get(number("folder", thread.key, below=24), "INBOX")


def conversation_id(key: str) -> str:
    """A thread id that looks like LinkedIn's: `2-` and a base64 of a uuid and a number."""
    raw = digest("conversation", key).hex()
    uuid = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:32]))
    return "2-" + base64.b64encode(f"{uuid}_{int(raw[32:36], 16) % 900:03}".encode()).decode()


def _urn(row: Mapping[str, Any]) -> int:
    """LinkedIn's ids carry their time too: milliseconds, then 22 more bits."""
    low = number("urn", row.get("text"), row["at"], below=1 << 22)
    return (int(row["at"].timestamp() * 1000) << 22) | low


def _activity(row: Mapping[str, Any]) -> str:
    return f"https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A{_urn(row)}"
