"""Who is forgotten and who only has the same name; names blotted out of other people's words."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from transforms.forgetting import (
    BLOT,
    KINDS,
    REASON,
    Forgotten,
    blot_out,
    entries,
    without_forgotten,
)
from transforms.identify import content_id, identify_messages
from transforms.records import RECORD_TABLES
from transforms.spec import Batch, Reject

JANE = "linkedin:in/jane-doe"
ME = "linkedin:in/me"
BOB = "linkedin:in/bob"


def forgetting(**values: list[str]) -> Forgotten:
    hashes: dict[str, set[str]] = {kind: set() for kind in KINDS}
    words = set()
    for kind, digest, count in entries("secret", values):
        hashes[kind].add(digest)
        words |= {count} - {0}
    return Forgotten("secret", {k: frozenset(v) for k, v in hashes.items()}, frozenset(words))


JANE_FORGOTTEN = forgetting(
    key=[JANE, "x:77"],
    name=["Jane Doe"],
    own_name=["Jane Doe"],
    handle=["jane-doe", "janed"],
)


def messages(*rows: dict[str, object]) -> pl.DataFrame:
    common = {
        "export_id": "e", "member": "messages.csv", "platform": "linkedin", "kind": "dm",
        "conversation_key": "t1", "sent_at": datetime(2026, 1, 1, tzinfo=UTC), "text": "Hello.",
        "sender_key": BOB, "sender_name": "Bob", "recipient_keys": [ME], "recipient_names": "Me",
    }  # fmt: skip
    table = RECORD_TABLES["message_records"]
    filled = [{"row_number": number, **common, **row} for number, row in enumerate(rows, start=1)]
    return table.conform(pl.DataFrame(filled, schema_overrides=dict(table.schema)))


def left(*rows: dict[str, object], forgotten: Forgotten = JANE_FORGOTTEN) -> list[int]:
    batch = Batch(rows_read=len(rows), records={"message_records": messages(*rows)})
    kept = without_forgotten(batch, forgotten)
    numbers = kept.records["message_records"]["row_number"].to_list()
    assert len(rows) == len(numbers) + kept.ignored.get(REASON, 0)
    return numbers


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ({}, True),
        ({"sender_key": JANE, "sender_name": "J. D."}, False),
        ({"sender_key": None, "sender_name": "JANE  DOE"}, False),
        # A changed address brings nobody back; only part of a name is somebody else.
        ({"sender_key": "linkedin:in/jane-d-2", "sender_name": "Jane Doe"}, False),
        ({"sender_key": "linkedin:in/jane-smith", "sender_name": "Jane Smith"}, True),
        ({"sender_key": ME, "recipient_keys": [JANE]}, False),
        ({"sender_key": ME, "recipient_keys": None, "recipient_names": "Jane Doe"}, False),
        ({"sender_key": ME, "recipient_keys": None, "recipient_names": "Janet Doe"}, True),
    ],
)
def test_whose_message_goes(row: dict[str, object], *, stays: bool) -> None:
    assert left(row) == ([1] if stays else [])


def test_a_name_that_others_bear_counts_only_without_a_key() -> None:
    shared = forgetting(key=[JANE], name=["Jane Doe"])
    rows = (
        {"sender_key": "linkedin:in/other-jane", "sender_name": "Jane Doe"},
        {"sender_key": None, "sender_name": "Jane Doe"},
        {"text": "Ask Jane Doe."},
    )
    assert left(*rows, forgotten=shared) == [1, 3]


def test_a_key_of_a_table_that_is_but_a_name_or_a_handle() -> None:
    common = forgetting(key=["x:77"], name=["Jane Doe"], handle=["janed"])
    bare = {"sender_key": "linkedin:name/jane doe", "sender_name": "Jane Doe"}
    handle = {"platform": "x", "sender_key": "x:@janed", "sender_name": None}
    other = {"platform": "x", "sender_key": "x:@janet", "sender_name": "Jane Doe"}
    assert left(bare, handle, other, forgotten=common) == [3]


def test_a_thread_goes_whoever_it_names_now() -> None:
    thread = identify_messages(messages({"conversation_key": "t9"}))["conversation_id"].to_list()
    rows = (
        {"conversation_key": "t9", "sender_key": None, "sender_name": "LinkedIn Member"},
        {"conversation_key": "t1"},
    )
    assert left(*rows, forgotten=forgetting(thread=thread)) == [2]


def test_a_group_keeps_the_others_words() -> None:
    said = identify_messages(messages({"text": "Buy this\nnow."})).select(content_id()).to_series()
    rows = (
        {"kind": "group_dm", "recipient_keys": [ME, JANE, BOB], "recipient_names": "Me, Jane Doe"},
        # Her own, shown without a name by a later export that flattens line breaks.
        {"kind": "group_dm", "sender_key": None, "sender_name": "", "text": "Buy this now."},
    )
    hers = forgetting(key=[JANE], own_name=["Jane Doe"], message=said.to_list())
    batch = without_forgotten(Batch(2, {"message_records": messages(*rows)}), hers)
    (row,) = batch.records["message_records"].to_dicts()
    assert (row["row_number"], row["recipient_keys"]) == (1, [ME, BOB])
    assert row["recipient_names"] == f"Me, {BLOT}"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Have you met Jane Doe?", f"Have you met {BLOT}?"),
        ("JANE-DOE and jane\ndoe", f"{BLOT} and {BLOT}"),
        ("Jane Doering, Mary-Jane Doe", f"Jane Doering, Mary-{BLOT}"),
        ("Jane. Doe said", f"{BLOT} said"),
        ("Hi Jane!", "Hi Jane!"),
        ("see https://www.linkedin.com/in/jane-doe/ or @janed.", f"see https://www.linkedin.com/in/{BLOT}/ or @{BLOT}."),
        ("@janedoe jane-doers", "@janedoe jane-doers"),
        ("https://x.com/JaneD/status/1", f"https://x.com/{BLOT}/status/1"),
        (None, None),
    ],
)  # fmt: skip
def test_names_and_addresses_are_blotted_out(text: str | None, after: str | None) -> None:
    frame = pl.DataFrame(
        {"text": [text], "sender_key": ["jane doe"]}, schema_overrides={"text": pl.String}
    )
    assert blot_out(frame, JANE_FORGOTTEN).rows() == [(after, "jane doe")]


def test_rejects_and_other_tables() -> None:
    people = RECORD_TABLES["person_records"].conform(pl.DataFrame({
        "export_id": "e", "member": "m", "row_number": [1, 2, 3], "platform": "x",
        "is_owner": False, "person_key": ["x:77", "x:78", None], "handle": [None, None, "JaneD"],
        "headline": [None, "Ex Jane Doe Ltd", None],
    }))  # fmt: skip
    posts = RECORD_TABLES["post_records"].conform(pl.DataFrame({
        "export_id": "e", "member": "m", "row_number": [4, 5], "platform": "x", "kind": "reply",
        "post_key": ["a", "b"], "by_owner": [True, False], "author_key": [None, "x:77"],
        "posted_at": datetime(2026, 1, 1, tzinfo=UTC), "reply_to_person_key": ["x:77", None],
    }))  # fmt: skip
    refused = (
        Reject(6, "no such date: what she wrote", "Jane Doe,x: what she wrote"),
        Reject(7, "no such date: what Bob wrote", "Bob,x"),
    )
    batch = Batch(7, {"person_records": people, "post_records": posts}, refused)
    kept = without_forgotten(batch, JANE_FORGOTTEN)
    assert kept.records["person_records"].select("row_number", "headline").rows() == [
        (2, f"Ex {BLOT} Ltd")
    ]
    assert kept.records["post_records"].select("row_number", "reply_to_person_key").rows() == [
        (4, None)
    ]
    assert kept.rejects == (Reject(6, "no such date", BLOT), refused[1])
    assert kept.ignored == {REASON: 3}


def test_nobody_forgotten_is_the_same_batch() -> None:
    batch = Batch(1, {"message_records": messages({})})
    assert without_forgotten(batch, forgetting()) is batch


def test_hashes_tell_nothing_without_the_key() -> None:
    assert entries("a", {"name": ["Jane Doe"]}) != entries("b", {"name": ["Jane Doe"]})
    assert entries("a", {"name": ["Jane  DOE"]}) == entries("a", {"name": ["Jane Doe"]})
    assert entries("a", {"name": ["jane"]})[0][1] != entries("a", {"handle": ["jane"]})[0][1]
