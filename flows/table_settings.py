"""`[[table]]` of mememeter.toml: how the columns of other tools' tables are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from flows.setting import one_of, setting


def _globs(value: str) -> str | None:
    fits = value and not set(value) & set("[]/\\")
    return None if fits else "the name of a file, with * and ? at most"


def _zones(value: str) -> str | None:
    return None if not value or value in available_timezones() else "one such as Europe/Berlin"


def _column(doc: str, example: str) -> Any:  # noqa: ANN401
    return setting("", doc, example=example)


@dataclass(frozen=True, slots=True)
class Table:
    """How a table of another tool is read: one [[table]] for each, the first that fits counts.

    Column names that are common need not be said; `mememeter doctor FILE` prints what it took.
    """

    files: str = setting("*", "Which files: a name, with * and ?.", check=_globs)
    platform: str = setting(
        "",
        "linkedin or x, where no address in the table tells it.",
        check=one_of("", "linkedin", "x"),
        example="linkedin",
    )
    dates: str = setting(
        "",
        "Which way round 03/04/2024 is: day first or month first.",
        check=one_of("", "day first", "month first"),
        example="day first",
    )
    time_zone: str = setting(
        "",
        "Whose clock times without a zone are; UTC where it is not said.",
        check=_zones,
        example="Europe/Berlin",
    )
    author: str = _column("The column with the name of who wrote it.", "Author Name")
    author_url: str = _column("The address of their profile.", "Author Profile URL")
    author_handle: str = _column("Their handle on X.", "Username")
    author_id: str = _column("Their account number on X.", "User ID")
    headline: str = _column("The line under their name.", "Author Headline")
    text: str = _column("What they wrote.", "Post Text")
    posted_at: str = _column("When, for posts.", "Post Date")
    url: str = _column("The address of the post.", "Post URL")
    id: str = _column("The number or URN of the post.", "Post ID")
    kind: str = _column("What sort of post: post, reply, comment, repost or quote.", "Type")
    reply_to: str = _column("Number or address of the post it answers.", "In Reply To")
    repost_of: str = _column("What it reposts, or whether it is a repost.", "Is Repost")
    quote_of: str = _column("What it quotes, or whether it is a quote.", "Is Quote")
    sent_at: str = _column("When, for messages.", "Sent At")
    conversation: str = _column("The thread of a message.", "Thread")
    recipient: str = _column("The name of who received it.", "To")
    recipient_url: str = _column("The address of their profile.", "Recipient URL")
    recipient_id: str = _column("Their account number on X.", "Recipient ID")
    subject: str = _column("The subject line of a message.", "Subject")
