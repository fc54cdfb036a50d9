"""How runs ended, which one is going on, and whether there is anything new to do.

`last_run.json` tells programs and people how the last run ended. `store/runs.jsonl` keeps one
line per run that had something to do; the next publish turns them into the table `runs`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from flows.home import FILE_MODE, Home, make_folder, write_atomically
from flows.job import RUNNING
from transforms.errors import MememeterError
from transforms.tables import RUNS

RUN_COLUMNS = tuple(RUNS.schema)

ENGINE_LOCK = "prefect/engine.lock"

# Libraries whose numbers end up in the results.
_LIBRARIES = ("polars", "polars-hash", "textblob", "py3langid", "scipy")


class AlreadyRunningError(MememeterError):
    """Another run holds this home."""


@contextmanager
def only_run(home: Home, lock: str = "run.lock") -> Iterator[None]:
    """Hold the home for one run; raises AlreadyRunningError when another run does.

    A run that starts Prefect's server for itself holds `ENGINE_LOCK` from before that on: two
    servers that start at once on one database are in each other's way.
    """
    hint = "wait for it to end; the published database stays readable meanwhile"
    with only_holder(home, lock, "a run is going on", hint):
        yield


@contextmanager
def only_holder(
    home: Home, lock: str, fact: str, hint: str = "end that process first"
) -> Iterator[None]:
    """Hold one of the home's locks; raises AlreadyRunningError when another process does.

    The lock is the kernel's: it ends with the process, however that ends.
    """
    path = make_folder(home.work) / lock
    make_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        if not _is_free(handle):
            holder = os.read(handle, 100).decode() or "another process"
            raise AlreadyRunningError(f"{fact} in {home.path} ({holder})", hint=hint)
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, since {now():%Y-%m-%d %H:%M:%S} UTC".encode())
        yield
    finally:
        os.close(handle)


def _is_free(handle: int) -> bool:
    """Take the lock; who only asked whether it is held lets go of it within a moment."""
    for pause in (0.0, 0.05, 0.2):
        time.sleep(pause)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def now() -> datetime:
    return datetime.now(UTC)


def write_last_run(home: Home, facts: Mapping[str, Any]) -> None:
    write_atomically(home.last_run, _json(facts))


def read_last_run(home: Home) -> dict[str, Any]:
    """What the last run left, {} when there was none or its note is damaged."""
    try:
        content = json.loads(home.last_run.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def warning_of_last_run(home: Home) -> str | None:
    """A sentence when what is published is not what a good run would have published."""
    last = read_last_run(home)
    if last.get("status") == "failed":
        # The ways out were told by that run; here they would stand in the middle of a sentence.
        said = str(last.get("message")).splitlines()
        fact = " ".join(line for line in said if line and not line.startswith("Hint: "))
        return (
            f"The last run ({last.get('started_at', '')[:16]}) failed: {fact.rstrip('.')}."
            " What you see is from the run before."
        )
    if last.get("status") == RUNNING and not is_running(home):
        return (
            f"The last run ({last.get('started_at', '')[:16]}) was interrupted."
            " What you see is from the run before."
        )
    return None


def is_running(home: Home) -> bool:
    try:
        with only_run(home):
            return False
    except AlreadyRunningError:
        return True


def note_run(home: Home, row: Mapping[str, Any]) -> None:
    """Add one row of the table `runs` to the store."""
    with os.fdopen(
        os.open(home.runs, os.O_RDWR | os.O_CREAT | os.O_APPEND, FILE_MODE), "ab+"
    ) as file:
        size = file.seek(0, os.SEEK_END)
        cut_off = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        line = json.dumps(dict(row), ensure_ascii=False).encode(errors="replace")
        # One write: a kill leaves the whole line or, at worst, a cut one that costs only itself.
        file.write((b"\n" if cut_off else b"") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def noted_runs(home: Home) -> list[dict[str, Any]]:
    """The rows of `runs` so far, oldest first; a line cut off by a crash is left out.

    A run killed just after it noted how it ended may be noted again as interrupted: its first
    word counts.
    """
    if not home.runs.exists():
        return []
    rows: dict[str, dict[str, Any]] = {}
    for line in home.runs.read_bytes().split(b"\n"):
        try:
            row = json.loads(line)
            rows.setdefault(row["run_id"], row)
        except (ValueError, TypeError, KeyError):
            continue
    return list(rows.values())


def note_interrupted(home: Home) -> None:
    """Called under the lock: a run that still says it is running was cut off."""
    last = read_last_run(home)
    noted = {row["run_id"] for row in noted_runs(home)}
    if last.get("status") == RUNNING and last["run_id"] not in noted:
        published = _read_published(home).get("run", {})
        # All it had left to do was to say so.
        is_over = published.get("run_id") == last["run_id"]
        note_run(
            home,
            published
            if is_over
            else {
                "run_id": last["run_id"],
                "started_at": last["started_at"],
                "finished_at": None,
                "status": "interrupted",
                "messages_new": 0,
                "posts_new": 0,
                "metrics_version": last["metrics_version"],
                "own_version": last.get("own_version"),
                "message": "The process ended before the run did.",
            },
        )


def fingerprint(home: Home, exports: Sequence[str], settings: object) -> dict[str, str]:
    """Everything a result depends on, as hashes by part: what is new is what differs."""
    return {
        "exports": _digest(*sorted(exports)),
        "config": _digest(repr(settings)),
        "verdicts": _digest(_content(home.verdicts)),
        "forgotten": forgotten_digest(home),
        "code": code_version(),
        "reference data": reference_version(),
    }


def forgotten_digest(home: Home) -> str:
    """Of forgotten.csv: who was forgotten, as far as this home is concerned."""
    return _digest(_content(home.forgotten))


def changes(home: Home, current: Mapping[str, str]) -> list[str]:
    """Names of the parts that differ from what is published; "first run" when nothing is."""
    published = _read_published(home)
    if not published:
        return ["first run"]
    if published["files"] != _published_files(home):
        return ["published files"]
    return [name for name, digest in current.items() if published["parts"].get(name) != digest]


def note_published(home: Home, current: Mapping[str, str], row: Mapping[str, Any]) -> None:
    """Note that a run published, from what, and its row of `runs`: from here on it is over."""
    facts = {"parts": dict(current), "files": _published_files(home), "run": dict(row)}
    write_atomically(home.work / "published.json", _json(facts))
    note_run(home, row)


def _read_published(home: Home) -> dict[str, Any]:
    try:
        content = json.loads((home.work / "published.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _published_files(home: Home) -> list[list[int] | None]:
    """Size and time of database and report: somebody may have removed or replaced them."""
    return [
        [path.stat().st_size, path.stat().st_mtime_ns] if path.exists() else None
        for path in (home.database, home.latest_report)
    ]


def program_version() -> str:
    """The released version, and the code's own hash: two checkouts may share a version."""
    try:
        released = version("mememeter")
    except PackageNotFoundError:
        released = "not installed"
    return f"{released} ({code_version()[:8]})"


def code_version() -> str:
    """Hash of this program's code and queries."""
    return _digest(
        *_package_digests("transforms", (".py",)),
        *_package_digests("dashboards", (".py", ".sql", ".html", ".css", ".js", ".jinja")),
        *_package_digests("flows", (".py",)),
    )


def reference_version() -> str:
    """Hash of priors, thresholds, lexicons and the libraries with numbers of their own."""
    return _digest(
        *(f"{name} {version(name)}" for name in _LIBRARIES),
        *_package_digests("transforms", (".toml", ".json")),
    )


def metrics_version() -> str:
    """Hash of everything a metric is computed from: code, lexicons, reference data, libraries."""
    return _digest(
        *_package_digests("transforms", (".py", ".toml", ".json")),
        *(f"{name} {version(name)}" for name in _LIBRARIES),
    )


def own_version(own: object) -> str | None:
    """Hash of the user's own words and thresholds (`Settings.own`); None where there are none."""
    return None if own is None else _digest(repr(own))


def _package_digests(package: str, endings: tuple[str, ...]) -> list[str]:
    return [
        f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for name, file in sorted(_walk(files(package), package), key=lambda entry: entry[0])
        if name.endswith(endings)
    ]


def _walk(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.name == "__pycache__":
            continue
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, path)
        else:
            yield path, entry


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _content(path: os.PathLike[str]) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
