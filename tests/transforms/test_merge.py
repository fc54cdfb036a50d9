"""One message however many exports hold it; two when it was sent twice."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.worlds import OWNER, at, ledger, message, records
from transforms.content import Word, content_tables, verdicts_at

PROFILE = {
    "platform": "linkedin", "is_owner": True, "display_name": "Owner", "observed_at": None,
}  # fmt: skip


def content(frames: dict[str, pl.DataFrame], **kwargs: object) -> dict[str, pl.DataFrame]:
    return content_tables(frames, ledger(frames, **kwargs), Word())[0]  # type: ignore[arg-type]


def test_an_overlap_stays_one_and_a_true_repeat_stays_two() -> None:
    hello = message("Hello   there,\nfriend", "ada")
    flattened = message("Hello there, friend", "ada")
    tables = content(
        records(
            new={"message_records": [hello, hello], "person_records": [PROFILE]},
            old={"message_records": [flattened], "person_records": [PROFILE]},
        )
    )
    assert tables["messages"].height == 2
    assert set(tables["messages"]["text"]) == {"Hello   there,\nfriend"}  # line breaks are richer
    sums = tables["exports"].select(
        "export_id", "rows_read", "rows_stored", "rows_duplicate"
    ).sort("export_id")  # fmt: skip
    assert sums.rows() == [("new", 3, 3, 0), ("old", 2, 0, 2)]


def test_who_became_anonymous_in_a_later_export_keeps_their_messages() -> None:
    tables = content(
        records(
            old={"message_records": [message("Nice to meet you", "ada")]},
            zlater={
                "message_records": [
                    message("Nice to meet you", None),
                    message("and again", None, sent_at=at("2025-05-01 10:00"), recipient_keys=[OWNER]),
                    message("Hello Ada", "owner", sent_at=at("2025-05-02 10:00")),
                ],
                "person_records": [PROFILE],
            },
        )
    )  # fmt: skip
    assert tables["messages"].height == 3
    senders = tables["messages"].join(
        tables["people"], left_on="sender_id", right_on="person_id", how="left"
    )
    assert senders.sort("sent_at")["display_name"].to_list() == ["Ada", "Ada", "Owner"]


def test_who_is_renamed_in_a_later_export_stays_one_person_with_the_same_id() -> None:
    first = records(old={"message_records": [message("A long enough sentence", "zoe")]})
    both = records(
        old={"message_records": [message("A long enough sentence", "zoe")]},
        new={
            "message_records": [
                message("A long enough sentence", "anna", sender_name="Anna New"),
                message("later", "anna", sent_at=at("2026-01-01"), sender_name="Anna New"),
            ]
        },
    )
    before, after = content(first), content(both)
    zoe = before["messages"]["sender_id"].unique().to_list()
    assert after["messages"]["sender_id"].unique().to_list() == zoe
    person = after["people"].filter(person_id=zoe[0]).row(0, named=True)
    assert person["display_name"] == "Anna New"
    aliases = after["person_aliases"].filter(person_id=zoe[0], kind="key")["alias"].to_list()
    assert sorted(aliases) == ["linkedin:in/anna", "linkedin:in/zoe"]


def test_linkedin_member_is_many_people_and_never_one() -> None:
    tables = content(
        records(
            e={
                "message_records": [
                    message("Buy this", None, conversation_key=f"t{i}", recipient_keys=[OWNER])
                    for i in range(3)
                ]
            }
        )
    )
    assert tables["messages"]["sender_id"].to_list() == [None] * 3
    assert (
        tables["people"]
        .filter(~pl.col("is_owner"))
        .filter(display_name="LinkedIn Member")
        .is_empty()
    )


def test_namesakes_without_an_address_stay_apart() -> None:
    named = {"sender_key": None, "sender_name": "Kim Lee", "recipient_keys": [OWNER]}
    tables = content(
        records(
            e={
                "message_records": [
                    message("one", "x", **named),
                    message("two", "x", conversation_key="thread-2", **named),
                ]
            }
        )
    )
    assert tables["messages"]["sender_id"].n_unique() == 2


def test_an_invitation_note_that_opens_the_thread_is_told_once() -> None:
    note = message(
        "Shall we talk about your roof?", "ada", kind="invitation",
        conversation_key="invitation:ada:owner", sent_at=at("2025-02-27 08:00"),
    )  # fmt: skip
    again = message("Shall we talk  about your roof?", "ada")
    other = message(
        "Hi, we met in Ghent", "bob", kind="invitation", conversation_key="invitation:bob:owner"
    )
    tables = content(
        records(e={"message_records": [note, again, other], "person_records": [PROFILE]})
    )
    assert sorted(tables["messages"]["kind"].to_list()) == ["dm", "invitation"]
    assert tables["conversations"].height == 2


def test_the_owner_is_who_stands_on_both_sides_of_most_threads() -> None:
    rows = [
        row
        for n, who in enumerate(("ada", "bob", "cyn"))
        for row in (
            message("hi", who, conversation_key=f"t{n}"),
            message("hello", "owner", conversation_key=f"t{n}", recipient_keys=[f"linkedin:in/{who}"]),
        )
    ]  # fmt: skip
    tables = content(records(e={"message_records": rows}))
    assert tables["people"].filter("is_owner")["handle"].to_list() == ["owner"]
    assert tables["messages"]["is_from_owner"].sum() == 3


def test_a_tie_about_the_owner_is_refused_with_the_way_to_say_it() -> None:
    frames = records(
        e={
            "message_records": [
                message("hi", "ada", recipient_keys=["linkedin:in/bob"]),
                message("hi", "bob", recipient_keys=["linkedin:in/ada"]),
            ]
        }
    )
    tables, problems = content_tables(frames, ledger(frames), Word())
    assert [problem.export for problem in problems] == ["e.zip"]
    assert "`owner` in mememeter.toml" in problems[0].message
    assert tables["messages"]["is_from_owner"].to_list() == [None, None]
    told, none = content_tables(
        frames, ledger(frames), Word(owners={"linkedin": ["linkedin:in/bob"]})
    )
    assert none == ()
    assert told["messages"]["is_from_owner"].sum() == 1


def test_a_long_post_has_its_whole_text_and_the_note_is_no_second_post() -> None:
    whole = "A thought that is a good deal longer than two hundred and eighty characters. " * 6
    base = {"platform": "x", "by_owner": True, "posted_at": at("2025-06-01 10:00")}
    frames = records(
        e={
            "post_records": [
                base | {"kind": "post", "post_key": "17", "text": whole[:270] + "… https://t.co/x"},
                base
                | {
                    "kind": "post",
                    "post_key": "note:99",
                    "text": whole,
                    "posted_at": at("2025-06-01 10:00:00.731"),
                },
                base | {"kind": "post", "post_key": "note:98", "text": "Unrelated note of old."},
            ]
        }
    )
    posts = content(frames)["posts"]
    assert sorted(posts["text"].to_list()) == sorted([whole, "Unrelated note of old."])


@pytest.mark.parametrize(("seconds", "kept"), [(0, 1), (2, 1), (5, 2)])
def test_the_note_of_a_reply_is_dated_a_second_or_two_off_and_names_nobody(
    seconds: int, kept: int
) -> None:
    whole = "An answer that is a good deal longer than two hundred and eighty characters. " * 6
    base = {"platform": "x", "by_owner": True}
    short = base | {
        "kind": "reply", "post_key": "17", "text": f"@ada @bo {whole[:260]}…",
        "posted_at": at("2025-06-01 10:00:00"),
    }  # fmt: skip
    note = base | {
        "kind": "post", "post_key": "note:99", "text": whole,
        "posted_at": at(f"2025-06-01 10:00:0{seconds}"),
    }  # fmt: skip
    posts = content(records(e={"post_records": [short, note]}))["posts"]
    assert posts.height == kept
    assert whole in posts["text"].to_list()


SHARE = {
    "platform": "linkedin", "by_owner": True, "kind": "post", "posted_at": at("2025-06-01 10:00"),
    "post_key": "urn:li:share:17", "text": "My first draught",
}  # fmt: skip


def test_an_edited_share_is_the_same_post_and_two_comments_in_a_second_are_two() -> None:
    comment = SHARE | {"kind": "comment", "post_key": "comment:urn:li:activity:9:1748772000"}
    posts = content(
        records(
            old={"post_records": [SHARE, comment, comment | {"text": "and again"}]},
            new={"post_records": [SHARE | {"text": "My first draught, mended"}, comment]},
        )
    )["posts"]
    assert sorted(posts["text"]) == ["My first draught", "My first draught, mended", "and again"]


def test_a_profile_without_messages_owns_its_posts() -> None:
    alone = records(e={"post_records": [SHARE], "person_records": [PROFILE]})
    tables = content(alone)
    owner = tables["people"].row(0, named=True)
    assert (owner["display_name"], owner["is_owner"]) == ("Owner", True)
    assert tables["posts"]["author_id"].to_list() == [owner["person_id"]]
    both = records(
        e={"post_records": [SHARE], "person_records": [PROFILE]},
        f={"message_records": [message("Hi", "owner"), message("Hi", "ada")], "person_records": [PROFILE]},
    )  # fmt: skip
    tables = content(both)
    owners = tables["people"].filter("is_owner")
    assert owners["handle"].to_list() == ["owner"]
    assert tables["posts"]["author_id"].to_list() == owners["person_id"].to_list()


def test_a_like_stays_one_when_its_address_and_text_change() -> None:
    like = {"platform": "x", "kind": "like", "by_owner": True}
    old = like | {"target_url": "https://twitter.com/i/web/status/12", "detail": "The whole text"}
    new = like | {"target_url": "https://x.com/i/web/status/12", "detail": None}
    tables = content(records(a={"interaction_records": [old]}, b={"interaction_records": [new]}))
    assert tables["interactions"]["detail"].to_list() == ["The whole text"]
    assert tables["exports"]["rows_duplicate"].sort().to_list() == [0, 1]


texts = st.sampled_from(["hello", "hello  ", "a much longer message than the rest", "再见", None])
senders = st.sampled_from(["ada", "bob", "owner", None])
threads = st.sampled_from(["t1", "t2"])
rows = st.lists(
    st.tuples(texts, senders, threads, st.integers(0, 3)).map(
        lambda t: message(t[0], t[1], conversation_key=t[2], sent_at=at(f"2025-01-01 09:00:0{t[3]}"))
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(base=rows, cut=st.integers(0, 8), extra=rows)
def test_order_of_arrival_and_overlap_do_not_matter(
    base: list[dict], cut: int, extra: list[dict]
) -> None:
    exports = {
        "a": {"message_records": base},
        "b": {"message_records": base[cut:] + extra},
        "c": {"message_records": extra, "person_records": [PROFILE]},
    }
    frames = records(**exports)
    outcomes = []
    for order in ("abc", "cab", "bca"):
        shuffled = {
            name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in frames.items()
        }
        tables = content_tables(shuffled, ledger(frames, arrival=list(order)), Word())[0]
        sums = tables["exports"].select(
            total=pl.col("rows_stored") + pl.col("rows_duplicate") - pl.col("rows_read")
        )
        assert sums["total"].to_list() == [0] * sums.height
        outcomes.append(
            {
                name: tables[name]
                for name in (
                    "messages",
                    "message_recipients",
                    "people",
                    "person_aliases",
                    "conversations",
                )
            }
        )
    for outcome in outcomes[1:]:
        for name, frame in outcome.items():
            assert frame.equals(outcomes[0][name]), name


@pytest.mark.parametrize(("now", "flagged"), [(5, [None, 30]), (20, [None, None])])
def test_an_export_with_much_less_than_the_one_before_is_flagged(
    now: int, flagged: list[int | None]
) -> None:
    def rows(count: int, year: int) -> list[dict[str, object]]:
        return [message(f"no {n}", "ada", sent_at=at(f"{year}-01-01 10:00")) for n in range(count)]

    frames = records(
        old={"message_records": rows(30, 2024), "person_records": [PROFILE]},
        new={"message_records": rows(now, 2025), "person_records": [PROFILE]},
    )
    frames["message_records"] = frames["message_records"].with_columns(
        pl.when(pl.col("export_id") == "new")
        .then(pl.lit("messages_2.csv"))
        .otherwise(pl.lit("messages.csv"))
        .alias("member")
    )
    told = content_tables(frames, ledger(frames), Word())[0]["export_members"]
    messages = told.filter(pl.col("member").str.starts_with("messages"))
    assert messages.sort("export_id", descending=True)["rows_before"].to_list() == flagged


def test_copies_are_counted_by_order_of_arrival() -> None:
    frames = records(
        a={"message_records": [message("hello there", "ada")]},
        b={"message_records": [message("hello there", "ada")]},
    )
    for order, stored in ((["a", "b"], [1, 0]), (["b", "a"], [0, 1])):
        tables = content_tables(frames, ledger(frames, arrival=order), Word())[0]
        assert tables["exports"].sort("export_id")["rows_stored"].to_list() == stored


@pytest.mark.parametrize(
    ("verdict_by", "found"),
    [("linkedin:in/ada", 1), ("Ada", 1), ("nobody", 0)],
)
def test_a_verdict_finds_its_person_by_any_alias(verdict_by: str, found: int) -> None:
    frames = records(e={"message_records": [message("hello there", "ada")]})
    word = Word(verdicts={verdict_by: "fine"})
    tables = content_tables(frames, ledger(frames), word)[0]
    assert verdicts_at(word, tables).height == found
