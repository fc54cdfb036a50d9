"""From zip to published report, as whole processes: `python -m benchmarks.pipeline [MESSAGES …]`.

Prints the first run without the engine, the same input again, the run with Prefect's own
server, and `--help`. The issue's lines for 100,000 messages on two cores: 20 s, 1.5 GiB; unchanged input 2 s; help .5 s.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.process import Measured, measure

CLI = (sys.executable, "-m", "flows.cli")


def line(what: str, measured: Measured, messages: int = 0) -> str:
    rate = f"{messages / measured.seconds:>12,.0f} messages/s" if messages else ""
    return f"{what:<44} {measured.seconds:>8.2f} s {measured.gib:>7.2f} GiB {rate}"


def main(sizes: list[int]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    helps = [measure((*CLI, "--help")) for _ in range(5)]
    median = statistics.median(m.seconds for m in helps)
    print(f"{'--help, median of 5':<44} {median:>8.2f} s")
    for messages in sizes:
        with tempfile.TemporaryDirectory() as folder:
            exports = Path(folder) / "exports"
            measure((
                sys.executable, "-m", "flows.sample", "--out", str(exports),
                "--messages", str(messages),
            ))  # fmt: skip
            zips = sorted(str(path) for path in exports.glob("*.zip"))
            plain = ("run", *zips, "--quiet", "--home", f"{folder}/plain", "--engine", "plain")
            print(line(f"{messages:,} messages, first run", measure((*CLI, *plain)), messages))
            print(line("  the same input again", measure((*CLI, *plain))))
            engine = ("run", *zips, "--quiet", "--home", f"{folder}/engine")
            print(line("  first run with Prefect's own server", measure((*CLI, *engine)), messages))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
