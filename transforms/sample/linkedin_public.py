"""The files with what the owner is and did in public: profile, shares, comments, reactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.sample.linkedin_edition import View, split_name, write_rows
from transforms.sample.model import number

_OWN_TABLES = (
    "Profile",
    "Positions",
    "Education",
    "Skills",
    "Email Addresses",
    "Company Follows",
    "Member_Follows",
    "Events",
)
_SHARES = ["Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility"]
_ENDORSEMENTS = [
    "Endorsement Date",
    "Skill Name",
    "Endorser First Name",
    "Endorser Last Name",
    "Endorser Public Url",
    "Endorsement Status",
]
_RECOMMENDATIONS = [
    "First Name",
    "Last Name",
    "Company",
    "Job Title",
    "Text",
    "Creation Date",
    "Status",
]


def public_files(view: View) -> Iterator[tuple[str, str]]:
    """Name and text of each file."""
    for name in _OWN_TABLES:
        rows = view.rows(name)
        yield f"{name}.csv", write_rows([list(rows[0]), *(list(row.values()) for row in rows)])
    yield "Shares.csv", _shares(view)
    yield "Comments.csv", _comments(view)
    yield "Reactions.csv", _reactions(view)
    yield "Endorsement_Received_Info.csv", _endorsements(view)
    yield "Recommendations_Received.csv", _recommendations(view)


def _shares(view: View) -> str:
    rows = [
        [
            f"{row['at']:%Y-%m-%d %H:%M:%S}",
            _link(row, "share"),
            row["text"].replace("\n", '"\n"'),  # as exported: every line is quoted by itself
            row.get("url", ""),
            "",
            "MEMBER_NETWORK",
        ]
        for row in reversed(view.rows("shares"))
    ]
    return write_rows([_SHARES, *rows])


def _comments(view: View) -> str:
    """A dialect of its own: always quoted, and quotes are escaped with a backslash."""
    lines = ["Date,Link,Message"]
    for row in reversed(view.rows("comments")):
        text = row["text"].replace('"', '\\"')
        lines.append(f'{row["at"]:%Y-%m-%d %H:%M:%S},{_link(row, "activity")},"{text}"')
    return "\n".join(lines) + "\n"


def _reactions(view: View) -> str:
    rows = [
        [f"{row['at']:%Y-%m-%d %H:%M:%S}", row["type"], _link(row, "activity")]
        for row in reversed(view.rows("reactions"))
    ]
    return write_rows([["Date", "Type", "Link"], *rows])


def _endorsements(view: View) -> str:
    rows = []
    for row in reversed(view.rows("endorsements")):
        name, url = view.identity(row["by"])
        at = f"{row['at']:%Y/%m/%d %H:%M:%S} UTC"
        address = url.removeprefix("https://")
        rows.append([at, row["skill"], *split_name(name), address, "ACCEPTED"])
    return write_rows([_ENDORSEMENTS, *rows])


def _recommendations(view: View) -> str:
    rows = []
    for row in reversed(view.rows("recommendations")):
        person = view.world.people[row["by"]]
        name = split_name(view.identity(person.key)[0])
        at = f"{row['at']:%m/%d/%y, %I:%M %p}"
        rows.append([*name, person.company, person.position, row["text"], at, "VISIBLE"])
    return write_rows([_RECOMMENDATIONS, *rows])


def _link(row: Mapping[str, Any], kind: str) -> str:
    """LinkedIn's ids carry their time: milliseconds, then 22 more bits."""
    low = number("urn", row.get("text"), row["at"], below=1 << 22)
    urn = (int(row["at"].timestamp() * 1000) << 22) | low
    return f"https://www.linkedin.com/feed/update/urn%3Ali%3A{kind}%3A{urn}"
