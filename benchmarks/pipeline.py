"""From zip to published report, as whole processes: `python -m benchmarks.pipeline [MESSAGES …]`.

Of each size: the first run, the same input again, and a thousand messages more (half in threads
that are there), without the engine; the first run with Prefect's own server; wall and processor
seconds and the peak memory of all processes together. `--floors` sets four stages beside a bare
loop that does the least possible (`benchmarks/floors.py`), `--repeats` measures texts that repeat
as campaigns and courtesies do, `--json FILE` keeps everything for a page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.next_export import write_next_export
from benchmarks.process import Measured, measure

CLI = (sys.executable, "-m", "flows.cli")
NEW = 1_000

# Stages of a run, by the beginnings of what it says, that a bare loop stands beside.
STAGES = {
    "read": ("Reading ",),
    "message metrics": ("Measuring: message metrics", "Measuring: pitch and context"),
    "aggregation": ("Measuring: scores",),
    "write": ("Writing the database",),
}


def facts(measured: Measured) -> dict[str, Any]:
    """One run as the JSON holds it."""
    return {
        "seconds": round(measured.seconds, 2),
        "cpu_seconds": round(measured.cpu_seconds, 2),
        "gib": round(measured.gib, 2),
        "stages": [
            {"stage": s.name, "seconds": round(s.seconds, 2), "cpu_seconds": round(s.cpu_seconds, 2)}
            for s in measured.stages
        ],
    }  # fmt: skip


def median_of(runs: Sequence[Measured]) -> Measured:
    """The run in the middle by wall time."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def beside_floors(cold: Measured, bare: dict[str, float]) -> dict[str, Any]:
    """Each stage's seconds beside its bare loop's."""
    found = {}
    for stage, beginnings in STAGES.items():
        ours = sum(s.seconds for s in cold.stages if s.name.startswith(beginnings))
        found[stage] = {
            "seconds": round(ours, 2),
            "bare_seconds": bare[stage],
            "times": round(ours / bare[stage], 1),
        }
    return found


def measured_size(messages: int, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Everything about one size, printed as it is found."""
    generator = (sys.executable, "-m", "flows.sample", "--out", f"{folder}/exports",
                 "--messages", str(messages), *(("--repeats",) if options.repeats else ()))  # fmt: skip
    measure(generator)
    zips = sorted(str(path) for path in (folder / "exports").glob("*.zip"))
    after = write_next_export(folder, messages, new=NEW, repeats=options.repeats)
    runs: dict[str, Any] = {}

    def run(name: str, what: str, *arguments: str, count: int = 0, times: int = 1) -> Measured:
        found = []
        for number in range(times):
            filled = [argument.replace("{n}", str(number)) for argument in arguments]
            found.append(measure((*CLI, "run", *filled)))
        middle = median_of(found)
        runs[name] = facts(middle)
        rate = f"{count / middle.seconds:>12,.0f} messages/s" if count else ""
        print(
            f"{what:<44} {middle.seconds:>8.2f} s {middle.cpu_seconds:>8.2f} s of processors "
            f"{middle.gib:>6.2f} GiB {rate}",
            flush=True,
        )
        return middle

    home = f"{folder}/plain{options.times - 1}"
    plain = ("--home", home, "--engine", "plain")
    texts = "texts that repeat" if options.repeats else "distinct texts"
    cold = run(
        "cold", f"{messages:,} messages, {texts}, first run", *zips, "--home", f"{folder}/plain{{n}}",
        "--engine", "plain", count=messages, times=options.times,
    )  # fmt: skip
    run("unchanged", "  the same input again", *zips, *plain)
    run("new", f"  {NEW:,} messages more", str(after), *plain)
    floors = {}
    if options.floors:
        answer = measure((sys.executable, "-m", "benchmarks.floors", home, *zips))
        floors = beside_floors(cold, json.loads(answer.output.splitlines()[-1]))
        for stage, found in floors.items():
            print(
                f"  {stage:<42} {found['seconds']:>8.2f} s, bare {found['bare_seconds']:.2f} s, "
                f"{found['times']} times"
            )
    if not options.no_engine:
        run("prefect", "  first run with Prefect's own server", *zips, "--home", f"{folder}/engine",
            count=messages)  # fmt: skip
    return {
        "messages": messages,
        "repeats": options.repeats,
        "times": options.times,
        "runs": runs,
        "floors": floors,
    }


def machine() -> dict[str, Any]:
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("messages", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    parser.add_argument("--repeats", action="store_true", help="texts that repeat")
    parser.add_argument("--floors", action="store_true", help="bare loops beside the stages")
    parser.add_argument("--no-engine", action="store_true", help="without the run with Prefect")
    parser.add_argument("--times", type=int, default=1, help="first runs, of which the median")
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"machine": machine(), "sizes": []}
    print("{machine}, {cores} cores, Python {python}".format(**found["machine"]))
    found["help_seconds"] = round(
        statistics.median(measure((*CLI, "--help")).seconds for _ in range(5)), 2
    )
    print(f"{'--help, median of 5':<44} {found['help_seconds']:>8.2f} s", flush=True)
    for messages in options.messages:
        with tempfile.TemporaryDirectory() as folder:
            found["sizes"].append(measured_size(messages, Path(folder), options))
        if options.json:
            options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
