"""messages.csv in the dialects of 2026 and of 2025."""

from __future__ import annotations

import base64
import re
from datetime import datetime

from transforms.sample.linkedin_edition import View, write_rows
from transforms.sample.model import OWNER, Message, Thread, digest, number

COLUMNS = (
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
)


def messages_csv(view: View) -> str:
    """Threads and their messages, newest first. Only the older dialect shows drafts."""
    modern = view.edition.modern
    shown: list[tuple[datetime, list[list[str]]]] = []
    for thread in view.world.threads:
        if thread.platform != "linkedin" or (thread.deleted and modern):
            continue
        kept = [
            message
            for message in reversed(thread.messages)
            if message.sent_at < view.edition.asked_at and not (message.draft and modern)
        ]
        if kept:
            shown.append((kept[0].sent_at, [_row(view, thread, message) for message in kept]))
    shown.sort(key=lambda pair: (pair[0], pair[1][0]), reverse=True)
    header = [*COLUMNS, *([] if modern else ["IS MESSAGE DRAFT"])]
    return write_rows([header, *(row for _, rows in shown for row in rows)], quoted=modern)


def conversation_id(key: str) -> str:
    """A thread id that looks like LinkedIn's: `2-` and a base64 of a uuid and a number."""
    raw = digest("conversation", key).hex()
    uuid = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:32]))
    return "2-" + base64.b64encode(f"{uuid}_{int(raw[32:36], 16) % 900:03}".encode()).decode()


def _row(view: View, thread: Thread, message: Message) -> list[str]:
    modern = view.edition.modern
    recipients = [key for key in (OWNER, *thread.members) if key != message.sender]
    names, urls = zip(*map(view.identity, recipients), strict=True)
    sender, sender_url = view.identity(message.sender)
    row = [
        conversation_id(thread.key),
        thread.title,
        sender,
        sender_url,
        ", ".join(names),
        ",".join(url for url in urls if url),
        f"{message.sent_at:%Y-%m-%d %H:%M:%S} UTC",
        message.subject,
        _content(message.text, modern=modern),
        _folder(thread) if modern else "INBOX",
        message.attachment,
    ]
    return row if modern else [*row, "Yes" if message.draft else "No"]


def _content(text: str, *, modern: bool) -> str:
    """Line breaks were flattened to blanks before 2026; since then some are LF and some CRLF."""
    if not modern:
        return re.sub(r"\s*\n\s*", " ", text)
    return text.replace("\n", "\r\n") if number("crlf", text, below=4) == 0 else text


def _folder(thread: Thread) -> str:
    """Where the owner keeps it now; LinkedIn leaves the column empty at times."""
    return {0: "ARCHIVE", 1: "", 2: "SPAM"}.get(number("folder", thread.key, below=24), "INBOX")
