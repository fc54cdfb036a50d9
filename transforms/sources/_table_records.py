"""Rows of mapped tables that have a time → post, message and person records."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.identify import stable_id
from transforms.sources._linkedin_people import recipients
from transforms.sources._table_columns import Platform
from transforms.sources._table_people import people_of

_NULL = pl.lit(None, pl.String)
_STATUS = r"(?i)(?:x|twitter)\.com/[^/\s]+(?:/web)?/status(?:es)?/(\d+)"
_COLON = "(?::|%3A)"
_URN = rf"(?i)(?:urn{_COLON}li{_COLON}|[-_/])(activity|share|ugcPost)(?:{_COLON}|-)(\d{{10,}})"
_COMMENT = rf"(?i)urn{_COLON}li{_COLON}comment{_COLON}(?:\(|%28)[^,]*?(?:,|%2C)([0-9]+)"
_NO = ("false", "0", "no", "none", "null", "nan", "")
_KINDS = (("repost|retweet|reshare|shared?", "repost"), ("repl", "reply"), ("comment", "comment"),
          ("quote", "quote"))  # fmt: skip


def post_number(column: str, platform: Platform) -> pl.Expr:
    """The number of a post in a cell that is it, or an address that holds it."""
    bare = pl.col(column).str.extract(r"^\s*(?:tweet-)?(\d{1,19})\s*$")
    inside = _STATUS if platform == "x" else _URN
    return pl.coalesce(pl.col(column).str.extract(inside, 1 if platform == "x" else 2), bare)


def _post_key(column: str, platform: Platform) -> pl.Expr:
    """The key of a post that a cell names, as the readers of archives write it; null for none."""
    if platform == "x":
        return post_number(column, "x")
    kind = pl.col(column).str.extract(_URN, 1)
    urn = pl.format("urn:li:{}:{}", kind, pl.col(column).str.extract(_URN, 2))
    activity = pl.format("urn:li:activity:{}", pl.col(column).str.extract(r"^\s*(\d{15,})\s*$"))
    address = pl.when(pl.col(column).str.contains(r"^\s*(?:https?:|urn:)")).then(
        pl.col(column).str.strip_chars()
    )
    comment = pl.format("urn:li:comment:{}", pl.col(column).str.extract(_COMMENT))
    return pl.coalesce(comment, urn, activity, address)


def _says(column: str) -> pl.Expr:
    """Whether a cell names something, or says yes."""
    return ~pl.col(column).str.strip_chars().str.to_lowercase().is_in(_NO).fill_null(value=True)


def _kind(platform: Platform) -> pl.Expr:
    said = pl.col("kind").str.to_lowercase()
    named = pl.coalesce(
        *(pl.when(said.str.contains(word)).then(pl.lit(kind)) for word, kind in _KINDS)
    )
    is_comment = pl.any_horizontal(
        pl.col(c).str.contains(_COMMENT).fill_null(value=False) for c in ("url", "id")
    )
    is_retweet = pl.col("text").str.starts_with("RT @").fill_null(value=False)
    answer = "reply" if platform == "x" else "comment"
    return (
        pl.when(_says("repost_of") | (is_retweet & (platform == "x")))
        .then(pl.lit("repost"))
        .when(named.is_not_null())
        .then(named)
        .when(is_comment & (platform == "linkedin"))
        .then(pl.lit("comment"))
        .when(_says("reply_to"))
        .then(pl.lit(answer))
        .when(_says("quote_of"))
        .then(pl.lit("quote"))
        .otherwise(pl.lit("post"))
    )


def posts_of(frame: pl.DataFrame, platform: Platform) -> Mapping[str, pl.DataFrame]:
    """Post and person records; `frame` has every field, authors and `at`."""
    by_content = stable_id("row", "author_key", "author", pl.col("at").dt.epoch("us"), "text")
    key = pl.coalesce(_post_key("url", platform), _post_key("id", platform), by_content)
    address: pl.Expr = pl.when(pl.col("url").str.contains(r"(?i)^\s*https?://")).then(
        pl.col("url").str.strip_chars()
    )
    if platform == "x":
        known = pl.coalesce(post_number("url", "x"), post_number("id", "x"))
        address = pl.coalesce(address, pl.format("https://x.com/i/web/status/{}", known))
    answered = _post_key("reply_to", platform)
    if platform == "linkedin":  # the address of a comment begins with that of its post
        urn = pl.format("urn:li:{}:{}", *(pl.col("url").str.extract(_URN, i) for i in (1, 2)))
        answered = pl.coalesce(answered, pl.when(pl.col("url").str.contains(_COMMENT)).then(urn))
    text = pl.col("text")
    if platform == "x":  # X escapes these three in whatever it gives to a program
        for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            text = text.str.replace_all(escaped, plain, literal=True)
    posts = frame.select(
        "row_number",
        pl.lit(platform).alias("platform"),
        _kind(platform).alias("kind"),
        key.alias("post_key"),
        pl.lit(value=False).alias("by_owner"),
        "author_key",
        pl.col("author").alias("author_name"),
        pl.col("at").alias("posted_at"),
        text.alias("text"),
        address.alias("url"),
        answered.alias("reply_to_post_key"),
        _NULL.alias("reply_to_person_key"),
    )
    return {
        "post_records": posts,
        "person_records": people_of(frame, platform, "at"),
        "message_records": _messages(frame.clear(), platform),
    }


def messages_of(frame: pl.DataFrame, platform: Platform) -> Mapping[str, pl.DataFrame]:
    """Message and person records; `frame` has every field, authors and `at`."""
    return {
        "post_records": posts_of(frame.clear(), platform)["post_records"],
        "person_records": people_of(frame, platform, "at"),
        "message_records": _messages(frame, platform),
    }


def _messages(frame: pl.DataFrame, platform: Platform) -> pl.DataFrame:
    if platform == "linkedin":
        to = recipients(frame["recipient_url"])
        # A name alone is left to `naming.py`, which sees the whole thread.
        sender: pl.Expr = pl.when(~pl.col("by_name")).then("author_key")
    else:
        number = pl.col("recipient_id").str.extract(r"^\s*(\d+)\s*$")
        handle = pl.col("recipient").str.strip_chars().str.extract(r"^@([A-Za-z0-9_]{1,15})$")
        key = pl.coalesce(pl.format("x:{}", number), pl.format("x:@{}", handle.str.to_lowercase()))
        to = frame.select(
            pl.when(key.is_not_null()).then(pl.concat_list(key)).alias("recipient_keys"),
            pl.lit(1).alias("recipients"),
        )
        sender = pl.col("author_key")
    frame = frame.with_columns(*to.get_columns())
    writer = pl.concat_list(pl.coalesce("author_key", "author", pl.lit("")))
    others = pl.coalesce("recipient_keys", pl.concat_list(pl.coalesce("recipient", pl.lit(""))))
    thread = pl.format("participants:{}", writer.list.concat(others).list.sort().list.join("|"))
    is_group = pl.col("recipients") > 1
    return frame.select(
        "row_number",
        pl.lit(platform).alias("platform"),
        pl.when(is_group).then(pl.lit("group_dm")).otherwise(pl.lit("dm")).alias("kind"),
        pl.coalesce("conversation", thread).alias("conversation_key"),
        _NULL.alias("conversation_title"),
        pl.lit(None, pl.Boolean).alias("by_owner"),
        sender.alias("sender_key"),
        pl.col("author").alias("sender_name"),
        "recipient_keys",
        pl.when(~pl.col("recipient").str.starts_with("@"))
        .then("recipient")
        .alias("recipient_names"),
        pl.col("at").alias("sent_at"),
        "subject",
        "text",
        pl.lit(None, pl.Boolean).alias("has_attachment"),
        _NULL.alias("folder"),
    )
