"""How X writes ids, times and links."""

from __future__ import annotations

import re
from datetime import datetime

from transforms.sample.model import digest, number

_EPOCH_MS = 1_288_834_974_657
_LINK = re.compile(r"https?://[^\s)]+")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def snowflake(at: datetime, *parts: object) -> str:
    """An id as X makes them: the time in milliseconds, then 22 more bits."""
    ms = int(at.timestamp() * 1000) + number("ms", *parts, below=1000)
    return str(((ms - _EPOCH_MS) << 22) | number("low", *parts, below=1 << 22))


def iso_time(at: datetime) -> str:
    """Times of messages, notes and the account."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def post_time(at: datetime) -> str:
    """Times of posts: `Wed Oct 19 20:07:25 +0000 2022`."""
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S} +0000 {at:%Y}"


def short_link(url: str) -> str:
    return f"https://t.co/{digest('t.co', url).hex()[:10]}"


def shorten(text: str) -> tuple[str, dict[str, str]]:
    """The text with t.co links, and what each of them stands for."""
    links = {short_link(url): url for url in _LINK.findall(text)}
    return _LINK.sub(lambda match: short_link(match[0]), text), links


def display(url: str) -> str:
    """A link as it is shown: without its scheme, cut off."""
    return url.partition("://")[2][:26]
