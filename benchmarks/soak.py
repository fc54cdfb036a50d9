"""Everything that could break it, for hours: `python -m benchmarks.soak [--minutes N]`, `make soak`.

Kills, accidents, several at once, wear, fuzz, and a week by the real schedule; `--parts` names
others or fewer, `clients` among them, which installs other people's programs. Prints one table,
leaves with 1 on any breach. `--write` puts the table into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.parts import PARTS, Size
from transforms.catalogue import with_between

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- soak:begin -->", "<!-- soak:end -->"
USUAL = ("kills", "accidents", "together", "wear", "fuzz", "week")


@dataclass(frozen=True)
class Line:
    """One tally of one part, with the minutes that part took so far."""

    part: str
    tally: Tally
    minutes: float


def soak(parts: Sequence[str], size: Size) -> list[Line]:
    """All tallies of these parts; a part that breaks off is a breach and ends nothing else."""
    lines = []
    for part in parts:
        start = time.monotonic()
        try:
            for tally in PARTS[part](size):
                lines.append(Line(part, tally, (time.monotonic() - start) / 60))
                print(f"{part:<10} {tally}", flush=True)
                for sentence in tally.wrong:
                    print(f"  WRONG: {sentence}", flush=True)
        except Exception as error:  # noqa: BLE001  the soak goes on
            broken = Tally(f"{part} broke off", wrong=[f"{type(error).__name__}: {error}"])
            lines.append(Line(part, broken, (time.monotonic() - start) / 60))
            print(f"{part:<10} {broken}\n  WRONG: {broken.wrong[0]}", flush=True)
    return lines


def table(lines: Sequence[Line], seed: int, command: str) -> str:
    """The figures as they stand in docs/reliability.md."""
    total = sum({line.part: line.minutes for line in lines}.values())
    rows = [
        f"| {line.part} | {line.tally.kind} | {line.tally.tried:,} | {line.tally.hit:,} "
        f"| {len(line.tally.wrong):,} | {line.tally.notes} |"
        for line in lines
    ]
    measured = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} by `{command}` (seed {seed}) in "
        f"{total:,.0f} minutes on {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}."
    )
    return "\n".join(
        [
            measured,
            "",
            "| part | what | tried | hit | wrong | figures |",
            "|---|---|---:|---:|---:|---|",
            *rows,
        ]
    )


def write(text: str, page: Path = PAGE) -> None:
    """Put the table between its markers."""
    content = page.read_text(encoding="utf-8")
    page.write_text(with_between(content, text, BEGIN, END), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to fuzz")
    parser.add_argument("--parts", default=",".join(USUAL), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="of each part, where it counts them")
    parser.add_argument("--nights", type=int, default=1000, help="of wear")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--write", action="store_true", help="renew docs/reliability.md")
    options = parser.parse_args()
    parts = options.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print(f"seed {options.seed}", flush=True)
    size = Size(options.rounds, options.minutes, options.seed, options.nights)
    lines = soak(parts, size)
    text = table(lines, options.seed, f"python -m benchmarks.soak {' '.join(sys.argv[1:])}".strip())
    print(f"\n{text}")
    if options.write:
        write(text)
    return 1 if any(line.tally.wrong for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
