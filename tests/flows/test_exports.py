"""Finding, opening and reading exports: what is read, what is refused, and what is said."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flows.containers import Limits
from flows.exports import (
    Found,
    find_exports,
    open_export,
    recognise,
)
from flows.members import MemberReading, read_members
from transforms.errors import ExportError, MemberError
from transforms.records import RECORD_TABLES

FIXTURES = Path(__file__).parents[1] / "fixtures"
LINKEDIN, X = FIXTURES / "linkedin_archive" / "ok", FIXTURES / "x_archive" / "ok"
HEADER = (
    b"CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
)
ROW = b"1,,Ana,,Nadia,2020-05-01 09:00:00 UTC,,hello,INBOX\n"
MESSAGES = HEADER + ROW


def zipped(path: Path, members: Mapping[str, bytes] | Path, wrapper: str = "") -> Path:
    if isinstance(members, Path):
        folder = members
        members = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(wrapper + name), content, zipfile.ZIP_DEFLATED)
    return path


def only(path: Path) -> Found:
    found, problems = find_exports([path])
    assert problems == []
    assert len(found) == 1
    return found[0]


def read_all(found: Found, limits: Limits | None = None) -> dict[str, str | int]:
    """Member → rows read, or what is said of it."""
    said: dict[str, str | int] = {}
    with open_export(found, limits or Limits()) as opened:
        for reading in read_members(opened, recognise(opened)):
            said[reading.member] = outcome(reading)
    return said


def outcome(reading: MemberReading) -> str | int:
    if reading.handling != "read":
        return f"{reading.handling}: {reading.reason}"
    try:
        for _ in reading.batches:
            pass
    except MemberError as error:
        return str(error)
    return reading.rows_read


# --- finding


def test_zips_folders_wrapped_folders_and_loose_files_are_found(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(LINKEDIN, inbox / "me" / "Basic_LinkedInDataExport_03-02-2026")
    shutil.copytree(X, inbox / "twitter-2023-05-06")
    zipped(inbox / "a.zip", LINKEDIN)
    zipped(inbox / "b.zip", X)
    (inbox / "loose").mkdir()
    (inbox / "loose" / "messages.csv").write_bytes(MESSAGES)
    (inbox / ".hidden.csv").write_bytes(b"x")
    found, problems = find_exports([inbox])
    assert problems == []
    assert [(f.path.relative_to(inbox).as_posix(), f.kind, f.source) for f in found] == [
        ("a.zip", "zip", None),
        ("b.zip", "zip", None),
        ("loose", "folder", "linkedin_archive"),
        ("me/Basic_LinkedInDataExport_03-02-2026", "folder", "linkedin_archive"),
        ("twitter-2023-05-06", "folder", "x_archive"),
    ]


def test_two_peoples_folders_stay_two_exports(tmp_path: Path) -> None:
    for name in ("ana", "bo"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "messages.csv").write_bytes(MESSAGES)
    found, _ = find_exports([tmp_path])
    assert [f.name for f in found] == ["ana", "bo"]


def test_loose_files_of_both_platforms_are_an_export_each(tmp_path: Path) -> None:
    (tmp_path / "messages.csv").write_bytes(MESSAGES)
    shutil.copy(X / "data" / "tweets.js", tmp_path / "tweets.js")
    shutil.copy(X / "data" / "account.js", tmp_path / "account.js")
    (tmp_path / "shopping.txt").write_text("milk")
    found, problems = find_exports([tmp_path])
    assert problems == []
    assert {f.source: set(f.files) for f in found} == {
        "linkedin_archive": {"messages.csv", "shopping.txt"},
        "x_archive": {"account.js", "tweets.js"},
    }
    assert [read_all(f) for f in found] == [
        {"messages.csv": 1, "shopping.txt": "unknown: no reader of linkedin_archive knows a file "
         "of this name"},
        {"account.js": 1, "tweets.js": 6},
    ]  # fmt: skip


FEED = b'{"data": [{"id": "1", "text": "Hello", "author_id": "2", "created_at": "2024-01-01T00:00:00.000Z"}]}\n'


def test_feeds_are_exports_of_their_own_wherever_they_lie(tmp_path: Path) -> None:
    """Told by content: inside an export, in a folder of feeds, by itself; never by a name."""
    shutil.copytree(LINKEDIN, tmp_path / "inbox" / "export")
    (tmp_path / "inbox" / "export" / "feed.jsonl").write_bytes(FEED)
    (tmp_path / "inbox" / "feeds" / "2024").mkdir(parents=True)
    for name in ("2024/a.jsonl", "2024/b.json"):
        (tmp_path / "inbox" / "feeds" / name).write_bytes(FEED)
    (tmp_path / "inbox" / "notes.json").write_bytes(b'{"milk": 1}')
    found, problems = find_exports([tmp_path / "inbox"])
    assert [problem.export for problem in problems] == ["notes.json"]
    files = [f for f in found if f.kind == "file"]
    assert [f.name for f in files] == ["feed.jsonl", "a.jsonl", "b.json"]
    assert {f.source for f in files} == {"x_api"}
    assert [read_all(f) for f in files] == [{f.name: 1} for f in files]
    (archive,) = (f for f in found if f.kind == "folder")
    assert archive.source == "linkedin_archive"
    assert "feed.jsonl" not in archive.files
    named = [tmp_path / "inbox" / name for name in ("feeds/2024/a.jsonl", "notes.json")]
    found, problems = find_exports(named)
    assert [f.name for f in found] == ["a.jsonl"]
    assert [problem.export for problem in problems] == ["notes.json"]


def test_a_zip_of_feeds(tmp_path: Path) -> None:
    zipped(tmp_path / "feeds.zip", {"x/a.jsonl": FEED, "x/b.ndjson": FEED, "x/notes.md": b"#"})
    said = read_all(only(tmp_path / "feeds.zip"))
    assert said == {
        "a.jsonl": 1,
        "b.ndjson": 1,
        "notes.md": "unknown: no reader of x_api knows a file of this name",
    }


def test_single_files_are_named_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "messages.csv").write_bytes(MESSAGES)
    (tmp_path / "Connections.csv").write_bytes(b"First Name,Last Name,Connected On\n")
    found, problems = find_exports([tmp_path / "messages.csv"])
    assert problems == []
    assert [f.files for f in found] == [("messages.csv",)]


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        (
            "notes.csv",
            b"a,b\n",
            "this is no file of a LinkedIn data export, X API feed, X archive",
        ),
        ("export.rar", b"Rar!", ".rar archives are not read"),
        ("export.zip.crdownload", b"PK", "the download has not finished"),
        (
            "notes.csv",
            b"a,b\n",
            "the table has no column for author, text, posted_at; its columns are a, b",
        ),
        (
            "feed.jsonl",
            b'{"author": "Ana", "text": "Hi"}',
            "the table has no column for posted_at; its columns are author, text",
        ),
        ("feed.xlsx", b"PK", "spreadsheets are not read"),
        ("messages.csv", b"", "the file is empty"),
    ],
)
def test_what_is_no_export_is_named_with_a_way_out(
    tmp_path: Path, name: str, content: bytes, fact: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for paths in ([tmp_path], [tmp_path / name]):
        found, problems = find_exports(paths)
        assert found == []
        assert [problem.export for problem in problems] == [name]
        assert fact in problems[0].message
        assert "Hint: " in problems[0].message


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    found, problems = find_exports([tmp_path / "nothing.zip", tmp_path])
    assert found == []
    assert [problem.message for problem in problems] == [
        f"{tmp_path / 'nothing.zip'}: there is no such file or folder\n\nHint: check the path"
    ]


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(MESSAGES)
    folder = tmp_path / "inbox" / "export"
    folder.mkdir(parents=True)
    (folder / "messages.csv").symlink_to(secret)
    assert find_exports([tmp_path / "inbox"])[0] == []
    (folder / "messages_2.csv").write_bytes(MESSAGES)
    (folder / "elsewhere").symlink_to(tmp_path)
    said = read_all(only(tmp_path / "inbox"))
    assert said == {"messages.csv": "failed: it is a symbolic link", "messages_2.csv": 1}


# --- opening


def test_the_same_content_has_the_same_id(tmp_path: Path) -> None:
    one, two = zipped(tmp_path / "one.zip", LINKEDIN), tmp_path / "two.zip"
    shutil.copy(one, two)
    with open_export(only(one)) as a, open_export(only(two)) as b:
        assert a.export_id == b.export_id == a.sha256[:16]
        assert re.fullmatch("[0-9a-f]{64}", a.sha256)
    with open_export(only(zipped(tmp_path / "three.zip", X))) as c:
        assert c.export_id != a.export_id


def test_a_folders_id_is_of_what_is_read(tmp_path: Path) -> None:
    ids = []
    for place in ("a", "b/wrapped"):
        shutil.copytree(X, tmp_path / place)
        with open_export(only(tmp_path / place)) as opened:
            ids.append(opened.export_id)
    (tmp_path / "a" / "data" / "tweets_media" / "2-b.jpg").write_bytes(b"new picture")
    with open_export(only(tmp_path / "a")) as opened:
        ids.append(opened.export_id)
    assert len(set(ids)) == 1
    with (tmp_path / "a" / "data" / "tweets.js").open("ab") as file:
        file.write(b"\n")
    with open_export(only(tmp_path / "a")) as opened:
        assert opened.export_id not in ids


@pytest.mark.parametrize(
    ("content", "fact", "hint"),
    [
        (b"", "the file is empty", "download it again"),
        (b"<!DOCTYPE html><html>", "this is a web page, not a zip file", "expired"),
        (
            b"CONVERSATION ID,FROM",
            "this is some other file, not a zip file",
            "put the zip as it was",
        ),
        (b"PK\x03\x04 and then nothing", "cut off or damaged", "download it again"),
    ],
)
def test_a_file_that_is_no_zip(tmp_path: Path, content: bytes, fact: str, hint: str) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(ExportError) as caught:
        open_export(only(path))
    assert str(path) in str(caught.value)
    assert fact in caught.value.fact
    assert hint in caught.value.hint


def test_a_truncated_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", LINKEDIN)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ExportError, match="cut off or damaged"):
        open_export(only(path))


def test_a_zip_under_another_name_is_found_by_its_content(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.csv", LINKEDIN)
    assert read_all(only(path))["messages.csv"] == 8


def test_too_many_members(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", LINKEDIN)
    with pytest.raises(ExportError, match="more than the limit of 3"):
        open_export(only(path), Limits(members=3))
    with pytest.raises(ExportError, match="more than the limit of 3"):
        open_export(only(LINKEDIN), Limits(members=3))


# --- recognising


@pytest.mark.parametrize("wrapper", ["", "Complete_LinkedInDataExport_03-02-2026/", "a/b/"])
@pytest.mark.parametrize(("folder", "name"), [(LINKEDIN, "linkedin_archive"), (X, "x_archive")])
def test_an_export_is_recognised_in_any_wrapping(
    tmp_path: Path, folder: Path, name: str, wrapper: str
) -> None:
    path = zipped(tmp_path / "some name.zip", folder, wrapper)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._x", b"")
        archive.writestr(f"{wrapper}.DS_Store", b"")
    with open_export(only(path)) as opened:
        assert recognise(opened).name == name
        assert ("messages.csv" if folder is LINKEDIN else "data/tweets.js") in opened.paths


@pytest.mark.parametrize(
    ("members", "fact", "hint"),
    [
        ({}, "it holds no files", "are read, as zip or unpacked"),
        ({"a.txt": b"", "b.txt": b""}, "no reader knows it; it holds a.txt, b.txt", "renamed"),
        ({"x/export.zip": b"PK", "x/a": b""}, "it holds a, export.zip", "holds another zip"),
        ({"data/js/tweets/2012_01.js": b"", "index.html": b""}, "2012_01.js", "before 2018"),
        ({"messages.csv": b""}, "it holds messages.csv", "download it again"),
    ],
)
def test_what_nobody_knows_is_said_with_what_was_seen(
    tmp_path: Path, members: dict[str, bytes], fact: str, hint: str
) -> None:
    with open_export(only(zipped(tmp_path / "export.zip", members))) as opened:
        with pytest.raises(ExportError) as caught:
            recognise(opened)
        assert str(caught.value).startswith("export.zip: ")
        assert fact in caught.value.fact
        assert hint in caught.value.hint


# --- reading


@pytest.mark.parametrize("folder", [LINKEDIN, X], ids=["linkedin", "x"])
def test_a_zip_and_its_folder_say_the_same(tmp_path: Path, folder: Path) -> None:
    zip_file = zipped(tmp_path / "export.zip", folder)
    assert read_all(only(zip_file)) == read_all(only(folder))


def test_every_member_is_accounted_for() -> None:
    assert read_all(only(LINKEDIN)) == {
        "Articles/Articles/one.html": 1,
        "Comments_17529409.csv": 3,
        "Company Follows.csv": 2,
        "Connections.csv": 4,
        "Email Addresses.csv": "ignored: contact data is never read",
        "Endorsement_Given_Info.csv": 1,
        "Endorsement_Received_Info.csv": 1,
        "Invitations.csv": 3,
        "Jobs/Saved Jobs.csv": "ignored: job search, nothing about messages or posts",
        "LearningCoachMessages.csv": "ignored: a guide file: conversations with LinkedIn's "
        "assistants, not with people",
        "Notes.csv": 1,
        "Positions.csv": 2,
        "Profile.csv": 1,
        "Reactions.csv": 1,
        "Recommendations_Given.csv": 1,
        "Recommendations_Received.csv": 1,
        "Shares_17529409.csv": 3,
        "Something New.csv": "unknown: no reader of linkedin_archive knows a file of this name",
        "guide_messages.csv": "ignored: a guide file: conversations with LinkedIn's assistants, "
        "not with people",
        "messages.csv": 8,
    }


def test_batches_are_whole_records_with_their_place() -> None:
    with open_export(only(X)) as opened:
        seen = set()
        for reading in read_members(opened, recognise(opened)):
            for batch in reading.batches:
                for name, frame in batch.records.items():
                    assert dict(frame.schema) == dict(RECORD_TABLES[name].schema)
                    assert set(frame["export_id"]) <= {opened.export_id}
                    assert set(frame["member"]) <= {reading.member}
                    assert frame["row_number"].is_sorted()
                    seen.add(name)
        assert seen == set(RECORD_TABLES)


def test_the_manifest_is_held_against_what_was_read(tmp_path: Path) -> None:
    with open_export(only(zipped(tmp_path / "x.zip", X, "twitter-2023/"))) as opened:
        readings = {}
        for reading in read_members(opened, recognise(opened)):
            outcome(reading)
            readings[reading.member] = reading
    tweets, part = readings["data/tweets.js"], readings["data/tweets-part1.js"]
    assert (tweets.declared, tweets.rows_declared, tweets.shortfall) == (6, 6, None)
    assert (part.declared, part.shortfall) == (1, None)
    messages = readings["data/direct-messages.js"]
    assert (messages.rows_read, messages.elements_read, messages.declared) == (5, 2, 2)
    assert messages.rows_declared is None
    assert messages.shortfall is None
    like = readings["data/like.js"]
    assert like.shortfall == "the export's manifest declares 3 rows; 2 were read"
    assert readings["data/note-tweet.js"].declared is None


def test_a_manifest_that_cannot_be_read_is_said_and_declares_nothing(tmp_path: Path) -> None:
    shutil.copytree(X, tmp_path / "x")
    (tmp_path / "x" / "data" / "manifest.js").write_bytes(b"window.__THAR_CONFIG = {")
    said = read_all(only(tmp_path / "x"))
    assert said["data/tweets.js"] == 6
    assert str(said["data/manifest.js"]).startswith("failed: not valid JSON")
    assert "the other files are not held against it" in str(said["data/manifest.js"])


def test_a_part_that_the_manifest_declares_and_that_is_not_there(tmp_path: Path) -> None:
    shutil.copytree(X, tmp_path / "x")
    (tmp_path / "x" / "data" / "tweets-part1.js").unlink()
    said = read_all(only(tmp_path / "x"))
    assert said["data/tweets-part1.js"] == (
        "failed: the export's manifest declares 1 entries in it, and it is not there: download the "
        "export again, and leave no part out when you unpack it"
    )
    with open_export(only(tmp_path / "x")) as opened:
        (missing,) = (r for r in read_members(opened, recognise(opened)) if "part1" in r.member)
    assert (missing.rows_declared, missing.rows_read) == (1, 0)


# --- refusing


def entry(name: str, *, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


@pytest.mark.parametrize(
    ("name", "mode", "reason"),
    [
        ("../messages_1.csv", 0o100644, "leads out of the export"),
        ("a/../../messages_1.csv", 0o100644, "leads out of the export"),
        ("/messages_1.csv", 0o100644, "is absolute"),
        ("C:messages_1.csv", 0o100644, "is absolute"),
        ("..\\messages_1.csv", 0o100644, "backslash"),
        ("messages_1.csv", 0o120777, "it is a symbolic link"),
    ],
)
def test_an_unsafe_member_is_refused_and_the_rest_is_read(
    tmp_path: Path, name: str, mode: int, reason: str
) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("messages.csv", MESSAGES)
        info = entry("placeholder", mode=mode)
        info.filename = name  # as a hostile writer would
        archive.writestr(info, MESSAGES)
    said = read_all(only(path))
    assert said.pop("messages.csv") == 1
    assert len(said) == 1
    ((refused, why),) = said.items()
    assert refused == name
    assert str(why).startswith("failed: ")
    assert reason in str(why)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Connections.csv", b"First Name,Last Name,Connected On\nA,B,\n")
        archive.writestr("messages.csv", MESSAGES)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("messages.csv", MESSAGES + ROW)
    said = read_all(only(path))
    assert said == {
        "Connections.csv": 1,
        "messages.csv": "failed: the zip holds 2 files of this name",
    }


def with_flag(path: Path, flag: int) -> Path:
    """Set a general-purpose flag on the first member, in its header and in the directory."""
    raw = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(magic) + offset
        (flags,) = struct.unpack_from("<H", raw, place)
        struct.pack_into("<H", raw, place, flags | flag)
    path.write_bytes(raw)
    return path


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    members = {"messages.csv": MESSAGES, "messages_2.csv": MESSAGES}
    path = with_flag(zipped(tmp_path / "export.zip", members), 1)
    assert read_all(only(path)) == {
        "messages.csv": "failed: it is encrypted; unpack it with its password and put the folder "
        "into the inbox",
        "messages_2.csv": 1,
    }


def test_a_bomb_is_refused_by_what_it_says(tmp_path: Path) -> None:
    members = {"messages.csv": HEADER + b"\n" * (8 << 20), "messages_2.csv": MESSAGES}
    said = read_all(only(zipped(tmp_path / "export.zip", members)))
    assert (
        said["messages.csv"] == "failed: it says it inflates to more than 200 times its packed size"
    )
    assert said["messages_2.csv"] == 1


def test_a_bomb_is_refused_while_it_inflates(tmp_path: Path) -> None:
    rows = b"".join(ROW.replace(b"hello", b"number %d" % (n * 7919)) for n in range(100_000))
    path = zipped(tmp_path / "export.zip", {"messages.csv": HEADER + rows})
    limits = Limits(ratio=5)
    with open_export(only(path)) as opened:
        assert opened.refused == {}
        opened._budget._limits = limits
        (reading,) = read_members(opened, recognise(opened))
        with pytest.raises(MemberError, match="inflates to more than 5 times") as caught:
            list(reading.batches)
    assert caught.value.member == "messages.csv"
    assert caught.value.row_number is not None


def test_a_size_that_lies_is_no_way_in(tmp_path: Path) -> None:
    """The directory says less than there is: it is cut there, and wrong by its checksum."""
    members = {"messages.csv": HEADER + ROW * 200, "messages_2.csv": MESSAGES}
    path = zipped(tmp_path / "export.zip", members)
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, 5000)
    path.write_bytes(raw)
    said = read_all(only(path))
    assert "the zip is damaged here: Bad CRC-32" in str(said["messages.csv"])
    assert said["messages_2.csv"] == 1


def test_limits_of_size(tmp_path: Path) -> None:
    members = {"messages.csv": HEADER + ROW * 100, "messages_2.csv": MESSAGES}
    for path in (zipped(tmp_path / "export.zip", members), tmp_path / "folder"):
        if path.suffix != ".zip":
            path.mkdir()
            for name, content in members.items():
                (path / name).write_bytes(content)
        said = read_all(only(path), Limits(member_bytes=1000))
        assert "more than the limit of 1,000" in str(said["messages.csv"]) or (
            "larger than the limit of 1,000" in str(said["messages.csv"])
        )
        assert said["messages_2.csv"] == 1
        said = read_all(only(path), Limits(total_bytes=len(members["messages.csv"]) + 10))
        assert said["messages.csv"] == 100
        assert "the export holds more than the limit" in str(said["messages_2.csv"])
        assert "limits.total_bytes in mememeter.toml" in str(said["messages_2.csv"])


def test_a_damaged_member_costs_itself_and_keeps_its_first_rows(tmp_path: Path) -> None:
    rows = b"".join(
        b"%d,,Ana,,Nadia,2020-05-01 09:00:00 UTC,,text number %d,INBOX\n" % (n, n * 7919)
        for n in range(200_000)
    )
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("messages.csv", HEADER + rows)
        archive.writestr("messages_2.csv", MESSAGES)
    raw = bytearray(path.read_bytes())
    end = raw.index(b"PK\x03\x04", 10)
    raw[end - 3000 : end - 2900] = bytes(100)
    path.write_bytes(raw)
    with open_export(only(path)) as opened:
        damaged, good = read_members(opened, recognise(opened))
        frames: list[pl.DataFrame] = []
        with pytest.raises(MemberError) as caught:
            frames.extend(batch.records["message_records"] for batch in damaged.batches)
        kept = sum(frame.height for frame in frames)
        assert kept > 100_000
        assert caught.value.row_number == kept
        assert str(caught.value).startswith("messages.csv: the zip is damaged here")
        assert caught.value.hint.startswith("download the export again")
        assert outcome(good) == 1


def test_errors_name_the_member_once() -> None:
    said = read_all(only_broken())
    assert str(said["messages.csv"]).startswith(
        "messages.csv: a quoted cell is opened and never closed (after row 8)\n\nHint: "
    )
    assert said["Invitations.csv"] == (
        "Invitations.csv: the file is empty\n\nHint: download the export again"
    )


def only_broken() -> Found:
    return only(FIXTURES / "linkedin_archive" / "broken")


def test_names_that_are_no_text_do_not_stop_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "messages.csv").write_bytes(MESSAGES)
    with open(bytes(folder) + b"/caf\xe9.csv", "wb") as file:  # noqa: PTH123  bytes name
        file.write(b"x")
    said = read_all(only(folder))
    assert said["messages.csv"] == 1
    for name in said:
        pl.Series([name])


def test_a_file_that_vanishes_is_an_error_of_that_file(tmp_path: Path) -> None:
    for name in ("messages.csv", "messages_2.csv"):
        (tmp_path / name).write_bytes(MESSAGES)
    found = only(tmp_path)
    with open_export(found) as opened:
        readings = list(read_members(opened, recognise(opened)))
        (tmp_path / "messages.csv").unlink()
        assert "the file cannot be read: No such file" in str(outcome(readings[0]))
        assert outcome(readings[1]) == 1
    with pytest.raises(ExportError, match="cannot be read"):
        open_export(found)
    with pytest.raises(ExportError, match="cannot be read"):
        open_export(replace(found, path=tmp_path / "gone.zip", kind="zip"))


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "export.zip", LINKEDIN)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    read_all(only(path))
    assert sorted(tmp_path.iterdir()) == [path]
    assert io.BytesIO(before).read() == path.read_bytes()
