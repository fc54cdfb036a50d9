"""All benchmarks by one command, and the page: `python -m benchmarks.page [SIZE …]`.

Runs each part as its own process, keeps its result in benchmarks/results/, and writes
benchmarks/performance.md from all results. A part is not run again that was measured with the same
command in the last twelve hours on a quiet machine. `--only PART …` runs these alone, `--without
PART …` the others, `--again` runs them whatever is kept, `--none` only writes the page, which is
written after every part.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.page_text import is_busy, render

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE / "performance.md"
FRESH = timedelta(hours=12)
# Their times are no claim, so that other work on the machine does not spoil them.
PROOFS = ("cohort", "bytes")


def commands(options: argparse.Namespace) -> dict[str, list[str]]:
    """Every part's command, in the order they are run; those with --json keep a result of theirs."""
    sizes = [str(size) for size in options.sizes]
    middle = str(min(max(options.sizes), 100_000))
    cohort = ["benchmarks.cohort", "--workers", "2"]
    return {
        "pipeline": ["benchmarks.pipeline", *sizes, "--floors", "--times", str(options.times), "--json"],
        "repeats": ["benchmarks.pipeline", middle, "--repeats", "--no-engine", "--json"],
        "bytes": ["benchmarks.stored_bytes", middle, "--json"],
        "engine": ["benchmarks.engine_cost", "--json"],
        "tone_speed": ["benchmarks.tone_speed"],
        "text_speed": ["benchmarks.text_speed", "100000"],
        "score_speed": ["benchmarks.score_speed", "100000"],
        "read_speed": ["benchmarks.read_speed", "200000"],
        "report_speed": ["benchmarks.report_speed", "5000", "100000"],
        "peers": ["benchmarks.peers", "--messages", str(options.messages), "--json"],
        "scaling": [*cohort, "--archives", "0", "--scaling", "60", "--json"],
        "cohort": [*cohort, "--archives", str(options.archives), "--kill", "--scaling", "0", "--json"],
    }  # fmt: skip


def shown(command: Sequence[str]) -> str:
    return " ".join(["python", "-m", *(part for part in command if part != "--json")])


def kept(name: str) -> dict[str, Any] | None:
    """The newest result of a part."""
    try:
        found = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def is_fresh(name: str, command: Sequence[str], result: Mapping[str, Any] | None) -> bool:
    if result is None or result["command"] != shown(command):
        return False
    age = datetime.now(UTC) - datetime.fromisoformat(result["measured_at"])
    return age < FRESH and (not is_busy(result) or name in PROOFS)


def measure_part(name: str, command: Sequence[str]) -> None:
    """Run one part and keep its result; raises CalledProcessError when it fails."""
    RESULTS.mkdir(exist_ok=True)
    part = RESULTS / f".{name}.part"
    part.unlink(missing_ok=True)
    busy, own, start = busy_seconds(), _own_seconds(), time.perf_counter()
    full = [sys.executable, "-m", *command, *([str(part)] if command[-1] == "--json" else [])]
    print(f"\n$ {shown(command)}", flush=True)
    said = []
    with subprocess.Popen(full, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            print(line, end="", flush=True)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, full)
    seconds = time.perf_counter() - start
    others = (busy_seconds() - busy) - (_own_seconds() - own)
    now = datetime.now(UTC)
    result: dict[str, Any] = {
        "command": shown(command),
        "measured_at": now.isoformat(),
        "measured_on": f"{now:%Y-%m-%d}",
        "commit": _commit(),
        "others": round(max(0.0, others) / seconds, 2),
        "seconds": round(seconds, 1),
        "said": "".join(said),
    }
    if part.exists():
        result["found"] = json.loads(part.read_text(encoding="utf-8"))
        part.unlink()
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def busy_seconds() -> float:
    """Processor seconds of this machine so far, whoever used them (Linux; 0 elsewhere)."""
    if not Path("/proc/stat").exists():
        return 0.0
    user, nice, system, _, _, *interrupts = map(
        int, Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:8]
    )
    return (user + nice + system + sum(interrupts[:2])) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    """Of these, ours and those of every process that we, or they, have waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=HERE
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def machine() -> dict[str, str]:
    """What the figures depend on, by name."""
    cpu, memory = platform.machine(), 0
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        cpu = models[0] if models else cpu
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 30
    libraries = ("polars", "duckdb", "prefect", "textblob", "plotly")
    return {
        "processor": cpu,
        "cores": str(os.cpu_count()),
        "memory": f"{memory} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "libraries": ", ".join(f"{name} {version(name)}" for name in libraries),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], help="messages")
    parser.add_argument("--times", type=int, default=3, help="first runs, of which the median")
    parser.add_argument("--messages", type=int, default=10_000, help="of the comparison with peers")
    parser.add_argument(
        "--archives", type=int, default=300, help="of the cohort; 1000 take ten minutes"
    )
    parser.add_argument("--only", nargs="*", default=[], metavar="PART")
    parser.add_argument("--without", nargs="*", default=[], metavar="PART")
    parser.add_argument("--again", action="store_true", help="whatever is kept")
    parser.add_argument("--none", action="store_true", help="run nothing, write the page")
    options = parser.parse_args(arguments)
    parts = commands(options)
    if unknown := {*options.only, *options.without} - set(parts):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    failed = []
    write_page(parts)
    for name, command in parts.items():
        wanted = (
            not options.none and name in (options.only or parts) and name not in options.without
        )
        if wanted and (options.again or not is_fresh(name, command, kept(name))):
            try:
                measure_part(name, command)
            except subprocess.CalledProcessError as error:
                failed.append(f"{name}: {error}")
            write_page(parts)
    if failed:
        sys.exit("\n".join(failed))


def write_page(parts: Iterable[str]) -> None:
    """The page of what is kept now."""
    results = {name: result for name in parts if (result := kept(name))}
    PAGE.write_text(render(results, machine()), encoding="utf-8")
    print(f"{PAGE.name}: {len(results)} parts", flush=True)


if __name__ == "__main__":
    main()
