"""Dialects of CSV that are not the standard one, as the standard one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.errors import MemberError
from transforms.sources._stream import ReadAhead

_TELLING_BYTES = 1 << 20


def one_kind_of_line_end(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Lines ended by a lone CR, as one spreadsheet still writes them, end in LF instead."""
    first = next(stream, b"")
    # A CR that ends the stretch may be half of a CRLF.
    lone = b"\r" in first[:-1] and b"\n" not in first
    yield first.replace(b"\r", b"\n") if lone else first
    for chunk in stream:
        yield chunk.replace(b"\r", b"\n") if lone and b"\n" not in chunk else chunk


def double_quotes(stream: Iterator[bytes]) -> Iterator[bytes]:
    r"""Backslash escapes (`\"` and `\\`) as a standard CSV writes them.

    The dialect is told by the first stretch: it holds `\"`, or no backslash that stands alone.
    """
    source = ReadAhead(stream)
    source.fill(_TELLING_BYTES)
    alone = re.search(rb'(?<!\\)(?:\\\\)*\\(?![\\"])', source.data)
    escaped = b'\\"' in source.data or alone is None
    while source.data or not source.ended:
        # A backslash at the end may be half of an escape: it waits for what follows it.
        run = len(source.data) - len(source.data.rstrip(b"\\"))
        ready = len(source.data) - run % 2
        data = source.data[:ready]
        source.drop(ready)
        yield _unescape(data) if escaped else data
        if source.ended:
            break
        source.fill(len(source.data) + 1)
    if source.error is not None:
        raise source.error
    if source.data:
        raise MemberError(
            "the file ends in the middle of an escape",
            hint="the download was cut off; download the export again",
        )


def _unescape(data: bytes) -> bytes:
    return re.sub(rb'\\([\\"])', lambda m: b'""' if m[1] == b'"' else b"\\", data)
