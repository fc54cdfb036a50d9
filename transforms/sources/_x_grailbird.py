"""Files of X archives from before 2018 → post and person records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from transforms.errors import MemberError
from transforms.sources._linkedin_rows import Layout, undated
from transforms.sources._x_posts import STATUS, TWEET_FIELDS, Tweets, person_frame
from transforms.sources._x_rows import (
    Outcome,
    objects_in,
    objects_parser,
    person_key,
    plain_text,
    show,
    table,
    text_of,
    with_times,
    x,
)
from transforms.sources._ytd import Element, read_elements, read_object
from transforms.spec import Batch, Reject

_NULL = pl.lit(None, pl.String)
_ADDRESS = "https://x.com/i/web/status/{}"
_SHORT_LINK = r"https?://t\.co/\w+"
_ORIGINAL = {
    "row_number": pl.Int64, "post_key": pl.String, "author_key": pl.String,
    "author_name": pl.String, "handle": pl.String, "created": pl.String, "text": pl.String,
}  # fmt: skip
USER_FIELDS = frozenset(
    ("id", "screen_name", "full_name", "bio", "location", "url", "created_at", "expanded_url")
)


class _MonthlyTweets(Tweets):
    """Collects tweets, and whole what they retweet: this era tells its text and its author."""

    def __init__(self) -> None:
        super().__init__()
        self._originals: list[tuple[Any, ...]] = []

    def add(self, number: int, item: Element) -> None:
        super().add(number, item)
        original = item.get("retweeted_status")
        user = original.get("user") if type(original) is dict else None
        if type(original) is not dict or type(user) is not dict:
            return
        key = text_of(original.get("id_str")) or text_of(original.get("id"))
        text = text_of(original.get("text")) or text_of(original.get("full_text"))
        if key and text:
            author = person_key(user.get("id_str") or user.get("id"))
            links = [
                (text_of(link.get("url")), text_of(link.get("expanded_url")))
                for link in objects_in(original, "entities", "urls")
            ]
            self._originals.append(
                (
                    number, key, author, text_of(user.get("name")),
                    text_of(user.get("screen_name")), text_of(original.get("created_at")),
                    plain_text(text, links),
                )
            )  # fmt: skip

    def finish(self) -> Outcome:
        outcome = super().finish()
        own = outcome.records["post_records"]
        originals = with_times(table(self._originals, _ORIGINAL), "created", "post_key").filter(
            pl.col("at").is_not_null(), pl.col("row_number").is_in(own["row_number"].to_list())
        )
        posts = originals.select(
            "row_number", x(), pl.lit("post").alias("kind"), "post_key",
            pl.lit(value=False).alias("by_owner"), "author_key", "author_name",
            pl.col("at").alias("posted_at"), "text", pl.format(_ADDRESS, "post_key").alias("url"),
            _NULL.alias("reply_to_post_key"), _NULL.alias("reply_to_person_key"),
        )  # fmt: skip
        authors = originals.filter(pl.col("handle").is_not_null()).select(
            "row_number", pl.col("author_key").alias("person_key"), "handle",
            pl.col("author_name").alias("display_name"), pl.col("at").alias("observed_at"),
        )  # fmt: skip
        records = {
            "post_records": pl.concat([own, posts]),
            "person_records": pl.concat(
                [outcome.records["person_records"], person_frame(authors)]
            ),
        }  # fmt: skip
        return Outcome(records, outcome.rejects, outcome.repairs)


parse_month = objects_parser("tweet", TWEET_FIELDS, _MonthlyTweets)


def parse_user(chunks: Iterable[bytes]) -> Iterator[Batch]:
    """The owner: id, handle, name, bio and place."""
    content = b"".join(chunks)
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise MemberError("the file is empty", hint="unpack or download the archive again")
    user = read_object([content])
    key = person_key(user.get("id"))
    facts = {
        "row_number": 1,
        "person_key": key,
        "display_name": text_of(user.get("full_name")),
        "handle": text_of(user.get("screen_name")),
        "headline": text_of(user.get("bio")),
        "location": text_of(user.get("location")),
    }
    schema = {"row_number": pl.Int64} | dict.fromkeys(list(facts)[1:], pl.String)
    rejects = () if key else (Reject(1, "the account has no id", show(user)),)
    frame = pl.DataFrame([facts] if key else [], schema=schema, orient="row")
    yield Batch(
        rows_read=1,
        records={"person_records": person_frame(frame, is_owner=True)},
        rejects=rejects,
        unknown_fields=tuple(sorted(user.keys() - USER_FIELDS)),
    )


def _judge(frame: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:  # noqa: ARG001
    frame = with_times(frame, "timestamp", "tweetid")
    no_id = pl.col("tweetid").is_null()
    return frame.with_columns(
        pl.when(no_id)
        .then(pl.lit("the post has no id"))
        .otherwise(undated("at", "timestamp"))
        .alias("refused"),
        pl.when("mended").then(pl.lit("time taken from the id")).alias("repaired"),
    )


def _build(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    addresses = pl.col("expandedurls")
    kind = (
        pl.when(pl.col("retweetedstatusid").is_not_null() | pl.col("text").str.starts_with("RT @"))
        .then(pl.lit("repost"))
        .when(pl.any_horizontal(pl.col("inreplytostatusid", "inreplytouserid").is_not_null()))
        .then(pl.lit("reply"))
        .when(addresses.str.contains(STATUS.pattern))
        .then(pl.lit("quote"))
        .otherwise(pl.lit("post"))
    )
    return {
        "post_records": frame.select(
            "row_number", x(), kind.alias("kind"), pl.col("tweetid").alias("post_key"),
            pl.lit(value=True).alias("by_owner"), _NULL.alias("author_key"),
            _NULL.alias("author_name"), pl.col("at").alias("posted_at"), _plain_text(),
            pl.format(_ADDRESS, "tweetid").alias("url"),
            pl.col("inreplytostatusid").alias("reply_to_post_key"),
            pl.format("x:{}", "inreplytouserid").alias("reply_to_person_key"),
        )
    }  # fmt: skip


def _plain_text() -> pl.Expr:
    """The text unescaped once; a single short link gives way to the single address it stands for."""
    address = pl.col("expandedurls").str.split(",").list.unique()
    is_clear = (address.list.len() == 1) & (pl.col("text").str.count_matches(_SHORT_LINK) == 1)
    around = pl.col("text").str.extract_groups(rf"(?s)^(.*?){_SHORT_LINK}(.*)$")
    expanded = pl.concat_str(around.struct[0], address.list.first(), around.struct[1])
    text = pl.when(is_clear).then(expanded).otherwise("text")
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.str.replace_all(escaped, plain, literal=True)
    return text.alias("text")


TWEETS_CSV = Layout(
    required=("tweetid", "timestamp", "text"),
    optional=("inreplytostatusid", "inreplytouserid", "retweetedstatusid", "expandedurls"),
    unread=("source", "retweetedstatususerid", "retweetedstatustimestamp"),
    example="tweet_id,in_reply_to_status_id,in_reply_to_user_id,timestamp,source,text,"
    "retweeted_status_id,retweeted_status_user_id,retweeted_status_timestamp,expanded_urls",
    judge=_judge,
    build=_build,
)


def counts_in(index: bytes) -> dict[str, int]:
    """Path → number of posts, as tweet_index.js declares it."""
    return {
        name: number
        for elements in read_elements([index])
        for month in elements.items
        if (name := text_of(month.get("file_name")))
        and type(number := month.get("tweet_count")) is int
    }
