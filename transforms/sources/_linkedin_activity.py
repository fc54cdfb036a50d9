"""Shares, Comments, Reactions, Follows, Recommendations and Endorsements of LinkedIn exports."""

from __future__ import annotations

from typing import Literal

import polars as pl

from transforms.sources._linkedin_dates import parse_time
from transforms.sources._linkedin_people import person_keys
from transforms.sources._linkedin_rows import Build, Judge, Layout, full_name, linkedin, undated

_COLON = "(?::|%3A)"
_POST_URN = f"(?i)urn{_COLON}li{_COLON}(share|activity|ugcPost){_COLON}([0-9]+)"
_COMMENT_URN = rf"(?i)urn{_COLON}li{_COLON}comment{_COLON}(?:\(|%28)[^,]*?(?:,|%2C)([0-9]+)"
_NULL = pl.lit(None, pl.String)
_SHARE_REPAIR = "quotes around line breaks removed"


def _dated(cell: str) -> Judge:
    def judge(frame: pl.DataFrame, _present: frozenset[str]) -> pl.DataFrame:
        return frame.with_columns(parse_time(frame, cell).alias("at")).with_columns(
            undated("at", cell)
        )

    return judge


def post_urn(link: str) -> pl.Expr:
    """`urn:li:activity:<id>` (or share, ugcPost) of a link, else the link itself."""
    kind, number = (pl.col(link).str.extract(_POST_URN, group) for group in (1, 2))
    return pl.coalesce(pl.format("urn:li:{}:{}", kind, number), pl.col(link))


def owners_posts(
    frame: pl.DataFrame,
    kind: Literal["post", "comment"],
    key: pl.Expr,
    answers: pl.Expr = _NULL,
) -> pl.DataFrame:
    """Post records of the owner from `row_number`, `at`, `text` and `url`."""
    return frame.select(
        "row_number",
        linkedin(),
        pl.lit(kind).alias("kind"),
        key.alias("post_key"),
        pl.lit(value=True).alias("by_owner"),
        _NULL.alias("author_key"),
        _NULL.alias("author_name"),
        pl.col("at").alias("posted_at"),
        "text",
        "url",
        answers.alias("reply_to_post_key"),
        _NULL.alias("reply_to_person_key"),
    )


def _judge_shares(frame: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    """Line breaks come as `"⏎"` and quotes doubled, after ordinary parsing (all eras seen).

    A cell in which some line break stands without its quotes is somebody's own text.
    """
    text = pl.col("sharecommentary")
    unwrapped = text.str.replace_all(r'"\r?\n"', "")
    wrapped = (text.str.contains(r'"\r?\n"') & ~unwrapped.str.contains("\n")).fill_null(value=False)
    mended = (
        pl.when(wrapped).then(text.str.replace_all(r'"\r?\n"', "\n")).otherwise(text)
    ).str.replace_all('""', '"', literal=True)
    frame = frame.with_columns(mended.alias("mended"))
    changed = pl.col("mended").ne_missing(text)
    return (
        _dated("date")(frame, present)
        .with_columns(pl.when(changed).then(pl.lit(_SHARE_REPAIR)).alias("repaired"))
        .with_columns(pl.col("mended").alias("sharecommentary"))
    )


def _build_shares(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    undated_key = pl.format("share:{}", pl.col("at").dt.timestamp("us"))
    key = pl.coalesce(post_urn("sharelink"), undated_key)
    shares = frame.with_columns(
        pl.col("sharecommentary").alias("text"), pl.col("sharelink").alias("url")
    )
    return {"post_records": owners_posts(shares, "post", key)}


SHARES = Layout(
    required=("date", "sharecommentary"),
    optional=("sharelink",),
    unread=("sharedurl", "mediaurl", "visibility"),
    example="Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility",
    judge=_judge_shares,
    build=_build_shares,
)


def _build_comments(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    target = post_urn("link")
    number = pl.col("link").str.extract(_COMMENT_URN, 1)
    by_time = pl.format(
        "comment:{}:{}", target.fill_null(""), pl.col("at").dt.timestamp("us") // 1_000_000
    )
    key = pl.coalesce(pl.format("urn:li:comment:{}", number), by_time)
    comments = frame.with_columns(pl.col("message").alias("text"), pl.col("link").alias("url"))
    return {"post_records": owners_posts(comments, "comment", key, target)}


COMMENTS = Layout(
    required=("date", "message"),
    optional=("link",),
    example="Date,Link,Message",
    judge=_dated("date"),
    build=_build_comments,
    backslash_quotes=True,
)


def _interactions(
    frame: pl.DataFrame,
    *,
    kind: Literal["reaction", "follow", "endorsement", "recommendation"],
    by_owner: bool,
    detail: pl.Expr,
    actor_name: pl.Expr = _NULL,
    target_url: pl.Expr = _NULL,
) -> dict[str, pl.DataFrame]:
    """Interaction records; `actor_key` is taken from the frame where it has one."""
    actor_key = pl.col("actor_key") if "actor_key" in frame.columns else _NULL
    records = frame.select(
        "row_number",
        linkedin(),
        pl.lit(kind).alias("kind"),
        pl.lit(by_owner).alias("by_owner"),
        actor_key.alias("actor_key"),
        actor_name.alias("actor_name"),
        target_url.alias("target_url"),
        detail.alias("detail"),
        pl.col("at").alias("occurred_at"),
    )
    return {"interaction_records": records}


def _build_reactions(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return _interactions(
        frame, kind="reaction", by_owner=True, detail=pl.col("type"), target_url=pl.col("link")
    )


REACTIONS = Layout(
    required=("date", "type"),
    optional=("link",),
    example="Date,Type,Link",
    judge=_dated("date"),
    build=_build_reactions,
)


def _build_company_follows(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return _interactions(frame, kind="follow", by_owner=True, detail=pl.col("organization"))


COMPANY_FOLLOWS = Layout(
    required=("organization", "followedon"),
    example="Organization,Followed On",
    judge=_dated("followedon"),
    build=_build_company_follows,
)


def _build_recommendations(*, given: bool) -> Build:
    def build(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
        return _interactions(
            frame,
            kind="recommendation",
            by_owner=given,
            detail=pl.col("text"),
            actor_name=_NULL if given else full_name("firstname", "lastname"),
        )

    return build


def _recommendations(*, given: bool) -> Layout:
    return Layout(
        required=("firstname", "lastname", "text", "creationdate"),
        unread=("company", "jobtitle", "status"),
        example="First Name,Last Name,Company,Job Title,Text,Creation Date,Status",
        judge=_dated("creationdate"),
        build=_build_recommendations(given=given),
    )


RECOMMENDATIONS_RECEIVED = _recommendations(given=False)
RECOMMENDATIONS_GIVEN = _recommendations(given=True)


def _endorsements(who: Literal["endorser", "endorsee"]) -> Layout:
    given = who == "endorsee"

    def build(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
        if given:
            return _interactions(
                frame,
                kind="endorsement",
                by_owner=True,
                detail=pl.col("skillname"),
                target_url=pl.col("endorseepublicurl"),
            )
        return _interactions(
            frame.with_columns(person_keys(frame["endorserpublicurl"]).alias("actor_key")),
            kind="endorsement",
            by_owner=False,
            detail=pl.col("skillname"),
            actor_name=full_name("endorserfirstname", "endorserlastname"),
        )

    return Layout(
        required=("endorsementdate", "skillname"),
        optional=(f"{who}firstname", f"{who}lastname", f"{who}publicurl"),
        unread=("endorsementstatus",),
        example=f"Endorsement Date,Skill Name,{who.title()} First Name,{who.title()} Last Name,"
        f"{who.title()} Public Url,Endorsement Status",
        judge=_dated("endorsementdate"),
        build=build,
    )


ENDORSEMENTS_RECEIVED = _endorsements("endorser")
ENDORSEMENTS_GIVEN = _endorsements("endorsee")
