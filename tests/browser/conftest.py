"""Pages of the report in Debian's Chromium, watched: what they say on the console and ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.report import render_report
from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.dashboards.conftest import GENERATED_AT, Frames, run_report_queries
from tests.dashboards.crowd import many_people, one_message
from tests.dashboards.hostile import hostile_rows
from tests.dashboards.synthetic import Rows, synthetic, to_tables


@dataclass
class Watched:
    """A page and everything it complained about or asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, report: Path, hash_: str = "") -> Page:
        self.page.goto(report.as_uri() + hash_)
        self.page.wait_for_selector("html[data-ready]", timeout=60_000)
        return self.page

    def is_clean(self, report: Path) -> None:
        """Nothing on the console, and no request but the file itself and its own blobs."""
        assert self.complaints == []
        foreign = [
            url for url in self.requests if not url.startswith((report.as_uri(), "blob:", "data:"))
        ]
        assert foreign == []


# Not of the session: Playwright's loop runs for as long as it is open, and no asyncio.run works
# beside it, which other tests of the same process call.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    contexts = []

    def new(**options: object) -> Watched:
        settings = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Europe/Zurich"}
        context = browser.new_context(**(settings | options))
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("console", lambda m: watched.complaints.append(f"{m.type}: {m.text}"))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on(
            "dialog", lambda dialog: watched.complaints.append(f"dialog: {dialog.message}")
        )
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        return watched

    yield new
    for context in contexts:
        context.close()


def _write(folder: Path, rows: Rows) -> Path:
    return _render(folder, run_report_queries(to_tables(rows)))


def _render(folder: Path, frames: Frames, *, redact: bool = False) -> Path:
    page = render_report(frames, generated_at=GENERATED_AT, version="0.1.0", redact=redact)
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("report"), synthetic())


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("hostile"), hostile_rows(synthetic()))


@pytest.fixture(scope="session")
def empty_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("empty"), {})


@pytest.fixture(scope="session")
def one_message_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("one"), one_message().rows)


@pytest.fixture(scope="session")
def redacted_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = run_report_queries(to_tables(hostile_rows(synthetic())))
    return _render(tmp_path_factory.mktemp("redacted"), frames, redact=True)


@pytest.fixture(scope="session")
def large_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = run_report_queries(to_tables(synthetic()))
    return _render(tmp_path_factory.mktemp("large"), many_people(frames, 50_000))
