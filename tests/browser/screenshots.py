"""Pictures of the report at three widths in both modes: `python -m tests.browser.screenshots OUT`.

The synthetic inbox unless an HTML file is given as the second argument.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.dashboards.conftest import GENERATED_AT, run_report_queries
from tests.dashboards.synthetic import synthetic, to_tables

WIDTHS = {"phone": 360, "tablet": 820, "wide": 1440}
PEOPLE = ("p00", "p10", "p15", "p19")


def synthetic_report() -> str:
    from dashboards.report import render_report

    frames = run_report_queries(to_tables(synthetic()))
    return render_report(frames, generated_at=GENERATED_AT, version="0.1.0")


def say(kind: str, text: str) -> None:
    sys.stdout.write(f"{kind}: {text[:600]}\n")


def shoot(page: Page, out: Path, name: str) -> None:
    # Charts are drawn when they come near the screen.
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo({{top: {top}, behavior: 'instant'}})")
        page.wait_for_timeout(60)
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(250)
    page.screenshot(path=out / f"{name}.png", full_page=True)


def main(arguments: list[str]) -> None:
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    if len(arguments) > 1:
        report = Path(arguments[1]).resolve()
    else:
        report = (out / "report.html").resolve()
        report.write_text(synthetic_report(), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for size, width in WIDTHS.items():
            for mode in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=mode)
                page.on("console", lambda message: say(message.type, message.text))
                page.on("pageerror", lambda error: say("error", str(error)))
                page.goto(report.as_uri())
                page.wait_for_selector("html[data-ready]", timeout=20_000)
                shoot(page, out, f"{size}-{mode}")
                if size != "tablet":
                    links = page.eval_on_selector_all(
                        ".first a.who", "nodes => nodes.map(node => node.getAttribute('href'))"
                    )
                    for number, href in enumerate(dict.fromkeys(links[:1] + links[-1:])):
                        page.evaluate("href => { location.hash = href }", href)
                        page.wait_for_selector("#person-h")
                        page.wait_for_timeout(400)
                        shoot(page, out, f"{size}-{mode}-person-{number}")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
