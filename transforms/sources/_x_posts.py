"""Tweets, note tweets and likes of X archives → post, person and interaction records."""

from __future__ import annotations

import re

import polars as pl

from transforms.sources._x_rows import (
    Outcome,
    objects_in,
    objects_parser,
    person_key,
    plain_text,
    show,
    table,
    text_of,
    undated,
    with_times,
    x,
)
from transforms.sources._ytd import Element
from transforms.spec import Reject

STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status(?:es)?/\d+/?(?:\?|$)"
)
_MENDED = "time taken from the id"
_NULL = pl.lit(None, pl.String)

TWEET_FIELDS = frozenset(
    (
        "id",
        "id_str",
        "full_text",
        "text",
        "created_at",
        "entities",
        "extended_entities",
        "edit_info",
        "retweeted",
        "source",
        "display_text_range",
        "favorite_count",
        "retweet_count",
        "truncated",
        "favorited",
        "lang",
        "possibly_sensitive",
        "in_reply_to_status_id",
        "in_reply_to_status_id_str",
        "in_reply_to_user_id",
        "in_reply_to_user_id_str",
        "in_reply_to_screen_name",
        "quoted_status_id",
        "quoted_status_id_str",
        "quoted_status_permalink",
        "coordinates",
        "geo",
        "place",
        "contributors",
        "withheld_in_countries",
        "withheld_copyright",
        "withheld_scope",
        "scopes",
        "deleted_at",
        "community_id",
        "community_id_str",
        "card",
        "self_thread",
        "is_quote_status",
        "contributor_ids",
        "user",
        "retweeted_status",
        "retweeted_status_id",
        "retweeted_status_id_str",
        "withheld_text",
    )
)
NOTE_FIELDS = frozenset(("noteTweetId", "updatedAt", "createdAt", "lifecycle", "core"))
LIKE_FIELDS = frozenset(("tweetId", "fullText", "expandedUrl", "likedAt"))

_POST = {
    "row_number": pl.Int64,
    "post_key": pl.String,
    "created": pl.String,
    "text": pl.String,
    "reply_to_post_key": pl.String,
    "reply_to_person_key": pl.String,
    "replies": pl.Boolean,
    "quotes": pl.Boolean,
}
_PERSON = {
    "row_number": pl.Int64,
    "person_key": pl.String,
    "handle": pl.String,
    "display_name": pl.String,
}

_Post = tuple[int, str, str | None, str | None, str | None, str | None, bool, bool]
_Link = tuple[str | None, str | None]
_Person = tuple[int, str | None, str | None, str | None]


class Tweets:
    """Collects tweets and the people they name."""

    def __init__(self) -> None:
        self._posts: list[_Post] = []
        self._people: list[_Person] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        # Runs for every tweet: what most of them lack is looked at only where it is.
        get = item.get
        key = text_of(get("id_str")) or text_of(get("id"))
        if key is None:
            self._rejects.append(Reject(number, "the post has no id", show(item)))
            return
        text = text_of(get("full_text")) or text_of(get("text"))
        links, mentions = _entities(get("entities"))
        if text and (links or "&" in text):
            text = plain_text(text, links)
        reply_to = replied = handle = None
        if "in_reply_to_user_id" in item or "in_reply_to_screen_name" in item:
            reply_to = text_of(get("in_reply_to_status_id_str") or get("in_reply_to_status_id"))
            replied = person_key(get("in_reply_to_user_id_str") or get("in_reply_to_user_id"))
            handle = text_of(get("in_reply_to_screen_name"))
        replies = bool(reply_to or replied or handle)
        quotes = "quoted_status_id_str" in item or any(
            long and STATUS.match(long) for _, long in links
        )
        created = text_of(get("created_at"))
        self._posts.append((number, key, created, text, reply_to, replied, replies, quotes))
        for mention in mentions:
            mentioned = text_of(mention.get("screen_name"))
            if mentioned:
                somebody = person_key(mention.get("id_str") or mention.get("id"))
                self._people.append((number, somebody, mentioned, text_of(mention.get("name"))))
            if mentioned == handle:
                handle = None  # the mention says the same and gives a name as well
        if handle:
            self._people.append((number, replied, handle, None))

    def finish(self) -> Outcome:
        good, rejects, repairs = _dated(self._posts)
        kind = (
            pl.when(pl.col("text").str.starts_with("RT @"))
            .then(pl.lit("repost"))
            .when("replies")
            .then(pl.lit("reply"))
            .when("quotes")
            .then(pl.lit("quote"))
            .otherwise(pl.lit("post"))
        )
        people = table(self._people, _PERSON)
        records = {
            "post_records": _posts(
                good, kind, pl.format("https://x.com/i/web/status/{}", "post_key")
            ),
            "person_records": _mentioned(people, good),
        }
        return Outcome(records, [*self._rejects, *rejects], repairs)


def _entities(entities: object) -> tuple[list[_Link], list[Element]]:
    """The links of a tweet, short and long, and the mentions in it."""
    if type(entities) is not dict:
        return [], []
    links = entities.get("urls")
    mentions = entities.get("user_mentions")
    return (
        [(text_of(u.get("url")), text_of(u.get("expanded_url"))) for u in objects_in(links)]
        if links
        else [],
        objects_in(mentions) if mentions else [],
    )


def _dated(posts: list[_Post]) -> tuple[pl.DataFrame, list[Reject], dict[str, int]]:
    """The posts that have a time, the others as rejects, and how many times were mended."""
    frame = with_times(table(posts, _POST), "created", "post_key")
    good = frame.filter(pl.col("at").is_not_null())
    return good, undated(frame, "created"), {_MENDED: int(good["mended"].sum())}


def _posts(frame: pl.DataFrame, kind: pl.Expr, address: pl.Expr) -> pl.DataFrame:
    return frame.select(
        "row_number",
        x(),
        kind.alias("kind"),
        "post_key",
        pl.lit(value=True).alias("by_owner"),
        _NULL.alias("author_key"),
        _NULL.alias("author_name"),
        pl.col("at").alias("posted_at"),
        "text",
        address.alias("url"),
        "reply_to_post_key",
        "reply_to_person_key",
    )


def _mentioned(people: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Handles with their ids, each once per batch: its last mention by time."""
    seen = people.join(posts.select("row_number", observed_at="at"), on="row_number", how="inner")
    latest = (
        seen.sort("observed_at", "row_number", maintain_order=True)
        .unique(["person_key", "handle", "display_name"], keep="last", maintain_order=True)
        .sort("row_number", maintain_order=True)
    )
    return person_frame(latest)


def person_frame(frame: pl.DataFrame, *, is_owner: bool = False) -> pl.DataFrame:
    """The frame with every column of the person records, null where it has none."""
    text = ("person_key", "display_name", "handle", "profile_url", "headline", "company",
            "position", "industry", "location")  # fmt: skip
    absent = [_NULL.alias(name) for name in text if name not in frame.columns]
    if "links" not in frame.columns:
        absent.append(pl.lit(None, pl.List(pl.String)).alias("links"))
    if "observed_at" not in frame.columns:
        absent.append(pl.lit(None, pl.Datetime("us", "UTC")).alias("observed_at"))
    return frame.with_columns(*absent).select(
        "row_number", x(), pl.lit(is_owner).alias("is_owner"), *text, "links", "observed_at"
    )


class _Notes:
    """Collects note tweets: the whole text of long posts."""

    def __init__(self) -> None:
        self._posts: list[_Post] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        core = item.get("core")
        text = text_of(core.get("text")) if type(core) is dict else None
        key = text_of(item.get("noteTweetId"))
        if key is None or text is None:
            self._rejects.append(Reject(number, "the long post has no id or no text", show(item)))
            return
        links = [
            (text_of(link.get("shortUrl")), text_of(link.get("expandedUrl")))
            for link in objects_in(core, "urls")
        ]
        created = text_of(item.get("createdAt"))
        self._posts.append(
            (number, key, created, plain_text(text, links), None, None, False, False)
        )

    def finish(self) -> Outcome:
        good, rejects, repairs = _dated(self._posts)
        good = good.with_columns(pl.format("note:{}", "post_key").alias("post_key"))
        records = {"post_records": _posts(good, pl.lit("post"), _NULL)}
        return Outcome(records, [*self._rejects, *rejects], repairs)


class _Likes:
    """Collects liked posts."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str | None]] = []
        self._rejects: list[Reject] = []

    def add(self, number: int, item: Element) -> None:
        key, url = text_of(item.get("tweetId")), text_of(item.get("expandedUrl"))
        if key is None and url is None:
            self._rejects.append(Reject(number, "the like names no post", show(item)))
            return
        text = text_of(item.get("fullText"))
        address = url or f"https://x.com/i/web/status/{key}"
        self._rows.append((number, address, plain_text(text, ()) if text else None))

    def finish(self) -> Outcome:
        schema = {"row_number": pl.Int64, "target_url": pl.String, "detail": pl.String}
        frame = table(self._rows, schema).select(
            "row_number",
            x(),
            pl.lit("like").alias("kind"),
            pl.lit(value=True).alias("by_owner"),
            _NULL.alias("actor_key"),
            _NULL.alias("actor_name"),
            "target_url",
            "detail",
            pl.lit(None, pl.Datetime("us", "UTC")).alias("occurred_at"),
        )
        return Outcome({"interaction_records": frame}, self._rejects)


parse_tweets = objects_parser("tweet", TWEET_FIELDS, Tweets)
parse_notes = objects_parser("noteTweet", NOTE_FIELDS, _Notes)
parse_likes = objects_parser("like", LIKE_FIELDS, _Likes)
