"""A zip or a folder as member names and bytes, within limits, without extracting anything.

A member that is refused (a link, an unsafe name, an encrypted one, one beyond its limits) is
refused by itself, with a reason that names the way out; the other members go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Protocol, Self

from transforms.errors import ExportError, MemberError

CHUNK = 1 << 20
HEAD = 64 << 10
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
AGAIN = "download the export again and put the zip as it is into the inbox"


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


class Budget:
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
                    hint=f"no real export does that; {AGAIN}",
                )
            yield chunk


class OpenFolder:
    """Files of an unpacked export.

    `files` are paths below `root`. The content's hash covers the files in `digest` only (those
    some reader reads): an unpacked archive may hold tens of gigabytes of films beside them.
    """

    def __init__(
        self, root: Path, files: Sequence[str], digest: Sequence[str], limits: Limits
    ) -> None:
        self.name = root.name
        self._budget = Budget(limits)
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
