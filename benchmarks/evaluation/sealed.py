"""The sealed part of the threads, measured at a release.

    python -m benchmarks.evaluation.sealed "why it is opened"

Prints figures and no text, and adds them with date, commit and reason to `benchmarks/sealed_log.md`.
Every look costs the part some of its worth: whoever tunes on what this prints has unsealed it.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

from benchmarks.evaluation import agreement, gold, page, threads

SEALED = gold.FOLDER / "sealed"
LOG = Path(__file__).parents[1] / "sealed_log.md"
_HEAD = "# Every use of the sealed threads\n\nWritten by `make evaluate-sealed`; newest last.\n"


def main(reason: str) -> int:
    if not SEALED.is_dir():
        print(f"{SEALED} is not there")
        return 1
    own, second = gold.load(SEALED), gold.load_readings(SEALED / "second")
    alphas = agreement.agreement(own, second)
    found = threads.figures(own, second, agreement.unscored(alphas))
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), capture_output=True, text=True, check=False
    ).stdout.strip()
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M")
    table = page.of_figures(found, {})
    entry = f"\n## {when} UTC, {commit}: {reason}\n\n{len(own)} threads.\n\n{table}\n"
    LOG.write_text((LOG.read_text("utf-8") if LOG.exists() else _HEAD) + entry, "utf-8")
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:]) or "no reason given"))
