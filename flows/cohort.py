"""One archive of a cohort: found, analysed in a home of its own, left as Parquet partitions.

Whoever analyses archives, processes here or workers of a cluster, share only the cohort's
folder. A partition is named by its content and a note per archive names its partitions, last
and by one rename: work that is cut off leaves nothing half done and is done again by anybody.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flows import state, steps, store
from flows.containers import is_junk
from flows.home import Home, make_folder, write_atomically
from flows.pipeline import read_exports
from flows.session import session
from flows.settings import Settings, load_settings
from transforms import cohort
from transforms.errors import MememeterError, NothingReadError, UsageError

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cohort:
    """The folder of a cohort; nothing is read or made until `create()`."""

    path: Path

    def create(self) -> Cohort:
        for folder in (self.path, self.donors, self.partitions, self.notes, self.pooled):
            make_folder(folder)
        if not self.key_file.exists():
            write_atomically(self.key_file, os.urandom(_KEY_BYTES).hex().encode())
        return self

    @property
    def key_file(self) -> Path:
        return self.path / "key"

    @property
    def key(self) -> str:
        """What turns ids into hashes; who deletes the file cuts the tie back to people for good."""
        return self.key_file.read_text(encoding="ascii").strip()

    @property
    def donors(self) -> Path:
        return self.path / "donors"

    @property
    def partitions(self) -> Path:
        return self.path / "partitions"

    @property
    def notes(self) -> Path:
        return self.path / "notes"

    @property
    def pooled(self) -> Path:
        return self.path / "pooled"

    @property
    def archives(self) -> Path:
        """Which archive is which donor, and what became of it: private, and not for the pool."""
        return self.path / "archives.csv"

    def home(self, donor_id: str) -> Home:
        return Home(self.donors / donor_id)


@dataclass(frozen=True, slots=True)
class Archive:
    """One donor's archive: a zip, a file, or a folder with everything of theirs.

    `stamp` changes when its files, its donor's settings or the program do.
    """

    name: str
    path: Path
    donor_id: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Note:
    """What became of an archive; kept in the cohort's folder until its stamp changes."""

    donor_id: str
    stamp: str
    state: Literal["done", "broken", "failed"]
    reason: str | None = None
    problems: list[str] = field(default_factory=list)
    partitions: dict[str, str] = field(default_factory=dict)


def find_archives(folder: Path, of: Cohort, settings: Settings) -> list[Archive]:
    """Every entry of the folder as one donor's archive, by donor id."""
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder", hint="name the folder that holds one archive per donor"
        )
    entries = [
        entry
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith(".")
        and not is_junk(entry.name)
        and entry.absolute() != of.path.absolute()
    ]
    if not entries:
        raise NothingReadError(
            f"{folder} is empty",
            hint="put one zip per donor into it, or one folder per donor with all their exports",
        )
    version = f"{state.code_version()} {settings.limits} {settings.table} {settings.own}"
    found = [_archive(entry, of, version) for entry in entries]
    return sorted(found, key=lambda archive: archive.donor_id)


def _archive(entry: Path, of: Cohort, version: str) -> Archive:
    digest = hashlib.blake2b(entry.name.encode(errors="replace"), key=of.key.encode()[:64])
    donor_id = f"d_{digest.hexdigest()[:16]}"
    stamp = hashlib.sha256(f"{version} {of.key}\n{load_settings(of.home(donor_id))}".encode())
    for file in _files(entry):
        facts = file.lstat()
        where = file.relative_to(entry.parent).as_posix()
        stamp.update(f"{where}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode(errors="replace"))
    return Archive(entry.name, entry.absolute(), donor_id, stamp.hexdigest()[:16])


def _files(entry: Path) -> list[Path]:
    if not entry.is_dir() or entry.is_symlink():
        return [entry]
    return sorted(path for path in entry.rglob("*") if path.is_symlink() or path.is_file())


def load_note(of: Cohort, archive: Archive) -> Note | None:
    """What is known of the archive as it is now; None when it has to be analysed."""
    try:
        note = Note(**json.loads(_note_file(of, archive.donor_id).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    if note.stamp != archive.stamp or note.state == "failed":
        return None
    whole = all((of.partitions / path).exists() for path in note.partitions.values())
    return note if whole else None


def write_note(of: Cohort, note: Note) -> Note:
    content = json.dumps(dataclasses.asdict(note), ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(_note_file(of, note.donor_id), content.encode())
    return note


def _note_file(of: Cohort, donor_id: str) -> Path:
    return of.notes / f"{donor_id}.json"


def analyse(of: Cohort, archive: Archive, settings: Settings) -> Note:
    """Analyse one archive in its own home and leave its partitions; what is done is not redone.

    An archive that cannot be read is noted as broken. What the disk or the program did wrong is
    noted as failed, and tried again by the next run.
    """
    known = load_note(of, archive)
    if known is not None:
        return known
    mark = in_work(of, archive)
    make_folder(mark.parent)
    mark.touch()
    try:
        note = _analysed(of, archive, settings)
    except NothingReadError as error:
        note = Note(archive.donor_id, archive.stamp, "broken", _why(error))
    except (MememeterError, OSError) as error:
        note = Note(archive.donor_id, archive.stamp, "failed", _why(error))
    mark.unlink()
    return write_note(of, note)


def in_work(of: Cohort, archive: Archive) -> Path:
    """A file that is there while the archive is analysed, and left by a process that was killed."""
    return of.home(archive.donor_id).work / "in_work"


def _analysed(of: Cohort, archive: Archive, settings: Settings) -> Note:
    home = of.home(archive.donor_id)
    # Whose archive it is may stand in the donor's own file; how work is done, in the cohort's.
    own = dataclasses.replace(
        load_settings(home),
        limits=settings.limits,
        run=settings.run,
        table=settings.table,
        words=settings.words,
        thresholds=settings.thresholds,
    )
    with session(home, [archive.path], own, None) as job:
        discovery = steps.discover(job)
        problems = read_exports(job, discovery).problems
        if not store.manifests(home):
            facts = "; ".join(_first_line(problem.message) for problem in problems)
            raise NothingReadError(facts or "no export is in it", hint="ask the donor again")
        built = steps.build_tables(job)
    tables = cohort.pooled(built.tables, archive.donor_id, of.key, versions(own))
    return Note(
        archive.donor_id,
        archive.stamp,
        "done",
        problems=[_first_line(problem.message) for problem in (*problems, *built.problems)],
        partitions={
            name: store.write_partition(of.partitions, name, frame)
            for name, frame in tables.items()
            if not frame.is_empty()
        },
    )


def versions(settings: Settings) -> cohort.Versions:
    """With what this program measures, own words and thresholds of the cohort's included."""
    own = state.own_version(settings.own)
    return cohort.Versions(
        program_version=state.program_version(),
        metrics_version=state.metrics_version() + (f"+{own}" if own else ""),
        reference_version=state.reference_version(),
    )


def _why(error: Exception) -> str:
    return _first_line(error.fact if isinstance(error, MememeterError) else str(error))


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def waiting(of: Cohort, archives: Sequence[Archive]) -> tuple[list[Note], list[Archive]]:
    """What is known already, and the archives that have to be analysed."""
    known, left = [], []
    for archive in archives:
        note = load_note(of, archive)
        if note is None:
            left.append(archive)
        else:
            known.append(note)
    return known, left
