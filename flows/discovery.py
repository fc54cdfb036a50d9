"""Which exports there are, and which of them the store has not read yet.

A file that was read before is known by its path, size and time, so a run that finds nothing
new opens and hashes nothing.
"""

from __future__ import annotations

import glob
import hashlib
import json
import math
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flows import store
from flows.exports import UNFINISHED, Found, Limits, find_exports, open_export, recognise
from flows.forgotten import load_forgotten
from flows.home import Home, make_folder, write_atomically
from flows.members import MemberReading, read_members
from flows.readers import readers
from flows.settings import Settings
from transforms.errors import ExportError, Problem
from transforms.forgetting import without_forgotten
from transforms.spec import Source

_DOWNLOAD_IS_DEAD_AFTER = 3600
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
    found, problems = find_all(home, settings, exports)
    return bool(found or problems)


def find_all(
    home: Home, settings: Settings, exports: Sequence[Path] = ()
) -> tuple[list[Found], list[Problem]]:
    """What lies in the inbox, the watched folders and the given paths, and what is no export.

    What is no export in a watched folder is nobody's concern, unless a pattern names it; a table
    is one there only when mememeter.toml maps it.
    """
    if home.is_sample:
        return find_exports(sample_files(home))
    sources = readers(settings)
    inbox = [home.inbox] if home.inbox.exists() else []
    found, problems = find_exports([*inbox, *(path.absolute() for path in exports)], sources)
    matches = sorted(
        Path(match)
        for pattern in settings.watch.patterns
        for match in glob.glob(str(Path(pattern).expanduser()))  # noqa: PTH207  absolute patterns
    )
    by_name, named_problems = find_exports([path for path in matches if not path.is_dir()], sources)
    in_folder, _ = find_exports(
        [path for path in matches if path.is_dir()], readers(settings, guess_tables=False)
    )
    everything = [
        *found,
        *(replace(export, watched="name") for export in by_name),
        *(replace(export, watched="folder") for export in in_folder),
    ]
    once = {_key(export): export for export in reversed(everything)}
    return sorted(once.values(), key=_key), [*problems, *named_problems]


def sample_files(home: Home) -> list[Path]:
    """The bundled sample; written anew where the program was installed without it."""
    files = sorted(SAMPLE.glob("*.zip"))
    if not files:
        from flows.sample import write_sample  # noqa: PLC0415  0.7 s that are hardly ever needed

        files = write_sample(home.work / "sample-exports")
    return files


def discover_exports(home: Home, settings: Settings, exports: Sequence[Path]) -> Discovery:
    """Which of the exports are new; one that is still being written is left for next time."""
    found, problems = find_all(home, settings, exports)
    seen, setup, sources = _load_seen(home), _setup(settings), readers(settings)
    new: list[Found] = []
    known: set[str] = set()
    for export in found:
        entry = seen.get(_key(export), {})
        if entry.get("stamp") != _stamp(export):
            if _is_settled(export, settings.watch.settle_seconds):
                new.append(export)
            else:
                problems.append(Problem(export.name, "", str(_unsettled(export))))
        elif entry.get("setup", setup) != setup:
            new.append(export)
        elif entry.get("is_none"):
            continue
        elif "error" in entry:
            problems.append(Problem(export.name, "", entry["error"]))
        elif _is_current(home, entry, sources):
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

    Raises ExportError when it is none, or cannot be read. That is remembered until the file or
    the settings of limits and tables change, unless the disk was at fault. None as well for what is no export and only lies in
    a watched folder.
    """
    stamp = _stamp(found)
    try:
        with open_export(found, limits_of(settings)) as opened:
            try:
                source = recognise(opened, readers(settings))
            except ExportError:
                if found.watched != "folder":
                    raise
                _remember(home, found, {"is_none": True, "setup": _setup(settings)})
                return None
            _remember(home, found, {"export_id": opened.export_id, "source": source.name})
            if store.is_stored(home, opened.export_id, source):
                return None
            readings = _unchanged(read_members(opened, source), found, stamp)
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
    except _UnsettledError:
        _unremember(home, found)
        raise
    except ExportError as error:
        if not isinstance(error.__cause__, OSError):
            _remember(home, found, {"error": str(error), "setup": _setup(settings)})
        raise


class _UnsettledError(ExportError):
    """The files are still being written."""


def _unsettled(found: Found) -> _UnsettledError:
    return _UnsettledError(
        str(found.path),
        "it is still being written and was left for the next run",
        hint="wait until the download or the copying has ended, then run again",
    )


def _is_settled(found: Found, seconds: int) -> bool:
    """Whether nothing seems to be writing it: watched files rest for a while first."""
    partners = [found.path.with_name(found.path.name + ending) for ending in UNFINISHED]
    if any(file.exists() and _age(file) < _DOWNLOAD_IS_DEAD_AFTER for file in partners):
        return False
    return found.watched is None or min(map(_age, _files_of(found))) >= seconds


def _age(file: Path) -> float:
    """Seconds since the file changed; a time in the future counts as long ago."""
    age = time.time() - file.lstat().st_mtime
    return age if age >= 0 else math.inf


def _unchanged(
    readings: Iterator[MemberReading], found: Found, stamp: str
) -> Iterator[MemberReading]:
    """The readings; raises after the last one when a file has changed meanwhile."""
    yield from readings
    if _stamp(found) != stamp:
        raise _unsettled(found)


def limits_of(settings: Settings) -> Limits:
    chosen = settings.limits
    return Limits(
        member_bytes=chosen.member_bytes,
        total_bytes=chosen.total_bytes,
        members=chosen.members,
        ratio=chosen.ratio,
    )


def _is_current(home: Home, entry: dict[str, Any], sources: Sequence[Source]) -> bool:
    source = next((source for source in sources if source.name == entry["source"]), None)
    return source is not None and store.is_stored(home, entry["export_id"], source)


def _key(found: Found) -> str:
    return f"{found.path}|{found.source or ''}"


def _stamp(found: Found) -> str:
    """Changes when any of the export's files does."""
    digest = hashlib.sha256()
    for file in _files_of(found):
        facts = file.lstat()
        digest.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()[:16]


def _setup(settings: Settings) -> str:
    """What the settings say of files: with other settings a refused one is worth another look."""
    return hashlib.sha256(f"{settings.limits}{settings.table}".encode()).hexdigest()[:16]


def _files_of(found: Found) -> list[Path]:
    return [found.path / name for name in found.files] or [found.path]


def _seen_folder(home: Home) -> Path:
    """One file per export: exports are read at the same time, by several workers."""
    return home.work / "seen"


def _load_seen(home: Home) -> dict[str, dict[str, Any]]:
    seen = {}
    for file in _seen_folder(home).glob("*.json"):
        try:
            entry = json.loads(file.read_bytes())
            seen[entry["export"]] = entry
        except (ValueError, KeyError, TypeError):
            continue
    return seen


def seen_paths(home: Home) -> list[Path]:
    """Where every export lay that was ever read, or refused, from this home."""
    return sorted({Path(key.rpartition("|")[0]) for key in _load_seen(home)})


def _remember(home: Home, found: Found, facts: dict[str, Any]) -> None:
    entry = {"export": _key(found), "stamp": _stamp(found), **facts}
    content = json.dumps(entry, indent=1, sort_keys=True).encode()
    make_folder(_seen_folder(home))
    write_atomically(_seen_file(home, found), content)


def _unremember(home: Home, found: Found) -> None:
    _seen_file(home, found).unlink(missing_ok=True)


def _seen_file(home: Home, found: Found) -> Path:
    name = hashlib.sha256(_key(found).encode(errors="replace")).hexdigest()[:32]
    return _seen_folder(home) / f"{name}.json"
