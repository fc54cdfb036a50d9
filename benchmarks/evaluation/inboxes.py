"""Labelled threads through the real pipeline: one inbox per owner, built as an export is.

`judged` has one row per message of the other person:
    thread_id, position (in the thread, from 0), owner, sender, language, hard
    labels, intent          as written
    identity_id, advice     of the sender, in that owner's inbox
    flags                   behaviours flagged, sorted
    and every column of message_metrics
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import polars as pl

from benchmarks.evaluation.gold import Thread
from tests.transforms.worlds import ledger, records
from transforms.build import Built, build
from transforms.content import Ledger, Word
from transforms.identify import identify_messages

ACCUSING = ("unfollow", "unsubscribe", "mute")
_NO_TONE = {"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}


def judged(threads: Iterable[Thread]) -> pl.DataFrame:
    """The frame described above."""
    return pl.concat([_inbox(of_owner) for of_owner in by_owner(threads)])


def by_owner(threads: Iterable[Thread]) -> list[list[Thread]]:
    """The threads of each owner."""
    ordered = sorted(threads, key=lambda thread: thread.owner)
    return [list(group) for _, group in groupby(ordered, key=lambda thread: thread.owner)]


def _key(platform: str, name: str) -> str:
    digest = int(hashlib.sha256(name.encode()).hexdigest(), 16)
    slug = "-".join(name.lower().split())
    return f"x:{digest % 10**15}" if platform == "x" else f"linkedin:in/{slug}"


@dataclass(frozen=True)
class Inbox:
    """What is put into the pipeline for one owner, and which record is which labelled message."""

    records: dict[str, pl.DataFrame]
    ledger: Ledger
    word: Word
    facts: pl.DataFrame


def inbox_of(threads: Sequence[Thread]) -> Inbox:
    """The records of one owner's threads, as their exports of both platforms would give them."""
    owners = {
        platform: _key(platform, threads[0].owner) for platform in {t.platform for t in threads}
    }
    exports: dict[str, dict[str, list[dict[str, Any]]]] = {}
    facts: list[dict[str, Any]] = []
    for thread in threads:
        rows = exports.setdefault(
            thread.platform, {"message_records": [], "person_records": [], "connection_records": []}
        )
        _add(rows, thread, owners[thread.platform])
        facts += [
            {
                "export_id": thread.platform,
                "thread_id": thread.id,
                "position": position,
                "by_them": said.by_them,
                "owner": thread.owner,
                "sender": thread.sender,
                "language_of_thread": thread.language,
                "hard": thread.hard,
                "labels": sorted(said.labels),
                "intent": said.intent,
            }
            for position, said in enumerate(thread.messages)
        ]
    frames = records(**exports)
    book = ledger(frames)
    is_x = pl.col("export_id") == "x"
    book = replace(
        book,
        exports=book.exports.with_columns(
            platform=pl.col("export_id"),
            source=pl.when(is_x).then(pl.lit("x_archive")).otherwise("source"),
        ),
    )
    word = Word(owners={platform: [key] for platform, key in owners.items()})
    numbered = pl.DataFrame(facts, infer_schema_length=None).with_columns(
        row_number=pl.int_range(1, pl.len() + 1).over("export_id")
    )
    named = (
        identify_messages(frames["message_records"])
        .select("export_id", "row_number", "message_id")
        .join(numbered, ["export_id", "row_number"])
        .filter("by_them")
        .drop("export_id", "row_number", "by_them")
    )
    return Inbox(frames, book, word, named)


def _inbox(threads: Sequence[Thread]) -> pl.DataFrame:
    inbox = inbox_of(threads)
    built = build(
        inbox.records,
        inbox.ledger,
        tone=lambda _: lambda: pl.DataFrame(schema=_NO_TONE),
        word=inbox.word,
    )
    return _joined(inbox.facts, built)


def _add(rows: dict[str, list[dict[str, Any]]], thread: Thread, owner: str) -> None:
    them = _key(thread.platform, thread.sender)
    names = thread.platform == "linkedin"  # an archive of X names nobody
    rows["person_records"] += [
        {
            "platform": thread.platform,
            "is_owner": True,
            "person_key": owner,
            "display_name": thread.owner,
        },
        {
            "platform": thread.platform,
            "is_owner": False,
            "person_key": them,
            "display_name": thread.sender if names else None,
            "headline": thread.headline,
        },
    ]
    if thread.connected_on:
        tie = {"platform": thread.platform, "person_key": them, "display_name": thread.sender}
        on = {"connected_on": thread.connected_on}
        rows["connection_records"].append(
            tie | ({"direction": "connected"} | on if names else {"direction": "following"})
        )
        if names and thread.invited_by:
            direction = "invitation_in" if thread.invited_by == "them" else "invitation_out"
            rows["connection_records"].append(tie | {"direction": direction})
    for said in thread.messages:
        writer, reader = (them, owner) if said.by_them else (owner, them)
        name, other = thread.owner, thread.sender
        if said.by_them:
            name, other = other, name
        rows["message_records"].append(
            {
                "platform": thread.platform,
                "kind": "dm",
                "conversation_key": thread.id,
                "sender_key": writer,
                "sender_name": name if names else None,
                "recipient_keys": [reader],
                "recipient_names": other if names else None,
                "sent_at": said.at,
                "text": said.text,
            }
        )


def _joined(facts: pl.DataFrame, built: Built) -> pl.DataFrame:
    tables = built.tables
    flags = tables["flags"].group_by("identity_id").agg(flags=pl.col("behaviour").sort())
    return (
        facts.join(tables["messages"].select("message_id", person_id="sender_id"), "message_id")
        .join(tables["people"].select("person_id", "identity_id"), "person_id")
        .join(
            tables["sender_metrics"]
            .filter(scope="all")
            .select("identity_id", "advice", "me_score", "state"),
            "identity_id",
            "left",
        )
        .join(flags, "identity_id", "left")
        .join(tables["message_metrics"], "message_id")
        .drop("person_id")
        .sort("thread_id", "position")
    )
