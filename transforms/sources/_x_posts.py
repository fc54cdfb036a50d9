"""Tweets, note tweets and likes of X archives → post, person and interaction records."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from transforms.sources._x_rows import (
    Outcome,
    objects_in,
    objects_parser,
    person_key,
    plain_text,
    show,
    text_of,
    undated,
    with_times,
    x,
)
from transforms.sources._ytd import Element
from transforms.spec import Reject

_STATUS = re.compile(
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
_Person = tuple[int, str | None, str | None, str | None]


def _build_tweets(numbers: Sequence[int], tweets: Sequence[Element]) -> Outcome:
    posts: list[_Post] = []
    people: list[_Person] = []
    rejects: list[Reject] = []
    for number, tweet in zip(numbers, tweets, strict=True):
        key = text_of(tweet.get("id_str")) or text_of(tweet.get("id"))
        if key is None:
            rejects.append(Reject(number, "the post has no id", show(tweet)))
            continue
        posts.append(_post(number, key, tweet))
        people += _people(number, tweet)
    return _outcome(posts, people, rejects, dict(zip(numbers, tweets, strict=True)))


def _post(number: int, key: str, tweet: Element) -> _Post:
    text = text_of(tweet.get("full_text")) or text_of(tweet.get("text"))
    links = [
        (text_of(link.get("url")), text_of(link.get("expanded_url")))
        for link in objects_in(tweet, "entities", "urls")
    ]
    reply_to = tweet.get("in_reply_to_status_id_str") or tweet.get("in_reply_to_status_id")
    replied = tweet.get("in_reply_to_user_id_str") or tweet.get("in_reply_to_user_id")
    quoted = tweet.get("quoted_status_id_str") or tweet.get("quoted_status_id")
    return (
        number,
        key,
        text_of(tweet.get("created_at")),
        plain_text(text, links) if text else None,
        text_of(reply_to),
        person_key(replied),
        bool(reply_to or replied or tweet.get("in_reply_to_screen_name")),
        bool(quoted) or any(long and _STATUS.match(long) for _, long in links),
    )


def _people(number: int, tweet: Element) -> list[_Person]:
    people = [
        (
            number,
            person_key(mention.get("id_str") or mention.get("id")),
            text_of(mention.get("screen_name")),
            text_of(mention.get("name")),
        )
        for mention in objects_in(tweet, "entities", "user_mentions")
    ]
    if handle := text_of(tweet.get("in_reply_to_screen_name")):
        replied = tweet.get("in_reply_to_user_id_str") or tweet.get("in_reply_to_user_id")
        people.append((number, person_key(replied), handle, None))
    return [person for person in people if person[2] is not None]


def _outcome(
    posts: list[_Post], people: list[_Person], rejects: list[Reject], source: dict[int, Element]
) -> Outcome:
    frame = with_times(pl.DataFrame(posts, schema=_POST, orient="row"), "created", "post_key")
    rejects += undated(frame, "created", source)
    good = frame.filter(pl.col("at").is_not_null())
    kind = (
        pl.when(pl.col("text").str.starts_with("RT @"))
        .then(pl.lit("repost"))
        .when("replies")
        .then(pl.lit("reply"))
        .when("quotes")
        .then(pl.lit("quote"))
        .otherwise(pl.lit("post"))
    )
    address = pl.format("https://x.com/i/web/status/{}", "post_key")
    records = {
        "post_records": _posts(good, kind, address),
        "person_records": _mentioned(pl.DataFrame(people, schema=_PERSON, orient="row"), good),
    }
    mended = int(good["mended"].sum())
    return Outcome(records, rejects, repairs={_MENDED: mended} if mended else {})


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


def _build_notes(numbers: Sequence[int], notes: Sequence[Element]) -> Outcome:
    posts: list[_Post] = []
    rejects: list[Reject] = []
    for number, note in zip(numbers, notes, strict=True):
        core = note.get("core")
        text = text_of(core.get("text")) if type(core) is dict else None
        key = text_of(note.get("noteTweetId"))
        if key is None or text is None:
            rejects.append(Reject(number, "the long post has no id or no text", show(note)))
            continue
        links = [
            (text_of(link.get("shortUrl")), text_of(link.get("expandedUrl")))
            for link in objects_in(core, "urls")
        ]
        created = text_of(note.get("createdAt"))
        posts.append((number, key, created, plain_text(text, links), None, None, False, False))
    frame = with_times(pl.DataFrame(posts, schema=_POST, orient="row"), "created", "post_key")
    rejects += undated(frame, "created", dict(zip(numbers, notes, strict=True)))
    good = frame.filter(pl.col("at").is_not_null()).with_columns(
        pl.format("note:{}", "post_key").alias("post_key")
    )
    mended = int(good["mended"].sum())
    return Outcome(
        {"post_records": _posts(good, pl.lit("post"), _NULL)},
        rejects,
        repairs={_MENDED: mended} if mended else {},
    )


def _build_likes(numbers: Sequence[int], likes: Sequence[Element]) -> Outcome:
    rows: list[tuple[int, str | None, str | None]] = []
    rejects: list[Reject] = []
    for number, like in zip(numbers, likes, strict=True):
        key, text = text_of(like.get("tweetId")), text_of(like.get("fullText"))
        url = text_of(like.get("expandedUrl"))
        if key is None and url is None:
            rejects.append(Reject(number, "the like names no post", show(like)))
            continue
        rows.append(
            (number, url or f"https://x.com/i/web/status/{key}", text and plain_text(text, ()))
        )
    schema = {"row_number": pl.Int64, "target_url": pl.String, "detail": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").select(
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
    return Outcome({"interaction_records": frame}, rejects)


parse_tweets = objects_parser("tweet", TWEET_FIELDS, _build_tweets)
parse_notes = objects_parser("noteTweet", NOTE_FIELDS, _build_notes)
parse_likes = objects_parser("like", LIKE_FIELDS, _build_likes)
