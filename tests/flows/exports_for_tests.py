"""Small exports of our own making for the tests of flows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

ME = "https://www.linkedin.com/in/me-myself"
PITCH = (
    "We help companies grow. Book a free call this week, 50 % off: "
    "https://calendly.com/example/15min"
)
HEADER = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,"
    "SUBJECT,CONTENT,FOLDER,ATTACHMENTS"
)
PROFILE = (
    "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,"
    "Geo Location,Twitter Handles,Websites,Instant Messengers\n"
    "Mee,Myself,,,,Tester,,,,,,,\n"
)


def message(thread: int, text: str, *, second: int = 0, sender: str = "them") -> str:
    """One line of messages.csv: `them` or `me`, in one of many threads."""
    other = (f"Person {thread}", f"https://www.linkedin.com/in/person-{thread}")
    own = ("Mee Myself", ME)
    (name, url), (to, to_url) = (other, own) if sender == "them" else (own, other)
    quoted = text.replace('"', '""')
    return (
        f'"thread-{thread}","","{name}","{url}","{to}","{to_url}",'
        f'"2026-03-0{1 + thread % 9} 10:00:{second:02d} UTC","","{quoted}","INBOX",""'
    )


def messages_csv(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def some_messages(threads: int = 4, first: int = 0) -> str:
    lines = []
    for thread in range(first, first + threads):
        lines.append(message(thread, f"Hello, thank you for connecting, number {thread}."))
        lines.append(message(thread, "Nice to meet you too.", second=20, sender="me"))
        lines.append(message(thread, PITCH, second=40))
    return messages_csv(*lines)


def linkedin_zip(path: Path, members: Mapping[str, str] | None = None) -> Path:
    """A LinkedIn export with a profile and a few messages, or with these members."""
    content = {"Profile.csv": PROFILE, "messages.csv": some_messages()} | dict(members or {})
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), text)
    return path
