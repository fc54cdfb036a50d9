"""The same messages in each peer's own format, from the sample generator.

`write_formats(folder, messages)` writes linkedin.zip, messages.csv, whatsapp.txt, twitter.zip,
twitter-2021.zip, texts.jsonl and the folder corpus; each holds exactly the messages of the
generator's filler, and nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from transforms.sample import SEED
from transforms.sample.filler import Filler
from transforms.sample.world import build_world
from transforms.sample.x_ids import snowflake

HEADER = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,"
    "SUBJECT,CONTENT,FOLDER,ATTACHMENTS\n"
)


@dataclass(frozen=True, slots=True)
class Message:
    thread: str
    sender: str
    sender_url: str
    recipient: str
    sent_at: datetime
    text: str


def write_formats(folder: Path, messages: int) -> None:
    """Write every format into the folder."""
    owner = build_world(SEED).owner
    rows = b"".join(Filler(SEED, messages, owner, repeats=True).message_rows()).decode()
    table = HEADER + rows
    (folder / "messages.csv").write_text(table, encoding="utf-8")
    profile = (
        f"First Name,Last Name\n{owner.name.partition(' ')[0]},{owner.name.partition(' ')[2]}\n"
    )
    _zip(folder / "linkedin.zip", {"messages.csv": table, "Profile.csv": profile})
    said = sorted(_parsed(table), key=lambda message: message.sent_at)
    if len(said) != messages:
        raise RuntimeError(f"the generator gave {len(said)} messages, not {messages}")
    (folder / "whatsapp.txt").write_text("".join(_whatsapp(said)), encoding="utf-8")
    (folder / "texts.jsonl").write_text(
        "".join(json.dumps({"text": message.text}) + "\n" for message in said), encoding="utf-8"
    )
    tweets = [_tweet(number, message) for number, message in enumerate(said)]
    cut = len(tweets) * 2 // 3
    account = [{"account": {"username": "owner", "accountId": "7", "accountDisplayName": "Owner"}}]
    common = {
        "Your archive.html": "<html></html>",
        "data/account.js": _javascript("account.part0", account),
    }
    # X writes large archives in parts.
    _zip(folder / "twitter.zip", {
        **common,
        "data/tweets.js": _javascript("tweets.part0", tweets[:cut]),
        "data/tweets-part1.js": _javascript("tweets.part1", tweets[cut:]),
    })  # fmt: skip
    _zip(folder / "twitter-2021.zip", {
        **common, "data/tweet.js": _javascript("tweet.part0", tweets)
    })  # fmt: skip
    _write_corpus(folder / "corpus", said)


def _parsed(table: str) -> Iterator[Message]:
    for row in csv.DictReader(io.StringIO(table)):
        yield Message(
            row["CONVERSATION ID"],
            row["FROM"],
            row["SENDER PROFILE URL"],
            row["TO"],
            datetime.strptime(row["DATE"], "%Y-%m-%d %H:%M:%S %Z"),  # noqa: DTZ007  says UTC itself
            row["CONTENT"],
        )


def _whatsapp(said: Sequence[Message]) -> Iterator[str]:
    return (f"[{m.sent_at:%d/%m/%Y, %H:%M:%S}] {m.sender}: {m.text}\n" for m in said)


def _tweet(number: int, message: Message) -> dict[str, object]:
    key = str(int(snowflake(message.sent_at)) + number)
    return {
        "tweet": {
            "id": key, "id_str": key, "full_text": message.text, "lang": "en",
            "created_at": f"{message.sent_at:%a %b %d %H:%M:%S} +0000 {message.sent_at:%Y}",
            "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
            "display_text_range": ["0", str(len(message.text))], "truncated": False,
            "favorite_count": "1", "retweet_count": "0", "retweeted": False, "favorited": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Web</a>',
        }
    }  # fmt: skip


def _javascript(name: str, entries: Sequence[object]) -> str:
    return f"window.YTD.{name} = {json.dumps(entries, indent=1)}"


def _zip(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)


def _write_corpus(folder: Path, said: Sequence[Message]) -> None:
    """A ConvoKit corpus: utterances, speakers, conversations and their index."""
    folder.mkdir()
    first: dict[str, str] = {}
    lines = []
    for number, message in enumerate(said):
        root = first.setdefault(message.thread, str(number))
        lines.append(
            json.dumps({
                "id": str(number), "conversation_id": root, "text": message.text,
                "speaker": message.sender_url, "reply-to": None if root == str(number) else root,
                "timestamp": int(message.sent_at.timestamp()), "meta": {}, "vectors": [],
            })
        )  # fmt: skip
    (folder / "utterances.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    speakers = {message.sender_url: {"meta": {}, "vectors": []} for message in said}
    threads = {root: {"meta": {}, "vectors": []} for root in first.values()}
    index = {
        "utterances-index": {}, "speakers-index": {}, "conversations-index": {},
        "overall-index": {}, "vectors": [], "version": 1,
    }  # fmt: skip
    for name, content in (
        ("speakers", speakers), ("conversations", threads), ("corpus", {}), ("index", index)
    ):  # fmt: skip
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
