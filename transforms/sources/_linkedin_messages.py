"""messages.csv of LinkedIn exports → message records.

Eras: nine columns until mid-2023 (with DIRECTION before FOLDER in the oldest), RECIPIENT
PROFILE URLS since, drafts since December 2024, ATTACHMENTS since 2025, everything quoted and
real line breaks in CONTENT since 2026. Direction is not in FOLDER: sent messages lie in INBOX.
"""

from __future__ import annotations

import polars as pl

from transforms.sources._linkedin_dates import parse_time
from transforms.sources._linkedin_html import plain
from transforms.sources._linkedin_people import person_keys, recipients
from transforms.sources._linkedin_rows import Layout, linkedin, undated

_USUAL_TIME = "%Y-%m-%d %H:%M:%S UTC"
_SPONSORED_TITLE = "Sponsored Conversation"
_SPONSORED_TEXT = '<p class="spinmail'


def _judge(frame: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    draft = pl.any_horizontal(
        pl.col("ismessagedraft", "isconversationdraft")
        .str.to_lowercase()
        .eq("yes")
        .fill_null(value=False)
    )
    has_attachment = (
        pl.col("attachments").is_not_null()
        if "attachments" in present
        else pl.lit(None, pl.Boolean)
    )
    sponsored = (pl.col("conversationtitle") == _SPONSORED_TITLE).fill_null(value=False) | (
        pl.col("senderprofileurl").is_null()
        & pl.col("content").str.starts_with(_SPONSORED_TEXT).fill_null(value=False)
    )
    return frame.with_columns(
        parse_time(frame, "date", _USUAL_TIME).alias("sent_at"),
        pl.when(draft).then(pl.lit("draft")).alias("left_out"),
        has_attachment.alias("has_attachment"),
        sponsored.alias("sponsored"),
    ).with_columns(undated("sent_at", "date"))


def _build(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    frame = frame.with_columns(
        person_keys(frame["senderprofileurl"]).alias("sender_key"),
        *recipients(frame["recipientprofileurls"]),
    )
    conversation = pl.col("conversationid")
    if frame["conversationid"].has_nulls():
        conversation = pl.coalesce(conversation, _by_participants())
    kind = (
        pl.when("sponsored")
        .then(pl.lit("sponsored"))
        .when(pl.col("recipients") > 1)
        .then(pl.lit("group_dm"))
        .otherwise(pl.lit("dm"))
    )
    direction = pl.col("direction").str.to_uppercase()
    by_owner = (
        pl.when(direction == "OUTGOING").then(True).when(direction == "INCOMING").then(False)  # noqa: FBT003
    )
    messages = frame.select(
        "row_number",
        linkedin(),
        kind.alias("kind"),
        conversation.alias("conversation_key"),
        pl.col("conversationtitle").alias("conversation_title"),
        by_owner.alias("by_owner"),
        "sender_key",
        pl.col("from").alias("sender_name"),
        "recipient_keys",
        pl.col("to").alias("recipient_names"),
        "sent_at",
        "subject",
        pl.col("content").alias("text"),
        "has_attachment",
        "folder",
    )
    return {"message_records": _plain_sponsored(messages)}


def _by_participants() -> pl.Expr:
    """A thread id for the few rows (and hand-made files) without one: who takes part."""
    sender = pl.concat_list(pl.coalesce("sender_key", "from", pl.lit("")))
    others = pl.coalesce("recipient_keys", pl.concat_list(pl.coalesce("to", pl.lit(""))))
    return pl.format("participants:{}", sender.list.concat(others).list.sort().list.join("|"))


def _plain_sponsored(messages: pl.DataFrame) -> pl.DataFrame:
    """Sponsored messages come as HTML; their text is what a reader would have seen."""
    is_sponsored = pl.col("kind") == "sponsored"
    if not messages.select(is_sponsored.any()).item():
        return messages
    read = messages.filter(is_sponsored).with_columns(plain("text").alias("text"))
    return pl.concat([messages.filter(~is_sponsored), read]).sort("row_number")


MESSAGES = Layout(
    required=("from", "date", "content"),
    optional=(
        "conversationid",
        "conversationtitle",
        "senderprofileurl",
        "to",
        "recipientprofileurls",
        "subject",
        "direction",
        "folder",
        "attachments",
        "ismessagedraft",
        "isconversationdraft",
    ),
    example="CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,"
    "DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS",
    judge=_judge,
    build=_build,
)
