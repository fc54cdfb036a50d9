"""Connections, Invitations, Profile and Positions of LinkedIn exports."""

from __future__ import annotations

import polars as pl

from transforms.sources._linkedin_dates import parse_day, parse_time
from transforms.sources._linkedin_people import person_keys
from transforms.sources._linkedin_rows import Layout, full_name, linkedin, undated

_NO_TIME = pl.lit(None, pl.Datetime("us", "UTC"))


def _judge_connections(frame: pl.DataFrame, _present: frozenset[str]) -> pl.DataFrame:
    closed = pl.all_horizontal(
        pl.col("firstname", "lastname", "url", "company", "position").is_null()
    )
    frame = frame.with_columns(
        parse_day(frame, "connectedon").alias("connected_on"),
        pl.when(closed).then(pl.lit("closed profile: a date and nothing else")).alias("left_out"),
    )
    impossible = pl.col("connected_on").is_null() & pl.col("connectedon").is_not_null()
    reason = pl.format("no such date: {}", pl.col("connectedon").str.slice(0, 60))
    return frame.with_columns(pl.when(impossible).then(reason).alias("refused"))


def _build_connections(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    frame = frame.with_columns(
        linkedin(),
        person_keys(frame["url"]).alias("person_key"),
        full_name("firstname", "lastname").alias("display_name"),
    )
    connections = frame.select(
        "row_number",
        "platform",
        pl.lit("connected").alias("direction"),
        "person_key",
        "display_name",
        "connected_on",
        _NO_TIME.alias("invited_at"),
    )
    people = frame.select(
        "row_number",
        "platform",
        pl.lit(value=False).alias("is_owner"),
        "person_key",
        "display_name",
        pl.col("url").alias("profile_url"),
        "company",
        "position",
    )
    return {"connection_records": connections, "person_records": _person(people)}


def _person(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of the person records, null where the file has none."""
    text = ("handle", "profile_url", "headline", "company", "position", "industry", "location")
    absent = [
        pl.lit(None, pl.String).alias(name)
        for name in ("person_key", "display_name", *text)
        if name not in frame.columns
    ]
    if "links" not in frame.columns:
        absent.append(pl.lit(None, pl.List(pl.String)).alias("links"))
    return frame.with_columns(*absent, _NO_TIME.alias("observed_at")).select(
        "row_number",
        "platform",
        "is_owner",
        "person_key",
        "display_name",
        *text,
        "links",
        "observed_at",
    )


CONNECTIONS = Layout(
    required=("firstname", "lastname", "connectedon"),
    optional=("url", "company", "position"),
    unread=("emailaddress",),
    example="First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    judge=_judge_connections,
    build=_build_connections,
)


def _judge_invitations(frame: pl.DataFrame, _present: frozenset[str]) -> pl.DataFrame:
    frame = frame.with_columns(
        parse_time(frame, "sentat").alias("sent_at"),
        pl.col("direction").str.strip_chars().str.to_uppercase().alias("way"),
    ).with_columns(undated("sent_at", "sentat"))
    unclear = ~pl.col("way").is_in(["INCOMING", "OUTGOING"]).fill_null(value=False)
    reason = pl.format(
        "Direction is neither INCOMING nor OUTGOING: {}", pl.col("direction").fill_null("empty")
    )
    return frame.with_columns(
        pl.coalesce("refused", pl.when(unclear).then(reason)).alias("refused")
    )


def _build_invitations(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    frame = frame.with_columns(
        linkedin(),
        person_keys(frame["inviterprofileurl"]).alias("inviter_key"),
        person_keys(frame["inviteeprofileurl"]).alias("invitee_key"),
        (pl.col("way") == "OUTGOING").alias("by_owner"),
    )
    connections = frame.select(
        "row_number",
        "platform",
        pl.when("by_owner")
        .then(pl.lit("invitation_out"))
        .otherwise(pl.lit("invitation_in"))
        .alias("direction"),
        pl.when("by_owner").then("invitee_key").otherwise("inviter_key").alias("person_key"),
        pl.when("by_owner").then("to").otherwise("from").alias("display_name"),
        pl.lit(None, pl.Date).alias("connected_on"),
        pl.col("sent_at").alias("invited_at"),
    )
    key = pl.format(
        "invitation:{}:{}",
        pl.coalesce("inviter_key", "from", pl.lit("")),
        pl.coalesce("invitee_key", "to", pl.lit("")),
    )
    notes = frame.filter(pl.col("message").is_not_null()).select(
        "row_number",
        "platform",
        pl.lit("invitation").alias("kind"),
        key.alias("conversation_key"),
        pl.lit(None, pl.String).alias("conversation_title"),
        "by_owner",
        pl.col("inviter_key").alias("sender_key"),
        pl.col("from").alias("sender_name"),
        pl.when(pl.col("invitee_key").is_not_null())
        .then(pl.concat_list("invitee_key"))
        .alias("recipient_keys"),
        pl.col("to").alias("recipient_names"),
        "sent_at",
        pl.lit(None, pl.String).alias("subject"),
        pl.col("message").alias("text"),
        pl.lit(value=False).alias("has_attachment"),
        pl.lit(None, pl.String).alias("folder"),
    )
    return {"connection_records": connections, "message_records": notes}


INVITATIONS = Layout(
    required=("from", "to", "sentat", "direction"),
    optional=("message", "inviterprofileurl", "inviteeprofileurl"),
    example="From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl",
    judge=_judge_invitations,
    build=_build_invitations,
)


def _accept(frame: pl.DataFrame, _present: frozenset[str]) -> pl.DataFrame:
    return frame


def _links(column: str, prefix: str) -> pl.Expr:
    """The items of a cell such as `[PERSONAL:https://a.example,COMPANY:https://b.example]`."""
    items = (
        pl.col(column)
        .str.strip_chars("[] ")
        .str.split(",")
        .list.eval(pl.element().str.strip_chars(" []@").str.replace(r"^[A-Z_]+:", ""))
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    return items.list.eval(prefix + pl.element()).fill_null([])


def _build_profile(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    links = pl.concat_list(_links("twitterhandles", "@"), _links("websites", ""))
    people = frame.select(
        "row_number",
        linkedin(),
        pl.lit(value=True).alias("is_owner"),
        full_name("firstname", "lastname").alias("display_name"),
        "headline",
        "industry",
        pl.col("geolocation").alias("location"),
        pl.when(links.list.len() > 0).then(links).alias("links"),
    )
    return {"person_records": _person(people)}


PROFILE = Layout(
    required=("firstname", "lastname"),
    optional=("headline", "industry", "geolocation", "twitterhandles", "websites"),
    unread=("maidenname", "address", "birthdate", "summary", "zipcode", "instantmessengers"),
    example="First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,"
    "Zip Code,Geo Location,Twitter Handles,Websites,Instant Messengers",
    judge=_accept,
    build=_build_profile,
)


def _build_notes(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    people = frame.with_columns(
        linkedin(),
        person_keys(frame["connectionprofileurl"]).alias("person_key"),
        full_name("connectionfirstname", "connectionlastname").alias("display_name"),
        pl.col("connectionprofileurl").alias("profile_url"),
        pl.lit(value=False).alias("is_owner"),
    )
    return {"person_records": _person(people)}


# The note itself is the owner's private word about somebody: read past.
NOTES = Layout(
    required=("connectionfirstname", "connectionlastname", "connectionprofileurl"),
    unread=("note", "createdon", "editedon"),
    example="Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,"
    "Edited On",
    judge=_accept,
    build=_build_notes,
)


def _judge_positions(frame: pl.DataFrame, _present: frozenset[str]) -> pl.DataFrame:
    ended = pl.col("finishedon").is_not_null()
    return frame.with_columns(
        pl.when(ended).then(pl.lit("a position that has ended")).alias("left_out")
    )


def _build_positions(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    people = frame.select(
        "row_number",
        linkedin(),
        pl.lit(value=True).alias("is_owner"),
        pl.col("companyname").alias("company"),
        pl.col("title").alias("position"),
    )
    return {"person_records": _person(people)}


POSITIONS = Layout(
    required=("companyname", "title"),
    optional=("finishedon",),
    unread=("description", "location", "startedon"),
    example="Company Name,Title,Description,Location,Started On,Finished On",
    judge=_judge_positions,
    build=_build_positions,
)
