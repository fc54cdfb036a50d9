"""How fast threads and senders are scored: `python -m benchmarks.score_speed [messages]`.

Synthetic messages of `text_speed`, in threads of two; prints each stage in seconds and the peak
memory. Lines to hold on two cores: 100,000 messages in 2 s, 1,000,000 in 15 s, for conversations
and senders together; a million distinct texts clustered in 40 s.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

from benchmarks.text_speed import _frames, _texts
from transforms import measure, measure_conversations, score, tables, templates

Result = TypeVar("Result")


def _people(messages: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    ids = pl.concat([messages["sender_id"], recipients["person_id"]]).unique().sort()
    return tables.PEOPLE.conform(
        pl.DataFrame(
            {
                "person_id": ids,
                "identity_id": ids,
                "platform": ["linkedin"] * ids.len(),
                "display_name": "Person " + ids,
                "is_owner": ids == "owner",
            }
        )
    )


def _conversations(messages: pl.DataFrame) -> pl.DataFrame:
    return tables.CONVERSATIONS.conform(
        messages.group_by("conversation_id").agg(
            pl.col("platform", "kind").first(),
            pl.lit(2).alias("participants"),
            pl.len().alias("messages"),
            pl.col("sent_at").min().alias("started_at"),
            pl.col("sent_at").max().alias("last_message_at"),
        )
    )


def main() -> None:
    messages, recipients = _frames(_texts(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
    people, ties = _people(messages, recipients), tables.CONNECTIONS.empty()
    stages: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        start = time.perf_counter()
        result = work()
        stages[stage] = time.perf_counter() - start
        return result

    tone = pl.DataFrame(
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
    )
    prepared = measure.prepare_messages(messages, recipients, people, ties)
    assigned = timed("templates", lambda: templates.assign(prepared, people, recipients))
    prepared = templates.join_assigned(prepared, assigned, recipients)
    metrics = measure.message_metrics(prepared, tone)
    content = {
        "people": people,
        "connections": ties,
        "messages": messages,
        "conversations": _conversations(messages),
        "message_metrics": metrics,
        "posts": tables.POSTS.empty(),
        "post_metrics": tables.POST_METRICS.empty(),
    }
    content["conversation_metrics"] = timed(
        "conversations",
        lambda: measure_conversations.conversation_metrics(
            prepared, metrics, content["conversations"]
        ),
    )
    verdicts = pl.DataFrame(schema={"identity_id": pl.String, "verdict": pl.String})
    timed("senders", lambda: score.score_senders(content, prepared, verdicts))
    print(f"{messages.height:,} messages, {people.height:,} people")
    for stage, seconds in stages.items():
        print(f"{stage:16s}{seconds:8.2f} s{messages.height / seconds:14,.0f} messages/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
