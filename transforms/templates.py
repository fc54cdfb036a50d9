"""Template finder: which messages are copies of one text, with its slots filled in.

Texts are masked (`masking.py`), equal ones found by their hash, and the others led by the
earliest text whose word pairs are half alike (Jaccard >= .5, evidence.md §4 C1), in the order
(sent_at, message_id). Fewer than 12 masked tokens are too few to tell a copy from a courtesy.
What a language model rewrites for every recipient is not found: it shares no word pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
import polars_hash as plh

from transforms import tables
from transforms.features import Shingles
from transforms.leaders import lead
from transforms.masking import mask_posts, masked
from transforms.reference import REFERENCE

MINIMUM_TOKENS = REFERENCE["openings"]["minimum_tokens"]

Mask = Callable[[pl.DataFrame], Iterator[pl.DataFrame]]

# What makes a template more than a courtesy: it sells, asks to act, links or looks for business.
# A request for a job or for advice is none of these.
ASKS = (
    "is_pitch", "call_to_action", "audience_ask", "own_offer", "value_claim", "contact_link",
    "scheduling_link", "contact_email", "contact_phone", "seeks_clients", "seeks_talent",
    "seeks_partner", "seeks_investor",
)  # fmt: skip


def jaccard(left: str, right: str, width: int = 2) -> float:
    """Jaccard similarity of the word shingles of two texts split on spaces; 0 when both have none."""
    a, b = (
        {tuple(words[i : i + width]) for i in range(len(words) - width + 1)}
        for words in (left.split(), right.split())
    )
    return len(a & b) / len(a | b) if a | b else 0.0


def assign(prepared: pl.DataFrame, people: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    """Every message with text: message_id, masked_tokens, template_id, similarity, masked_text.

    `template_id` and `similarity` (Jaccard to the leader, 1 for equal masked texts) are null for
    a text that was used once or has fewer than 12 masked tokens; `masked_text` is given on the
    leader's row only.
    """
    ordered = prepared.sort("sent_at", "message_id")
    return _assign(ordered, lambda rows: masked(rows, people, recipients), "message_id")


def assign_posts(prepared_posts: pl.DataFrame) -> pl.DataFrame:
    """The same for posts, each author's for themselves: post_id in place of message_id."""
    ordered = prepared_posts.sort("sent_at", "post_id")
    return _assign(ordered, mask_posts, "post_id", "sender_id")


def join_assigned(
    prepared: pl.DataFrame, assigned: pl.DataFrame, recipients: pl.DataFrame
) -> pl.DataFrame:
    """`prepared` with masked_tokens, template_id, template_senders and template_recipients.

    The last two are null where template_id is; a sender nobody identifies counts as one.
    """
    known = assigned.select("message_id", "masked_tokens", "template_id")
    uses = prepared.select("message_id", "sender_id").join(
        known.drop_nulls("template_id"), "message_id"
    )
    return prepared.join(known, "message_id", "left", maintain_order="left").join(
        _spread(uses, recipients), "template_id", "left", maintain_order="left"
    )


def join_assigned_posts(prepared_posts: pl.DataFrame, assigned: pl.DataFrame) -> pl.DataFrame:
    """`prepared_posts` with masked_tokens and template_id."""
    known = assigned.select("post_id", "masked_tokens", "template_id")
    return prepared_posts.join(known, "post_id", "left", maintain_order="left")


def describe(
    assigned: pl.DataFrame,
    prepared: pl.DataFrame,
    message_metrics: pl.DataFrame,
    recipients: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables TEMPLATES and TEMPLATE_MEMBERS."""
    members = assigned.drop_nulls("template_id").select(
        "template_id", "message_id", "similarity", "masked_text"
    )
    asks = message_metrics.select(
        "message_id", pl.any_horizontal(pl.col(ASKS).fill_null(value=False)).alias("asks")
    )
    uses = members.join(prepared.select("message_id", "sender_id", "sent_at"), "message_id").join(
        asks, "message_id", "left"
    )
    templates = (
        uses.group_by("template_id")
        .agg(
            pl.col("masked_text").drop_nulls().first(),
            pl.when(pl.col("asks").any())
            .then(pl.lit("campaign"))
            .otherwise(pl.lit("courtesy"))
            .alias("kind"),
            pl.len().alias("messages"),
            pl.col("sent_at").min().alias("first_used_at"),
            pl.col("sent_at").max().alias("last_used_at"),
        )
        .join(_spread(uses, recipients), "template_id")
        .rename({"template_senders": "senders", "template_recipients": "recipients"})
    )
    return (
        tables.TEMPLATES.conform(templates),
        tables.TEMPLATE_MEMBERS.conform(members.drop("masked_text")),
    )


def _spread(uses: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    """template_id, template_senders, template_recipients: how many people used it, and got it."""
    received = (
        uses.select("template_id", "message_id")
        .join(recipients, "message_id")
        .group_by("template_id")
        .agg(pl.col("person_id").n_unique().alias("template_recipients"))
    )
    return (
        uses.group_by("template_id")
        .agg(pl.col("sender_id").n_unique().alias("template_senders"))
        .join(received, "template_id", "left")
        .with_columns(
            pl.col("template_senders").cast(pl.Int64),
            pl.col("template_recipients").fill_null(0).cast(pl.Int64),
        )
        .sort("template_id")
    )


def _assign(frame: pl.DataFrame, mask: Mask, key: str, author: str | None = None) -> pl.DataFrame:
    """Cluster the texts of `frame`, in its order; with `author` only texts of one author meet."""
    rows, values, sizes = [], [], []
    seen = pl.DataFrame(schema={"text_hash": pl.UInt64})
    for chunk in mask(frame):
        hashed = chunk.with_columns(_text_hash(author))
        new = (
            hashed.filter(pl.col("masked_tokens") >= MINIMUM_TOKENS)
            .unique("text_hash", keep="first", maintain_order=True)
            .join(seen, "text_hash", "anti", maintain_order="left")
        )
        seen = pl.concat([seen, new.select("text_hash")])
        shingles = _shingles(new, author)
        values.append(shingles.get_column("shingle").to_numpy())
        sizes.append(np.bincount(shingles.get_column("text").to_numpy(), minlength=new.height))
        rows.append(hashed.select(key, "masked_tokens", "text_hash"))
    if not rows:
        return frame.clear().select(
            key,
            pl.lit(None, pl.Int32).alias("masked_tokens"),
            pl.lit(None, pl.String).alias("template_id"),
            pl.lit(None, pl.Float64).alias("similarity"),
            pl.lit(None, pl.String).alias("masked_text"),
        )
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(sizes)))).astype(np.int64)
    leader, similarity = lead(Shingles(np.concatenate(values), offsets))
    hashes = seen.get_column("text_hash")
    texts = pl.DataFrame(
        {"text_hash": hashes, "leader_hash": hashes.gather(leader), "similarity": similarity}
    )
    return _label(pl.concat(rows), texts, frame, mask, key)


def _label(
    rows: pl.DataFrame, texts: pl.DataFrame, frame: pl.DataFrame, mask: Mask, key: str
) -> pl.DataFrame:
    """Name the clusters of two and more after the first row of each, which is the leader's."""
    clusters = (
        rows.filter(pl.col("masked_tokens") >= MINIMUM_TOKENS)
        .join(texts, "text_hash", maintain_order="left")
        .with_columns(
            pl.col(key).first().over("leader_hash").alias("leader"),
            pl.len().over("leader_hash").alias("uses"),
        )
        .filter(pl.col("uses") > 1)
    )
    leaders = frame.join(clusters.select(pl.col("leader").unique().alias(key)), key, "semi")
    text = pl.concat(
        [*(chunk.select(key, masked_text="masked") for chunk in mask(leaders))]
        or [rows.clear().select(key, pl.lit(None, pl.String).alias("masked_text"))]
    )
    named = clusters.select(
        key,
        "similarity",
        plh.col("leader").chash.blake3().str.head(20).alias("template_id"),
    )
    return (
        rows.select(key, "masked_tokens")
        .join(named, key, "left", maintain_order="left")
        .join(text, key, "left", maintain_order="left")
        .select(key, "masked_tokens", "template_id", "similarity", "masked_text")
    )


def _text_hash(author: str | None) -> pl.Expr:
    parts = ["masked"] if author is None else [author, "masked"]
    return plh.concat_str(*parts, separator="\n").nchash.xxh3_64().alias("text_hash")


def _shingles(texts: pl.DataFrame, author: str | None) -> pl.DataFrame:
    """(text, shingle): the distinct word pairs of each text, as 32-bit hashes, by text."""
    tokens = texts.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("text"),
        pl.lit("") if author is None else pl.col(author),
        pl.col("masked").str.split(" ").alias("token"),
    ).explode("token", empty_as_null=False)
    last = pl.col("text") != pl.col("text").shift(-1)
    pair = plh.concat_str("literal" if author is None else author, "token", "next", separator=" ")
    return (
        tokens.with_columns(pl.col("token").shift(-1).alias("next"))
        .filter(~last.fill_null(value=True))
        .select("text", (pair.nchash.xxh3_64() & 0xFFFFFFFF).cast(pl.UInt32).alias("shingle"))
        .unique(maintain_order=True)
    )
