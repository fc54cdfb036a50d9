"""Real-structure files of public test suites, as they lie beside the repository: nothing is lost.

They are read from there and never copied; where they are not, `conftest.py` leaves these tests
out.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.shared_data import FIXTURES as SHARED
from tests.transforms.sources.reading import SOURCES, Read, read
from transforms.sources.x_archive import SOURCE as X

LINKEDIN = SOURCES["linkedin_archive"]
OUTCOMES = json.loads((SHARED / "linkedin_analyzer/malformed-csv-outcomes.json").read_text())
DECODING = json.loads((SHARED / "linkedin_analyzer/byte-decoding-parity.json").read_text())


def linkedin(path: str, content: bytes | None = None) -> Read:
    name = path.rpartition("/")[2].replace("-parity", "").replace("-corpus", "")
    member = LINKEDIN.member_for(name)
    assert member is not None, name
    return read(member, [(SHARED / path).read_bytes() if content is None else content])


@pytest.mark.parametrize(
    ("path", "rows", "kept", "rejects"),
    [
        ("linkedin_kawsay/messages.csv", 3, 2, 1),
        ("linkedin_kawsay/Connections.csv", 2, 2, 0),
        ("linkedin_analyzer/messages-parity.csv", 3, 2, 1),
        ("linkedin_analyzer/connections-parity.csv", 5, 3, 1),
        ("linkedin_analyzer/comments-parity.csv", 5, 5, 0),
        ("linkedin_analyzer/shares-parity.csv", 6, 5, 1),
        ("linkedin_analyzer/comments-corpus.csv", 220, 44, 176),
        ("linkedin_analyzer/shares-corpus.csv", 220, 27, 193),
    ],
)
def test_linkedin_files(path: str, rows: int, kept: int, rejects: int) -> None:
    """The corpora hold impossible days on purpose; each is a reject that names its day."""
    whole = linkedin(path)
    assert whole.error is None
    table = next(iter(whole.records.values()))
    assert (whole.rows_read, table.height, len(whole.rejects)) == (rows, kept, rejects)
    assert all("date" in reject.reason for reject in whole.rejects)


def test_cells_of_the_parity_files() -> None:
    shares = linkedin("linkedin_analyzer/shares-parity.csv").records["post_records"]
    assert shares["text"][0] == 'He said "hi".\n\nNext "line" here.'
    assert shares["text"].to_list()[2:4] == ["NULL", "=SUM(A1:B2)"]
    comments = linkedin("linkedin_analyzer/comments-parity.csv").records["post_records"]
    assert comments["text"].to_list() == [
        'She wrote "great post" yesterday.\n📌 Naïve “smart quotes” line.',
        'Plain text with ""doubled"" quotes',
        "NA",
        "+1 first-token payload",
        "none",
    ]
    messages = linkedin("linkedin_analyzer/messages-parity.csv").records["message_records"]
    assert messages["sender_name"].to_list() == ["Ada", "#N/A"]
    assert messages["text"].to_list() == ['He said "hello"', "Ignored row"]
    corpus = linkedin("linkedin_analyzer/comments-corpus.csv").records["post_records"]["text"]
    assert "path C:\\Users\\Ada\\Documents" in set(corpus)
    assert 'wrote "great post" today' in set(corpus)


@pytest.mark.parametrize("case", OUTCOMES["cases"], ids=lambda case: case["id"])
def test_malformed_files_end_as_expected(case: dict[str, Any]) -> None:
    """What their reader refuses as a whole costs us an error, or the broken row alone."""
    whole = linkedin(f"{case['fileType']}.csv", case["csv"].encode())
    expected = case["expected"]["python"]
    if expected == "accepted":
        assert whole.error is None
        assert not whole.rejects
        assert whole.rows_read == 1
    elif case["id"] == "over-wide-data-row":
        assert [reject.row_number for reject in whole.rejects] == [2]
        assert whole.records["post_records"].height == 1
    else:
        assert whole.error is not None
        assert whole.rows_read == 0


@pytest.mark.parametrize("case", DECODING["cases"], ids=lambda case: case["id"])
def test_bytes_are_decoded_as_expected(case: dict[str, Any]) -> None:
    content = DECODING["csvPrefix"].encode() + bytes(case["bytes"]) + DECODING["csvSuffix"].encode()
    whole = linkedin("shares.csv", content)
    expected = "".join(map(chr, case["expectedCodePoints"]))
    assert whole.records["post_records"]["text"].to_list() == [expected]
    assert ("read as windows-1252" in whole.repairs) == case["usedFallback"]


@pytest.mark.parametrize(
    ("path", "table", "rows"),
    [
        ("x_archive_2019_dogsheep/zip_contents/account.js", "person_records", 1),
        ("x_archive_2019_dogsheep/zip_contents/follower.js", "connection_records", 2),
        ("x_archive_2019_dogsheep/zip_contents/following.js", "connection_records", 2),
        ("x_archive_mrled/data/account.js", "person_records", 1),
        ("x_archive_mrled/data/profile.js", "person_records", 1),
        ("x_archive_mrled/data/tweet.js", "post_records", 2),
        ("x_archive_community/data/account.js", "person_records", 1),
        ("x_archive_community/data/profile.js", "person_records", 1),
        ("x_archive_community/data/follower.js", "connection_records", 3),
        ("x_archive_community/data/following.js", "connection_records", 3),
        ("x_archive_community/data/tweets.js", "post_records", 7),
    ],
)
def test_x_files(path: str, table: str, rows: int) -> None:
    member = X.member_for(path.rpartition("/")[2])
    assert member is not None
    whole = read(member, [(SHARED / path).read_bytes()])
    assert whole.error is None
    assert (whole.rows_read, whole.records[table].height, whole.rejects) == (rows, rows, [])
    assert whole.unknown_fields == ()


@pytest.mark.parametrize(
    ("path", "rows", "posts", "ignored", "rejects"),
    [
        ("2sets.jsonl", 283, 282, 1, 0),
        ("flat.jsonl", 186, 186, 0, 0),
        ("mentions_tweet.jsonl", 3, 3, 0, 0),
        ("noflat.jsonl", 167, 166, 1, 0),
        ("quoted_edit.jsonl", 4, 4, 0, 0),
        ("streaming_output_with_error.jsonl", 12, 11, 0, 1),
        ("two_tweets.jsonl", 2, 2, 0, 0),
    ],
)
def test_feeds_of_the_x_api(path: str, rows: int, posts: int, ignored: int, rejects: int) -> None:
    """Counted apart: every post of `data` and of `includes` or inside another is there, by id."""
    content = (SHARED / "x_api_twarc" / path).read_bytes()
    member = SOURCES["x_api"].member_for(path, lambda _: content[: 64 << 10])
    assert member is not None
    whole = read(member, [content])
    assert whole.error is None
    assert (whole.rows_read, sum(whole.ignored.values()), len(whole.rejects)) == (
        rows,
        ignored,
        rejects,
    )
    assert whole.unknown_fields == ()
    frame = whole.records["post_records"]
    assert frame.height == posts
    assert frame["author_key"].null_count() == frame["text"].null_count() == 0
    assert set(frame["post_key"]) == _ids_in(content)


def _ids_in(content: bytes) -> set[str]:
    """Ids of all posts of whole lines, found by walking everything the file holds."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "text" in value and "author_id" in value:
                found.add(value["id"])
            value = list(value.values())
        for inner in value if isinstance(value, list) else ():
            walk(inner)

    for line in content.splitlines():
        try:
            walk(json.loads(line))
        except ValueError:
            continue
    return found


def test_tweets_of_the_community_archive() -> None:
    member = X.member_for("data/tweets.js")
    assert member is not None
    whole = read(member, [(SHARED / "x_archive_community/data/tweets.js").read_bytes()])
    posts = whole.records["post_records"]
    assert posts["kind"].value_counts(sort=True).rows() == [("reply", 6), ("post", 1)]
    handles = whole.records["person_records"]["handle"]
    assert {"empathy2000", "selentelechia", "tszzl", "exGenesis"} <= set(handles)
    assert not whole.repairs


def test_every_file_x_explains_is_named() -> None:
    """X's own README lists every file: each is read or ignored for a reason, none unknown."""
    readme = (SHARED / "x_archive_community/data/README.txt").read_text()
    listed = [line.strip() for line in readme.splitlines() if line.strip().endswith(".js")]
    assert len(listed) > 70
    unknown = [
        name
        for name in listed
        if " " not in name and X.member_for(f"data/{name}") is None
        and X.reason_to_ignore(f"data/{name}") is None
    ]  # fmt: skip
    assert unknown == []


def test_every_file_of_the_manifest_is_named_and_counted() -> None:
    manifest = (SHARED / "x_archive_mrled/data/manifest.js").read_bytes()
    assert X.counts is not None
    counts = X.counts(manifest)
    assert counts["data/tweet.js"] == 938
    assert counts["data/like.js"] == 7143
    unknown = [p for p in counts if X.member_for(p) is None and X.reason_to_ignore(p) is None]
    assert unknown == []
