"""How fast messages are measured: `python benchmarks/text_speed.py [messages]`.

Synthetic messages of about 190 characters from a fixed seed, in threads of two; prints each
stage in seconds, megabytes of text per second without tone, and the peak memory.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

from transforms import measure, tables
from transforms.text import cleaning, features, hits, sentences

Result = TypeVar("Result")
_OPENINGS = ("Hi {name},\n\n", "Hello {name}! ", "Hey, ", "", "", "Dear {name},\n")
_SENTENCES = (
    "Thanks a lot for the notes from last week, they were really useful.",
    "Are you going to the meetup in {city} on Thursday?",
    "I came across your profile and would love to connect.",
    "We help {trade} companies grow their revenue by {n}% without hiring.",
    "Would you be open to a quick call next week? https://calendly.com/{name}/15min",
    "The train was late again, so I walked along the river with {name}.",
    "Could you send me the price list and the address, please?",
    "I looked at the draft again and changed the second paragraph about the budget.",
    "My number is +44 20 7946 0{n}{n}, call me if you need anything.",
    "See https://example.org/{n}?utm_source=x for the photos \N{PARTY POPPER}",
    "It costs about ${n} for two people, which is fine with us.",
    "That makes sense, I had the same problem with the old {trade} system.",
    "Wir haben gestern lange über das neue Haus in {city} gesprochen.",
    "Let me know when you get home, the kids were asking for you.",
)
_NAMES = ("Maria", "Tom", "Ana", "José", "Wei", "Fatima", "Olu", "Jürgen")
_CITIES = ("Berlin", "Porto", "Lyon", "Leeds", "Austin")
_TRADES = ("software", "garden", "dental", "music", "logistics")


def _texts(count: int) -> list[str]:
    draw = random.Random(7)

    def filled(text: str) -> str:
        return (
            text.replace("{name}", draw.choice(_NAMES))
            .replace("{city}", draw.choice(_CITIES))
            .replace("{trade}", draw.choice(_TRADES))
            .replace("{n}", str(draw.randint(10, 99)))
        )

    return [
        filled(draw.choice(_OPENINGS) + " ".join(draw.choices(_SENTENCES, k=draw.randint(1, 5))))
        for _ in range(count)
    ]


def _frames(texts: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    n = len(texts)
    index = pl.int_range(n, eager=True)
    thread, owner = index // 8, index % 2 == 0
    sender = pl.select(
        pl.when(owner).then(pl.lit("owner")).otherwise("p" + thread.cast(pl.String))
    ).to_series()
    recipient = pl.select(
        pl.when(owner).then("p" + thread.cast(pl.String)).otherwise(pl.lit("owner"))
    ).to_series()
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    messages = pl.DataFrame(
        {
            "message_id": index.cast(pl.String).str.zfill(8),
            "conversation_id": "c" + thread.cast(pl.String),
            "platform": ["linkedin"] * n,
            "kind": ["dm"] * n,
            "sender_id": sender,
            "sent_at": pl.select(start + pl.duration(hours=index)).to_series(),
            "subject": [None] * n,
            "text": texts,
            "is_from_owner": owner,
            "has_attachment": [None] * n,
            "export_id": ["e"] * n,
        },
        schema=tables.MESSAGES.schema,
    )
    recipients = pl.DataFrame({"message_id": messages["message_id"], "person_id": recipient})
    return messages, recipients


def main() -> None:
    texts = _texts(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    messages, recipients = _frames(texts)
    stages: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        start = time.perf_counter()
        result = work()
        stages[stage] = time.perf_counter() - start
        return result

    people, ties = tables.PEOPLE.empty(), tables.CONNECTIONS.empty()
    tone = pl.DataFrame(
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
    )
    prepared = timed(
        "prepare", lambda: measure.prepare_messages(messages, recipients, people, ties)
    )
    timed("metrics", lambda: measure.message_metrics(prepared, tone))
    total = stages["prepare"] + stages["metrics"]
    column = messages["text"].unique(maintain_order=True)
    clean = timed("  of which clean", lambda: cleaning.clean(column))
    timed("  of which tokenise", lambda: sentences.tokenised(clean))
    of_texts = timed("  of which text features", lambda: features.of_texts(prepared))
    timed("    of which rules", lambda: hits.hits(of_texts))
    print(f"{len(texts):,} messages, {megabytes:.1f} MB, {column.len():,} distinct")
    for stage, seconds in stages.items():
        print(f"{stage:28s}{seconds:8.2f} s{megabytes / seconds:10.1f} MB/s")
    print(f"{'all without tone':28s}{total:8.2f} s{megabytes / total:10.1f} MB/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
