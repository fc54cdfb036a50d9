"""Threads measured by hand: what each message is, is said by the test, not found by the lexicons.

So the rules of conversations and senders are tested alone, on numbers computed on paper. `real`
runs the whole pipeline on real sentences instead, where wording is the point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import polars as pl

from tests.transforms.worlds import OWNER, at, ledger, message, records
from transforms import measure, measure_conversations, score, tables
from transforms.build import build
from transforms.content import Word, content_tables
from transforms.text.tone import score_texts

START = at("2025-03-03 09:00")  # a Monday
MINUTE = 1 / 60
DAY = 24.0
WEEK = 7 * DAY
PITCH = {"is_pitch": True, "is_unprompted_pitch": True, "value_claim": True}
_ASSIGNED = ("template_id", "masked_tokens")
_numbers = count(1)


@dataclass(frozen=True)
class Said:
    """A message or post: who, how many hours after START, the text, and what it is."""

    who: str
    hours: float
    text: str | None
    marks: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def when(self) -> datetime:
        return START + timedelta(hours=self.hours)


def says(who: str, hours: float, *, words: int | None = 10, **marks: Any) -> Said:
    """A message of `words` words (None: it could not be measured) with these metrics."""
    return Said(who, hours, f"text number {next(_numbers)}", {"n_words": words, **marks})


def attaches(who: str, hours: float) -> Said:
    """A message without text."""
    return Said(who, hours, None)


def writes(who: str, hours: float, text: str, **record: Any) -> Said:
    """A message of this very text, for `real`."""
    return Said(who, hours, text, {}, record)


def posts(
    who: str, hours: float, *, words: int | None = 10, kind: str = "post", to: str | None = None,
    **marks: Any,
) -> Said:  # fmt: skip
    """A post, reply (to somebody) or comment with these metrics."""
    record = {"kind": kind, "reply_to_person_key": to and key_of(to)}
    return Said(who, hours, f"post number {next(_numbers)}", {"n_words": words, **marks}, record)


def key_of(who: str) -> str:
    return f"linkedin:in/{who}"


def name_of(who: str) -> str:
    return f"{who.title()} Example"


def connected(who: str, day: str, direction: str = "connected") -> dict[str, Any]:
    return {
        "platform": "linkedin", "direction": direction, "person_key": key_of(who),
        "display_name": name_of(who), "connected_on": at(day).date(),
    }  # fmt: skip


@dataclass(frozen=True)
class World:
    """All tables, and the ids behind the names."""

    tables: dict[str, pl.DataFrame]
    prepared: pl.DataFrame

    def person(self, who: str) -> str:
        found = self.tables["person_aliases"].filter(alias=key_of(who))["person_id"]
        return str(found.item())

    def identity(self, who: str) -> str:
        return str(self.tables["people"].filter(person_id=self.person(who))["identity_id"].item())

    def message_id(self, said: Said) -> str:
        found = self.tables["messages"].filter(
            pl.col("sent_at") == said.when, pl.col("text").eq_missing(pl.lit(said.text, pl.String))
        )
        return str(found["message_id"].item())

    def cell(self, who: str, beside: str | None = None) -> dict[str, Any]:
        """The conversation metrics of somebody in their only thread (with somebody)."""
        rows = self.tables["conversation_metrics"]
        if beside is not None:
            shared = rows.filter(person_id=self.person(beside)).select("conversation_id")
            rows = rows.join(shared, "conversation_id", "semi")
        rows = rows.filter(person_id=self.person(who))
        assert rows.height == 1, f"{who} wrote in {rows.height} threads"
        return rows.row(0, named=True)

    def sender(self, who: str, scope: str = "all") -> dict[str, Any]:
        return (
            self.tables["sender_metrics"]
            .filter(identity_id=self.identity(who), scope=scope)
            .row(0, named=True)
        )

    def blocks(self, who: str, scope: str = "all") -> dict[str, dict[str, Any]]:
        rows = self.tables["sender_blocks"].filter(identity_id=self.identity(who), scope=scope)
        return {row["block"]: row for row in rows.iter_rows(named=True)}

    def flags(self, who: str) -> dict[str, dict[str, Any]]:
        rows = self.tables["flags"].filter(identity_id=self.identity(who))
        return {row["behaviour"]: row for row in rows.iter_rows(named=True)}


def _records(
    threads: Sequence[Sequence[Said]], public: Sequence[Said], more: Mapping[str, list[dict]]
) -> dict[str, pl.DataFrame]:
    rows = []
    for number, thread in enumerate(threads):
        everybody = {said.who for said in thread} | {"owner"}
        everybody |= {name for said in thread for name in said.record.get("with_", ())}
        rows += [
            message(
                said.text,
                said.who,
                sender_name=name_of(said.who),
                conversation_key=f"thread-{number}",
                kind="dm" if len(everybody) == 2 else "group_dm",
                recipient_keys=sorted(key_of(who) for who in everybody - {said.who}),
                recipient_names=" and ".join(
                    name_of(who) for who in sorted(everybody - {said.who})
                ),
                sent_at=said.when,
            )
            | {name: value for name, value in said.record.items() if name != "with_"}
            for said in thread
        ]
    written = [
        {
            "platform": "linkedin", "post_key": f"post-{number}", "by_owner": said.who == "owner",
            "author_key": key_of(said.who), "author_name": name_of(said.who),
            "posted_at": said.when, "text": said.text,
        } | said.record
        for number, said in enumerate(public)
    ]  # fmt: skip
    return records(e={"message_records": rows, "post_records": written, **more})


def by_hand(
    *threads: Sequence[Said],
    public: Sequence[Said] = (),
    verdicts: Mapping[str, str] | None = None,
    **more: list[dict[str, Any]],
) -> World:
    """All tables of these threads and posts, their messages measured as they say of themselves."""
    frames = _records(threads, public, more)
    content, _ = content_tables(frames, ledger(frames), Word(owners={"linkedin": [OWNER]}))
    prepared = measure.prepare_messages(
        content["messages"],
        content["message_recipients"],
        content["people"],
        content["connections"],
    )
    said = [said for thread in threads for said in thread]
    prepared = prepared.join(
        _marks(said, ["sent_at", "text"], _ASSIGNED), ["sent_at", "text"], "left"
    )
    content["message_metrics"] = _metrics(
        prepared, said, ["sent_at", "text"], tables.MESSAGE_METRICS
    )
    content["post_metrics"] = _metrics(
        content["posts"].with_columns(clean=pl.when(pl.col("kind") != "repost").then("text")),
        public,
        ["posted_at", "text"],
        tables.POST_METRICS,
    )
    content["conversation_metrics"] = measure_conversations.conversation_metrics(
        prepared, content["message_metrics"], content["conversations"]
    )
    word = pl.DataFrame(
        [(key_of(who), verdict) for who, verdict in (verdicts or {}).items()],
        schema={"alias": pl.String, "verdict": pl.String}, orient="row",
    )  # fmt: skip
    identities = content["person_aliases"].join(content["people"], "person_id")
    content |= score.score_senders(
        content, prepared, word.join(identities, "alias").select("identity_id", "verdict")
    )
    return World(content, prepared)


def _marks(said: Sequence[Said], by: list[str], names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [[one.when, one.text, *(one.marks.get(name) for name in names)] for one in said],
        schema={
            by[0]: pl.Datetime("us", "UTC"), by[1]: pl.String,
            **{
                name: {"template_id": pl.String, "masked_tokens": pl.Int32}.get(name)
                or tables.MESSAGE_METRICS.schema[name]
                for name in names
            },
        },
        orient="row",
    )  # fmt: skip


def _metrics(
    frame: pl.DataFrame, said: Sequence[Said], by: list[str], table: tables.Table
) -> pl.DataFrame:
    """Metrics as marked; what is not marked is 0, False or, where that says something, null."""
    (key,) = table.key
    given = sorted({name for one in said for name in one.marks} & set(table.schema))
    marked = frame.select(key, *by, "clean").join(_marks(said, by, given), by, "left")
    measured = pl.col("n_words").is_not_null()
    usual = {pl.Boolean(): False, pl.Int32(): 0, pl.Int64(): 0}
    values = {
        name: (pl.col(name) if name in given else pl.lit(None, dtype)).fill_null(
            pl.lit("en") if name == "language" else pl.lit(usual.get(dtype), dtype)
        )
        if dtype in usual or name == "language"
        else (pl.col(name) if name in given else pl.lit(None, dtype))
        for name, dtype in table.schema.items()
        if name not in (key, "n_words")
    }
    if "n_words" not in given:
        marked = marked.with_columns(n_words=pl.lit(None, pl.Int32))
    marked = marked.with_columns(n_words=pl.when(pl.col("clean").is_not_null()).then("n_words"))
    seen = (pl.when(measured).then(value).alias(name) for name, value in values.items())
    return table.conform(marked.select(key, "n_words", *seen))


def tone(texts: pl.Series) -> pl.DataFrame:
    """TextBlob in place."""
    scores = score_texts(texts.to_list())
    return pl.DataFrame(
        {
            "clean": texts,
            "polarity": [a for a, _ in scores],
            "subjectivity": [b for _, b in scores],
        },
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64},
    )


def real(
    *threads: Sequence[Said],
    public: Sequence[Said] = (),
    verdicts: Mapping[str, str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    **more: list[dict[str, Any]],
) -> World:
    """All tables of these threads and posts, through the whole pipeline."""
    frames = _records(threads, public, more)
    word = Word(
        owners={"linkedin": [OWNER]},
        verdicts={key_of(who): verdict for who, verdict in (verdicts or {}).items()},
        thresholds=thresholds or {},
    )
    built = build(frames, ledger(frames), tone=lambda texts: lambda: tone(texts), word=word)
    return World(built.tables, pl.DataFrame())
