"""How many bytes a message becomes: `python -m benchmarks.stored_bytes [MESSAGES] [--json FILE]`.

One run on the sample and so much filler, and the same without filler: what the filler adds to
the export, the store, the database, the report and the work folder, per message.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pipeline import CLI
from benchmarks.process import measure


def bytes_after(folder: Path, messages: int) -> dict[str, int]:
    """Bytes by place after a run on the sample and so many messages more."""
    exports, home = folder / "exports", folder / "home"
    measure(
        (sys.executable, "-m", "flows.sample", "--out", str(exports), "--messages", str(messages))
    )
    zips = sorted(exports.glob("*.zip"))
    measure((*CLI, "run", *map(str, zips), "--home", str(home), "--engine", "plain", "--quiet"))
    places = {
        "export": zips,
        "store": list((home / "store").rglob("*")),
        "database": [home / "mememeter.duckdb"],
        "report": [home / "reports" / "latest.html"],
        "work": list((home / ".work").rglob("*")),
    }
    return {
        name: sum(path.stat().st_size for path in paths if path.is_file())
        for name, paths in places.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("messages", nargs="?", type=int, default=100_000)
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        before = bytes_after(Path(folder) / "none", 0)
        after = bytes_after(Path(folder) / "filled", options.messages)
    per_message = {
        name: round((after[name] - before[name]) / options.messages, 1) for name in after
    }
    for name, count in per_message.items():
        print(f"{name:<12} {count:>10,.1f} bytes per message")
    if options.json:
        found = {"messages": options.messages, "per_message": per_message}
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
