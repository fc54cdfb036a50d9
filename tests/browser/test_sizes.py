"""Reports of every size: nothing, one message, 50,000 people; and one without names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.dashboards.synthetic import CAST

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


def test_an_empty_inbox_says_what_to_do_and_what_will_come(
    watch: Watch, empty_report: Path
) -> None:
    watched = watch(viewport={"width": 360, "height": 800})
    page = watched.open(empty_report)
    expect(page.locator("h1")).to_have_text("There is nothing to read yet.")
    expect(page.locator(".steps li")).to_have_count(3)
    expect(page.get_by_role("heading", name="What a report holds")).to_be_visible()
    assert page.locator(".bar nav a").all_inner_texts() == ["Answer", "Method"]
    assert page.locator(".chart").count() == 0
    watched.is_clean(empty_report)


def test_one_message_is_shown_whole(watch: Watch, one_message_report: Path) -> None:
    watched = watch()
    page = watched.open(one_message_report)
    expect(page.locator("h1")).to_contain_text("too little for a score. Here is what was seen.")
    expect(page.get_by_role("heading", name="Nothing to show yet for")).to_be_visible()
    page.locator(".first .who").click()
    expect(page.locator(".bubble")).to_contain_text("Hello there")
    expect(page.locator("#page")).to_contain_text("No score: fewer than 3 utterances")
    watched.is_clean(one_message_report)


def test_fifty_thousand_people_open_at_once_and_answer(watch: Watch, large_report: Path) -> None:
    watched = watch()
    page = watched.page
    clock = page.context.new_cdp_session(page)
    # Processor time of the page, whatever else the machine is doing.
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = clock.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    watched.open(large_report)
    opened = busy()
    assert opened < 2
    expect(page.locator("#found")).to_contain_text("50\u202f040 of 50\u202f040 people.")
    page.locator(".first .who").first.click()
    expect(page.locator("#page .bubble").first).to_be_attached()
    assert busy() - opened < 1
    page.go_back()
    page.locator("#table").get_by_role("columnheader", name="Messages").click()
    expect(page.locator("#table [tabulator-field=messages]").nth(1)).to_have_text("26")
    page.fill("#q", "volkov")
    expect(page.locator("#found")).to_contain_text("834 of 50\u202f040 people.")
    page.select_option("#f-advice", "thank")
    expect(page.locator("#found")).to_contain_text("0 of 50\u202f040 people.")
    last = page.evaluate(
        "document.querySelector('#facts').textContent.match(/carried\":(\\d+)/)[1]"
    )
    assert 0 < int(last) < 50_000
    watched.is_clean(large_report)


def test_somebody_whose_messages_have_no_room_gets_the_command_for_them(
    watch: Watch, large_report: Path
) -> None:
    page = watch().open(large_report, "#person=p59-833")
    expect(page.locator("#page")).to_contain_text("The messages are not in this file")
    expect(page.locator("#page code").first).to_contain_text("mememeter sender")


def test_a_redacted_report_shows_initials_and_no_words(
    watch: Watch, redacted_report: Path, report: Path
) -> None:
    watched = watch()
    page = watched.open(redacted_report)
    expect(page.locator("h1")).to_contain_text("60 people")
    page.locator(".first .who").first.click()
    expect(page.locator("#page .bubble").first).to_contain_text("(text left out)")
    expect(page.locator("#page .verdict")).to_have_count(0)
    seen = page.locator("body").inner_text()
    for name, headline, _, _ in CAST:
        assert name not in seen
        assert not headline or headline not in seen
    watched.is_clean(redacted_report)
