"""The whole page: from nothing to fifty thousand people, always the same bytes, never a request."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import orjson
import pytest

from dashboards.report import render_report
from tests.dashboards.conftest import GENERATED_AT, Frames
from tests.dashboards.crowd import many_people, one_message
from tests.dashboards.hostile import HOSTILE, hostile_rows
from tests.dashboards.synthetic import synthetic


class Outline(HTMLParser):
    """Tags, attributes, headings and ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.tags if a.get("id")]


def render(frames: Frames, **more: object) -> str:
    return render_report(frames, generated_at=GENERATED_AT, version="0.1.0", **more)


@pytest.fixture(scope="module")
def page(frames: Frames) -> str:
    return render(frames)


@pytest.fixture(scope="module")
def hostile_page(frames_of: Callable[..., Frames]) -> str:
    return render(frames_of(hostile_rows(synthetic())))


def test_empty_inbox_says_what_to_do(empty_frames: Frames) -> None:
    page = render(empty_frames)
    assert "There is nothing to read yet." in page
    assert "mememeter doctor" in page
    assert "Who to deal with first" not in page


def test_one_message_is_an_answer(frames_of: Callable[..., Frames]) -> None:
    page = render(frames_of(one_message().rows))
    assert "One person" in page
    assert "wrote to you: too little for a score." in page
    assert "fewer than 3 utterances" in page


def test_first_screen_answers(page: str) -> None:
    start = page[page.index("<h1") : page.index('id="ranking"')]
    assert "<strong>60 people</strong>" in start
    assert "Tiffany Vance" in start
    assert "Ines Carvalho" in start
    assert "Basic_LinkedInDataExport_11-02-2025.zip" in start


def test_same_frames_give_the_same_bytes(frames: Frames, page: str) -> None:
    assert render(frames) == page


def test_warnings_and_sample_are_said_on_top(frames: Frames) -> None:
    page = render(frames, warnings=["Yesterday's run failed: no <space> left."], is_sample=True)
    head = page[: page.index("<h1")]
    assert "Yesterday&#39;s run failed: no &lt;space&gt; left." in head
    assert "Sample data" in head


def test_second_run_says_what_is_new(frames_of: Callable[..., Frames]) -> None:
    inbox = one_message()
    week = dt.timedelta(days=7)
    for key, ago in (("one", 2 * week), ("two", -week)):
        seen = GENERATED_AT - ago
        inbox.add(
            "exports", export_id=key, platform="linkedin", first_seen_at=seen, as_of=seen,
            file_name=key, source="linkedin",
        )  # fmt: skip
    inbox.add(
        "runs",
        run_id="r1",
        started_at=GENERATED_AT - 2 * week,
        status="published",
        metrics_version="1",
    )
    inbox.add(
        "runs",
        run_id="r2",
        started_at=GENERATED_AT,
        status="published",
        messages_new=1,
        metrics_version="2",
    )
    page = render(frames_of(inbox.rows))
    section = page[page.index('id="changes"') : page.index('id="method"')]
    assert "added 1 message and 0 posts" in section
    assert "The method changed as well (1 to 2)" in section
    assert "first time" in section
    assert "Ann Lee" in section


def test_licences_of_others_are_in_the_page(page: str) -> None:
    assert "Permission is hereby granted" in page
    assert "Oli Folkerd" in page


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    outline = Outline(page)
    for attributes in outline.all("script", "link", "img", "iframe", "object", "embed", "source"):
        assert not {"src", "href", "data", "srcset"} & attributes.keys()
    assert not re.search(
        r"@import|url\((?!data:)", "".join(re.findall(r"<style>.*?</style>", page, re.DOTALL))
    )


def test_policy_fits_the_scripts_and_styles_of_the_page(page: str) -> None:
    (policy,) = [
        a["content"]
        for a in Outline(page).all("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "'unsafe-inline'" not in policy
    for kind in ("script", "style"):
        bodies = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert bodies
        for body in bodies:
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


def test_no_inline_handler_and_no_inline_style(page: str, hostile_page: str) -> None:
    for source in (page, hostile_page):
        for tag, attributes in Outline(source).tags:
            assert not [name for name in attributes if name.startswith("on")], tag
            assert "style" not in attributes, tag


def test_hostile_strings_add_no_element_and_no_address(page: str, hostile_page: str) -> None:
    allowed = {tag for tag, _ in Outline(page).tags}
    outline = Outline(hostile_page)
    # What only an inbox with hostile rows has: an example beside a masked text, an excerpt.
    assert {tag for tag, _ in outline.tags} <= allowed | {"code", "article", "blockquote"}
    assert len(outline.all("script")) == len(Outline(page).all("script"))
    for attributes in outline.all("a"):
        assert attributes["href"].startswith("#"), attributes


def test_hostile_strings_arrive_unaltered(hostile_page: str) -> None:
    packed = re.search(r'id="packed-people">([^<]*)<', hostile_page)[1]
    names = orjson.loads(gzip.decompress(base64.b64decode(packed)))["name"]
    assert set(names) == set(HOSTILE)


def test_templates_are_not_evaluated_in_names(hostile_page: str) -> None:
    assert "<bdi>{{ 7 * 7 }}</bdi>" in hostile_page
    assert "<bdi>49</bdi>" not in hostile_page


def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_inner_link_leads_somewhere(page: str) -> None:
    outline = Outline(page)
    ids = outline.ids()
    assert len(ids) == len(set(ids))
    opened = re.compile(r"#person=|#messages\?")  # pages of their own, made when they are asked for
    targets = {a["href"] for a in outline.all("a") if not opened.match(a["href"])}
    assert {target.removeprefix("#").partition("?")[0] for target in targets} <= set(ids)
    labels = {a["aria-labelledby"] for _, a in outline.tags if a.get("aria-labelledby")}
    assert labels <= set(ids)


def test_every_chart_has_a_name_and_a_table_behind_it(page: str) -> None:
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        for chart in Outline(section).all("div"):
            if chart.get("class") == "chart":
                assert chart["role"] == "img"
                assert len(chart["aria-label"]) > 20
                assert "<table>" in section


def test_page_calls_nobody_names(page: str) -> None:
    visible = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL).lower()
    for word in ("narcissis", "spammer", "selfish", "toxic", "creep", "annoying"):
        assert word not in visible


def test_fifty_thousand_people_fit_into_eight_megabytes(frames: Frames) -> None:
    big = many_people(frames, 50_000)
    page = render(big)
    assert len(page.encode()) < 8_000_000
    facts = orjson.loads(re.search(r'id="facts">(.*?)</script>', page)[1])
    assert 0 < facts["carried"] < 50_000
    assert "50\u202f" in page
