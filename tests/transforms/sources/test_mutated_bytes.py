"""Whatever happens to the bytes: a typed error or rows, and every row accounted for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import FIXTURES, SOURCES, head_in, in_chunks, read
from transforms.spec import Member

FILES = [
    pytest.param(member, file.read_bytes(), id=f"{source.name}-{file.name}")
    for source in SOURCES.values()
    for ok in [FIXTURES / source.name / "ok"]
    for file in sorted(ok.rglob("*"))
    if file.is_file()
    and (member := source.member_for(file.relative_to(ok).as_posix(), head_in(ok)))
]
SPECIAL = st.sampled_from(
    [b'"', b'""', b"\n", b"\r\n", b",", b";", b"\\", b"{", b"}", b"[", b"]", b"\x00", b"\xff", b"\xe9",
     b"\\ud83d", b"null", b"-1", b"1e999", b"99999999999999999999999", b"\xc3\x83", b"[]", b"{}",
     b"\xef\xbb\xbf", b"  ", b"9999-99-99", b"\xe2\x80\xa8"]
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), SPECIAL | st.binary(max_size=4)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(("member", "content"), FILES)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES, cut=st.none() | st.floats(0, 1), size=st.integers(1, 5000))
def test_mutated_bytes_never_escape_the_accounting(
    member: Member,
    content: bytes,
    changes: list[tuple[float, int, bytes]],
    cut: float | None,
    size: int,
) -> None:
    """`read` checks each batch: columns, types, nulls and that every row is counted once."""
    for place, length, instead in changes:
        start = int(place * len(content))
        content = content[:start] + instead + content[start + length :]
    if cut is not None:
        content = content[: int(cut * len(content))]
    read(member, in_chunks(content, size))
