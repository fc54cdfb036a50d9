"""The rendered exports, read with Python's own csv and json and not with the project's readers."""

import csv
import io
import json
import re
from datetime import datetime
from urllib.parse import unquote

import pytest

from transforms.sample import ARCHIVED_AT, EARLIER, LATER, PLANTED, SEED, generate
from transforms.sample.linkedin_edition import split_name
from transforms.sample.world import build_world

MODERN_HEADER = (
    '"CONVERSATION ID","CONVERSATION TITLE","FROM","SENDER PROFILE URL","TO",'
    '"RECIPIENT PROFILE URLS","DATE","SUBJECT","CONTENT","FOLDER","ATTACHMENTS"\n'
)


@pytest.fixture(scope="module")
def exports():
    return generate(SEED)


@pytest.fixture(scope="module")
def later(exports):
    return exports[LATER.file_name]


@pytest.fixture(scope="module")
def earlier(exports):
    return exports[EARLIER.file_name]


@pytest.fixture(scope="module")
def archive(exports):
    return next(members for name, members in exports.items() if name.startswith("twitter-"))


def rows(data, *, skip=0):
    text = data.decode().split("\n", skip)[skip]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def elements(data):
    assignment, _, body = data.decode().partition("=")
    assert re.fullmatch(r"window\.(YTD\.\w+\.part\d+|__THAR_CONFIG) ", assignment)
    return json.loads(body)


def slug(url):
    return unquote(url.rpartition("/in/")[2]).lower()


def test_names_of_the_exports(exports):
    names = sorted(exports)
    assert names[0] == "Complete_LinkedInDataExport_11-16-2026.zip"
    assert names[1] == "Complete_LinkedInDataExport_12-08-2025.zip"
    assert re.fullmatch(r"twitter-2026-11-17-[0-9a-f]{64}\.zip", names[2])


def test_the_same_seed_gives_the_same_bytes(exports):
    assert generate(SEED) == exports
    assert generate(SEED + 1) != exports


def test_messages_of_2026_are_quoted_throughout(later):
    text = later["messages.csv"].decode()
    assert text.startswith(MODERN_HEADER)
    found = rows(later["messages.csv"])
    assert all(len(row) == 11 and None not in row.values() for row in found)
    assert any("\r\n" in row["CONTENT"] for row in found)
    assert any(re.search(r"[^\r]\n", row["CONTENT"]) for row in found)
    assert any(not row["CONTENT"] and row["ATTACHMENTS"] for row in found)
    assert {row["FOLDER"] for row in found} >= {"INBOX", "ARCHIVE"}


def test_messages_of_2025_are_flattened_and_show_drafts(earlier):
    found = rows(earlier["messages.csv"])
    assert list(found[0])[-3:] == ["FOLDER", "ATTACHMENTS", "IS MESSAGE DRAFT"]
    assert not any("\n" in row["CONTENT"] for row in found)
    assert sum(row["IS MESSAGE DRAFT"] == "Yes" for row in found) == 1


def identity(row):
    return row["CONVERSATION ID"], row["DATE"], " ".join(row["CONTENT"].split())


def test_the_exports_overlap_and_each_holds_something_of_its_own(earlier, later):
    old, new = rows(earlier["messages.csv"]), rows(later["messages.csv"])
    drafts = {identity(row) for row in old if row["IS MESSAGE DRAFT"] == "Yes"}
    only_old = {identity(row) for row in old} - {identity(row) for row in new} - drafts
    assert len({identity(row) for row in old} & {identity(row) for row in new}) > 900
    assert len(only_old) == 1  # the thread the owner deleted
    assert len(new) > len(old)


def test_people_change_between_the_exports(earlier, later):
    names = {
        member: {row["FROM"]: row["SENDER PROFILE URL"] for row in rows(data["messages.csv"])}
        for member, data in (("old", earlier), ("new", later))
    }
    assert "Priyanka Ramanujan" in names["old"]
    assert "Priyanka Ramanujan" not in names["new"]
    assert "Priyanka Ramanujan-Oduya" in names["new"]
    assert "Valtteri Kuusinormi" in names["old"]
    assert "Valtteri Kuusinormi" not in names["new"]
    assert names["new"]["LinkedIn Member"] == ""


def test_sponsored_messages_have_no_sender_address(later):
    sponsored = [
        row
        for row in rows(later["messages.csv"])
        if row["CONVERSATION TITLE"] == "Sponsored Conversation"
    ]
    assert len(sponsored) == 2
    for row in sponsored:
        assert row["SENDER PROFILE URL"] == ""
        assert row["CONTENT"].startswith('<p class="spinmail-quill-editor__spin-break">')
    assert any("%FIRSTNAME%" in row["CONTENT"] for row in sponsored)


def test_recipients_are_joined_as_linkedin_joins_them(later):
    group = [row for row in rows(later["messages.csv"]) if row["CONVERSATION TITLE"]]
    assert any(row["RECIPIENT PROFILE URLS"].count(",") >= 3 for row in group)
    to_comma_name = [row for row in rows(later["messages.csv"]) if ", Ph.D." in row["TO"]]
    assert all("," not in row["RECIPIENT PROFILE URLS"] for row in to_comma_name)
    assert to_comma_name


@pytest.mark.parametrize("edition", [EARLIER, LATER], ids=["earlier", "later"])
def test_connections(exports, edition):
    data = exports[edition.file_name]["Connections.csv"]
    assert data.startswith(b'Notes:\n"When exporting')
    assert not data.endswith(b"\n")
    found = rows(data, skip=3)
    assert list(found[0]) == [
        "First Name",
        "Last Name",
        "URL",
        "Email Address",
        "Company",
        "Position",
        "Connected On",
    ]
    days = [
        datetime.strptime(row["Connected On"] + " +0000", "%d %b %Y %z").date() for row in found
    ]
    assert days == sorted(days, reverse=True)
    assert days[0] < edition.asked_at.date()
    closed = [row for row in found if not row["URL"]]
    assert closed
    assert all(set(row.values()) == {"", row["Connected On"]} for row in closed)


def test_invitations_run_both_ways_and_their_notes_come_again_as_messages(later):
    found = rows(later["Invitations.csv"])
    assert {row["Direction"] for row in found} == {"INCOMING", "OUTGOING"}
    assert all(re.fullmatch(r"\d+/\d+/\d\d, \d+:\d\d [AP]M", row["Sent At"]) for row in found)
    messages = {row["CONTENT"] for row in rows(later["messages.csv"])}
    notes = [row["Message"] for row in found if row["Message"]]
    assert len(notes) >= 6
    assert set(notes) <= messages


def test_comments_and_shares_have_dialects_of_their_own(later):
    comments = later["Comments.csv"].decode()
    assert '\\"' in comments
    assert '""' not in comments
    found = list(csv.DictReader(io.StringIO(comments), doublequote=False, escapechar="\\"))
    assert any("\n" in row["Message"] for row in found)
    shares = rows(later["Shares.csv"])
    assert any('"\n"' in row["ShareCommentary"] for row in shares)
    assert all(datetime.fromisoformat(row["Date"]) for row in [*found, *shares])


def test_assistant_files_hold_a_header_only(later):
    assert later["guide_messages.csv"].decode() == MODERN_HEADER
    assert later["LearningCoachMessages.csv"] == b"No conversations found\n"


def test_the_manifest_counts_what_is_there(archive):
    manifest = elements(archive["data/manifest.js"])
    declared = [file for kind in manifest["dataTypes"].values() for file in kind["files"]]
    assert {file["fileName"] for file in declared} == {
        name for name in archive if name.endswith(".js") and name != "data/manifest.js"
    }
    for file in declared:
        data = archive[file["fileName"]]
        assert data.startswith(f"window.{file['globalName']} = ".encode())
        assert len(elements(data)) == int(file["count"]), file
    assert manifest["userInfo"]["accountId"] == build_world(SEED).owner.x_id
    assert manifest["archiveInfo"]["generationDate"].startswith(f"{ARCHIVED_AT:%Y-%m-%d}")


def test_post_ids_carry_their_time(archive):
    posts = [
        element["tweet"]
        for name in ("data/tweets.js", "data/tweets-part1.js")
        for element in elements(archive[name])
    ]
    assert len(posts) >= 25
    for post in posts:
        stamp = datetime.strptime(post["created_at"], "%a %b %d %H:%M:%S %z %Y")
        ms = (int(post["id_str"]) >> 22) + 1_288_834_974_657
        assert abs(ms / 1000 - stamp.timestamp()) < 2
        assert post["retweeted"] is False
        for url in post["entities"]["urls"]:
            start, end = map(int, url["indices"])
            assert html_free(post["full_text"])[start:end] == url["url"]
        for mention in post["entities"]["user_mentions"]:
            start, end = map(int, mention["indices"])
            shown = html_free(post["full_text"])[start:end]
            assert shown.lower() == "@" + mention["screen_name"].lower()
    assert any("&amp;" in post["full_text"] for post in posts)
    assert any(
        post["full_text"].startswith("RT @") and post["full_text"].endswith("…") for post in posts
    )


def html_free(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_long_posts_are_whole_in_note_tweet(archive):
    notes = [element["noteTweet"] for element in elements(archive["data/note-tweet.js"])]
    shown = [
        element["tweet"]["full_text"]
        for name in ("data/tweets.js", "data/tweets-part1.js")
        for element in elements(archive[name])
    ]
    assert len(notes) >= 2
    for note in notes:
        start = note["core"]["text"][:200].replace("&", "&amp;")
        assert any(text.startswith(start) and text.endswith("…") for text in shown)


def test_direct_messages_name_ids_only_newest_first(archive):
    conversations = [
        element["dmConversation"]
        for name in ("direct-messages", "direct-messages-part1", "direct-messages-group")
        for element in elements(archive[f"data/{name}.js"])
    ]
    ids = [conversation["conversationId"] for conversation in conversations]
    assert len(ids) == len(set(ids)) + 1  # one long conversation is cut in two
    kinds, reactions = set(), 0
    for conversation in conversations:
        events = [next(iter(entry.items())) for entry in conversation["messages"]]
        times = [event["createdAt"] for _, event in events]
        assert times == sorted(times, reverse=True)
        kinds |= {kind for kind, _ in events}
        for kind, event in events:
            if kind == "messageCreate":
                assert event["senderId"].isdigit()
                reactions += len(event["reactions"])
                assert all(url["url"] in event["text"] for url in event["urls"])
    assert kinds == {
        "messageCreate",
        "joinConversation",
        "participantsJoin",
        "participantsLeave",
        "conversationNameUpdate",
    }
    assert reactions >= 1


def test_everybody_planted_occurs_in_an_export(earlier, later, archive):
    linkedin = {
        slug(row["SENDER PROFILE URL"])
        for data in (earlier, later)
        for row in rows(data["messages.csv"])
    }
    x_text = b"".join(data for name, data in archive.items() if "direct-messages" in name).decode()
    x_ids = set(re.findall(r'"senderId" : "(\d+)"', x_text))
    for row in PLANTED:
        if row.person_key is None:
            continue
        platform, _, key = row.person_key.partition(":")
        assert key.removeprefix("in/") in (linkedin if platform == "linkedin" else x_ids), row


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Fictive", ("Ada", "Fictive")),
        ("Ada Maria Fictive, Ph.D.", ("Ada Maria", "Fictive, Ph.D.")),
        ("Cloudharbor", ("Cloudharbor", "")),
    ],
)
def test_split_name(name, expected):
    assert split_name(name) == expected
