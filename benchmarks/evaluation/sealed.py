"""The sealed part of the threads, measured at a release.

    python -m benchmarks.evaluation.sealed "why it is opened"

Prints figures and no text, and adds them with date, commit and reason to `benchmarks/sealed_log.md`.
Every look costs the part some of its worth: whoever tunes on what this prints has unsealed it.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.evaluation import agreement, gold, page, threads
from benchmarks.evaluation.gold import Thread

SEALED = gold.FOLDER / "sealed"
LOG = Path(__file__).parents[1] / "sealed_log.md"
_HEAD = "# Every use of the sealed threads\n\nWritten by `make evaluate-sealed`; newest last.\n"


def parts(sealed: Sequence[Thread], developed: Sequence[Thread]) -> dict[str, Sequence[Thread]]:
    """The sealed threads by whether their writer also wrote developed ones.

    The second part says more about strangers: of the first one's writers the rules have seen much.
    """
    seen = {thread.writer for thread in developed}
    known = [thread for thread in sealed if thread.writer in seen]
    others = [thread for thread in sealed if thread.writer not in seen]
    found = {"of writers who wrote developed threads too": known, "of other writers": others}
    return {name: part for name, part in found.items() if part}


def main(reason: str) -> int:
    if not SEALED.is_dir():
        print(f"{SEALED} is not there")
        return 1
    own, second = gold.load(SEALED), gold.load_readings(SEALED / "second")
    alphas = agreement.agreement(own, second)
    unscored = agreement.unscored(alphas)
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), capture_output=True, text=True, check=False
    ).stdout.strip()
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M")
    entry = f"\n## {when} UTC, {commit}: {reason}\n"
    for name, part in parts(own, gold.load(gold.FOLDER / "develop")).items():
        table = page.of_figures(threads.figures(part, second, unscored), {})
        entry += f"\n{len(part)} threads {name}.\n\n{table}\n"
    LOG.write_text((LOG.read_text("utf-8") if LOG.exists() else _HEAD) + entry, "utf-8")
    print(entry)
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:]) or "no reason given"))
