"""The reader of X's scripts against Python's own JSON reader, and where it must go on alone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import in_chunks
from transforms.errors import MemberError
from transforms.sources import _ytd
from transforms.sources._ytd import read_elements, read_object

PREFIX = b"window.YTD.tweets.part0 = "
TEXT = st.text(
    st.sampled_from('ab"\\{}[],:\n é🚀') | st.characters(exclude_categories=["Cs"]), max_size=8
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**63) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
).filter(lambda value: "9223372036854775809" not in str(value))
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=4)


def items_of(content: bytes, size: int = 1000) -> list[Any]:
    return [item for stretch in read_elements(in_chunks(content, size)) for item in stretch.items]


def as_orjson_reads(value: Any) -> Any:
    """Whole numbers beyond 64 bits become floats there; ids are text, so nothing is lost."""
    return json.loads(
        json.dumps(value),
        parse_int=lambda digits: int(digits) if abs(int(digits)) < 2**63 else float(digits),
    )


@settings(deadline=None)
@given(
    elements=st.lists(OBJECTS | OBJECTS.map(lambda inner: {"tweet": inner}), max_size=12),
    style=st.fixed_dictionaries(
        {"indent": st.sampled_from([None, 2]), "ensure_ascii": st.booleans()}
    ),
    end=st.sampled_from([b"", b";\n", b" \n"]),
    sizes=st.tuples(st.integers(1, 300), st.sampled_from([1, 20, 100, 10_000])),
)
def test_whatever_a_json_writer_writes_is_read_back(
    elements: list[Any], style: dict[str, Any], end: bytes, sizes: tuple[int, int]
) -> None:
    content = PREFIX + json.dumps(elements, **style).encode() + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ytd, "STRETCH_BYTES", sizes[1])
        stretches = list(read_elements(in_chunks(content, sizes[0])))
    assert [number for s in stretches for number in s.numbers] == list(range(1, len(elements) + 1))
    assert not [reject for s in stretches for reject in s.rejects]
    assert [item for s in stretches for item in s.items] == as_orjson_reads(elements)


@settings(deadline=None)
@given(st.lists(OBJECTS, max_size=6), st.sampled_from([None, 1]))
def test_ends_are_where_the_outermost_brackets_close(
    elements: list[Any], indent: int | None
) -> None:
    parts = [json.dumps(element, indent=indent).encode() for element in elements]
    region = b", ".join(parts) + b" ] ; }"
    places, place = [], 0
    for part in parts:
        place += len(part)
        places.append(place)
        place += 2
    assert np.array_equal(_ytd._element_ends(region), places)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (rb'{"a": "\\"}', [11]),
        (rb'{"a": "\\\"}"}', [14]),
        (rb'{"a": "}{"}', [11]),
        (b'{"a": "open\n}', [13]),
        (b"} {}", []),
        (b"", []),
        (b"abc", []),
    ],
)
def test_backslashes_brackets_in_strings_and_strings_left_open(
    text: bytes, ends: list[int]
) -> None:
    assert _ytd._element_ends(text).tolist() == ends


def element(text: str) -> bytes:
    return json.dumps({"tweet": {"id": "1", "full_text": text}}, indent=2).encode()


@pytest.mark.parametrize(
    "broken",
    [
        element("x").replace(b'"x"', b'"x'),
        element("x").replace(b'"x"', b""),
        element("x")[:-2],
        element("x")[:-4],
        element("x").replace(b"{", b"[", 1),
        b'"text"',
        b"17",
        element("x").replace(b'"x"', b"\x01"),
    ],
)
@pytest.mark.parametrize("stretch", [10, 100_000])
def test_a_broken_element_costs_itself(
    broken: bytes, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ytd, "STRETCH_BYTES", stretch)
    good = [element(f"number {n}") for n in range(20)]
    content = PREFIX + b"[ " + b",\n".join([*good[:5], broken, *good[5:]]) + b" ]"
    stretches = list(read_elements([content]))
    texts = [item["tweet"]["full_text"] for s in stretches for item in s.items]
    assert texts == [f"number {n}" for n in range(20)]
    numbers = [r.row_number for s in stretches for r in s.rejects]
    assert numbers == [6]


def test_a_bracket_too_many_costs_no_element() -> None:
    good = [element("one"), element("two") + b"}", element("three")]
    (stretch, *more) = read_elements([PREFIX + b"[" + b",".join(good) + b"]"])
    items = [item for s in (stretch, *more) for item in s.items]
    assert [item["tweet"]["full_text"] for item in items] == ["one", "two", "three"]
    assert [r.row_number for s in (stretch, *more) for r in s.rejects] == [3]


def test_a_truncated_file_keeps_what_is_whole() -> None:
    content = PREFIX + b"[" + element("one") + b"," + element("two") + b"," + element("cut")[:30]
    stretches = read_elements([content])
    assert [item["tweet"]["full_text"] for item in next(stretches).items] == ["one", "two"]
    with pytest.raises(MemberError) as caught:
        list(stretches)
    assert caught.value.row_number == 2
    assert caught.value.fact == "the file ends in the middle of its list (after row 2)"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b"\\ud83d", "\ufffd"),
        (b"\\ude00 x", "\ufffd x"),
        (b"\\ud83d\\ude00", "😀"),
        (b"\\ud83d\\ud83d\\ude00", "\ufffd😀"),
        (b"caf\xe9", "caf\ufffd"),
    ],
)
def test_half_emoji_and_bad_bytes_are_mended(text: bytes, read: str) -> None:
    (stretch,) = read_elements([PREFIX + b'[{"a": "' + text + b'"}]'])
    assert stretch.items == [{"a": read}]
    assert sum(stretch.repairs.values()) == ("\ufffd" in read)


@pytest.mark.parametrize(
    "prefix", [b"window.YTD.tweet.part0 = ", b"", b"\xef\xbb\xbfwindow.YTD.a_b.part12=", b"\n"]
)
def test_prefixes(prefix: bytes) -> None:
    assert items_of(prefix + b'[ {"a": 1} ]') == [{"a": 1}]
    assert items_of(prefix + b"[]") == []
    assert items_of(prefix + b"[ ] ;") == []


@pytest.mark.parametrize("content", [b"<html>", b"window.YTD.a.part0 = {}", b"{}", b"x" * 9000])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(MemberError, match="does not begin like a list of an X archive"):
        list(read_elements([content]))


def test_ids_beyond_53_bits_stay_exact() -> None:
    assert items_of(PREFIX + b'[{"id": 9007199254740993}]') == [{"id": 9007199254740993}]


def test_one_object() -> None:
    assert read_object([b"window.__THAR_CONFIG = {", b'"a": 1} ;\n']) == {"a": 1}
    for broken in (b"", b"window.x = {", b"[1]"):
        with pytest.raises(MemberError):
            read_object([broken])
