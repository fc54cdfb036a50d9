"""Bytes of unknown encoding → UTF-8, and the repair of text that was decoded wrongly before us.

LinkedIn writes UTF-8 without a BOM. Everything else comes from a spreadsheet that opened the
file and saved it again: a BOM, UTF-16, windows-1252, or UTF-8 read as windows-1252
("JosÃ©"). Nothing here is silent: what was mended is counted.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator

import polars as pl

WINDOWS_1252 = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "ignore"))
}
"""The code points that windows-1252 puts where Latin-1 has control characters.

The five bytes it leaves undefined stay control characters, as in every browser.
"""

_TELLING_BYTES = 4
_TIMES_MANGLED = 3
_SPECIALS = {ord(character): byte for byte, character in WINDOWS_1252.items()}
_HIGH_RUN = re.compile(f"[\x80-\xff{''.join(WINDOWS_1252.values())}]+")

# Pairs that people do not write: a capital with tilde, ring or stroke before a sign such as
# © or ¼, "â€", "ðŸ". A capital before a closing quote or dots ("AMANHÃ…") is left alone.
_TELLTALE = "[ÃÂÄÅÐÑ][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|[ÃÂ]\u00a0|â€|ðŸ"
_TELLTALE_LEADS = re.compile(b"\xc3[\x82-\x85\x90\x91\xa2\xb0]")  # the first of each pair, as UTF-8


def as_utf8(chunks: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
    """The name of the encoding the file declares by its first bytes, and its bytes as UTF-8.

    Bytes that are not valid UTF-8 pass through; `mend_lines` deals with them row by row.
    """
    stream = iter(chunks)
    head = b""
    while len(head) < _TELLING_BYTES and (chunk := next(stream, b"")):
        head += chunk
    stream = itertools.chain((head,), stream)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8", itertools.chain((head[3:],), itertools.islice(stream, 1, None))
    encoding = _utf16_of(head)
    if encoding is None:
        return "utf-8", stream
    return encoding, _recode(stream, encoding)


def _utf16_of(head: bytes) -> str | None:
    """The kind of UTF-16 the first two characters look like, or None."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = "".join("0" if byte == 0 else "x" for byte in head[:_TELLING_BYTES])
    return {"x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros)


def _recode(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def from_windows_1252(raw: bytes) -> str:
    return raw.decode("latin-1").translate(WINDOWS_1252)


def mend_lines(raw: bytes) -> tuple[bytes, int]:
    """The bytes as valid UTF-8, and how many lines had to be read as windows-1252."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        lines = raw.split(b"\n")
        mended = 0
        for index, line in enumerate(lines):
            try:
                line.decode()
            except UnicodeDecodeError:
                lines[index] = from_windows_1252(line).encode()
                mended += 1
        return b"\n".join(lines), mended
    return raw, 0


def may_be_mojibake(raw: bytes) -> bool:
    """Whether a closer look is worth its time; most files hold none of these bytes."""
    return not raw.isascii() and _TELLTALE_LEADS.search(raw) is not None


def undo_mojibake(text: str) -> str:
    """The text with every run of UTF-8 that was read as windows-1252 read as UTF-8.

    A run that is no valid UTF-8 stays as it is, and so does a text without a telltale pair.
    It may have happened more than once.
    """
    for _ in range(_TIMES_MANGLED):
        if re.search(_TELLTALE, text) is None:
            break
        text = _HIGH_RUN.sub(_reread, text)
    return text


def _reread(match: re.Match[str]) -> str:
    run = match.group()
    try:
        return bytes(_SPECIALS.get(ord(character), ord(character)) for character in run).decode()
    except UnicodeDecodeError:
        return run


def mend_mojibake(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The frame with mojibake undone in its text columns, and how many rows that changed."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    suspect = frame.select(pl.col(texts).str.contains(_TELLTALE).any())
    mended = [
        frame[name].map_elements(undo_mojibake, return_dtype=pl.String)
        for name in texts
        if suspect[name].item()
    ]
    if not mended:
        return frame, 0
    result = frame.with_columns(mended)
    changed = pl.any_horizontal(
        frame[series.name].ne_missing(series).alias(series.name) for series in mended
    )
    return result, int(pl.select(changed.sum()).item())
