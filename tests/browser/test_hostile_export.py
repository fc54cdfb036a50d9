"""The page of a whole run over hostile exports: it executes nothing, asks for nothing, shows words."""

from __future__ import annotations

import re

import pytest

from flows import warehouse
from flows.home import Home
from flows.pipeline import run_pipeline
from tests.browser.test_report_in_browser import Watch, scroll_through
from tests.reliability import strangers


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("strangers") / "home").create()
    strangers.linkedin(home.inbox / "linkedin.zip")
    strangers.x_archive(home.inbox / "x.zip")
    run_pipeline(home)
    return home


def test_a_run_over_hostile_exports_makes_a_harmless_page(watch: Watch, hostile_home: Home) -> None:
    report = hostile_home.latest_report
    watched = watch()
    page = watched.open(report)
    scroll_through(page)
    people = warehouse.query(
        hostile_home.database,
        "SELECT DISTINCT identity_id FROM sender_metrics ORDER BY identity_id LIMIT 70",
    )["identity_id"]
    opened = 0
    for person in people:
        page.evaluate("id => { location.hash = `#person=${encodeURIComponent(id)}` }", person)
        page.wait_for_timeout(30)
        opened += page.locator("#person-h").is_visible()
        for link in page.locator("#page a").all():
            assert re.match(r"#|https?://", link.get_attribute("href") or "#")
    assert opened > 50
    assert page.evaluate("window.owned") is None
    assert page.locator("#page img, #page script, #page style, #page iframe").count() == 0
    watched.is_clean(report)
