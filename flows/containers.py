"""A zip or a folder as member names and bytes, within limits, without extracting anything.

A member that is refused (a link, an unsafe name, an encrypted one, one beyond its limits) is
refused by itself, with a reason that names the way out; the other members go on.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from transforms.errors import ExportError, MemberError

CHUNK = 1 << 20
HEAD = 64 << 10
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_AGAIN = "download the export again and put the zip as it is into the inbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a single export may ask of this machine. Bytes are bytes after inflating."""

    member_bytes: int = 4 << 30
    total_bytes: int = 64 << 30
    members: int = 1_000_000
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    """Below this size a member is harmless whatever its ratio."""


class Opened(Protocol):
    """An export whose members can be listed and streamed.

    `paths` are member paths with `/`, a wrapping folder taken off, in sorted order; `refused`
    maps those that cannot be read to the reason. `sha256` is of the content, and `export_id`
    its first 16 digits.
    """

    name: str
    sha256: str
    paths: tuple[str, ...]
    refused: dict[str, str]

    @property
    def export_id(self) -> str: ...

    def head(self, path: str) -> bytes:
        """The first 64 KB of a member; nothing when it cannot be read."""
        ...

    def chunks(self, path: str) -> Iterator[bytes]:
        """The member's bytes. Raises MemberError where they cannot be had or pass a limit."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def is_junk(path: str) -> bool:
    """Files that the operating system adds."""
    parts = PurePosixPath(path).parts
    return any(part in _JUNK or part.startswith("._") for part in parts)


def without_wrapper(paths: Iterable[str]) -> dict[str, str]:
    """Path without the folders that all paths share → path as it is."""
    split = {path: PurePosixPath(path).parts for path in paths}
    shared = 0
    if split:
        shortest = min(len(parts) for parts in split.values()) - 1
        while shared < shortest and len({parts[shared] for parts in split.values()}) == 1:
            shared += 1
    return {"/".join(parts[shared:]): path for path, parts in split.items()}


class _Budget:
    """Counts what a member, and all members together, have given so far."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._total = 0

    def check(self, chunks: Iterable[bytes], path: str, packed: int | None) -> Iterator[bytes]:
        limits, size = self._limits, 0
        for chunk in chunks:
            size += len(chunk)
            self._total += len(chunk)
            if size > limits.member_bytes:
                raise MemberError(
                    f"it is larger than the limit of {limits.member_bytes:,} bytes",
                    member=path,
                    hint="raise limits.member_bytes in mememeter.toml if you trust this file",
                )
            if self._total > limits.total_bytes:
                raise MemberError(
                    f"the export holds more than the limit of {limits.total_bytes:,} bytes",
                    member=path,
                    hint="raise limits.total_bytes in mememeter.toml if you trust this file",
                )
            if packed is not None and size > max(limits.ratio_from_bytes, limits.ratio * packed):
                raise MemberError(
                    f"it inflates to more than {limits.ratio} times its packed size",
                    member=path,
                    hint=f"no real export does that; {_AGAIN}",
                )
            yield chunk


class OpenZip:
    """A zip file, read in place. Every fact in its directory is checked while inflating too."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._budget = _Budget(limits)
        self._file: BinaryIO = path.open("rb")
        try:
            self.sha256 = hashlib.file_digest(self._file, "sha256").hexdigest()
            self._zip = _open_zip(path, self._file)
            infos = _entries(path, self._zip, limits)
        except BaseException:
            self._file.close()
            raise
        names = Counter(info.filename for info in infos)
        by_name = {info.filename: info for info in infos}
        unsafe = {name: why for name in by_name if (why := _unsafe_name(name))}
        shorter = without_wrapper(name for name in by_name if name not in unsafe)
        shorter |= {name: name for name in unsafe}
        self._infos = {path: by_name[name] for path, name in shorter.items()}
        self.paths = tuple(sorted(self._infos))
        self.refused = {
            path: why
            for path, info in self._infos.items()
            if (why := unsafe.get(info.filename) or _refusal(info, names[info.filename], limits))
        }

    @property
    def export_id(self) -> str:
        return self.sha256[:16]

    def head(self, path: str) -> bytes:
        if path in self.refused:
            return b""
        try:
            with self._zip.open(self._infos[path]) as member:
                return member.read(HEAD)
        except (*_UNREADABLE, RuntimeError):
            return b""

    def chunks(self, path: str) -> Iterator[bytes]:
        info = self._infos[path]
        return self._budget.check(self._inflate(path, info), path, info.compress_size)

    def _inflate(self, path: str, info: zipfile.ZipInfo) -> Iterator[bytes]:
        if path in self.refused:
            raise MemberError(self.refused[path], member=path, hint=_AGAIN)
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(CHUNK):
                    yield chunk
        except (*_UNREADABLE, RuntimeError) as error:
            raise MemberError(
                f"the zip is damaged here: {error or type(error).__name__}",
                member=path,
                hint=_AGAIN,
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()


def _entries(path: Path, zipped: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    infos = [i for i in zipped.infolist() if not i.is_dir() and not is_junk(i.filename)]
    if len(infos) > limits.members:
        raise ExportError(
            str(path),
            f"it holds {len(infos):,} files, more than the limit of {limits.members:,}",
            hint="raise limits.members in mememeter.toml if you trust this file",
        )
    return infos


_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


def _open_zip(path: Path, file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    begins = file.read(HEAD)
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (*_UNREADABLE, UnicodeDecodeError) as error:
        if not begins:
            fact, hint = "the file is empty", "the download did not finish; download it again"
        elif begins.startswith(b"PK"):
            fact = "the zip file is cut off or damaged: its table of contents cannot be read"
            hint = "the download did not finish; download it again"
        else:
            # What it says stays out of the message: that goes into last_run.json and to Prefect.
            page = b"<html" in begins.lower() or b"<!doctype" in begins.lower()
            fact = f"this is {'a web page' if page else 'some other file'}, not a zip file"
            hint = (
                "the download link has expired and a web page was saved instead; sign in and "
                "download it again"
                if page
                else "put the zip as it was downloaded into the inbox, or the unpacked folder"
            )
        raise ExportError(str(path), fact, hint=hint) from error


def _unsafe_name(name: str) -> str | None:
    parts = PurePosixPath(name).parts
    if name.startswith(("/", "\\")) or name[1:2] == ":" or "\\" in name or "\x00" in name:
        return f"its name {name!r} is absolute or holds a backslash"
    if ".." in parts or not parts:
        return f"its name {name!r} leads out of the export"
    return None


def _refusal(info: zipfile.ZipInfo, copies: int, limits: Limits) -> str | None:
    """Why this entry of the zip's directory is not read, or None."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a symbolic link"
    if info.flag_bits & 1:
        return "it is encrypted; unpack it with its password and put the folder into the inbox"
    if copies > 1:
        return f"the zip holds {copies} files of this name"
    if info.file_size > limits.member_bytes:
        return (
            f"it says it holds {info.file_size:,} bytes, more than the limit of "
            f"{limits.member_bytes:,} (limits.member_bytes in mememeter.toml)"
        )
    if info.file_size > max(limits.ratio_from_bytes, limits.ratio * info.compress_size):
        return f"it says it inflates to more than {limits.ratio} times its packed size"
    return None


class OpenFolder:
    """Files of an unpacked export.

    `files` are paths below `root`. The content's hash covers the files in `digest` only (those
    some reader reads): an unpacked archive may hold tens of gigabytes of films beside them.
    """

    def __init__(
        self, root: Path, files: Sequence[str], digest: Sequence[str], limits: Limits
    ) -> None:
        self.name = root.name
        self._budget = _Budget(limits)
        if len(files) > limits.members:
            raise ExportError(
                str(root),
                f"it holds {len(files):,} files, more than the limit of {limits.members:,}",
                hint="raise limits.members in mememeter.toml if you trust this folder",
            )
        # A name that is no text (an old disk, another system) is shown with question marks.
        shorter = {
            path.encode("utf-8", "replace").decode(): name
            for path, name in without_wrapper(files).items()
        }
        self._files = {path: root / name for path, name in shorter.items()}
        self.paths = tuple(sorted(self._files))
        self.refused = {
            path: "it is a symbolic link" for path, file in self._files.items() if file.is_symlink()
        } | {
            path: f"it is larger than the limit of {limits.member_bytes:,} bytes "
            "(limits.member_bytes in mememeter.toml)"
            for path, file in self._files.items()
            if not file.is_symlink() and file.stat().st_size > limits.member_bytes
        }
        self.sha256 = self._digest(set(digest) or set(files), shorter)

    def _digest(self, names: set[str], shorter: dict[str, str]) -> str:
        total = hashlib.sha256()
        for path in self.paths:
            if shorter[path] in names and path not in self.refused:
                with self._files[path].open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                total.update(f"{path}\0{content}\n".encode())
        return total.hexdigest()

    @property
    def export_id(self) -> str:
        return self.sha256[:16]

    def head(self, path: str) -> bytes:
        if path in self.refused:
            return b""
        try:
            with self._files[path].open("rb") as file:
                return file.read(HEAD)
        except OSError:
            return b""

    def chunks(self, path: str) -> Iterator[bytes]:
        return self._budget.check(self._read(path), path, None)

    def _read(self, path: str) -> Iterator[bytes]:
        if path in self.refused:
            raise MemberError(self.refused[path], member=path, hint="put a plain file in its place")
        try:
            with self._files[path].open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except OSError as error:
            raise MemberError(
                f"the file cannot be read: {error.strerror}",
                member=path,
                hint="check that it is there and may be read",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None
