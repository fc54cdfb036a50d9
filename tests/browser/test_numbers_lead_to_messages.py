"""From any number to the messages it counts: links, charts, addresses, and the way back."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


def shown(page: Page) -> int:
    return page.locator("#page .found-list > li").count()


def test_a_number_of_the_headline_leads_to_its_people_and_on_to_their_messages(
    watch: Watch, report: Path
) -> None:
    watched = watch()
    page = watched.open(report)
    number = page.locator("h1 a.count").first
    people = number.inner_text()
    number.click()
    expect(page.locator("#found")).to_contain_text(f"{people} of 60 people.")
    expect(page.locator("#ranking")).to_be_in_viewport()
    page.locator("#table .who").first.click()
    expect(page.locator("#page .bubble").first).to_be_attached()
    page.go_back()
    expect(page.locator("#found")).to_contain_text(f"{people} of 60 people.")
    watched.is_clean(report)


def test_filters_are_in_the_address_and_survive_a_reload(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.select_option("#f-advice", "thank")
    page.fill("#q", "herrera")
    expect(page.locator("#found")).to_contain_text("1 of 60 people.")
    assert page.url.endswith("#ranking?q=herrera&advice=thank")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#found")).to_contain_text("1 of 60 people.")
    expect(page.locator("#q")).to_have_value("herrera")
    page.locator("#clear").click()
    expect(page.locator("#found")).to_contain_text("60 of 60 people.")
    assert page.url.endswith("#ranking")


def test_every_tally_leads_to_as_many_people(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    for link in page.locator(".answer .tally a").all():
        count = link.inner_text()
        link.evaluate("node => node.click()")
        expect(page.locator("#found")).to_contain_text(f"{count} of 60 people.")


def test_words_are_found_in_messages_and_marked(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report)
    page.fill("#q", "autopilot")
    page.get_by_role("link", name="Messages with these words").click()
    expect(page.locator("h1:visible")).to_have_text("Messages with autopilot")
    assert page.locator("#page mark.word").all_inner_texts() == ["autopilot"] * shown(page)
    page.locator("#page .found-list .who").first.click()
    expect(page.locator(".bubble:focus")).to_contain_text("autopilot")
    address = page.url
    page.reload()
    expect(page.locator(".bubble:focus")).to_contain_text("autopilot")
    assert page.url == address
    page.go_back()
    expect(page.locator("h1:visible")).to_have_text("Messages with autopilot")
    watched.is_clean(report)


def test_a_flag_leads_to_each_of_its_messages(watch: Watch, report: Path) -> None:
    page = watch().open(report, "#person=p15")
    links = page.locator(".flags li").first.locator(".evidence-links a")
    assert links.count() > 1
    for place in (0, links.count() - 1):
        wanted = links.nth(place).get_attribute("href").split("&m=")[1]
        links.nth(place).click()
        expect(page.locator(f"#m-{wanted}")).to_be_focused()
        expect(page.locator(f"#m-{wanted}")).to_contain_text("a flag rests on this")


def test_a_week_of_the_calendar_leads_to_its_messages(watch: Watch, report: Path) -> None:
    watched = watch()
    page = watched.open(report)
    page.locator("#flood").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=flood] .plot image, [data-chart=flood] .hm image")
    week, count = page.evaluate(
        """() => {
          const node = document.querySelector('[data-chart=flood]');
          const [{ z, customdata, x, y }] = node.data;
          const top = Math.max(...z.flat().map(v => v ?? 0));
          const row = z.findIndex(r => r.includes(top));
          const column = z[row].indexOf(top);
          node.emit('plotly_click', { points: [{ customdata: customdata[row][column], x: x[column], y: y[row] }] });
          return [customdata[row][column], top];
        }"""
    )
    assert week
    expect(page.locator("h1:visible")).to_contain_text("Promotional messages in the week of")
    assert shown(page) == count
    page.go_back()
    # The table behind the chart leads there, too.
    page.locator("#flood details").first.evaluate("node => { node.open = true }")
    page.locator(f"#flood a[href='#messages?week={week}']").click()
    expect(page.locator(".found-list > li")).to_have_count(count)
    watched.is_clean(report)


def test_a_shared_text_and_a_month_of_the_owner_lead_to_messages(
    watch: Watch, report: Path
) -> None:
    watched = watch()
    page = watched.open(report)
    for link in page.locator(".template h3 a").all():
        count = int(link.inner_text().split()[0])
        page.evaluate("address => { location.hash = address }", link.get_attribute("href"))
        expect(page.locator(".found-list > li")).to_have_count(count)
    page.evaluate("location.hash = '#mirror'")
    found = []
    for link in page.locator("#mirror a[href*='month=']").all()[:6]:
        page.evaluate("address => { location.hash = address }", link.get_attribute("href"))
        expect(page.locator("h1:visible")).to_contain_text("What you wrote in")
        found.append(shown(page))
    assert any(found)
    watched.is_clean(report)


def test_every_link_to_a_person_leads_to_one(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    known = page.evaluate(
        """async () => {
          const ids = [...new Set([...document.querySelectorAll('#overview a[href^="#person="]')].map(a => a.hash))];
          const lost = [];
          for (const hash of ids) {
            location.hash = hash;
            await new Promise(done => setTimeout(done, 15));
            if (document.querySelector('#page').textContent.includes('Nobody of this identifier')) lost.push(hash);
          }
          return [ids.length, lost];
        }"""
    )
    assert known[0] > 30
    assert known[1] == []


def test_navigation_from_a_person_goes_where_it_says(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.locator(".first .who").first.click()
    expect(page.locator("#person-h")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Flood").click()
    expect(page.locator("#flood-h")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Flood")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_can_be_saved(watch: Watch, report: Path, kind: str) -> None:
    watched = watch(accept_downloads=True)
    page = watched.open(report)
    page.locator("#room").scroll_into_view_if_needed()
    with page.expect_download() as waiting:
        page.locator("#room .picture button", has_text=kind.upper()).click()
    assert waiting.value.suggested_filename == f"mememeter-room.{kind}"
    content = Path(waiting.value.path()).read_bytes()
    if kind == "png":
        assert content.startswith(b"\x89PNG\r\n")
        width, height = struct.unpack(">II", content[16:24])
        assert width >= 1440
        assert height >= 800
    else:
        text = content.decode()
        assert text.startswith("<svg")
        assert "Self-focus and pitch of everybody who wrote" in text
    watched.is_clean(report)
