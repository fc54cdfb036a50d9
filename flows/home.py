"""The home folder: where everything lies, and who may read it.

Folders are 0700 and files 0600 whatever the umask, the published database 0400: a home holds
private messages of people who were never asked.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
PUBLISHED_MODE = 0o400

_SCRATCH = "mememeter-scratch."


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside one home; nothing is read or made until `create()`.

    Until somebody has exports of their own, the bundled sample is published here so that there
    is something to look at. What it says is kept in a store apart, which nothing else reads.
    """

    path: Path
    is_sample: bool = False

    def for_sample(self) -> Home:
        return replace(self, is_sample=True)

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def config(self) -> Path:
        return self.path / "mememeter.toml"

    @property
    def verdicts(self) -> Path:
        return self.path / "verdicts.csv"

    @property
    def forgotten(self) -> Path:
        return self.path / "forgotten.csv"

    @property
    def forgotten_key(self) -> Path:
        return self.path / "store" / "forgotten.key"

    @property
    def store(self) -> Path:
        return self.work / "sample" if self.is_sample else self.path / "store"

    @property
    def manifests(self) -> Path:
        return self.store / "exports"

    @property
    def runs(self) -> Path:
        return self.store / "runs.jsonl"

    @property
    def database(self) -> Path:
        return self.path / "mememeter.duckdb"

    @property
    def last_run(self) -> Path:
        return self.path / "last_run.json"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def latest_report(self) -> Path:
        return self.reports / "latest.html"

    @property
    def work(self) -> Path:
        return self.path / ".work"

    def create(self) -> Home:
        """Make what is missing and take away what others may do with what is there."""
        for folder in (
            self.path,
            self.inbox,
            self.work,
            self.store,
            self.manifests,
            self.reports,
        ):
            make_folder(folder)
        for file in (
            self.config,
            self.verdicts,
            self.forgotten,
            self.forgotten_key,
            self.runs,
            self.last_run,
        ):
            if file.exists():
                file.chmod(FILE_MODE)
        return self


def make_folder(folder: Path) -> Path:
    """The folder, made if need be, with its parents, and closed to others."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    return folder


@contextmanager
def private_files() -> Iterator[None]:
    """While this is open, files made by any library are closed to others from their first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def write_atomically(target: Path, content: bytes, mode: int = FILE_MODE) -> None:
    """Write the file so that a reader, or a power cut, sees the old content or the new, whole."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            # Held while it is written, so that `sweep_unfinished` knows it from a dead one.
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sweep_unfinished(home: Home) -> None:
    """Remove what a process that was killed left half written; called by a run, under its lock.

    What another process is writing this moment (a verdict, a report) is locked and stays.
    """
    parts = [*home.path.glob(".*.part"), *home.reports.glob(".*.part")]
    for folder in (home.path / "store", home.work):
        parts += folder.rglob(".*.part")
    for part in parts:
        with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
    # failure.txt, which may quote messages, is for the run that failed and no longer.
    for draft in (*home.work.glob("draft.*"), *home.work.glob("failure.txt")):
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
    _sweep_scratch(home)


@contextmanager
def scratch_folder(home: Home) -> Iterator[Path]:
    """A folder for what is thrown away afterwards; a killed process' is swept by who comes next.

    It lies in the home, or with the system's temporary files where there is none, or none that
    can be written.
    """
    _sweep_scratch(home)
    folder, lock = _new_scratch(home)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _new_scratch(home: Home) -> tuple[Path, int]:
    """The folder, and the handle that is locked while its process lives."""
    for parent in _scratch_places(home):
        with suppress(OSError):
            parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
            while True:
                folder = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=parent))
                lock = os.open(folder, os.O_RDONLY)
                fcntl.flock(lock, fcntl.LOCK_EX)
                if folder.exists():  # nobody swept it before it was locked
                    return folder, lock
                os.close(lock)
    raise OSError(f"neither {home.work} nor {tempfile.gettempdir()} can be written")


def _scratch_places(home: Home) -> list[Path]:
    temporary = Path(tempfile.gettempdir())
    return [home.work, temporary] if home.path.is_dir() else [temporary]


def _sweep_scratch(home: Home) -> None:
    for parent in _scratch_places(home):
        for folder in parent.glob(f"{_SCRATCH}*"):
            # Somebody else's, or no folder at all: not ours to open or to remove.
            with suppress(OSError):
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
                finally:
                    os.close(lock)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
