"""What holds for every export format, however many there will be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars.selectors as cs
import pytest

from tests.transforms.sources.reading import SOURCES, cases, describe, head_in, in_chunks, read
from transforms.errors import MemberError
from transforms.records import RECORD_TABLES
from transforms.spec import Member, Source

MEMBERS = [
    pytest.param(source, member, id=f"{source.name}-{member.name}")
    for source in SOURCES.values()
    for member in source.members
]
FILES = [
    pytest.param(source, member, file, id=f"{source.name}-{case.name}-{file.name}")
    for source in SOURCES.values()
    for case in cases(source)
    for file in sorted(case.rglob("*"))
    if file.is_file()
    and (member := source.member_for(file.relative_to(case).as_posix(), head_in(case)))
]
SOURCE_IDS = list(SOURCES)


def paths_of(case: Path) -> list[str]:
    return sorted(path.relative_to(case).as_posix() for path in case.rglob("*") if path.is_file())


def ok_case(source: Source) -> Path:
    return next(case for case in cases(source) if case.name == "ok")


def unclaimed(case: Path) -> list[str]:
    """Paths that no reader knows by name: only these are told by their content."""
    named = [source for source in SOURCES.values() if not source.is_by_content]
    return [
        path
        for path in paths_of(case)
        if not any(s.member_for(path) or s.reason_to_ignore(path) for s in named)
    ]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCE_IDS)
def test_it_has_an_ok_and_a_broken_case(source: Source) -> None:
    assert {"ok", "broken"} <= {case.name for case in cases(source)}
    ok, broken = (
        [said for said in describe(source, case).values() if isinstance(said, dict)]
        for case in (ok_case(source), ok_case(source).with_name("broken"))
    )
    assert not [said for said in ok if "error" in said]
    assert [said for said in broken if "error" in said]
    assert [said for said in broken if "rejects" in said]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCE_IDS)
def test_it_recognises_its_own_and_nobody_elses(source: Source) -> None:
    for owner in SOURCES.values():
        for case in cases(owner):
            if case.name == "broken":
                continue
            paths = unclaimed(case) if source.is_by_content else paths_of(case)
            known = source.recognises(paths, head_in(case))
            assert known == (owner is source), case


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCE_IDS)
def test_it_recognises_no_file_by_its_name_alone(source: Source) -> None:
    paths = [member.example for member in source.members]
    assert not source.recognises(paths, lambda _: b"")
    assert not source.recognises(paths, lambda _: b"<!DOCTYPE html><html>")


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCE_IDS)
def test_it_says_how_to_get_it_and_what_it_leaves_unread(source: Source) -> None:
    assert "→" in source.how_to_get
    for pattern, why in source.ignored.items():
        re.compile(pattern)
        assert why.strip() == why
        assert len(why.split()) > 1, pattern


@pytest.mark.parametrize(("source", "member"), MEMBERS)
def test_every_member_is_its_own_and_feeds_record_tables(source: Source, member: Member) -> None:
    examples = [path for path in paths_of(ok_case(source)) if member.matches(path)]
    beginning = head_in(ok_case(source))(examples[0]) if examples else b""
    assert source.member_for(member.example, lambda _: beginning) is member
    if member.begins is not None:
        assert source.member_for(member.example) is None
        assert source.member_for(member.example, lambda _: b"{}") is None
    assert source.reason_to_ignore(member.example) is None
    assert set(member.feeds) <= set(RECORD_TABLES)
    for other in SOURCES.values():
        if other is not source:
            assert other.member_for(member.example) is None


@pytest.mark.parametrize(("source", "member"), MEMBERS)
def test_every_member_is_in_the_ok_case(source: Source, member: Member) -> None:
    if member.name == "circle_tweets":  # the same file as tweets.js, under another name
        assert member.parse is source.members[2].parse
        return
    assert any(member.matches(path) for path in paths_of(ok_case(source)))


@pytest.mark.parametrize(("source", "member"), MEMBERS)
def test_an_empty_file_is_an_error_with_a_way_out(source: Source, member: Member) -> None:
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b" "):
        whole = read(member, [content])
        assert isinstance(whole.error, MemberError)
        assert whole.error.hint
        assert "empty" in whole.error.fact
        assert whole.rows_read == 0


@pytest.mark.parametrize(("source", "member", "file"), FILES)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_does_not_matter_where_the_bytes_are_cut(
    source: Source, member: Member, file: Path, size: int
) -> None:
    content = file.read_bytes()
    whole, pieces = read(member, [content]), read(member, in_chunks(content, size))
    assert str(whole.error) == str(pieces.error)
    assert whole.rejects == pieces.rejects
    assert whole.ignored == pieces.ignored
    assert whole.repairs == pieces.repairs
    assert whole.records.keys() == pieces.records.keys()
    for name, frame in whole.records.items():
        assert frame.equals(pieces.records[name]), name


# What the order of day and month is, is shown by a row near the end (`_linkedin_dates.py`); of a
# damaged file that breaks off before it, the documented order is taken.
DATES_TOLD_LATE = "resaved_by_a_british_spreadsheet"


@pytest.mark.parametrize(("source", "member", "file"), FILES)
def test_a_stream_that_breaks_off_keeps_what_was_read(
    source: Source, member: Member, file: Path
) -> None:
    """A damaged zip: the rows before the damage count, the row it hits is no row."""
    content = file.read_bytes()

    def broken() -> Iterator[bytes]:
        yield content[: len(content) * 2 // 3]
        raise MemberError("the zip is damaged here", hint="download it again")

    whole, part = read(member, [content]), read(member, broken())
    assert part.error is not None
    assert part.rows_read <= whole.rows_read
    if whole.error is None:
        assert part.error.fact.startswith("the zip is damaged here") or part.rows_read == 0
    told = ~cs.temporal() if DATES_TOLD_LATE in file.parts else cs.all()
    for name, frame in part.records.items():
        if name != "person_records":
            expected = whole.records[name].head(frame.height)
            assert frame.select(told).equals(expected.select(told)), name


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCE_IDS)
def test_no_address_and_no_number_is_ever_stored(source: Source) -> None:
    for case in cases(source):
        said = str(describe(source, case))
        assert "@mail.example" not in said
        assert "+1555" not in said
        assert "192.0.2" not in said
