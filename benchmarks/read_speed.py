"""How fast the readers read, from zips made in memory: `python benchmarks/read_speed.py`.

Targets on two cores: 200,000 LinkedIn messages/s (about 190 characters each, from a zip, rows
accounted for), 60 MB/s of tweets.js. Prints rows/s, MB/s and the peak of resident memory.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import orjson

from flows.exports import find_exports, open_export, recognise
from flows.members import read_members
from transforms.sources import all_sources

WORDS = [
    "we",
    "help",
    "teams",
    "ship",
    "data",
    "faster",
    "let",
    "me",
    "know",
    "if",
    "you",
    "want",
    "a",
    "quick",
    "call",
    "about",
    "your",
    "plans",
]


def messages_csv(rows: int, *, quoted: bool) -> bytes:
    """The shape of 2026 (quoted, line breaks inside) or of 2023."""
    dice = random.Random(1)
    out = io.StringIO()
    writer = csv.writer(
        out, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    writer.writerow(
        [
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
    )
    texts = [
        " ".join(dice.choices(WORDS, k=22))
        + ("\n" if quoted else ", ")
        + " ".join(dice.choices(WORDS, k=17))
        for _ in range(5_000)
    ]
    for row in range(rows):
        person = row * 7919 % 20_011
        stamp = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(1_600_000_000 + row * 60))
        writer.writerow(
            (f"2-conv{person}==", "", f"Person {person}", f"https://www.linkedin.com/in/person-{person}",
             "Owner Name", "https://www.linkedin.com/in/owner-name", stamp, "", dice.choice(texts),
             "INBOX", "")
        )  # fmt: skip
    return out.getvalue().encode()


def tweets_js(rows: int) -> bytes:
    dice = random.Random(2)
    tweets = []
    for row in range(rows):
        number = str(1_500_000_000_000_000_000 + row * 4_000_000_000)
        mentions = [
            {
                "name": f"Somebody {k}",
                "screen_name": f"some{k}",
                "indices": ["0", "9"],
                "id_str": str(k),
                "id": str(k),
            }
            for k in (dice.randrange(1, 5_000) for _ in range(dice.randrange(3)))
        ]
        tweets.append(
            {"tweet": {
                "edit_info": {"initial": {"editTweetIds": [number], "editableUntil": "2023-02-18T20:15:15.000Z",
                                          "editsRemaining": "5", "isEditEligible": False}},
                "retweeted": False, "source": '<a href="https://mobile.twitter.com" rel="nofollow">Web</a>',
                "entities": {"hashtags": [], "symbols": [], "user_mentions": mentions, "urls": []},
                "display_text_range": ["0", "200"], "favorite_count": "1", "id_str": number,
                "truncated": False, "retweet_count": "0", "id": number,
                "created_at": "Sat Feb 18 19:45:15 +0000 2023", "favorited": False,
                "full_text": " ".join(dice.choices(WORDS, k=35)), "lang": "en"}}
        )  # fmt: skip
    return b"window.YTD.tweets.part0 = " + orjson.dumps(tweets, option=orjson.OPT_INDENT_2)


def feed_jsonl(rows: int) -> bytes:
    """Posts as twarc2 flattens them, of some hundred people."""
    dice = random.Random(3)
    lines = []
    for row in range(rows):
        number, author = str(1_500_000_000_000_000_000 + row * 4_000_000_000), row % 300 + 1
        person = {"id": str(author), "username": f"some{author}", "name": f"Somebody {author}",
                  "description": " ".join(dice.choices(WORDS, k=15)), "verified": False}  # fmt: skip
        lines.append(
            {"id": number, "author_id": str(author), "conversation_id": number, "author": person,
             "created_at": "2021-11-05T06:25:24.000Z", "lang": "en", "source": "Web",
             "text": " ".join(dice.choices(WORDS, k=35)), "possibly_sensitive": False,
             "public_metrics": {"like_count": 1, "reply_count": 0, "retweet_count": 2},
             "entities": {"mentions": [{"start": 0, "end": 9, "username": "a", "id": "7"}]}}
        )  # fmt: skip
    return b"\n".join(orjson.dumps(line) for line in lines)


def table_csv(rows: int) -> bytes:
    """Posts as a tool might export them: addresses, days, long texts."""
    dice = random.Random(4)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Author Name", "Author URL", "Post Text", "Post Date", "Post URL", "Likes"])
    for row in range(rows):
        person, number = row * 7919 % 20_011, 7_000_000_000_000_000_000 + row
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_700_000_000 + row * 60))
        writer.writerow(
            (f"Person {person}", f"https://www.linkedin.com/in/person-{person}",
             " ".join(dice.choices(WORDS, k=35)), stamp,
             f"https://www.linkedin.com/feed/update/urn:li:activity:{number}/", "3")
        )  # fmt: skip
    return out.getvalue().encode()


def measure(label: str, name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr(name, content)
        start, cpu = time.perf_counter(), time.process_time()
        (found,), _ = find_exports([path])
        rows = 0
        with open_export(found) as opened:
            for reading in read_members(opened, recognise(opened)):
                for batch in reading.batches:
                    kept = sum(
                        frame.height
                        for table, frame in batch.records.items()
                        if table != "person_records"
                    )
                    assert batch.rows_read == kept + len(batch.rejects) + sum(
                        batch.ignored.values()
                    )
                    rows += batch.rows_read
        took, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{label}: {rows:,} rows, {len(content) / 1e6:.0f} MB in {took:.2f} s = "
        f"{rows / took:,.0f} rows/s, {len(content) / 1e6 / took:.0f} MB/s ({cpu:.2f} s of processor time); peak {peak:,.0f} MiB"
    )


def main(rows: int) -> None:
    all_sources()  # importing the readers is not reading
    measure("messages.csv, all quoted (2026)", "messages.csv", messages_csv(rows, quoted=True))
    measure("messages.csv, quoted where needed", "messages.csv", messages_csv(rows, quoted=False))
    measure("tweets.js", "data/tweets.js", tweets_js(rows // 5))
    measure("feed of the X API, flattened", "feed.jsonl", feed_jsonl(rows // 5))
    measure("mapped table, CSV", "feed.csv", table_csv(rows // 5))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
