"""X archives from before 2018 ("Grailbird", after the viewer inside): months as scripts, and a CSV.

How to get it: see HOW_TO_GET. X made these from 2012 to 2018; people still keep them, and they
hold posts that were deleted since.

Eras seen:

- 2012 to 2013: `data/csv/YYYY_MM.csv` beside the scripts, times as
  `Sat Jan 05 15:00:00 +0000 2013`;
- 2013 to 2018: `tweets.csv` at the root, times as `2013-01-05 15:00:00 +0000`;
- in both: `data/js/tweets/YYYY_MM.js`, `Grailbird.data.tweets_YYYY_MM = [`, `user_details.js`,
  `tweet_index.js` (counts per month) and `payload_details.js`.

What is emitted. The CSV and the scripts tell the same posts: they are one by their ids, and the
second copy is counted as a duplicate. The scripts know more (names, every link), so theirs wins
where it is longer. A retweet in a script comes with the whole post and its author: that is a
post of theirs. Only the owner's name, handle, bio and place are taken from user_details.js.

Known defects: ids beyond 2^53 (kept as text); `geo` and `source` are read past; the archive holds
no messages, likes or followers.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.sources._x_grailbird import TWEETS_CSV, counts_in, parse_month, parse_user
from transforms.spec import Head, Member, Source

HOW_TO_GET = (
    "X has not made these since 2018. If you kept one (tweets.csv and a folder data/js) → put "
    "the zip or the unpacked folder into the inbox, beside the archive you download now."
)

_MEMBERS = (
    Member(
        name="user_details",
        pattern=r"(?:data/js/)?user_details\.js",
        feeds=("person_records",),
        parse=parse_user,
        doc="Whose archive it is: id, handle, name and bio.",
        example="data/js/user_details.js",
    ),
    Member(
        name="monthly_tweets",
        pattern=r"(?:(?:data/)?js/)?(?:tweets/)?\d{4}_\d{2}\.js",
        feeds=("post_records", "person_records"),
        parse=parse_month,
        doc="The owner's posts of a month, with what they retweeted.",
        example="data/js/tweets/2012_12.js",
    ),
    Member(
        name="tweets_csv",
        pattern=r"tweets(?: ?\(\d+\))?\.csv|(?:data/)?(?:csv/)?\d{4}_\d{2}\.csv",
        feeds=("post_records",),
        parse=TWEETS_CSV.parse,
        doc="The same posts as one table.",
        example="tweets.csv",
    ),
)
_VIEWER = "X's own viewer"
_IGNORED = {
    r"(?:data/js/)?tweet_index\.js": "holds the counts that the months are checked against",
    r"(?:data/js/)?payload_details\.js": "a count of all posts; the index counts each month",
    r"(?:css|img|js|lib)/.*": _VIEWER,
    r"index\.html?": _VIEWER,
    r"README(?:\.txt)?": "an explanation, not data",
}


def _recognises(paths: Sequence[str], head: Head) -> bool:
    signs = {
        "user_details": b"user_details",
        "monthly_tweets": b"Grailbird.",
        "tweets_csv": b"in_reply_to_status_id",
    }
    for path in paths:
        member = next((member for member in _MEMBERS if member.matches(path)), None)
        if member is not None and signs[member.name] in head(path)[:512]:
            return True
    return False


SOURCE = Source(
    name="x_grailbird",
    platform="x",
    label="X archive from before 2018",
    how_to_get=HOW_TO_GET,
    recognises=_recognises,
    members=_MEMBERS,
    ignored=_IGNORED,
    manifest=r"(?:data/js/)?tweet_index\.js",
    counts=counts_in,
)
