"""Screenplay notation for threads, so that they can be written by hand as people write.

    < 2025-06-03 14:12          a line from the other person, at a UTC time
    Hi Mirela, …                its text, over as many lines as it needs
    > +1d 09:05                 the owner, one day later at 09:05
    < +40m                      forty minutes later (s, m, h, d, w)
    @key +2h                    in a group: who speaks, by person key

After the time may follow: `draft`, `attach=photo.pdf`, `like=key`, `subject=Words_like_this`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from transforms.sample.model import OWNER, Message, number

_HEADER = re.compile(
    r"(?P<who>[<>]|@[\w-]+) "
    r"(?:(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d)|\+(?P<count>\d+)(?P<unit>[smhdw])(?: (?P<clock>\d\d:\d\d))?)"
    r"(?P<marks>(?: (?:draft|attach=\S+|like=\S+|subject=\S+))*)"
)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_script(script: str, other: str) -> tuple[Message, ...]:
    """The messages of a screenplay; `<` is `other`, `>` the owner.

    Seconds are filled in from a hash of the text, so that times look human and stay fixed;
    steps under an hour get at most 29 s on top, so a one-minute burst stays under two.
    """
    messages: list[Message] = []
    for header, text in _blocks(script):
        previous = messages[-1].sent_at if messages else None
        marks = dict(mark.partition("=")[::2] for mark in header["marks"].split())
        messages.append(
            Message(
                sender={"<": other, ">": OWNER}.get(header["who"], header["who"][1:]),
                sent_at=_time(header, previous, text),
                text=text,
                subject=marks.get("subject", "").replace("_", " "),
                attachment=marks.get("attach", ""),
                draft="draft" in marks,
                liked_by=marks.get("like", ""),
            )
        )
    return tuple(messages)


def _blocks(script: str) -> Iterator[tuple[re.Match[str], str]]:
    header: re.Match[str] | None = None
    lines: list[str] = []
    for line in script.splitlines():
        found = _HEADER.fullmatch(line)
        if found:
            if header:
                yield header, "\n".join(lines).strip()
            header, lines = found, []
        elif header:
            lines.append(line)
        elif line.strip():
            raise ValueError(f"a script begins with a header line, not with {line!r}")
    if header:
        yield header, "\n".join(lines).strip()


def _time(header: re.Match[str], previous: datetime | None, text: str) -> datetime:
    if header["at"]:
        at = datetime.strptime(header["at"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        return at + timedelta(seconds=number("seconds", text, below=60))
    if previous is None:
        raise ValueError(f"the first message of a script needs a date: {header[0]!r}")
    at = previous + timedelta(**{_UNITS[header["unit"]]: int(header["count"])})
    if header["clock"]:
        hour, minute = map(int, header["clock"].split(":"))
        at = at.replace(hour=hour, minute=minute, second=number("seconds", text, below=60))
        if at <= previous:
            raise ValueError(f"{header[0]!r} goes back in time")
        return at
    return at + timedelta(seconds=0 if header["unit"] == "s" else number("jitter", text, below=30))
