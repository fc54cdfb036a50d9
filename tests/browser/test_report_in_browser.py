"""The report as a person meets it: opened from disk, clicked, searched, reloaded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.conftest import Watched
from tests.dashboards.hostile import HOSTILE

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


def scroll_through(page: Page) -> None:
    """Down to the end, so that every chart is drawn."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 700):
        page.evaluate(f"window.scrollTo({{top: {top}, behavior: 'instant'}})")
        page.wait_for_timeout(50)


def names(page: Page) -> list[str]:
    return page.locator("#table .tabulator-row .who").all_inner_texts()


def test_missing_chromium_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    with pytest.raises(AssertionError, match="apt-get install -y chromium"):
        chromium.chromium_path()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 820, 1440])
def test_page_is_quiet_and_fits_at_every_width(
    watch: Watch, report: Path, width: int, mode: str
) -> None:
    watched = watch(viewport={"width": width, "height": 900}, color_scheme=mode)
    page = watched.open(report)
    scroll_through(page)
    charts = page.locator(".chart")
    for index in range(charts.count()):
        expect(charts.nth(index).locator(".main-svg").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.is_clean(report)


def test_first_screen_answers_without_scrolling(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("h1")).to_contain_text("60 people who wrote to you")
    expect(page.get_by_role("heading", name="Who to deal with first")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Good company").first).to_be_in_viewport()
    expect(page.locator(".first .who").first).to_be_in_viewport()


def test_ranking_searches_filters_and_sorts(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report)
    page.fill("#q", "volkov investor")
    expect(page.locator("#found")).to_contain_text("1 of 60 people.")
    assert names(page) == ["Dmitri Volkov"]
    page.fill("#q", "")
    page.select_option("#f-advice", "thank")
    expect(page.locator("#found")).to_have_text("6 of 60 people.")
    page.select_option("#f-platform", "x")
    expect(page.locator("#found")).to_have_text("1 of 60 people.")
    assert names(page) == ["Tomás Herrera"]
    page.select_option("#f-advice", "")
    page.select_option("#f-platform", "")
    page.locator("#table").get_by_role("columnheader", name="Name").click()
    first = names(page)[0]
    page.locator("#table").get_by_role("columnheader", name="Name").click()
    assert names(page)[0] != first
    watched.is_clean(report)


def test_ranking_sorts_by_keyboard_and_says_so(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    header = page.locator("#table").get_by_role("columnheader", name="Messages")
    header.focus()
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    assert (
        page.locator("#table .tabulator-row [tabulator-field=messages]").first.inner_text() == "26"
    )


def test_score_sorts_people_without_one_to_the_end(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    header = page.locator("#table").get_by_role("columnheader", name="Score")
    for _ in range(2):
        header.click()
        first = page.locator("#table .tabulator-row [tabulator-field=me_score]").first
        expect(first.locator("svg")).to_be_visible()


def test_ranking_is_one_column_on_a_phone_and_can_still_be_sorted(
    watch: Watch, report: Path
) -> None:
    watched = watch(viewport={"width": 360, "height": 800})
    page = watched.open(report)
    headers = page.locator("#table [role=columnheader]")
    expect(headers).to_have_count(1)
    page.select_option("#f-sort", "messages desc")
    page.wait_for_timeout(300)
    assert names(page)[0] in {
        "Growth Letter Daily",
        "Crypto Pulse ⚡",
        "Max Profit",
        "Sandra Klein",
    }
    page.set_viewport_size({"width": 1200, "height": 800})
    expect(headers).to_have_count(7)
    watched.is_clean(report)


def test_search_reaches_into_the_messages_when_asked(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.fill("#q", "autopilot")
    expect(page.locator("#found")).to_contain_text("0 of 60 people.")
    page.check("#f-words")
    expect(page.locator("#found")).to_contain_text("10 of 60 people.")


def test_person_opens_by_address_survives_a_reload_and_back_returns(
    watch: Watch, report: Path
) -> None:
    watched = watch()
    page = watched.open(report)
    page.locator(".first .who", has_text="Brent Halloway").click()
    heading = page.locator("#person-h")
    expect(heading).to_have_text("Brent Halloway")
    expect(heading).to_be_focused()
    assert page.url.endswith("#person=p00")
    page.reload()
    expect(page.locator("#person-h")).to_have_text("Brent Halloway")
    expect(page.locator("#overview")).to_be_hidden()
    page.go_back()
    expect(page.locator("#overview")).to_be_visible()
    expect(page.locator("#page")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#person-h")).to_have_text("Brent Halloway")
    watched.is_clean(report)


def test_person_shows_story_flags_words_and_who_else(watch: Watch, report: Path) -> None:
    page = watch().open(report, "#person=p00")
    expect(page.locator(".timeline")).to_have_text(
        "Connected 2 Sept 2024 (they asked) · pitched 2 Sept 2024, message 1"
    )
    expect(page.locator(".statement").first).to_contain_text("first message had a link and a price")
    expect(page.locator(".innocent").first).to_contain_text("It could be harmless")
    marks = page.locator(".bubble mark").all_inner_texts()
    assert marks == [
        "We help founders like you", "Our platform", "https://calendly.example/p00",
        "only 3 places left", "$499",
    ]  # fmt: skip
    expect(page.locator("#page")).to_contain_text("also came from Tiffany Vance, Jürgen Strobl")
    expect(page.locator("#page")).to_contain_text("these exports hold none of theirs")
    expect(page.locator(".commands code").first).to_have_text(
        'mememeter verdict "Brent Halloway" fine'
    )
    page.locator(".evidence-links a").first.click()
    expect(page.locator("#m-m00001")).to_be_focused()


def test_points_of_a_person_end_at_the_score(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report, "#person=p15")
    page.wait_for_selector("[data-points] .main-svg")
    bars = page.evaluate("document.querySelector('[data-points]').data[0]")
    assert bars["y"][-1] == "Score"
    assert bars["base"][-2] + bars["x"][-2] == pytest.approx(bars["x"][-1], abs=0.06)
    page.locator(".person-grid summary").click()
    total = page.locator("tr.sum td").first.inner_text()
    shown = page.locator(".person-score b").inner_text()
    assert round(float(total)) == int(shown)
    watched.is_clean(report)


def test_person_without_a_score_gets_no_points(watch: Watch, report: Path) -> None:
    page = watch().open(report, "#person=p01")
    expect(page.locator(".person-head")).to_contain_text("No score")
    assert page.locator("[data-points]").count() == 0
    expect(page.get_by_role("heading", name="What was counted")).to_be_visible()


def test_click_on_a_point_opens_the_person(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report)
    page.locator("#room").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=room] .points path")
    page.locator("[data-chart=room]").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = page.locator("[data-chart=room] .points path").last.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".hoverlayer .hovertext")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#person-h")).to_be_visible()
    watched.is_clean(report)


def test_whiskers_come_on_demand(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.locator("#room").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=room] .points path")
    assert page.locator("[data-chart=room] .errorbar").count() == 0
    page.check("#whiskers")
    page.wait_for_selector("[data-chart=room] .errorbar path", state="attached")


def test_mode_can_be_switched(watch: Watch, report: Path) -> None:
    watched = watch(color_scheme="light")
    page = watched.open(report)
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(250, 248, 244)"
    page.locator("#theme").click()
    assert page.evaluate(paper) == "rgb(20, 23, 27)"
    expect(page.locator("#theme")).to_have_text("Light")
    watched.is_clean(report)


def test_times_are_in_the_readers_zone_and_say_so(watch: Watch, report: Path) -> None:
    page = watch().open(report, "#person=p00")
    expect(page.locator("#zone")).to_have_text("Europe/Zurich, your zone")
    # 11:00 UTC in September.
    expect(page.locator(".bubble time").first).to_have_text("2 Sept 2024, 13:00")


def test_csv_holds_what_is_shown_and_no_formula(watch: Watch, hostile_report: Path) -> None:
    page = watch(accept_downloads=True).open(hostile_report)
    with page.expect_download() as waiting:
        page.locator("#csv").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 60
    for row in rows:
        for column, cell in row.items():
            if not re.fullmatch(r"[\d.]*", cell):
                assert not re.match(r"\s*[=+\-@＝＋－＠|%\t\r]", cell), (column, cell)


def test_hostile_strings_run_nothing_and_are_shown(watch: Watch, hostile_report: Path) -> None:
    watched = watch()
    page = watched.open(hostile_report)
    scroll_through(page)
    page.check("#f-words")
    page.fill("#q", "<script>")
    page.wait_for_timeout(400)
    for number in range(len(HOSTILE)):
        page.evaluate(
            "id => { location.hash = `#person=${encodeURIComponent(id)}` }", f"p{number:02d}"
        )
        expect(page.locator("#person-h")).to_be_visible()
        page.wait_for_function(
            "id => decodeURIComponent(location.hash).endsWith(id)", arg=f"p{number:02d}"
        )
        page.wait_for_timeout(30)
        for link in page.locator("#page a").all():
            assert re.match(r"#|https?://", link.get_attribute("href"))
    assert page.evaluate("window.owned") is None
    assert page.locator("#page img, #page script, #page style").count() == 0
    watched.is_clean(hostile_report)


def test_hover_texts_show_markup_as_text(watch: Watch, hostile_report: Path) -> None:
    page = watch().open(hostile_report)
    page.locator("#room").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=room] .points path")
    for trace, length in page.evaluate(
        "document.querySelector('[data-chart=room]').data.map((t, i) => [i, t.x.length])"
    ):
        for point in range(min(length, 25)):
            page.evaluate(
                "([c, p]) => Plotly.Fx.hover(document.querySelector('[data-chart=room]'), [{curveNumber: c, pointNumber: p}])",
                [trace, point],
            )
            assert page.locator(".hoverlayer a").count() == 0
    assert page.evaluate("window.owned") is None


def test_unknown_person_is_said_kindly(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report, "#person=%E0%A4%A")
    expect(page.locator("#page h1")).to_have_text("Nobody of this identifier")
    watched.is_clean(report)


def test_keyboard_reaches_the_answer_and_a_person(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for link in page.locator("h1 a").all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".do-first .who")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#person-h")).to_be_focused()


def test_everything_that_can_be_operated_has_a_name(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    scroll_through(page)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a[href], summary, [role=img], [role=region]')]
        .filter(n => !(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length
          || n.placeholder || n.title)).map(n => n.outerHTML.slice(0, 200))"""
    )
    assert unnamed == []


def test_print_shows_the_fixed_table_instead_of_the_scrolling_one(
    watch: Watch, report: Path
) -> None:
    page = watch().open(report)
    page.emulate_media(media="print")
    expect(page.locator("#ranking-fixed")).to_be_visible()
    expect(page.locator("#table")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()


def test_charts_are_drawn_for_paper_in_light_colours(watch: Watch, report: Path) -> None:
    watched = watch(color_scheme="dark")
    page = watched.open(report)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-chart=clusters] .main-svg").first).to_be_attached()
    label = "getComputedStyle(document.querySelector('[data-chart=clusters] .legendtext')).fill"
    assert page.evaluate(label) == "rgb(28, 32, 36)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"() => {label} === 'rgb(236, 232, 225)'")
    watched.is_clean(report)


def test_summary_is_readable_without_scripts(watch: Watch, report: Path) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(report.as_uri())
    expect(page.locator("h1")).to_contain_text("60 people")
    expect(page.locator("#ranking-fixed tbody tr").first).to_be_visible()
