"""Which exports there are, and which of them the store has not read yet.

A file that was read before is known by its path, size and time, so a run that finds nothing
new opens and hashes nothing.
"""

from __future__ import annotations

import glob
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows import store
from flows.exports import Found, Limits, find_exports, open_export, recognise
from flows.forgotten import load_forgotten
from flows.home import Home, write_atomically
from flows.members import read_members
from flows.settings import Settings
from transforms.errors import ExportError, Problem
from transforms.forgetting import without_forgotten
from transforms.sources import all_sources

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@dataclass(frozen=True)
class Discovery:
    """Exports to read, the number of those read before, and what is no export."""

    new: tuple[Found, ...]
    known: int
    problems: tuple[Problem, ...]


def has_own_exports(home: Home, settings: Settings, exports: Sequence[Path]) -> bool:
    """Whether there is, or ever was, anything of the user's: then the sample has had its time."""
    if exports or any(home.manifests.glob("*.json")):
        return True
    found, problems = find_exports(places(home, settings, exports))
    return bool(found or problems)


def places(home: Home, settings: Settings, exports: Sequence[Path]) -> list[Path]:
    if home.is_sample:
        return sample_files(home)
    watched = sorted(
        Path(match)
        for pattern in settings.watch.patterns
        for match in glob.glob(str(Path(pattern).expanduser()))  # noqa: PTH207  absolute patterns
    )
    inbox = [home.inbox] if home.inbox.exists() else []
    return [*inbox, *watched, *(path.absolute() for path in exports)]


def sample_files(home: Home) -> list[Path]:
    """The bundled sample; written anew where the program was installed without it."""
    files = sorted(SAMPLE.glob("*.zip"))
    if not files:
        from flows.sample import write_sample  # noqa: PLC0415  0.7 s that are hardly ever needed

        files = write_sample(home.work / "sample-exports")
    return files


def discover_exports(home: Home, settings: Settings, exports: Sequence[Path]) -> Discovery:
    """What lies in the inbox, the watched folders and the given paths."""
    found, problems = find_exports(places(home, settings, exports))
    seen = _load_seen(home)
    new: list[Found] = []
    known: set[str] = set()
    for export in found:
        entry = seen.get(_key(export), {})
        if entry.get("stamp") != _stamp(export):
            new.append(export)
        elif "error" in entry:
            problems.append(Problem(export.name, "", entry["error"]))
        elif _is_current(home, entry):
            known.add(entry["export_id"])
        else:
            new.append(export)
    if home.is_sample and new:
        # The sample of another version: exports of one person who never was, not two.
        shutil.rmtree(home.store)
        home.create()
        return Discovery(tuple(found), 0, tuple(problems))
    return Discovery(tuple(new), len(known), tuple(problems))


def read_export(
    home: Home,
    found: Found,
    settings: Settings,
    *,
    now: datetime,
    on_rows: store.OnRows,
) -> store.ExportSummary | None:
    """Read one export into the store; None when its content is there already.

    Raises ExportError when it is none, or cannot be read. That is remembered until the file
    changes, unless the disk was at fault.
    """
    try:
        with open_export(found, limits_of(settings)) as opened:
            source = recognise(opened)
            _remember(home, found, {"export_id": opened.export_id, "source": source.name})
            if store.is_stored(home, opened.export_id, source):
                return None
            readings = read_members(opened, source)
            forgotten = load_forgotten(home)
            return store.add_export(
                home,
                opened,
                source,
                readings,
                now=now,
                keep=lambda batch: without_forgotten(batch, forgotten),
                on_rows=on_rows,
            )
    except ExportError as error:
        if not isinstance(error.__cause__, OSError):
            _remember(home, found, {"error": str(error)})
        raise


def limits_of(settings: Settings) -> Limits:
    chosen = settings.limits
    return Limits(
        member_bytes=chosen.member_bytes,
        total_bytes=chosen.total_bytes,
        members=chosen.members,
        ratio=chosen.ratio,
    )


def _is_current(home: Home, entry: dict[str, Any]) -> bool:
    source = next((source for source in all_sources() if source.name == entry["source"]), None)
    return source is not None and store.is_stored(home, entry["export_id"], source)


def _key(found: Found) -> str:
    return f"{found.path}|{found.source or ''}"


def _stamp(found: Found) -> str:
    """Changes when any of the export's files does."""
    files: Iterable[Path] = [found.path / name for name in found.files] or [found.path]
    digest = hashlib.sha256()
    for file in files:
        facts = file.lstat()
        digest.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()[:16]


def _seen_file(home: Home) -> Path:
    return home.work / "seen.json"


def _load_seen(home: Home) -> dict[str, dict[str, Any]]:
    try:
        content = json.loads(_seen_file(home).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def seen_paths(home: Home) -> list[Path]:
    """Where every export lay that was ever read, or refused, from this home."""
    return sorted({Path(key.rpartition("|")[0]) for key in _load_seen(home)})


def _remember(home: Home, found: Found, facts: dict[str, str]) -> None:
    seen = _load_seen(home)
    seen[_key(found)] = {"stamp": _stamp(found), **facts}
    write_atomically(_seen_file(home), json.dumps(seen, indent=1, sort_keys=True).encode())
