"""X's "Download an archive of your data": a zip of scripts that hold JSON.

How to get it: see HOW_TO_GET. It takes X a day or more to make it ready.

Eras seen:

- 2018 to 2019: `tweet.js`, `account.js` … at the root, `window.YTD.tweet.part0 = [ {`; some
  elements lack the `{"tweet": …}` wrapper; direct messages in `direct-message.js`.
- 2019 to 2022: the same below `data/`, with `data/manifest.js` (counts per file).
- late 2022 on: `data/tweets.js`, parts `tweets-part1.js` …, `note-tweet.js` (the whole text of
  long posts), `community-tweet.js`, `deleted-tweets.js`, `edit_info`.
- before 2018 ("Grailbird"): `x_grailbird.py`.

What is emitted:

- A tweet is a post with the id as `post_key`; `RT @…` is kind repost (its text is somebody
  else's and cut), then reply, quote (a link to another post), post. Links are expanded, the
  text is unescaped once. The address is `https://x.com/i/web/status/<id>`.
- A note tweet (long post) is a post of its own with `post_key` `note:<noteTweetId>`, kind
  post, no address, `posted_at` from createdAt with milliseconds. The id is not the tweet's.
  The same post stands in tweets.js, cut at about 280 characters and ending in `…`, within a
  second or two; to join them: same export owner, times at most 2 seconds apart, and the
  tweet's text without the trailing `…` and link is a prefix of the note's. The longer wins.
- Mentioned and answered people are person records (id, handle, name), once per batch, so one
  row may give several and their row_number repeats.
- A direct message names ids only; `by_owner` is null, the owner is account.js's accountId.
- A row of a direct-message file is an event in a conversation; the manifest counts
  conversations there (`Batch.elements_read`).
- Likes have no time and no author; the liked text is kept as `detail`.
- screen-name-change.js gives the owner's former handles, which older archives name.

Known defects: ids beyond 2^53 (kept as text); `retweeted` is always false; a few impossible
years (the id's time is taken); conversations split into several elements; half emoji.
account.js also holds e-mail, phone and IP: read past, never stored. ip-audit is never opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.sources import _x_messages as messages
from transforms.sources import _x_people as people
from transforms.sources import _x_posts as posts
from transforms.sources._x_rows import text_of
from transforms.sources._ytd import read_object
from transforms.spec import Head, Member, Parse, Source

HOW_TO_GET = (
    "On x.com: More → Settings and privacy → Your account → Download an archive of your data → "
    "confirm your password → Request archive. A notice follows after a day or more; put the zip "
    "as it is into the inbox."
)
_PART = r"(?:-part\d+)?(?: ?\(\d+\))?\.js"


def _file(stem: str) -> str:
    return rf"(?:data/)?{stem}{_PART}"


def _member(name: str, stem: str, feeds: Sequence[str], parse: Parse, doc: str) -> Member:
    example = f"data/{stem.replace('?', '').replace('[-_]', '-')}-part1.js"
    return Member(
        name=name, pattern=_file(stem), feeds=tuple(feeds), parse=parse, doc=doc, example=example
    )


_POSTS = ["post_records", "person_records"]
_MEMBERS = (
    _member("account", "account", ["person_records"], people.parse_account,
            "Whose archive it is: id, handle and name."),
    _member("profile", "profile", ["person_records"], people.parse_profile,
            "The owner's bio, place and website."),
    _member("tweets", "tweets?", _POSTS, posts.parse_tweets,
            "The owner's posts, replies, quotes and reposts."),
    _member("deleted_tweets", "deleted-tweets?", _POSTS,
            posts.parse_tweets, "Posts deleted in the last days before the archive was made."),
    _member("community_tweets", "community[-_]tweet", _POSTS,
            posts.parse_tweets, "The owner's posts in communities."),
    _member("circle_tweets", "twitter-circle-tweet", _POSTS,
            posts.parse_tweets, "The owner's posts to a circle."),
    _member("note_tweets", "note-tweet", ["post_records"],
            posts.parse_notes, "The whole text of the owner's long posts."),
    _member("direct_messages", "direct-messages?", ["message_records"],
            messages.parse_direct_messages, "Direct messages between two people."),
    _member("group_messages", "direct-messages?-group", ["message_records"],
            messages.parse_group_messages, "Direct messages in groups."),
    _member("followers", "follower", ["connection_records"],
            people.parse_followers, "Who follows the owner."),
    _member("following", "following", ["connection_records"],
            people.parse_following, "Whom the owner follows."),
    _member("likes", "likes?", ["interaction_records"], posts.parse_likes,
            "Posts the owner liked."),
    _member("former_handles", "screen-name-change", ["person_records"], people.parse_handles,
            "Handles the owner had before."),
)  # fmt: skip

_HEADERS = "repeats ids and times of a file that is read"
_PRIVATE = "contact, address or device data is never read"
_ADS = "advertising, nothing people wrote"
_PERISCOPE = "Periscope, closed in 2021"
_SHOP = "shop and catalogue data"
_ACCOUNT = "account settings and history, nothing people wrote"
_LISTS = "lists, blocks and saved things, nobody's words"
_NOTES = "community notes and their ratings are not posts"
_ASSISTANT = "conversations with X's assistant, not with people"

_IGNORED_STEMS = {
    "manifest": "holds the counts that the other files are checked against",
    "(?:tweet|deleted-tweet|direct-message|direct-message-group)-headers": _HEADERS,
    "(?:ip-audit|account-creation-ip|contact|email-address-change|phone-number|sso)": _PRIVATE,
    "(?:device-token|ni-devices|key-registry|verified-organization|reply-prompt)": _PRIVATE,
    "(?:ad-.*|ads-.*|branch-links|personalization|ageinfo|app|user-link-clicks)": _ADS,
    "periscope-.*": _PERISCOPE,
    "(?:catalog-item|commerce-catalog|product-.*|shop-module|shopify-account|twitter-shop)": _SHOP,
    "(?:account-label|account-suspension|account-timezone|protected-history|verified)": _ACCOUNT,
    "(?:connected-application|professional[-_]data|tweetdeck)": _ACCOUNT,
    "(?:block|mute|direct-message-mute|smartblock|saved-search|lists-.*|moment|bookmark.*)": _LISTS,
    "(?:birdwatch|community)-note.*": _NOTES,
    "grok-.*": _ASSISTANT,
    "(?:spaces-metadata|twitter-article.*|article.*)": "Spaces and articles are not read by "
    "this version",
}

_IGNORED = {_file(stem): why for stem, why in _IGNORED_STEMS.items()} | {
    r"(?:data/)?[a-z_]+_media/.*": "pictures and films, no text",
    r"(?:data/)?(?:tweet|tweets|direct_message|direct_messages|moments)[a-z_]*media(?:-.*)?\.zip": (
        "pictures and films, no text"
    ),
    r"assets/.*": "X's own viewer",
    r"Your archive\.html?": "X's own viewer",
    r"(?:data/)?README\.txt": "an explanation, not data",
}


def _recognises(paths: Sequence[str], head: Head) -> bool:
    """Whether a file that is read begins like a script of an X archive."""
    for path in paths:
        known = any(member.matches(path) for member in _MEMBERS)
        if known and b".YTD." in head(path)[:512]:
            return True
        if path.lower().endswith("manifest.js") and b"__THAR_CONFIG" in head(path)[:512]:
            return True
    return False


def _counts(manifest: bytes) -> dict[str, int]:
    """Path → number of elements, as the manifest declares it; conversations for messages."""
    counts: dict[str, int] = {}
    types = read_object([manifest]).get("dataTypes")
    for kind in types.values() if type(types) is dict else ():
        files = kind.get("files") if type(kind) is dict else None
        for file in files if type(files) is list else ():
            name = text_of(file.get("fileName")) if type(file) is dict else None
            number = text_of(file.get("count")) if name else None
            if name and re.fullmatch("[0-9]{1,15}", number or ""):
                counts[name] = int(number or 0)
    return counts


def _advise(rows: Mapping[str, int]) -> tuple[str, ...]:
    """What an archive cannot say, by what is not in it."""
    advice = []
    if not rows.get("direct_messages") and not rows.get("group_messages"):
        advice.append(
            "it holds no direct messages, so it speaks of nobody but you: of others an X archive "
            "holds nothing else; their posts come in as a feed of X's API"
        )
    if "account" not in rows:
        advice.append("without account.js whose archive it is is unknown: unpack the whole zip")
    return tuple(advice)


SOURCE = Source(
    name="x_archive",
    platform="x",
    label="X archive",
    how_to_get=HOW_TO_GET,
    recognises=_recognises,
    members=_MEMBERS,
    ignored=_IGNORED,
    manifest=r"(?:data/)?manifest\.js",
    counts=_counts,
    advise=_advise,
    version=2,
)
