"""A thousand archives, and a worker that dies: `python -m benchmarks.cohort [--kill]`.

Makes small archives of different owners, a few of them broken, and pools them twice: by processes
of this machine, and on a Dask cluster of real processes (a scheduler, and workers of one thread)
of which one is killed half-way. Both pools must be equal, table by table. Then a part of them by
one and by two workers, and by one and by two plain processes: how it scales, and what the engine
costs. Each pool is begun from nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.dask_cluster import Cluster, dask_cluster
from benchmarks.next_export import rows_of
from benchmarks.peers.formats import HEADER
from benchmarks.pipeline import CLI, machine
from benchmarks.process import measure
from flows.cohort import Cohort
from transforms.cohort import POOLED
from transforms.sample import SEED
from transforms.sample.filler import Filler
from transforms.sample.linkedin_edition import profile_url
from transforms.sample.world import build_world

BROKEN_EVERY = 97  # one archive in so many is broken, in turn in each of these ways
_WAYS = ("cut off", "no zip", "no messages")


class UnequalError(Exception):
    """The two pools differ: the benchmark has failed."""


def write_archives(folder: Path, archives: int, messages: int) -> int:
    """Write as many archives, each with its own owner and people; returns how many are broken."""
    folder.mkdir()
    owner = build_world(SEED).owner
    named = f'"{owner.name}","{profile_url(owner.slug or "")}"'.encode()
    filler = Filler(SEED, archives * messages, owner, repeats=True)
    rows = chain.from_iterable(map(rows_of, filler.message_rows()))
    broken = 0
    for number in range(archives):
        url = profile_url(f"owner-{number}-example")
        own = b"".join(islice(rows, messages)).replace(
            named, f'"Owner{number} Example","{url}"'.encode()
        )
        path = folder / f"archive-{number:05}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("Profile.csv", f"First Name,Last Name\nOwner{number},Example\n")
            archive.writestr("messages.csv", HEADER.encode() + own)
        if number % BROKEN_EVERY == BROKEN_EVERY - 1:
            _break(path, _WAYS[broken % len(_WAYS)])
            broken += 1
    return broken


def _break(path: Path, way: str) -> None:
    whole = path.read_bytes()
    if way == "cut off":
        path.write_bytes(whole[: len(whole) // 2])
    elif way == "no zip":
        path.write_bytes(b"dear researcher, please find my archive attached")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("holiday.txt", "nothing of LinkedIn or X")


def place(folder: Path, name: str, settings: str, key: str) -> tuple[str, ...]:
    """The command that pools into a new folder of this name, with these settings and key."""
    home = folder / f"home-{name}"
    home.mkdir()
    (home / "mememeter.toml").write_text(f"[run]\n{settings}\n", encoding="utf-8")
    of = Cohort(folder / name).create()
    of.key_file.write_text(key, encoding="ascii")
    return (*CLI, "cohort", "--home", str(home), "--out", str(of.path), "--json")


def by_processes(
    folder: Path, archives: Path, name: str, processes: int, key: str
) -> dict[str, Any]:
    command = place(folder, name, f"processes = {processes}", key)
    done = measure((*command, str(archives)))
    return {
        "processes": processes,
        "seconds": round(done.seconds, 1),
        "cpu_seconds": round(done.cpu_seconds, 1),
        "gib": round(done.gib, 2),
    }


def by_workers(
    folder: Path, archives: Path, name: str, workers: int, key: str, *, kill_at: int = 0
) -> dict[str, Any]:
    """On a cluster of its own; a worker at work is killed when so many archives are done."""
    with dask_cluster(folder / f"dask-{name}", workers) as cluster:
        settings = f'runner = "dask"\ncluster = "{cluster.address}"'
        command = place(folder, name, settings, key)
        start = time.perf_counter()
        with subprocess.Popen(
            (*command, str(archives)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as run:
            killed = _kill(run, cluster, Cohort(folder / name), kill_at) if kill_at else None
            said, _ = run.communicate()
        seconds = time.perf_counter() - start
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, command, said + cluster.said())
    return {"workers": workers, "seconds": round(seconds, 1), "killed_after": killed}


def _kill(run: subprocess.Popen[str], cluster: Cluster, of: Cohort, kill_at: int) -> int | None:
    while run.poll() is None:
        done = len(list(of.notes.glob("*.json")))
        if done >= kill_at and cluster.kill_one_at_work():
            return done
        time.sleep(0.1)
    return None


def compare(one: Cohort, other: Cohort) -> dict[str, int]:
    """Rows of every pooled table; raises UnequalError where the two are not the same rows."""
    rows = {}
    for name, declared in POOLED.items():
        first, second = (
            pl.read_parquet(of.pooled / f"{name}.parquet").sort(declared.key) for of in (one, other)
        )
        if not first.equals(second):
            raise UnequalError(f"{name} differs between {one.path} and {other.path}")
        rows[name] = first.height
    return rows


def bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def whole(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All archives twice, and the comparison."""
    archives = folder / "archives"
    broken = write_archives(archives, options.archives, options.messages)
    key = "5" * 64
    print(f"{options.archives:,} archives of {options.messages} messages, {broken} broken")
    here = by_processes(folder, archives, "here", options.workers, key)
    print(f"  {options.workers} processes of this machine {here['seconds']:>8.1f} s", flush=True)
    kill_at = options.archives // 2 if options.kill else 0
    there = by_workers(folder, archives, "there", options.workers, key, kill_at=kill_at)
    what = f", one killed -9 after {there['killed_after']} archives" if options.kill else ""
    print(f"  {options.workers} workers of a Dask cluster{what} {there['seconds']:>8.1f} s")
    if options.kill and there["killed_after"] is None:
        raise UnequalError("nobody was killed: the work was over before")
    rows = compare(Cohort(folder / "here"), Cohort(folder / "there"))
    settings = ("--home", f"{folder}/home-here", "--out", f"{folder}/here")
    again = measure((*CLI, "cohort", *settings, "--json", str(archives)))
    print(f"  pooled again, nothing new {again.seconds:>8.1f} s")
    listed = pl.read_csv(folder / "there" / "archives.csv")["state"].value_counts(sort=True)
    states = dict(listed.iter_rows())
    print(f"  equal: {', '.join(f'{n:,} {name}' for name, n in rows.items())}; {states}")
    if states.get("broken", 0) != broken:
        raise UnequalError(f"{broken} archives were broken, {states} were found")
    return {
        "archives": options.archives, "messages_each": options.messages, "broken": broken,
        "here": here, "there": there, "rows": rows, "states": states, "again_seconds": round(again.seconds, 1),
        "partition_bytes": bytes_of(folder / "there" / "partitions"),
        "pooled_bytes": bytes_of(folder / "there" / "pooled"),
        "home_bytes": bytes_of(folder / "there" / "donors"),
    }  # fmt: skip


def scaling(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """A part of the archives by one and by more, plainly and on a cluster."""
    archives = folder / "part"
    write_archives(archives, options.scaling, options.messages)
    key = "7" * 64
    found: dict[str, Any] = {"archives": options.scaling, "messages_each": options.messages}
    print(f"{options.scaling:,} archives by one and by {options.workers}")
    for count in (1, options.workers):
        plain = by_processes(folder, archives, f"plain{count}", count, key)
        dask = by_workers(folder, archives, f"dask{count}", count, key)
        found[str(count)] = {"processes": plain["seconds"], "workers": dask["seconds"]}
        print(
            f"  by {count}: plain {plain['seconds']:.1f} s, cluster {dask['seconds']:.1f} s",
            flush=True,
        )
    few = folder / "few"
    write_archives(few, max(1, options.scaling // 10), options.messages)
    least = (
        by_processes(folder, few, "plain-few", 1, key)["seconds"],
        by_workers(folder, few, "dask-few", 1, key)["seconds"],
    )
    one, more = found["1"], found[str(options.workers)]
    found["speedup"] = {kind: round(one[kind] / more[kind], 2) for kind in one}
    # What the engine adds: the start of Prefect and Dask once, and something per archive.
    start = least[1] - least[0]
    grown = options.scaling - max(1, options.scaling // 10)
    found["engine_each"] = round((one["workers"] - one["processes"] - start) / max(1, grown), 3)
    found["engine_start"] = round(start, 1)
    print(
        f"  from 1 to {options.workers}: {found['speedup']}; the engine costs {start:.1f} s to start "
        f"and {found['engine_each']:.3f} s per archive"
    )
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--archives", type=int, default=1_000, help="0 leaves this part out")
    parser.add_argument("--messages", type=int, default=40, help="messages of each archive")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true", help="kill a worker half-way")
    parser.add_argument("--scaling", type=int, default=100, help="archives; 0 leaves this part out")
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"machine": machine()}
    if options.json and options.json.exists():
        found = json.loads(options.json.read_text()) | found
    for name, part, asked in (
        ("whole", whole, options.archives), ("scaling", scaling, options.scaling)
    ):  # fmt: skip
        if asked:
            with tempfile.TemporaryDirectory() as folder:
                found[name] = part(Path(folder), options)
            if options.json:
                options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
