"""Well-formed files of another shape: columns renamed, rows cut, values of any type, nested deep."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.sources.reading import FIXTURES, SOURCES, Read, read
from tests.transforms.sources.test_mutated_bytes import FILES
from transforms.spec import Member

TABLES = [case for case in FILES if case.values[0].pattern.endswith("csv")]
SCRIPTS = [
    case
    for case in FILES
    if case.values[1].lstrip(b"\xef\xbb\xbf").startswith(b"window.") and b"{" in case.values[1]
]
anyhow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.sampled_from(
    ["", "Date", "CONTENT", "FROM", "no such column", "First Name", "URL", "x" * 300, "é", "Yes", "0",
     "2026-01-01 00:00:00 UTC", "31 Feb 2026", "99/99/99, 99:99 PM", "\u202e", "=1+1", "INCOMING",
     "https://www.linkedin.com/in/", "https://www.linkedin.com/in/%", "linkedin.com/in/a%00b"]
)  # fmt: skip


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def test_there_is_something_to_mutate() -> None:
    assert len(TABLES) >= 10
    assert len(SCRIPTS) >= 10


@pytest.mark.parametrize(("member", "content"), TABLES)
@anyhow
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(["cell", "name", "drop column", "twice", "cut row", "longer row", "drop row"]),
            st.integers(0, 20), st.integers(0, 14), WORDS,
        ),
        min_size=1, max_size=5,
    ),
)  # fmt: skip
def test_tables_of_another_shape(
    member: Member, content: bytes, changes: list[tuple[str, int, int, str]]
) -> None:
    rows = _rows(content)
    for what, row, column, word in changes:
        _change_table(rows, what, row, column, word)
    _is_accounted_for(read(member, [_csv(rows)]))


def _change_table(rows: list[list[str]], what: str, row: int, column: int, word: str) -> None:
    if not rows:
        return
    cells = rows[row % len(rows)]
    if what == "cell" and cells:
        cells[column % len(cells)] = word
    elif what == "name" and rows[0]:
        rows[0][column % len(rows[0])] = word
    elif what in ("drop column", "twice"):
        again = 2 if what == "twice" else 0
        rows[:] = [[*r[:column], *r[column : column + 1] * again, *r[column + 1 :]] for r in rows]
    elif what == "cut row":
        del cells[column:]
    elif what == "longer row":
        cells += [word] * (column + 1)
    elif what == "drop row":
        del rows[row % len(rows)]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
    | st.sampled_from(["9" * 30, "-1", "Wed Oct 19 20:07:25 +0000 9022", "2023-13-45T00:00:00.000Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize(("member", "content"), SCRIPTS)
@anyhow
@given(changes=st.lists(st.tuples(st.integers(0, 400), values), min_size=1, max_size=5))
def test_scripts_of_another_shape(
    member: Member, content: bytes, changes: list[tuple[int, Any]]
) -> None:
    prefix, _, body = content.decode("utf-8-sig").partition("=")
    items = json.loads(body.strip().rstrip(";"))
    for place, value in changes:
        holders = list(_holders(items))
        holder, key = holders[place % len(holders)]
        holder[key] = value
    whole = read(member, [f"{prefix}= {json.dumps(items)}".encode()])
    _is_accounted_for(whole)
    assert whole.error is None


def _holders(item: Any) -> Any:
    """Every (container, key) inside."""
    pairs = item.items() if isinstance(item, dict) else enumerate(item)
    for key, value in list(pairs):
        yield item, key
        if isinstance(value, dict | list):
            yield from _holders(value)


def _is_accounted_for(whole: Read) -> None:
    """`read` has checked each batch; an error has a way out."""
    assert whole.error is None or whole.error.hint


@pytest.mark.parametrize("depth", [50, 2_000, 100_000])
@pytest.mark.parametrize("name", ["tweets", "direct_messages", "likes", "followers", "note_tweets"])
def test_nesting_however_deep_costs_that_element(name: str, depth: int) -> None:
    source = SOURCES["x_archive"]
    member = next(member for member in source.members if member.name == name)
    ok = FIXTURES / "x_archive" / "ok" / "data"
    good = next(f for f in sorted(ok.glob("*.js")) if member.matches(f.name)).read_bytes()
    deep = b'{"x": ' * depth + b"1" + b"}" * depth
    whole = read(member, [good.rstrip().rstrip(b";").rstrip(b"]").rstrip() + b",\n" + deep + b"]"])
    as_it_was = read(member, [good])
    for table, frame in as_it_was.records.items():
        assert whole.records[table].height == frame.height
    assert len(whole.rejects) == len(as_it_was.rejects) + 1
