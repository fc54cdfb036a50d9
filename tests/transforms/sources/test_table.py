"""Tables of other tools: columns and days told, whatever is written in any form read back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import SOURCES, in_chunks, read
from transforms.errors import MemberError
from transforms.sources import _csv, _table_files
from transforms.sources._table_columns import FIELDS, Plan, TableMapping, plan_for
from transforms.sources._table_dates import order_of_days, parse_times
from transforms.sources.table import with_mappings

TABLE = SOURCES["table"].members[0]
Platform = Literal["linkedin", "x"]

# --- round trip

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="ÃÂÄÅÐÑâð&<>@"),
    min_size=1, max_size=30,
).filter(lambda text: text.strip() == text and not text.startswith("RT "))  # fmt: skip
SLUG = st.from_regex(r"[a-z][a-z0-9]{2,11}", fullmatch=True).filter(
    lambda slug: slug not in {"home", "search", "intent", "hashtag", "explore", "share"}
)
ODD = {"author": "Wer", "author_url": "Wo", "text": "Was", "posted_at": "Wann", "url": "Adresse",
       "kind": "Sorte"}  # fmt: skip
COMMON = {"author": "Author Name", "author_url": "authorProfileUrl", "text": "Post Text",
          "posted_at": "created_at", "url": "Post URL", "kind": "type"}  # fmt: skip
TIMES = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S +0000", "%a %b %d %H:%M:%S +0000 %Y",
         "%d %b %Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%s")  # fmt: skip


@dataclass(frozen=True)
class Post:
    slug: str
    name: str
    at: datetime
    text: str
    number: int
    kind: str


@st.composite
def tables(draw: st.DrawFn) -> list[Post]:
    people = draw(st.lists(st.tuples(SLUG, TEXT), min_size=1, max_size=4, unique_by=lambda p: p[0]))
    posts = st.builds(
        lambda person, **rest: Post(*person, **rest),
        st.sampled_from(people),
        at=st.datetimes(datetime(2004, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
            lambda at: at.replace(microsecond=0)
        ),
        text=TEXT,
        number=st.integers(10**9, 29_700_859_246),  # ids of then do not hold their time
        kind=st.sampled_from(["post", "reply", "comment", "repost", "quote"]),
    )
    return draw(st.lists(posts, min_size=1, max_size=8, unique_by=lambda post: post.number))


def rows_of(posts: list[Post], platform: Platform, time: str) -> list[dict[str, str]]:
    def stamp(at: datetime) -> str:
        return str(int(at.timestamp())) if time == "%s" else at.strftime(time)

    sites = {
        "linkedin": (
            "https://www.linkedin.com/in/{}",
            "https://www.linkedin.com/feed/update/urn:li:activity:{1}",
        ),
        "x": ("https://x.com/{}", "https://x.com/{}/status/{}"),
    }
    person, post_at = sites[platform]
    return [
        {
            "author": post.name,
            "author_url": person.format(post.slug),
            "text": post.text,
            "posted_at": stamp(post.at),
            "url": post_at.format(post.slug, post.number),
            "kind": post.kind,
        }
        for post in posts
    ]


def written(rows: list[dict[str, str]], form: str) -> bytes:
    if form == "parquet":
        out = io.BytesIO()
        pl.DataFrame(rows).write_parquet(out)
        return out.getvalue()
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    if form == "nested json":
        return json.dumps([{"post": row} for row in rows], indent=1).encode()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";" if form == "csv;" else ",")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-16" if form == "csv utf-16" else "utf-8")


@settings(deadline=None, max_examples=150)
@given(
    posts=tables(),
    platform=st.sampled_from(["linkedin", "x"]),
    form=st.sampled_from(["csv", "csv;", "csv utf-16", "jsonl", "nested json", "parquet"]),
    names=st.sampled_from([ODD, COMMON]),
    time=st.sampled_from(TIMES),
    chunk=st.integers(1, 3000),
)
def test_whatever_is_written_is_read_back(
    *,
    posts: list[Post],
    platform: Platform,
    form: str,
    names: dict[str, str],
    time: str,
    chunk: int,
) -> None:
    rows = [
        {names[field]: value for field, value in row.items()}
        for row in rows_of(posts, platform, time)
    ]
    before = "post." if form == "nested json" else ""
    columns = {field: before + column for field, column in names.items()}
    mapping = TableMapping(columns=columns if names is ODD or before else {})
    member = with_mappings([mapping]).members[0]
    whole = read(member, in_chunks(written(rows, form), chunk))
    assert whole.error is None
    assert (whole.rows_read, whole.rejects, whole.ignored) == (len(posts), [], {})
    assert whole.unknown_fields == ()
    kinds = {"linkedin": "urn:li:activity:{}", "x": "{}"}
    people = {"linkedin": "linkedin:in/{}", "x": "x:@{}"}
    columns_read = ("post_key", "author_key", "author_name", "posted_at", "text", "kind")
    assert whole.records["post_records"].select(columns_read).rows() == [
        (
            kinds[platform].format(post.number),
            people[platform].format(post.slug),
            post.name,
            post.at,
            post.text,
            post.kind,
        )
        for post in posts
    ]
    assert set(whole.records["person_records"].select("person_key", "display_name").rows()) == {
        (people[platform].format(post.slug), post.name) for post in posts
    }


# --- columns


def plan(*columns: str, **mapped: str) -> Plan:
    return plan_for(columns, TableMapping(columns=mapped))


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ("Author,Text,Date", {"author": "Author", "text": "Text", "posted_at": "Date"}),
        (
            "user.name,user.screen_name,full_text,created_at,id_str",
            {"author": "user.name", "author_handle": "user.screen_name", "text": "full_text",
             "posted_at": "created_at", "id": "id_str"},
        ),
        (
            "date,username,to,replies,retweets,text,permalink",
            {"author_handle": "username", "text": "text", "posted_at": "date", "url": "permalink"},
        ),
        (
            "From,To,Date,Subject,Content",
            {"author": "From", "recipient": "To", "sent_at": "Date", "subject": "Subject",
             "text": "Content"},
        ),
        (
            "Sender Name,Recipient Profile URLs,Sent At,Message",
            {"author": "Sender Name", "recipient_url": "Recipient Profile URLs",
             "sent_at": "Sent At", "text": "Message"},
        ),
    ],
)  # fmt: skip
def test_columns_are_known_by_common_names(columns: str, found: dict[str, str]) -> None:
    told = plan(*columns.split(","))
    assert told.columns == found
    assert told.missing == ()
    assert told.what == ("messages" if "sent_at" in found else "posts")


def test_what_the_mapping_says_is_stronger_and_the_rest_is_still_known() -> None:
    told = plan("name", "nickname", "body", "when", "link", author="Nickname", posted_at="when")
    assert told.columns == {
        "author": "nickname",
        "text": "body",
        "posted_at": "when",
        "url": "link",
    }
    assert told.missing == ()


@pytest.mark.parametrize(
    ("columns", "mapped", "missing"),
    [
        (("a", "b"), {}, ("author", "text", "posted_at")),
        (("author", "text"), {}, ("posted_at",)),
        (("author", "text", "url"), {}, ()),
        (("sender", "message", "recipient"), {}, ("sent_at",)),
        (("sender", "message"), {"sent_at": "message"}, ("text", "recipient")),
        (("author", "text", "date"), {"text": "Post"}, ("'Post' for text", "text")),
    ],
)
def test_what_is_missing_is_named(
    columns: tuple[str, ...], mapped: dict[str, str], missing: tuple[str, ...]
) -> None:
    assert plan(*columns, **mapped).missing == missing


def test_fields_are_the_keys_of_the_config() -> None:
    from flows.table_settings import Table

    keys = set(Table.__dataclass_fields__)
    assert keys == {*FIELDS, "files", "platform", "dates", "time_zone"}


# --- days


def time_of(cell: str, days: Any = None, zone: str | None = None) -> Any:
    told = parse_times(pl.Series([cell], dtype=pl.String), days, zone).row(0, named=True)
    return "ambiguous" if told["is_ambiguous"] else told["at"] and f"{told['at']:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2024-03-04T10:00:00Z", "2024-03-04 10:00:00"),
        ("2024-03-04t10:00:00.123z", "2024-03-04 10:00:00"),
        ("2024-03-04 10:00:00+02:00", "2024-03-04 08:00:00"),
        ("2024-03-04 10:00:00 -0530", "2024-03-04 15:30:00"),
        ("2024-03-04 10:00 UTC", "2024-03-04 10:00:00"),
        ("2024-03-04", "2024-03-04 00:00:00"),
        ("20240304", "2024-03-04 00:00:00"),
        ("Wed Oct 19 20:07:25 +0000 2022", "2022-10-19 20:07:25"),
        ("Wed, 19 Oct 2022 20:07:25 +0200", "2022-10-19 18:07:25"),
        ("Wed, 19 Oct 2022 20:07:25 GMT", "2022-10-19 20:07:25"),
        ("8:07 PM · Oct 19, 2022", "2022-10-19 20:07:00"),
        ("Oct 19, 2022 at 8:07\u202fPM", "2022-10-19 20:07:00"),
        ("19 October 2022", "2022-10-19 00:00:00"),
        ("4-Apr-21", "2021-04-04 00:00:00"),
        ("25/04/2024 8:15", "2024-04-25 08:15:00"),
        ("4/25/24, 8:15 PM", "2024-04-25 20:15:00"),
        ("4/25/2024 12:05 AM", "2024-04-25 00:05:00"),
        ("04.03.24", "2024-03-04 00:00:00"),
        ("05/05/2024", "2024-05-05 00:00:00"),
        ("13/04/2024", "2024-04-13 00:00:00"),
        ("04/13/2024", "2024-04-13 00:00:00"),
        ("12/11/2024", "ambiguous"),
        ("03/04/2024", "ambiguous"),
        ("3-4-24 10:00", "ambiguous"),
        ("1712345678", "2024-04-05 19:34:38"),
        ("1712345678123", "2024-04-05 19:34:38"),
        ("1712345678.5", "2024-04-05 19:34:38"),
        ("3d", None),
        ("30/02/2024", None),
        ("2024-13-01", None),
        ("0004-03-26", None),
        ("31.12.1999", None),
        ("99999999999999999999", None),
        ("", None),
    ],
)
def test_days_as_tools_write_them(cell: str, at: str | None) -> None:
    assert time_of(cell) == at


def test_the_order_of_days_is_as_said() -> None:
    assert time_of("03/04/2024", "day first") == "2024-04-03 00:00:00"
    assert time_of("03/04/2024", "month first") == "2024-03-04 00:00:00"
    assert time_of("25/04/2024", "month first") == "2024-04-25 00:00:00"


def test_a_time_without_a_zone_is_of_the_zone_that_is_said() -> None:
    assert time_of("2024-07-01 10:00", zone="Europe/Berlin") == "2024-07-01 08:00:00"
    assert time_of("2024-01-01 10:00", zone="Europe/Berlin") == "2024-01-01 09:00:00"
    assert time_of("2024-07-01 10:00Z", zone="Europe/Berlin") == "2024-07-01 10:00:00"
    assert time_of("2024-03-31 02:30", zone="Europe/Berlin") is None  # nobody's clock said that


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2024", "25/4/2024"], "day first"),
        (["3/4/2024", "4/25/2024"], "month first"),
        (["3/4/2024"], None),
        (["25/4/2024", "4/25/2024"], None),
        (["25.4.2024", "3/4/2024"], None),
        ([None, "2024-04-25"], None),
    ],
)
def test_a_column_tells_its_order(cells: list[str | None], order: str | None) -> None:
    assert order_of_days(pl.Series(cells, dtype=pl.String)) == order


# --- whose, and how much


@pytest.mark.parametrize(
    ("content", "platform"),
    [
        (b"author,text,date,url\nA,t,2024-01-01,https://x.com/a/status/1\n", "x"),
        (b"author,text,date,url\nA,t,2024-01-01,https://www.linkedin.com/posts/1\n", "linkedin"),
        (b"author,tweet,date\nA,t,2024-01-01\n", "x"),
        (b"author,text,date\n@a,t,2024-01-01\n", "x"),
        (b"author,text,date,LinkedIn likes\nA,t,2024-01-01,2\n", "linkedin"),
        (b"network,author,text,date\nTwitter,A,t,2024-01-01\n", "x"),
        (b"author,text,date\nA,I like linkedin.com/ and x.com/,2024-01-01\n", None),
    ],
)
def test_whose_platform_it_is(content: bytes, platform: str | None) -> None:
    whole = read(TABLE, [content])
    if platform is None:
        assert isinstance(whole.error, MemberError)
        assert 'platform = "linkedin" or "x"' in whole.error.hint
    else:
        assert whole.records["post_records"]["platform"].to_list() == [platform]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_rows_are_numbered_over_batches(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_csv, "BATCH_BYTES", 4096)
    monkeypatch.setattr(_table_files, "BATCH_BYTES", 4096)
    monkeypatch.setattr("transforms.sources._jsonl.STRETCH_BYTES", 1000)
    monkeypatch.setattr("transforms.sources._table_parquet._FEWEST", 100)
    monkeypatch.setattr("transforms.sources._table_parquet._BATCH_BYTES", 4096)
    rows = [
        {"author": "@ana", "text": f"Post {n}", "date": "2024-01-01T00:00:00Z", "id": str(n)}
        for n in range(1, 2001)
    ]
    batches = list(TABLE.parse(in_chunks(written(rows, form), 1000)))
    assert len(batches) > 4
    frame = pl.concat([batch.records["post_records"] for batch in batches])
    assert frame["row_number"].to_list() == list(range(1, 2001))
    assert frame["post_key"].to_list() == [str(n) for n in range(1, 2001)]


def test_a_days_order_once_told_holds_for_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_csv, "BATCH_BYTES", 60)
    monkeypatch.setattr(_csv, "_RESYNC_BYTES", 60)
    lines = [f"@ana,{'x' * 40},{day}\n" for day in ("03/04/2024", "25/04/2024", "05/06/2024")]
    whole = read(TABLE, [b"author,text,date\n", *(line.encode() for line in lines)])
    posted = whole.records["post_records"]["posted_at"].dt.strftime("%m-%d").to_list()
    assert posted[-2:] == ["04-25", "06-05"]


def test_times_and_numbers_of_parquet_are_what_a_cell_would_say() -> None:
    out = io.BytesIO()
    at = datetime(2024, 3, 5, 6, 25, 24, 913_000, tzinfo=UTC)
    pl.DataFrame(
        {
            "user": [{"name": "Ana", "id": 9007199254740993}],
            "text": ["Hello"],
            "created_at": [at],
            "tweet_id": pl.Series([1764900000000000001], dtype=pl.Int64),
        }
    ).write_parquet(out)
    (row,) = read(TABLE, [out.getvalue()]).records["post_records"].iter_rows(named=True)
    assert (row["author_key"], row["post_key"], row["posted_at"]) == (
        "x:9007199254740993",
        "1764900000000000001",
        at,
    )


def test_a_table_that_is_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.sources._table_parquet.LARGEST", 1000)
    chunks = in_chunks(b"PAR1" + b"x" * (1 << 20), 70_000)
    whole = read(TABLE, chunks)
    assert whole.error is not None
    assert whole.error.fact == "a Parquet file of more than 1,000 bytes is not read"
    assert next(chunks, None) is not None
