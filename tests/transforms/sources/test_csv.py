"""The CSV engine against Python's own reader, and what it does where the two must differ."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import in_chunks
from transforms.errors import MemberError
from transforms.sources import _csv
from transforms.sources._csv import read_rows
from transforms.sources._csv_header import find_header
from transforms.spec import Reject

HEADER = b"a,b,c\n"


def rows_of(content: bytes, **options: bool) -> tuple[list[tuple[object, ...]], list[Reject]]:
    _, stretches = read_rows([content], ("a", "b"), "a,b,c", **options)
    rows: list[tuple[object, ...]] = []
    rejects: list[Reject] = []
    for stretch in stretches:
        rows += stretch.frame.rows()
        rejects += stretch.rejects
    return rows, rejects


CELLS = st.text(
    st.sampled_from(list('ab",\n\r;é🚀 \\\t'))
    | st.characters(exclude_categories=["Cs"], exclude_characters="ÃÂÄÅÐÑâð"),
    max_size=12,
)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=20),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(1, 200),
)
def test_whatever_a_csv_writer_writes_is_read_back(
    rows: list[tuple[str, str, str]], quoting: int, line_end: str, size: int
) -> None:
    # This writer leaves a CR bare when lines end in LF: at the end of a line it is half of a CRLF.
    assume(
        quoting == csv.QUOTE_ALL or line_end == "\r\n" or not any(r[2].endswith("\r") for r in rows)
    )
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, lineterminator=line_end)
    writer.writerow(("a", "b", "c"))
    writer.writerows(rows)
    content = out.getvalue().encode()
    _, stretches = read_rows(in_chunks(content, size), ("a", "b"), "a,b,c")
    read = list(stretches)
    assert not [reject for stretch in read for reject in stretch.rejects]
    frame = pl.concat([stretch.frame for stretch in read])
    expected = [(n, *(cell or None for cell in row)) for n, row in enumerate(rows, 1)]
    assert frame.rows() == expected


def test_rows_are_numbered_over_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_csv, "BATCH_BYTES", 64)
    content = HEADER + b"".join(b'%d,"x\ny",z\n' % n for n in range(200))
    _, stretches = read_rows(in_chunks(content, 50), ("a", "b"), "a,b,c")
    frames = [stretch.frame for stretch in stretches]
    assert len(frames) > 10
    assert pl.concat(frames)["row_number"].to_list() == list(range(1, 201))


@pytest.mark.parametrize(
    ("content", "rows", "rejects"),
    [
        (b"1,2,3", [(1, "1", "2", "3")], []),
        (b"1,2,3\n\n4,5,6\n", [(1, "1", "2", "3"), (2, None, None, None), (3, "4", "5", "6")], []),
        (b"1\n", [(1, "1", None, None)], []),
        (b"1,2,3,,\n", [(1, "1", "2", "3")], []),
        (b"1,2,3,4\n5,6,7\n", [(2, "5", "6", "7")], [1]),
        (b'1,2" wide,3\n', [(1, "1", '2" wide', "3")], []),
        (b'1,"2,3\n4,"5",6\n', [(2, "4", "5", "6")], [1]),
        (b'"1","2"x,"3"\n4,5,6\n', [(1, "1", "2x", "3"), (2, "4", "5", "6")], []),
        (b'"1","a "b" \nc","3"\n"4","5","6"\n', [(2, "4", "5", "6")], [1]),
        (b"\xe9,NA,null\n", [(1, "é", "NA", "null")], []),
        (b"1,a\x00b,3\n", [(1, "1", "a\x00b", "3")], []),
    ],
)
def test_a_broken_row_costs_itself(
    content: bytes, rows: list[tuple[object, ...]], rejects: list[int]
) -> None:
    read, refused = rows_of(HEADER + content)
    assert read == rows
    assert [reject.row_number for reject in refused] == rejects


def test_many_broken_rows_among_many_good_ones() -> None:
    """Each broken row costs itself and little time: windows shrink and grow again."""
    good = b'"1","some words here","3"\n' * 100
    content = HEADER + (good + b'"1","broken "here",\nand there","3"\n') * 300
    read, refused = rows_of(content)
    assert (len(read), len(refused)) == (30_000, 300)
    assert {reject.reason for reject in refused} == {"the quotes of the row do not match"}


def test_a_quote_that_is_never_closed_costs_the_rest() -> None:
    _, stretches = read_rows([HEADER + b'1,2,3\n4,"5,6\n7,8,9\n'], ("a", "b"), "a,b,c")
    first = next(stretches)
    assert first.frame.rows() == [(1, "1", "2", "3")]
    with pytest.raises(MemberError) as caught:
        next(stretches)
    assert str(caught.value) == (
        "a quoted cell is opened and never closed (after row 1)\n\n"
        "Hint: everything before it was read; download the export again, or close the quote in "
        "the row after it"
    )
    assert caught.value.row_number == 1


def test_a_cell_beyond_the_longest_record_ends_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_csv, "LONGEST_RECORD", 4 << 20)
    monkeypatch.setattr(_csv, "BATCH_BYTES", 1 << 20)
    content = HEADER + b'1,2,3\n4,"' + b"x\n" * (8 << 20)
    chunks = in_chunks(content, 1 << 20)
    _, stretches = read_rows(chunks, ("a", "b"), "a,b,c")
    with pytest.raises(MemberError, match="never closed"):
        list(stretches)
    assert next(chunks, None) is not None  # it did not read on to the end


@pytest.mark.parametrize(
    ("content", "written", "delimiter"),
    [
        (b"A,b\n", ("A", "b"), ","),
        (b'\n\n"A","b"\r\n', ("A", "b"), ","),
        (b'Notes:\n"It, ""is""."\n\na;B;C\n', ("a", "B", "C"), ";"),
        (b"x\ty\na\tb\n", ("a", "b"), "\t"),
        (b"\xe9t\xe9\na,b\n", ("a", "b"), ","),
    ],
)
def test_the_header_is_found_by_what_it_says(
    content: bytes, written: tuple[str, ...], delimiter: str
) -> None:
    header = find_header(content, ("a", "b"), "a,b")
    assert header.written == written
    assert header.delimiter == delimiter
    assert content[: header.end].rstrip(b"\r\n").splitlines()[-1].lower().startswith((b"a", b'"a'))


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b",,\n1,2,3\n", "no header row was found in the first lines"),
        (b"a,c\n1,2\n", "the header has no column b; it has a, c"),
        (b"a,b,A \n1,2,3\n", "the header names a column twice: A, a"),
        (b"<html>\n</html>\n", "no header row was found in the first lines"),
    ],
)
def test_a_file_without_its_header_is_refused(content: bytes, fact: str) -> None:
    with pytest.raises(MemberError) as caught:
        read_rows([content], ("a", "b"), "a,b,c")
    assert caught.value.fact == fact
    assert caught.value.hint


def test_trailing_empty_columns_of_a_spreadsheet_are_no_twins() -> None:
    read, refused = rows_of(b"a,b,c,,\n1,2,3,,\n")
    assert read == [(1, "1", "2", "3", None, None)]
    assert not refused


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb'"say \"hi\""', 'say "hi"'),
        (rb'"C:\\dir\\new"', r"C:\dir\new"),
        (rb'"slash before \\\"quote\\\""', r"slash before \"quote\""),
        (rb'"standard ""quotes"""', 'standard "quotes"'),
        (rb"C:\new\table", r"C:\new\table"),
        (rb"\\server\share", r"\\server\share"),
        (rb"C:\\Users\\Ada", r"C:\Users\Ada"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_both_ways_of_escaping_quotes(raw: bytes, text: str, size: int) -> None:
    content = HEADER + b"1," + raw + b",3\n"
    _, stretches = read_rows(in_chunks(content, size), ("a",), "a,b,c", backslash_quotes=True)
    assert [row for stretch in stretches for row in stretch.frame.rows()] == [(1, "1", text, "3")]


@pytest.mark.parametrize(
    ("end", "error"),
    [(b"\\;", False), (b"\\", True), (b"\\" * 2, False), (b"\\" * 3, True), (b'\\"', False)],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_a_file_that_ends_in_backslashes(end: bytes, error: bool, size: int) -> None:  # noqa: FBT001
    _, stretches = read_rows(
        in_chunks(HEADER + b"1,2,x" + end, size), ("a",), "a,b,c", backslash_quotes=True
    )
    assert next(stretches).frame.height == (not error)
    with pytest.raises(MemberError if error else StopIteration):
        next(stretches)


def test_lines_that_end_in_a_lone_return() -> None:
    read, _ = rows_of(b"a,b,c\r1,2,3\r4,5,6\r")
    assert read == [(1, "1", "2", "3"), (2, "4", "5", "6")]
