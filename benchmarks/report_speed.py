"""How fast a large report is made and opened: `python -m benchmarks.report_speed [people] [messages]`.

50,000 people and a million messages unless said otherwise: the queries on a published database,
the rendering, the size of the page, and in Chromium the time until it answers, a click on a person,
a search by name, and a search in the messages. Lines to hold on two cores: the page under 8 MB,
open within 2 s, a click answered within .3 s.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Page, sync_playwright

from dashboards.queries import report_queries, view_queries
from dashboards.report import render_report
from flows import warehouse
from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.dashboards.conftest import GENERATED_AT, Frames
from tests.dashboards.crowd import crowd, sizes

Result = TypeVar("Result")


def timed(stage: str, work: Callable[[], Result]) -> Result:
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    print(
        f"{stage:32} {time.perf_counter() - start:7.2f} s wall "
        f"{time.process_time() - busy:7.2f} s CPU"
    )
    return result


def report(folder: Path, people: int, messages: int) -> Path:
    tables = crowd(people, messages)
    print("{:,} people, {:,} messages".format(*sizes(tables)))
    database = folder / "crowd.duckdb"
    timed("write the database", lambda: warehouse.write_database(database, tables, view_queries()))
    slowest: dict[str, float] = {}

    def ask() -> Frames:
        frames: Frames = {}
        for name, sql in report_queries().items():
            start = time.perf_counter()
            frames |= warehouse.run_queries(database, {name: sql})
            slowest[name] = time.perf_counter() - start
        return frames

    frames = timed("all queries of the report", ask)
    for name in sorted(slowest, key=slowest.__getitem__, reverse=True)[:5]:
        print(f"  {name:30} {slowest[name]:7.2f} s wall")
    page = timed("render", lambda: render_report(frames, generated_at=GENERATED_AT))
    path = folder / "crowd.html"
    path.write_text(page, encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{'page':32} {path.stat().st_size / 1e6:7.2f} MB")
    print(f"{'peak memory, crowd included':32} {peak:7.2f} GiB")
    return path


def browse(path: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        clock = page.context.new_cdp_session(page)
        clock.send("Performance.enable", {"timeDomain": "threadTicks"})
        timed_page("open until it answers", lambda: _open(page, path))
        metrics = clock.send("Performance.getMetrics")["metrics"]
        busy = next(m["value"] for m in metrics if m["name"] == "TaskDuration")
        print(f"{'  of it, work of the page':32} {busy:7.2f} s CPU")
        print(f"{'  of it, until the first screen':32} {_first_paint(page):7.2f} s")
        timed_page("a click on a person", lambda: _click(page))
        page.go_back()
        page.wait_for_selector("#overview", state="visible")
        timed_page("search by name", lambda: _search(page))
        timed_page("search in the messages", lambda: _words(page))
        heap = page.evaluate("performance.memory ? performance.memory.usedJSHeapSize : 0")
        print(f"{'heap of the page':32} {heap / 2**20:7.0f} MiB")
        browser.close()


def timed_page(stage: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{stage:32} {time.perf_counter() - start:7.2f} s wall")


def _open(page: Page, path: Path) -> None:
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("html[data-ready]", timeout=60_000)


def _first_paint(page: Page) -> float:
    return page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime / 1000"
    )


def _click(page: Page) -> None:
    page.locator(".first .who").first.click()
    page.wait_for_selector("#person-h", state="visible")


def _search(page: Page) -> None:
    page.fill("#q", "volkov")
    page.wait_for_function("() => !document.querySelector('#clear').hidden")


def _words(page: Page) -> None:
    page.evaluate("location.hash = '#messages?q=autopilot'")
    page.wait_for_selector(".found-list", timeout=60_000)


def main() -> None:
    people, messages = (int(word) for word in (sys.argv[1:] or ["50000", "1000000"]))
    with tempfile.TemporaryDirectory() as folder:
        browse(report(Path(folder), people, messages))


if __name__ == "__main__":
    main()
