"""axe-core finds nothing serious, in either mode, at the width of a phone and of a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]

PLACES = ("", "#person=p00", "#person=p19", "#messages?q=autopilot")


CONTRAST = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}


def findings(page: Page, options: dict[str, object] | None = None) -> list[str]:
    found = Axe().run(page, options=options or {"resultTypes": ["violations"]})
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:200]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("width", "mode"), [(360, "dark"), (1280, "light")])
def test_nothing_is_found(watch: Watch, report: Path, width: int, mode: str) -> None:
    page = watch(viewport={"width": width, "height": 900}, color_scheme=mode).open(report)
    for place in PLACES:
        page.evaluate("place => { location.hash = place }", place)
        page.wait_for_function("place => !place || document.querySelector('#page h1')", arg=place)
        # What is folded away is read, too.
        page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
        assert findings(page) == [], place
        # The other mode has the same elements in other colours.
        page.emulate_media(color_scheme="light" if mode == "dark" else "dark")
        if place:
            assert findings(page, CONTRAST) == [], place
        page.emulate_media(color_scheme=mode)


def test_an_empty_page_is_accessible_as_well(watch: Watch, empty_report: Path) -> None:
    assert findings(watch().open(empty_report)) == []


def test_a_fault_would_be_found(watch: Watch, report: Path) -> None:
    page = watch().open(report)
    page.evaluate("document.querySelector('#csv').replaceChildren()")
    assert any("button-name" in found for found in findings(page))
