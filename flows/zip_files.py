"""A zip as member names and bytes, read in place; nothing that it says of itself is believed."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from flows.containers import AGAIN, CHUNK, HEAD, Budget, Limits, is_junk, without_wrapper
from transforms.errors import ExportError, MemberError

# Others unpack a whole stretch at once, however large it becomes (bzip2), or reserve what the file
# asks for (LZMA).
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class OpenZip:
    """A zip file, read in place. Every fact in its directory is checked while inflating too."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._budget = Budget(limits)
        self._file: BinaryIO = path.open("rb")
        try:
            self.sha256 = hashlib.file_digest(self._file, "sha256").hexdigest()
            self._zip = _open_zip(path, self._file, limits)
            infos = _entries(path, self._zip, limits)
        except BaseException:
            self._file.close()
            raise
        names = Counter(info.filename for info in infos)
        by_name = {info.filename: info for info in infos}
        unsafe = {name: why for name in by_name if (why := _unsafe_name(name))}
        unsafe |= dict.fromkeys(
            _overlapping(self._zip, self._file), "it shares its bytes with another file"
        )
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
            raise MemberError(self.refused[path], member=path, hint=AGAIN)
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(CHUNK):
                    yield chunk
        except (*_UNREADABLE, RuntimeError) as error:
            raise MemberError(
                f"the zip is damaged here: {error or type(error).__name__}",
                member=path,
                hint=AGAIN,
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()


_HEADER, _ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_END, _ZIP64_END = b"PK\x05\x06", b"PK\x06\x06"
_IN_ZIP64 = 0xFFFFFFFF
_END_BYTES, _SMALLEST_ENTRY, _USUAL_ENTRY = 22 + 65_535 + 20 + 56, 46, 512
_SMALLEST_HEADER = 30


def _check_directory(path: Path, file: BinaryIO, limits: Limits) -> None:
    """Refuse a zip whose directory is too large to be read: it is held in memory as a whole.

    How many entries it says it has is not believed; how many bytes it takes up is what is read.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read()
    end, zip64_end = tail.rfind(_END), tail.rfind(_ZIP64_END)
    directory = 0
    if 0 <= end <= len(tail) - 22:
        directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory == _IN_ZIP64 and 0 <= zip64_end <= len(tail) - 56:
        directory = int.from_bytes(tail[zip64_end + 40 : zip64_end + 48], "little")
    directory = min(directory, size)
    if directory > max(_SMALLEST_ENTRY * limits.members, CHUNK):
        entries = _count_entries(file, max(0, size - len(tail) - directory))
        if entries > limits.members or directory > _USUAL_ENTRY * limits.members:
            raise ExportError(
                str(path),
                f"it lists {entries:,} files in {directory:,} bytes, more than the limit of "
                f"{limits.members:,} files",
                hint="raise limits.members in mememeter.toml if you trust this file",
            )


def _count_entries(file: BinaryIO, start: int) -> int:
    """How often a directory's entry seems to begin from there on; chance adds a few at most."""
    file.seek(start)
    count, rest = 0, b""
    while chunk := file.read(CHUNK):
        rest += chunk
        count += rest.count(_ENTRY)
        rest = rest[-3:]
    return count


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


def _open_zip(path: Path, file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    file.seek(0)
    begins = file.read(HEAD)
    _check_directory(path, file, limits)
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


def _overlapping(zipped: zipfile.ZipFile, file: BinaryIO) -> list[str]:
    """Names of entries whose bytes reach into the next entry: a small zip could hold any amount."""
    infos = zipped.infolist()
    if not _reaching(infos, zipped.start_dir):
        return []
    # One that begins where no file does fails by itself, and is nobody's neighbour.
    there = [info for info in infos if _begins(file, info.header_offset)]
    return _reaching(there, zipped.start_dir)


def _reaching(infos: Iterable[zipfile.ZipInfo], end: int) -> list[str]:
    inside: list[str] = []
    for info in sorted(infos, key=lambda info: info.header_offset, reverse=True):
        if info.header_offset + _SMALLEST_HEADER + info.compress_size > end:
            inside.append(info.filename)
        end = min(end, info.header_offset)
    return inside


def _begins(file: BinaryIO, offset: int) -> bool:
    if offset < 0:
        return False
    file.seek(offset)
    return file.read(len(_HEADER)) == _HEADER


def _refusal(info: zipfile.ZipInfo, copies: int, limits: Limits) -> str | None:
    """Why this entry of the zip's directory is not read, or None."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a symbolic link"
    if info.flag_bits & 1:
        return "it is encrypted; unpack it with its password and put the folder into the inbox"
    if info.compress_type not in _METHODS:
        return (
            f"it is packed by method {info.compress_type}, which no export uses; unpack it and put "
            "the folder into the inbox"
        )
    if copies > 1:
        return f"the zip holds {copies} files of this name"
    return _too_large(info, limits)


def _too_large(info: zipfile.ZipInfo, limits: Limits) -> str | None:
    if info.file_size > limits.member_bytes:
        return (
            f"it says it holds {info.file_size:,} bytes, more than the limit of "
            f"{limits.member_bytes:,} (limits.member_bytes in mememeter.toml)"
        )
    if info.file_size > max(limits.ratio_from_bytes, limits.ratio * info.compress_size):
        return f"it says it inflates to more than {limits.ratio} times its packed size"
    return None
