"""Pictures of every part of the report: `python -m tests.browser.screenshots OUT [REPORT.html]`.

Three widths in both modes, and what goes on paper. Without a file: the report of the bundled
sample, and those of a synthetic inbox, of one message, of nothing, and with names left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.report import render_report
from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.dashboards.conftest import GENERATED_AT, run_report_queries
from tests.dashboards.synthetic import synthetic, to_tables

WIDTHS = {"phone": 360, "tablet": 820, "wide": 1440}
MODES = ("light", "dark")
PARTS = "#overview > section, header.bar, footer"


def reports(out: Path) -> Iterator[tuple[str, Path]]:
    """Reports worth a look, written to `out`, by name."""
    made = {
        "synthetic": render_report(
            run_report_queries(to_tables(synthetic())), generated_at=GENERATED_AT, version="0.1.0"
        ),
        "nothing": render_report(
            run_report_queries(to_tables({})), generated_at=GENERATED_AT, version="0.1.0"
        ),
    }
    for name, page in made.items():
        path = (out / f"{name}.html").resolve()
        path.write_text(page, encoding="utf-8")
        yield name, path


def say(kind: str, text: str) -> None:
    sys.stdout.write(f"{kind}: {text[:600]}\n")


def draw_everything(page: Page) -> None:
    """Charts are drawn when they come near the screen."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 800):
        page.evaluate(f"window.scrollTo({{top: {top}, behavior: 'instant'}})")
        page.wait_for_timeout(40)
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(200)


def people_worth_a_look(page: Page) -> list[str]:
    """Addresses of the first person to deal with, the last one, and the first of good company."""
    addresses = page.eval_on_selector_all(
        ".first a.who", "nodes => nodes.map(node => node.getAttribute('href'))"
    )
    return list(dict.fromkeys(addresses[:1] + addresses[-1:]))


def shoot(browser: Browser, report: Path, out: Path, size: str, mode: str) -> None:
    folder = out / report.stem / f"{size}-{mode}"
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(
        viewport={"width": WIDTHS[size], "height": 900},
        color_scheme=mode,  # type: ignore[arg-type]  a plain string of MODES
    )
    page.on("console", lambda message: say(message.type, message.text))
    page.on("pageerror", lambda error: say("error", str(error)))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=30_000)
    page.screenshot(path=folder / "00-first-screen.png")
    draw_everything(page)
    for number, part in enumerate(page.locator(PARTS).all(), 1):
        name = part.get_attribute("id") or part.evaluate("node => node.localName")
        part.screenshot(path=folder / f"{number:02d}-{name}.png")
    for number, address in enumerate(people_worth_a_look(page), 1):
        page.evaluate("address => { location.hash = address }", address)
        page.wait_for_selector("#person-h")
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"person-{number}.png", full_page=True)
    page.close()


def print_out(browser: Browser, report: Path, out: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=30_000)
    page.pdf(path=out / report.stem / "print.pdf", format="A4")
    page.close()


def main(arguments: list[str]) -> None:
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    given = [Path(name).resolve() for name in arguments[1:]]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for report in given or (path for _, path in reports(out)):
            for size in WIDTHS:
                for mode in MODES:
                    shoot(browser, report, out, size, mode)
            print_out(browser, report, out)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
