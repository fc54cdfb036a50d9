"""Peers and we, side by side on the same messages: `python -m benchmarks.peers [--messages N]`.

Each peer reads the messages in its own format, in a virtual environment of its own, made once
with pinned versions; one that cannot be installed or run here is a row that says why. Whole
processes, the median of three (what takes longer than half a minute runs once); peak memory of
all processes together.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.formats import write_formats
from benchmarks.pipeline import machine, median_of
from benchmarks.process import Measured, measure

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / "results" / "peers"
INSTALL_SECONDS = 900
ONCE_SECONDS = 30


class PeerError(Exception):
    """Why a peer is not measured, in one line."""


def declared() -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))


def environment(name: str, peer: Mapping[str, Any]) -> Path:
    """The python of the peer's own environment, made if it is not there as declared."""
    folder = ENVIRONMENTS / str(peer.get("script", name))
    wanted = [*peer["packages"], *peer.get("without_dependencies", ())]
    note, python = folder / "installed.json", folder / "bin" / "python"
    if note.exists() and json.loads(note.read_text()) == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _install([*pip, *peer["packages"]])
    if peer.get("without_dependencies"):
        _install([*pip, "--no-deps", *peer["without_dependencies"]])
    note.write_text(json.dumps(wanted))
    return python


def _install(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PeerError(f"not installed within {INSTALL_SECONDS // 60} minutes") from None
    if done.returncode:
        raise PeerError(f"cannot be installed: {_last_line(done.stderr)}")


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason given")


def three(command: Sequence[str], folder: Path, times: int) -> dict[str, Any]:
    """Rows given back, and the run in the middle."""
    runs: list[Measured] = []
    for number in range(times):
        place = folder / f"run{number}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        try:
            runs.append(measure([*command, str(place)]))
        except subprocess.CalledProcessError as error:
            raise PeerError(f"fails: {_last_line(error.output)}") from None
        if runs[0].seconds > ONCE_SECONDS:
            break
    middle = median_of(runs)
    return {
        "rows": json.loads(_last_line(middle.output))["rows"],
        "times": len(runs),
        "seconds": round(middle.seconds, 2),
        "cpu_seconds": round(middle.cpu_seconds, 2),
        "gib": round(middle.gib, 2),
    }


def compared(folder: Path, messages: int, times: int, only: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    ours: dict[tuple[str, str], dict[str, Any]] = {}
    for name, peer in declared().items():
        if only and name not in only:
            continue
        row = {"peer": name, "packages": peer.get("without_dependencies", peer["packages"][:1])}
        row |= {key: peer[key] for key in ("does", "file", "our_job")}
        script = HERE / "scripts" / f"{str(peer.get('script', name)).replace('-', '_')}_.py"
        try:
            python = environment(name, peer)
            command = (str(python), str(script), str(folder / peer["file"]))
            row |= three(command, folder / "peer", times)
        except PeerError as error:
            row["why"] = str(error)
        job = tuple(peer["ours"])
        if job not in ours:
            command = (sys.executable, "-m", "benchmarks.peers.ours", job[0], str(folder / job[1]))
            ours[job] = three(command, folder / "ours", times)
        row["ours"] = ours[job]
        rows.append(row)
        print(line(row, messages), flush=True)
    return rows


def line(row: Mapping[str, Any], messages: int) -> str:
    found = row["ours"]
    mine = (
        f"ours {found['rows'] / messages:>6.1%} {found['seconds']:>8.2f} s {found['gib']:>5.2f} GiB"
    )
    if "why" in row:
        return f"{row['peer']:<24} {row['why']:<40} {mine}"
    share = f"{row['rows'] / messages:>6.1%} of rows"
    return f"{row['peer']:<24} {share} {row['seconds']:>8.2f} s {row['gib']:>5.2f} GiB   {mine}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each, of which the median")
    parser.add_argument("--only", nargs="*", default=[], help="names of peers")
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    parser.add_argument("--install", action="store_true", help="make the environments and end")
    options = parser.parse_args(arguments)
    if options.install:
        for name, peer in declared().items():
            environment(name, peer)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_formats(Path(folder), options.messages)
        print(f"{options.messages:,} messages; rows read of rows in the file, seconds, peak memory")
        rows = compared(Path(folder), options.messages, options.times, options.only)
    found = {
        "machine": machine(),
        "messages": options.messages,
        "times": options.times,
        "peers": rows,
    }
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
