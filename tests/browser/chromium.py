"""Debian's Chromium, found on PATH: Playwright's own download does not work everywhere."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # as root, which continuous integration usually is
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Where Chromium is; AssertionError with what to install when it is nowhere."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, (
        f"no Chromium on PATH (looked for {', '.join(NAMES)})\n\n"
        "Hint: apt-get install -y chromium, or leave these tests out with -m 'not browser'"
    )
    return found
