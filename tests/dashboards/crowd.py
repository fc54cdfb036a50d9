"""Inboxes of other sizes: one message, and the synthetic one over and over, everybody apart."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tests.dashboards.conftest import GENERATED_AT, Frames
from tests.dashboards.synthetic import Inbox, synthetic, to_tables

Tables = dict[str, pl.DataFrame]

_IDS = ("person_id", "identity_id", "conversation_id", "message_id", "sender_id", "display_name")
_COPIED = (
    "people", "conversations", "messages", "message_recipients", "message_metrics",
    "sender_metrics", "sender_blocks", "flags",
)  # fmt: skip
_REPEATED = ("messages", "message_recipients", "message_metrics")


def crowd(people: int, messages: int) -> Tables:
    """Tables of so many people (rounded up to whole copies of the inbox) and about so many messages.

    Every message has words of its own, so that packing cannot profit from the copies.
    """
    small = to_tables(synthetic())
    others = small["people"].height - 1
    copies = -(-people // others)
    repeats = max(1, round(messages / (copies * small["messages"].height)))
    large = dict(small)
    for name in _COPIED:
        frame = small[name]
        if name in _REPEATED:
            frame = _repeated(frame, repeats)
        large[name] = _copied(frame, copies)
    return large | {
        "messages": _own_words(large["messages"]),
        "sender_metrics": _counted(large["sender_metrics"], repeats),
    }


def _repeated(frame: pl.DataFrame, repeats: int) -> pl.DataFrame:
    many = frame.join(pl.DataFrame({"again": range(repeats)}), how="cross")
    later = (
        [pl.col("sent_at") + pl.duration(hours=29 * pl.col("again"))]
        if "sent_at" in frame.columns
        else []
    )
    return many.with_columns(
        pl.format("{}.{}", "message_id", "again").alias("message_id"), *later
    ).drop("again")


def _copied(frame: pl.DataFrame, copies: int) -> pl.DataFrame:
    """Each row once per copy, the owner once."""
    is_owner = pl.any_horizontal(
        pl.lit(value=False),
        *(
            pl.col(name) == "owner"
            for name in ("person_id", "identity_id")
            if name in frame.columns
        ),
    )
    numbered = pl.DataFrame({"copy": range(copies)})
    several = frame.lazy().join(numbered.lazy(), how="cross")
    if "message_id" not in frame.columns:
        several = several.filter(~is_owner | (pl.col("copy") == 0))
    renamed = [
        pl.when(pl.col(name) == "owner")
        .then(pl.col(name))
        .otherwise(pl.format("{}~{}", name, "copy"))
        .alias(name)
        for name in _IDS
        if name in frame.columns
    ]
    if "message_ids" in frame.columns:
        # Of a flag's messages the first: the repeats are of no behaviour.
        first = pl.format("{}.0~{}", pl.col("message_ids").list.first(), "copy")
        renamed.append(pl.concat_list(first).alias("message_ids"))
    return several.with_columns(renamed).drop("copy").collect()


def _own_words(messages: pl.DataFrame) -> pl.DataFrame:
    noise = pl.concat_str(
        [pl.col("message_id").hash(seed=seed).cast(pl.String) for seed in range(3)], separator=" "
    )
    return messages.with_columns(pl.format("{} {}", "text", noise).alias("text"))


def _counted(metrics: pl.DataFrame, repeats: int) -> pl.DataFrame:
    return metrics.with_columns(pl.col("messages") * repeats)


def sizes(tables: Mapping[str, pl.DataFrame]) -> tuple[int, int]:
    """People other than the owner, and messages."""
    return tables["people"].height - 1, tables["messages"].height


def one_message() -> Inbox:
    inbox = Inbox()
    inbox.person("ann", "Ann Lee", "linkedin")
    inbox.message("t", "ann", "Hello there", GENERATED_AT, "linkedin", to="owner")
    inbox.add(
        "conversations",
        conversation_id="t",
        messages=1,
        started_at=GENERATED_AT,
        last_message_at=GENERATED_AT,
    )
    inbox.add(
        "sender_metrics", identity_id="ann", scope="all", messages=1, advice="none",
        state="facts only", state_reason="fewer than 3 utterances", advice_reason="nothing stands out",
    )  # fmt: skip
    return inbox


def many_people(frames: Frames, count: int) -> Frames:
    """The synthetic people over and over, with all that belongs to them and words of their own."""
    step = frames["people"].height
    copies = pl.DataFrame({"copy": range(-(-count // step))})
    noise = pl.concat_str(
        [pl.struct("position", "copy").hash(seed=seed).cast(pl.String) for seed in range(8)]
    )

    def repeated(frame: pl.DataFrame) -> pl.DataFrame:
        texts = [name for name in ("name", "text", "statement") if name in frame.columns]
        return (
            copies.join(frame, how="cross")
            .with_columns(
                pl.col("position") + pl.col("copy") * step,
                pl.format("{}-{}", "identity_id", "copy").alias("identity_id"),
            )
            .with_columns(
                pl.format("{} {}", name, noise.str.slice(0, 18 if name == "name" else 160)).alias(
                    name
                )
                for name in texts
            )
            .drop("copy")
            .sort("position", maintain_order=True)
        )

    return frames | {
        name: repeated(frames[name]) for name in ("people", "blocks", "flags", "messages")
    }
