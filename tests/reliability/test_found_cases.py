"""What fuzzing and timing found, each as the smallest file that showed it.

Where time was the finding, the case is as large as makes the mistake unmistakable: a quadratic
way through it takes a quarter of an hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import members, store
from flows.cli import run_cli
from flows.exports import find_exports, open_export, recognise
from flows.members import read_members
from tests.flows.exports_for_tests import linkedin_zip
from tests.transforms.sources.reading import FIXTURES, SOURCES, Read, read
from transforms.sources import _csv, _ytd
from transforms.sources._linkedin_html import unescaped
from transforms.sources._x_rows import plain_text
from transforms.text.lexicon import rules_of
from transforms.text.spans import of_rows
from transforms.text.tone import score_texts

ARTICLE = (
    "<html><body><h1><a href='https://www.linkedin.com/pulse/x'>Title</a></h1>"
    '<p class="created">Created on 2026-01-01 10:00</p>'
    '<p class="published">Published on 2026-01-01 10:00</p><div>{}</div></body></html>'
)
HEADER = b"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"


def said(source: str, path: str, content: bytes) -> Read:
    member = next(m for m in SOURCES[source].members if m.matches(path))
    return read(member, [content])


def article(body: str) -> Read:
    return said("linkedin_archive", "Articles/Articles/a.html", ARTICLE.format(body).encode())


def test_a_number_too_long_for_python_is_no_character() -> None:
    """html.unescape raised ValueError, and the whole export was lost."""
    (row,) = article(f"a &#{'9' * 5000}; b &#65; &#x110000;").records["post_records"].to_dicts()
    assert row["text"] == "Title\n\na \ufffd b A \ufffd"
    assert unescaped(f"&#{'0' * 5000}65") == "\ufffd"


@pytest.mark.parametrize(
    "unit", ["<h1", "<h1>", '<p class="created">', '<p class="published">', "<a ", " ", "href="]
)
def test_a_page_of_one_tag_takes_no_longer_than_another(unit: str) -> None:
    """Tags without an end were looked for from each of their beginnings."""
    nothing = said("linkedin_archive", "Articles/Articles/a.html", unit.encode() * 300_000)
    assert nothing.error is not None
    title = f"<h1>{unit * 300_000}</h1>" + '<p class="published">2026-01-01 10:00</p>'
    whole = said("linkedin_archive", "Articles/Articles/a.html", title.encode())
    assert whole.error or whole.rows_read == 1


def test_a_date_in_the_middle_of_nothing() -> None:
    page = ARTICLE.replace("Published on ", " \n" * 100_000).format("x")
    whole = said("linkedin_archive", "Articles/Articles/a.html", page.encode())
    assert whole.records["post_records"].height == 1


def one_by_one(text: str, links: Iterable[tuple[str | None, str | None]]) -> str:
    """How links were made longer: once through the text for each."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for short, long in links:
        if short and long:
            text = long.join(re.split(re.escape(short) + r"(?![A-Za-z0-9])", text))
    return text


SHORT = st.sampled_from(
    ["https://t.co/a", "https://t.co/ab", "https://t.co/b-", "http://bit.ly/x_y", "t.co/a", "x", ""]
)
PIECES = st.lists(SHORT | st.sampled_from([" ", "/", "?", "c", "&amp;", "\\1"]), max_size=12)


@settings(deadline=None)
@given(PIECES, st.lists(st.tuples(SHORT | st.none(), st.sampled_from(["L1", r"\g<0>", None])), max_size=5, unique_by=lambda link: link[0]))  # fmt: skip
def test_links_are_as_long_as_one_by_one(
    pieces: list[str], links: list[tuple[str | None, str | None]]
) -> None:
    """Where no link is part of another one, the order makes no difference."""
    whole = [link for link in links if link[0] not in {"x", "t.co/a"}]
    text = "".join(pieces)
    assert plain_text(text, whole) == one_by_one(text, whole)


def test_links_by_the_hundred_thousand_are_replaced_in_one_go() -> None:
    links = [(f"https://t.co/{n}", f"L{n}") for n in range(200_000)]
    assert plain_text(" ".join(short for short, _ in links), links).startswith("L0 L1 L2")


@pytest.mark.parametrize("short", ["https://t.co/a", "t.co/a"])
def test_a_link_repeated_makes_no_bomb_of_a_text(short: str) -> None:
    """1 MB of text and one address of 10 KB made 1 GB."""
    text = f"{short} " * 100_000
    longer = plain_text(text, [(short, "https://example.com/" + "x" * 10_000)])
    assert len(longer) <= len(text) + (1 << 18)
    assert longer.startswith("https://example.com/xx")


def test_a_table_of_thousands_of_columns_is_refused() -> None:
    header = HEADER[:-1] + b"".join(b",c%d" % n for n in range(100_000)) + b"\n"
    error = said("linkedin_archive", "Shares.csv", header + b"x\n").error
    assert error is not None
    assert error.fact == "the header names 100,006 columns, more than 1,000"


def test_a_header_is_not_repeated_whole_to_the_user() -> None:
    names = b",".join(b"c%d" % n + b"x" * 500 for n in range(2_000))
    error = said("linkedin_archive", "Shares.csv", b"Date," + names + b"\n").error
    assert error is not None
    assert len(error.fact) < 5_000
    assert error.fact.endswith(" …")


def test_columns_of_a_table_are_not_repeated_whole_to_the_user() -> None:
    error = said("table", "feed.csv", b"author,text," + b"x" * 20_000 + b"\na,b,c\n").error
    assert error is not None
    assert len(error.fact) < 500


LINES = st.lists(
    st.sampled_from(
        ['a"b', '"a"b', '"', '""', "x", ",,,,,", '"a,b', 'b",,,,,', '2026-01-01 10:00:00,u,"t",,,', ""]
    ),
    max_size=40,
)  # fmt: skip


@settings(deadline=None)
@given(LINES)
def test_lines_looked_at_once_are_read_as_if_looked_at_again(lines: list[str]) -> None:
    """A row whose quotes do not match cost a look at two hundred lines after it, each time."""
    content = HEADER + "\n".join(lines).encode()
    once = said("linkedin_archive", "Shares.csv", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_csv._Pending, "barren", property(lambda _: 0, lambda *_: None))
        again = said("linkedin_archive", "Shares.csv", content)
    assert (once.rows_read, once.rejects, once.repairs) == (
        again.rows_read, again.rejects, again.repairs,
    )  # fmt: skip
    assert once.records["post_records"].equals(again.records["post_records"])


def test_a_file_of_elements_that_never_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cost a look at everything after it."""
    monkeypatch.setattr(_ytd, "_LOOKS_FREE", 1 << 20)
    good = b'window.YTD.tweets.part0 = [ {"tweet": {"id_str": "1"}},\n'
    whole = said("x_archive", "data/tweets.js", good + b'{"tweet": ' * 20_000)
    assert whole.error is not None
    assert whole.error.fact.startswith("too many elements of the file are broken")
    assert whole.rows_read == whole.error.row_number
    assert whole.rows_read > 1


def test_tone_of_a_very_long_text_is_that_of_its_beginning() -> None:
    """TextBlob takes time by the square: a megabyte of exclamation marks took ten minutes."""
    long = "good " * 10_000
    assert score_texts([long + "bad " * 400_000]) == score_texts([long])
    assert score_texts(["!" * 2_000_000]) == [(None, None)]


def test_a_manifest_of_any_size_or_number_is_no_way_in(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its counts of thousands of digits raised ValueError; it was held in memory whole."""
    import shutil

    folder = shutil.copytree(FIXTURES / "x_archive" / "ok", tmp_path / "archive")
    manifest = folder / "data" / "manifest.js"
    original = manifest.read_text()
    counted = {reading.member for reading in readings(tmp_path) if reading.declared}
    assert "data/tweets.js" in counted
    manifest.write_text(re.sub(r'"count" *: *"\d+"', f'"count": "{"9" * 5000}"', original))
    assert not any(reading.declared for reading in readings(tmp_path))
    manifest.write_text(original)
    monkeypatch.setattr(members, "_LARGEST_MANIFEST", 100)
    (failed,) = (r for r in readings(tmp_path) if r.member == "data/manifest.js")
    assert failed.handling == "failed"
    assert "the manifest is larger than 100 bytes" in str(failed.reason)


def readings(folder) -> list[members.MemberReading]:
    (found,), _ = find_exports([folder])
    with open_export(found) as opened:
        return list(read_members(opened, recognise(opened)))


@pytest.mark.parametrize("error", [ValueError, pl.exceptions.PanicException])
def test_doctor_goes_on_where_a_reader_breaks(
    tmp_path: Path,
    error: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It showed a traceback, with what somebody had written in it."""
    for name in ("bad", "good"):
        linkedin_zip(tmp_path / f"{name}.zip", {"Rich Media.csv": name})
    add = store.add_export

    def breaks(home: object, opened: Any, *rest: Any, **more: Any) -> object:
        if opened.name == "bad.zip":
            raise error("secret words")
        return add(home, opened, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "add_export", breaks)
    exports = [str(tmp_path / f"{name}.zip") for name in ("bad", "good")]
    assert run_cli(["doctor", "--home", str(tmp_path / "home"), *exports]) == 0
    out, err = capsys.readouterr()
    assert f"bad.zip: its reader failed with {error.__name__}" in out
    assert "good.zip: LinkedIn data export" in out
    assert "secret" not in out + err


def test_a_cell_of_any_length_beside_a_row_too_wide() -> None:
    """Python's csv refuses cells longer than 128 K, and the whole export was lost."""
    long = "x" * 300_000
    row = f"2026-01-01 10:00:00,u,{long},,,\n"
    whole = said("linkedin_archive", "Shares.csv", HEADER + row.encode() + b"a" + b",b" * 30)
    assert whole.records["post_records"]["text"].to_list() == [long]
    assert [reject.row_number for reject in whole.rejects] == [2]


def test_rows_that_are_few_among_blanks_by_the_thousand() -> None:
    """Polars 2.1.0 panicked, which is no Exception: nothing of the run was left."""
    garbage = b"\x85\x1c-]\xb5\x93E\xa8!\xd6\x9d~\xcd\r\n"
    head = b"From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    content = head + garbage + b"\r\n" * 20_000 + b"BX\xf6\x9c\xcd\xdd" * 5
    whole = said("linkedin_archive", "Invitations.csv", content)
    assert whole.rows_read == 20_002
    assert len(whole.rejects) == 2


def test_what_fired_is_looked_for_in_as_much_as_a_message_may_hold() -> None:
    """Of 140 KB of "http://" it took 35 seconds for each rule, four times as long for twice as much."""
    links = "http://" * 60_000
    rows = pl.DataFrame(
        {
            "text": [f"{links} not not"],
            "language": ["en"],
        }
    ).with_row_index("text_id")
    fired = [{"rule": rules_of("en")[0].name, "match": "<url> not"}]
    rows = rows.with_columns(hits=pl.Series([fired]))
    ((span,),) = of_rows(rows).select("spans_of_text").rows()
    assert [(s["start"], s["stop"]) for s in span] == [(0, len(links) + 8)]
