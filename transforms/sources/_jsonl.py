"""JSON Lines of any size, in bounded memory: one object a line, each accounted for.

A broken line costs itself; one that is cut off at the end of the file says so. A file that is
one JSON document all the same (a list, or an object written over several lines) is read by its
brackets, as the lists of X archives are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import orjson

from transforms.errors import MemberError
from transforms.sources._encoding import as_utf8
from transforms.sources._stream import ReadAhead
from transforms.sources._ytd import Elements, parse_element, read_elements, refuse
from transforms.spec import Reject

STRETCH_BYTES = 1 << 20
LONGEST_LINE = 64 << 20
_HEAD_BYTES = 64 << 10
_DOCUMENT = re.compile(rb"\s*(?:(\[)|\{[ \t]*\r?\n[ \t]*[\"}])")


def read_objects(chunks: Iterable[bytes]) -> Iterator[Elements]:
    """The objects of the file with their numbers from 1 (a blank line has none), in stretches.

    Raises MemberError when the file is empty, and, after the good objects, when a damaged zip or
    an endless line ends it.
    """
    _, stream = as_utf8(chunks)
    source = ReadAhead(stream)
    source.fill(_HEAD_BYTES)
    if not source.data.strip():
        if source.error is not None:
            raise source.error
        if source.ended:
            raise MemberError("the file is empty", hint="export or download it again")
    document = _DOCUMENT.match(source.data)
    if document is None:
        yield from _lines(source)
    else:
        whole = _rest(source)
        is_list = document[1] is not None
        yield from read_elements(whole if is_list else itertools.chain((b"[",), whole, (b"]",)))


def _rest(source: ReadAhead) -> Iterator[bytes]:
    """What was read ahead and everything after it."""
    while source.data or not source.ended:
        yield source.data
        source.data = b""
        source.fill(_HEAD_BYTES)
    if source.error is not None:
        raise source.error


def _lines(source: ReadAhead) -> Iterator[Elements]:
    number, window = 0, STRETCH_BYTES
    while source.data or not source.ended:
        source.fill(window)
        region = source.data[:window]
        last = source.ended and len(region) == len(source.data)
        end = len(region) if last and source.error is None else region.rfind(b"\n") + 1
        if not end:
            if last:
                break
            if window >= LONGEST_LINE:
                raise MemberError(
                    f"a line is longer than {LONGEST_LINE:,} bytes",
                    hint="everything before it was read; write one object a line",
                    row_number=number,
                )
            window *= 2
            continue
        elements = _parse_lines(region[:end], number)
        if last and elements.rejects and not region.endswith(b"\n"):
            _say_cut_off(elements, number + elements.read)
        source.drop(end)
        number += elements.read
        window = STRETCH_BYTES
        yield elements
    if source.error is not None:
        raise MemberError(source.error.fact, hint=source.error.hint, row_number=number)


def _parse_lines(raw: bytes, number: int) -> Elements:
    elements = Elements(numbers=[], items=[], size=len(raw))
    assert isinstance(elements.items, list)
    assert isinstance(elements.numbers, list)
    for line in raw.split(b"\n"):
        if not line or line.isspace():
            continue
        number += 1
        try:
            item = orjson.loads(line)
        except orjson.JSONDecodeError:
            item = None
        if type(item) is dict:
            elements.items.append(item)
            elements.numbers.append(number)
        elif (reason := parse_element(elements, line, number)) is not None:
            refuse(elements, number, reason, line)
    return elements


def _say_cut_off(elements: Elements, number: int) -> None:
    broken = elements.rejects[-1]
    if broken.row_number == number:
        reason = "the file ends in the middle of this line: it was cut off"
        elements.rejects[-1] = Reject(number, reason, broken.excerpt)
