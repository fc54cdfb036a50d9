"""Encodings: what is declared, what is guessed row by row, and what is undone."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.sources._encoding import (
    WINDOWS_1252,
    as_utf8,
    from_windows_1252,
    mend_lines,
    mend_mojibake,
    undo_mojibake,
)

TEXT = "José said “naïve” 🚀\nzweite Zeile"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_every_declared_encoding_becomes_utf8(raw: bytes, encoding: str, size: int) -> None:
    pieces = [raw[i : i + size] for i in range(0, len(raw), size)]
    name, stream = as_utf8(pieces)
    assert name == encoding
    assert b"".join(stream).decode() == TEXT


def test_only_the_line_that_is_no_utf8_is_read_as_windows_1252() -> None:
    raw = "été\n".encode() + b"caf\xe9 \x80\x81\n" + "naïve".encode()
    mended, lines = mend_lines(raw)
    assert mended.decode() == "été\ncafé €\x81\nnaïve"
    assert lines == 1
    assert mend_lines("été".encode()) == ("été".encode(), 0)


def test_undefined_bytes_stay_control_characters() -> None:
    assert from_windows_1252(bytes(range(0x80, 0xA0)))[1] == "\x81"
    assert len(WINDOWS_1252) == 27


def as_mojibake(text: str) -> str:
    return from_windows_1252(text.encode())


@pytest.mark.parametrize(
    "text",
    ["José", "naïve café", "“quoted” – really…", "Größe", "Łódź", "Привет", "🚀 go", "déjà vu"],
)
def test_mojibake_is_undone(text: str) -> None:
    assert undo_mojibake(as_mojibake(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "AMANHÃ… sim",
        "MENÜ”",
        "É» ok",
        "«À»",
        "Ã",
        "plain",
        "l’été à Zürich",
        "日本語 🚀",
        "São João",
    ],
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert undo_mojibake(text) == text


@settings(deadline=None)
@given(st.text(max_size=30))
def test_text_without_a_telltale_pair_never_changes(text: str) -> None:
    if not any(lead in text for lead in "ÃÂÄÅÐÑâð"):
        assert undo_mojibake(text) == text


def test_rows_with_mojibake_are_counted_once() -> None:
    frame = pl.DataFrame({"a": ["JosÃ©", "x", None], "b": ["naÃ¯ve", "y", "Ã©"]})
    mended, rows = mend_mojibake(frame)
    assert mended.rows() == [("José", "naïve"), ("x", "y"), (None, "é")]
    assert rows == 2
    assert mend_mojibake(mended) == (mended, 0) or mend_mojibake(mended)[1] == 0
