"""Elements of an X archive file of any size, in bounded memory, every one accounted for.

A file is a script, `window.YTD.tweets.part0 = [ {…}, {…} ]`, with a BOM or a trailing `;` in
some eras. Where elements end is found with array operations over the bytes (brackets outside
strings; a string ends at the latest with its line, as JSON allows no line break inside), the
elements themselves are read by orjson. A broken element costs itself: reading resumes at the
next place where an element begins as the first one did. Ids stay text, never a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from transforms.errors import MemberError
from transforms.sources._stream import ReadAhead, excerpt
from transforms.spec import Reject

STRETCH_BYTES = 512 << 10
_SMALL_STRETCH = 16 << 10  # after a broken element, as the next one may be broken too
# An element that never ends costs a look at everything up to LONGEST_ELEMENT: a file of nothing
# else would take the square of its size.
_LOOKS_FREE = 1 << 30
_LOOKS_PER_BYTE = 64
LONGEST_ELEMENT = 64 << 20
_PREFIX_BYTES = 4096

Element = dict[str, Any]

_QUOTE, _BACKSLASH, _NEWLINE = b'"'[0], b"\\"[0], b"\n"[0]
_INTERESTING = np.zeros(256, dtype=bool)
_INTERESTING[list(b'"{}[]\n')] = True
_DEPTH = np.zeros(256, dtype=np.int64)
_DEPTH[list(b"{[")] = 1
_DEPTH[list(b"}]")] = -1

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


@dataclass(slots=True)
class Elements:
    """One stretch of a file: parsed elements with their numbers from 1, and what was refused."""

    numbers: Sequence[int] = ()
    items: Sequence[Element] = ()
    rejects: list[Reject] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)
    size: int = 0

    @property
    def read(self) -> int:
        return len(self.items) + len(self.rejects)


def read_elements(chunks: Iterable[bytes]) -> Iterator[Elements]:
    """The elements of the array in the file, in stretches of about STRETCH_BYTES.

    Stretches are small, so that what was parsed is let go again before it costs the garbage
    collector any time. Raises MemberError when the file is empty or holds no array, and, after
    the good elements, when it ends in the middle of one.
    """
    source = ReadAhead(iter(chunks))
    source.fill(_PREFIX_BYTES)
    source.drop(_array_start(source))
    number, window, opening = 0, STRETCH_BYTES, b""
    looked = taken = 0
    while True:
        source.fill(window)
        region = source.head(window)
        lead = len(region) - len(region.lstrip(b" \t\r\n,"))
        if lead:
            source.drop(lead)
            continue
        last = source.ended and len(region) == len(source)
        if region.startswith(b"]") or (last and not region):
            break
        opening = opening or _opening(region)
        size = _quick_cut(region, opening, last=last)
        elements = _parse_all(region[:size], number) if size else None
        if elements is None:
            looked += len(region)
            if looked > _LOOKS_FREE + _LOOKS_PER_BYTE * taken:
                raise MemberError(
                    "too many elements of the file are broken",
                    row_number=number,
                    hint="everything before was read; download the archive again",
                )
            ends = _element_ends(region)
            if ends.size:
                elements, size = _parse_each(region, ends.tolist(), number, opening)
            elif not last and window < LONGEST_ELEMENT:
                window *= 2
                continue
            else:
                # No element ends here: go on where the next one begins as the first one did.
                size = region.find(opening, 1) if opening else -1
                if size < 0:
                    break
                elements = Elements()
                refuse(elements, number + 1, "the brackets of the element do not match", region)
        source.drop(size)
        elements.size = size
        number += elements.read
        taken += size
        window = _SMALL_STRETCH if elements.rejects else min(2 * window, STRETCH_BYTES)
        yield elements
    _check_end(source, number)


def _quick_cut(region: bytes, opening: bytes, *, last: bool) -> int:
    """Where whole elements most likely end: before the last one that begins like the first.

    0 when there is no such place. What it cuts off is believed only if it parses.
    """
    if last and (end := region.rfind(b"]")) > 0 and not region[end:].strip(b"]; \t\r\n"):
        return end
    return max(region.rfind(opening), 0) if opening else 0


def _parse_all(raw: bytes, number: int) -> Elements | None:
    """All elements at once; None when that does not work, for whatever reason."""
    try:
        items = orjson.loads(b"[" + raw.rstrip(b" \t\r\n,") + b"]")
    except orjson.JSONDecodeError:
        return None
    if all(type(item) is dict for item in items):
        return Elements(range(number + 1, number + 1 + len(items)), items)
    elements = Elements(numbers=[], items=[])
    for place, item in enumerate(items, start=number + 1):
        if type(item) is dict:
            elements.numbers.append(place)  # type: ignore[attr-defined]
            elements.items.append(item)  # type: ignore[attr-defined]
        else:
            refuse(elements, place, "the element is no object", orjson.dumps(item))
    return elements


def _parse_each(
    region: bytes, ends: Sequence[int], number: int, opening: bytes
) -> tuple[Elements, int]:
    """The elements that end at `ends` and the bytes they take up, the broken ones refused.

    A broken element in which another one seems to begin has swallowed it: reading stops there.
    """
    elements = Elements(numbers=[], items=[])
    start = 0
    for end in ends:
        raw = region[start:end].lstrip(b" \t\r\n,")
        start = end - len(raw)
        reason = parse_element(elements, raw, number + 1)
        if reason is not None:
            swallowed = raw.find(opening, 1) if opening else -1
            refuse(elements, number + 1, reason, raw[:swallowed] if swallowed > 0 else raw)
            if swallowed > 0:
                return elements, start + swallowed
        number += 1
        start = end
    return elements, start


def parse_element(elements: Elements, raw: bytes, number: int) -> str | None:
    """Add one element by itself, mended where that is possible; else why it cannot be read."""
    mended = raw.decode("utf-8", "replace").encode()
    repairs = ["undecodable bytes replaced"] if mended != raw else []
    try:
        item = orjson.loads(mended)
    except orjson.JSONDecodeError:
        repairs.append("half of an emoji replaced")
        try:
            item = orjson.loads(_LONE_SURROGATE.sub(rb"\\ufffd", mended))
        except orjson.JSONDecodeError as error:
            return f"not valid JSON: {error.msg}"
    if type(item) is not dict:
        return "the element is no object"
    assert isinstance(elements.items, list)
    assert isinstance(elements.numbers, list)
    elements.items.append(item)
    elements.numbers.append(number)
    for what in repairs:
        elements.repairs[what] = elements.repairs.get(what, 0) + 1
    return None


def refuse(elements: Elements, number: int, reason: str, raw: bytes) -> None:
    shown = excerpt(raw[:400].decode(errors="replace"))
    elements.rejects.append(Reject(number, excerpt(reason), shown))


def read_object(chunks: Iterable[bytes]) -> Element:
    """The one object of a small file such as manifest.js; MemberError when there is none."""
    raw = b"".join(chunks)
    try:
        found = orjson.loads(raw[max(raw.find(b"{"), 0) :].rstrip(b"; \t\r\n"))
    except orjson.JSONDecodeError as error:
        raise MemberError(
            f"not valid JSON: {error.msg}", hint="download the archive again"
        ) from None
    if type(found) is not dict:
        raise MemberError("the file holds no object", hint="download the archive again")
    return found


def _check_end(source: ReadAhead, number: int) -> None:
    if source.error is not None:
        raise MemberError(source.error.fact, hint=source.error.hint, row_number=number)
    if not source.data.startswith(b"]"):
        raise MemberError(
            "the file ends in the middle of its list",
            row_number=number,
            hint="everything before it was read; the download or the unpacking was cut off: "
            "download the archive again",
        )


def _array_start(source: ReadAhead) -> int:
    head = source.data[:_PREFIX_BYTES].removeprefix(b"\xef\xbb\xbf")
    skipped = min(len(source.data), _PREFIX_BYTES) - len(head)
    if not head.strip():
        if source.error is not None:
            raise source.error
        raise MemberError("the file is empty", hint="download the archive again")
    match = re.match(rb"\s*+(?:[\w.$\s]++=)?\s*+\[", head)
    if match is None:
        begins = excerpt(head[:80].decode(errors="replace"))
        raise MemberError(
            f"the file does not begin like a list of an X archive but with {begins!r}",
            hint="it should begin with window.YTD.<name>.part0 = [",
        )
    return skipped + match.end()


def _opening(region: bytes) -> bytes:
    """How the first element begins, up to its first key."""
    match = re.match(rb'\{\s*"[A-Za-z_]+"\s*:', region)
    return match.group() if match else b""


def _element_ends(region: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where the outermost brackets that open in the region close again (one past the bracket).

    Whatever lies behind an unbalanced `]` or `}` is left to the next look.
    """
    data = np.frombuffer(region, np.uint8)
    places = np.flatnonzero(_INTERESTING[data])
    if not places.size:
        return places
    kinds = data[places]
    quote = kinds == _QUOTE
    escaped = quote & (data[np.maximum(places - 1, 0)] == _BACKSLASH) & (places > 0)
    quote &= ~escaped
    runs = escaped & (data[np.maximum(places - 2, 0)] == _BACKSLASH) & (places > 1)
    for index in np.flatnonzero(runs):  # rare: an even run of backslashes escapes only itself
        place = int(places[index])
        before = region[max(0, place - 4096) : place]
        quote[index] = (len(before) - len(before.rstrip(b"\\"))) % 2 == 0
    quotes_before = np.cumsum(quote) - quote
    # A line break is never inside a string: what is open at one is closed by it.
    line = np.cumsum(kinds == _NEWLINE)
    first_of_line = np.flatnonzero(np.diff(line, prepend=-1))
    quotes_at_line = quotes_before[first_of_line]
    inside = (quotes_before - quotes_at_line[line - line[0]]) % 2 == 1
    depth = np.cumsum(np.where(inside, 0, _DEPTH[kinds]))
    closing = (_DEPTH[kinds] < 0) & ~inside
    below = np.flatnonzero(depth < 0)
    stop = below[0] if below.size else depth.size
    closed = np.flatnonzero(closing[:stop] & (depth[:stop] == 0))
    return places[closed] + 1
