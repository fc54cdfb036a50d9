"""Exports in which every text of a stranger is hostile, and what each is once it is decoded."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.dashboards.hostile import HOSTILE
from tests.flows.exports_for_tests import HEADER, ME, PROFILE

ONE_OF_EACH_PLANE = "".join(chr(plane << 16 | 0x41) for plane in range(17))
NONCHARACTERS = "\ufdd0\ufffe\uffff\U0001ffff\U0010ffff"
CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(127, 160)]))
BIDIRECTIONAL = "\u202a\u202b\u202d\u202ea\u202c\u2066\u2067\u2068b\u2069\u200e\u200f\u061c"
MORE = (
    f"planes {ONE_OF_EACH_PLANE}",
    f"no characters {NONCHARACTERS}",
    f"controls {CONTROLS}",
    f"directions {BIDIRECTIONAL}",
    "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\ \x1b[2J\x9b31m",
    "\x1b]0;owned\x07\x1bP+q\x1b\\",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ config.items() }} {{ ''.__class__ }} {# gone #}",
    "<style>*{background:url('http://evil.example/css')}</style>",
    "<svg/onload=window.owned=20>",
    "<iframe srcdoc='<script>parent.owned=21</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.owned=22>",
    "');window.owned=23;('",
    "`${window.owned=24}`",
    "\\u003cscript\\u003ewindow.owned=25\\u003c/script\\u003e",
    "Robert'); ATTACH 'x.duckdb'; COPY people TO '/tmp/owned'; --",
    "$$; DROP TABLE messages; $$",
    "x'; SELECT * FROM read_csv('/etc/passwd'); --",
    '"; rm -rf / #',
    "NULL",
    "N/A",
    "\\N",
    "%s %(x)s {0} {x!r}",
    "zalgo" + "\u0301" * 500,
    "w" * 1_000_000,
    "字" * 300_000,
)
WORDS: tuple[str, ...] = tuple(word for word in (*HOSTILE, *MORE) if word.strip())
START = 1_577_836_800_000  # 2020-01-01, in milliseconds
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Sent:
    """One message as it has to be in the database: sender's name (LinkedIn only) and text."""

    name: str | None
    text: str


def linkedin(path: Path) -> list[Sent]:
    """A LinkedIn export: each word once as a text, a subject, a title, a name and a company."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER.split(","))
    sent = []
    for number, word in enumerate(WORDS):
        name = WORDS[(number + 7) % len(WORDS)][:200]
        slug = f"https://www.linkedin.com/in/stranger-{number}"
        day = f"2026-03-{1 + number % 28:02d} 10:00:00 UTC"
        rows.writerow(
            [
                f"t{number}",
                word[:300],
                name,
                slug,
                "Mee Myself",
                ME,
                day,
                word[:300],
                word,
                "INBOX",
                "",
            ]
        )
        sent.append(Sent(name, word))
    connections = io.StringIO()
    table = csv.writer(connections, lineterminator="\n")
    table.writerow(
        ["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"]
    )
    for number, word in enumerate(WORDS):
        slug = f"https://www.linkedin.com/in/stranger-{number}"
        table.writerow([word[:100], "", slug, "", word[:200], word[:200], "01 Mar 2026"])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Profile.csv", PROFILE)
        archive.writestr("messages.csv", out.getvalue())
        archive.writestr("Connections.csv", connections.getvalue())
    return sent  # fmt: skip


def x_archive(path: Path) -> list[Sent]:
    """An X archive: each word as a message of a stranger and as a post, halves of emoji among them."""
    halves = ("half \ud83d of it", "\udc00", "both wrong \udc00\ud83d")
    texts = [*WORDS, *halves]
    account = {"account": {"accountId": "1", "username": "me", "accountDisplayName": "Me"}}
    messages, posts = [], []
    for number, word in enumerate(texts):
        when = START + number * 60_000
        identity = str((when - 1_288_834_974_657) << 22)
        escaped = word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        messages.append(
            {"messageCreate": {"id": identity, "senderId": str(100 + number), "recipientId": "1",
             "createdAt": f"2020-01-01T00:{number % 60:02d}:00.000Z", "text": escaped}}
        )  # fmt: skip
        posts.append(
            {"tweet": {"id_str": identity, "full_text": escaped, "created_at":
             f"Wed Jan 01 {number // 60:02d}:{number % 60:02d}:00 +0000 2020",
             "entities": {"urls": [], "user_mentions": [{"screen_name": "x", "name": word[:100], "id_str": "7"}]}}}
        )  # fmt: skip
    talks = [
        {"dmConversation": {"conversationId": f"1-{100 + number}", "messages": [message]}}
        for number, message in enumerate(messages)
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for name, items in (("account", [account]), ("direct-messages", talks), ("tweets", posts)):
            script = f"window.YTD.{name.replace('-', '_')}.part0 = {json.dumps(items, indent=1)}"
            archive.writestr(f"data/{name}.js", script)
    return [Sent(None, _LONE.sub("\ufffd", text)) for text in texts]
