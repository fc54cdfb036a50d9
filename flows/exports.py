"""Files and folders → exports, opened within limits and recognised.

Nothing is extracted to disk, nothing is guessed: a file no reader knows is listed as unknown,
and whatever cannot be read is an error that names the file and the way out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flows.containers import HEAD, Limits, Opened, OpenFolder, is_junk, without_wrapper
from flows.zip_files import OpenZip
from transforms.errors import ExportError, Problem
from transforms.sources import all_sources
from transforms.spec import Head, Member, Source

__all__ = [
    "UNFINISHED",
    "Found",
    "Limits",
    "Opened",
    "find_exports",
    "open_export",
    "recognise",
]

DEFAULT_LIMITS = Limits()

_ARCHIVE_ENDINGS = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_DATA_ENDINGS = (
    ".csv", ".js", ".json", ".jsonl", ".ndjson", ".tsv", ".xlsx", ".xls", ".ods", ".parquet",
)  # fmt: skip
_SPREADSHEETS = (".xlsx", ".xls", ".ods")
UNFINISHED = (".crdownload", ".part", ".download", ".partial")
SOURCES = all_sources()


@dataclass(frozen=True, slots=True)
class Found:
    """An export that was found: a zip, a single feed, or the files of a folder for one reader.

    `files` (folders only) are paths below `path`; `source` is the reader's name where it is
    told already. `watched` says how it came into sight: "name" when a pattern names it, "folder"
    when it lies in a folder that a pattern names, null when the user put or named it.
    """

    path: Path
    kind: Literal["zip", "folder", "file"]
    files: tuple[str, ...] = ()
    source: str | None = None
    watched: Literal["name", "folder"] | None = None

    @property
    def name(self) -> str:
        return self.path.name


def find_exports(
    paths: Sequence[Path], sources: Sequence[Source] = SOURCES
) -> tuple[list[Found], list[Problem]]:
    """The exports among files and folders, sorted by path, and what was no export.

    A folder may hold zips, be an unpacked export (also inside a wrapping folder), hold several
    of them, or loose files; files of LinkedIn and X in one folder are two exports. A file that is
    told by its content, whatever its name, is an export of its own.
    """
    found: list[Found] = []
    problems: list[Problem] = []
    loose: dict[Path, list[str]] = {}
    for path in paths:
        if path.is_dir():
            _search(path, found, problems, sources, depth=0)
        elif not path.exists():
            problems.append(_problem(path, "there is no such file or folder", "check the path"))
        elif _is_zip(path) or path.suffix.lower() == ".zip":
            found.append(Found(path, "zip"))
        elif path.suffix.lower() in _DATA_ENDINGS:
            loose.setdefault(path.parent, []).append(path.name)
        else:
            problems.append(_not_an_export(path, sources))
    for root, names in loose.items():
        knowing = _sources_of(root, names, sources)
        feeds = _feeds(root, names, sources, knowing)
        exports = _split(root, [name for name in names if name not in feeds], knowing)
        found += [*exports, *feeds.values()]
        taken = {*feeds, *(name for export in exports for name in export.files)}
        problems += [_not_an_export(root / name, sources) for name in names if name not in taken]
    unique = dict.fromkeys(sorted(found, key=lambda f: (str(f.path), f.source or "", f.files)))
    return list(unique), problems


_DEEPEST = 6
_PROBLEMS_TO_DEPTH = 1  # a stray .csv far below a watched folder is nobody's concern


def _search(
    folder: Path,
    found: list[Found],
    problems: list[Problem],
    sources: Sequence[Source],
    depth: int,
) -> None:
    """Zips of this folder, and the folder itself or the folders in it as unpacked exports."""
    try:
        entries = sorted(e for e in folder.iterdir() if not e.name.startswith("."))
    except OSError as error:
        problems.append(_problem(folder, f"cannot be read: {error.strerror}", "check its rights"))
        return
    files = [entry for entry in entries if entry.is_file() and not is_junk(entry.name)]
    zips = [file for file in files if _is_zip(file) or file.suffix.lower() == ".zip"]
    found += [Found(file, "zip") for file in zips]
    folders = [e for e in entries if e.is_dir() and not e.is_symlink() and not is_junk(e.name)]
    loose = [file.name for file in files if file not in zips]
    near = [*loose, *(f"data/{name}" for name in _names_in(folder / "data"))]
    if knowing := _sources_of(folder, near, sources):
        names = _files_below(folder, {file.name for file in zips})
        feeds = _feeds(folder, names, sources, knowing)
        found += _split(folder, [name for name in names if name not in feeds], knowing)
        found += feeds.values()
        return
    feeds = _feeds(folder, loose, sources)
    found += feeds.values()
    if depth <= _PROBLEMS_TO_DEPTH:
        others = (name for name in loose if name not in feeds and _worth_a_word(name))
        problems += [_not_an_export(folder / name, sources) for name in others]
    if depth < _DEEPEST:
        for below in folders:
            _search(below, found, problems, sources, depth + 1)


def _names_in(folder: Path) -> list[str]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


def _files_below(folder: Path, leave_out: set[str]) -> list[str]:
    """Paths of all files below the folder, links to folders not followed."""
    names = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            path = Path(root, file).relative_to(folder).as_posix()
            if not file.startswith(".") and not is_junk(path) and path not in leave_out:
                names.append(path)
    return names


def _head_below(root: Path) -> Head:
    """A function that returns how a file below the folder begins; links give nothing."""

    def head(name: str) -> bytes:
        if (root / name).is_symlink():
            return b""
        try:
            with (root / name).open("rb") as file:
                return file.read(HEAD)
        except OSError:
            return b""

    return head


def _sources_of(root: Path, names: Sequence[str], sources: Sequence[Source]) -> list[Source]:
    """The readers that know the files by their names and beginnings."""
    head = _head_below(root)
    return [s for s in sources if not s.is_by_content and s.recognises(names, head)]


def _feeds(
    root: Path, names: Sequence[str], sources: Sequence[Source], knowing: Sequence[Source] = ()
) -> dict[str, Found]:
    """Files whose content tells what they are, and that no reader of the folder knows by name."""
    head = _head_below(root)
    feeds = {}
    for name in names:
        if name.lower().endswith(_DATA_ENDINGS) and not any(_knows(s, name) for s in knowing):
            reader = next(
                (s for s in sources if s.is_by_content and s.recognises([name], head)), None
            )
            if reader is not None:
                feeds[name] = Found(root / name, "file", source=reader.name)
    return feeds


def _knows(source: Source, name: str) -> bool:
    return source.member_for(name) is not None or source.reason_to_ignore(name) is not None


def _split(root: Path, names: Sequence[str], sources: Sequence[Source]) -> list[Found]:
    """An export per reader; a file that several or none of them know goes to the first."""
    exports = []
    for source in sources:
        others = [other for other in sources if other is not source]
        mine = [
            name
            for name in names
            if not any(other.member_for(name) for other in others)
            and (source is sources[0] or _knows(source, name))
        ]
        exports.append(Found(root, "folder", tuple(mine), source.name))
    return exports


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def _worth_a_word(name: str) -> bool:
    return name.lower().endswith((*_ARCHIVE_ENDINGS, *_DATA_ENDINGS, *UNFINISHED))


def _problem(path: Path, fact: str, hint: str) -> Problem:
    return Problem(path.name, "", str(ExportError(str(path), fact, hint=hint)))


def _not_an_export(path: Path, sources: Sequence[Source]) -> Problem:
    suffix = path.suffix.lower()
    if suffix in UNFINISHED:
        return _problem(path, "the download has not finished", "wait for it, or start it again")
    if suffix in _ARCHIVE_ENDINGS:
        return _problem(
            path, f"{suffix} archives are not read", "unpack it and put the folder into the inbox"
        )
    if suffix in _SPREADSHEETS:
        return _problem(path, "spreadsheets are not read", "save the sheet as CSV (UTF-8)")
    if not path.stat().st_size:
        return _problem(path, "the file is empty", "download it again, or take it away")
    head = _head_below(path.parent)(path.name)
    if lacks := next((why for source in sources if (why := source.why_not(head))), None):
        return _problem(
            path,
            f"this is no file of a {_any_of('or')}; {lacks}",
            'name its columns in mememeter.toml: [[table]], files = "'
            f'{path.name}", and a line such as text = "…" for each',
        )
    return _problem(
        path,
        f"this is no file of a {_any_of('or')}",
        "put the zip as it was downloaded into the inbox; `mememeter doctor` says how to get one",
    )


def _any_of(conjunction: str) -> str:
    *labels, last = (source.label for source in SOURCES if source.platform is not None)
    return f"{', '.join(labels)} {conjunction} {last}"


def open_export(found: Found, limits: Limits = DEFAULT_LIMITS) -> Opened:
    """The export, to be used in a `with` statement. Raises ExportError when it cannot be opened."""
    try:
        if found.kind == "zip":
            return OpenZip(found.path, limits)
        if found.kind == "file":
            name = found.path.name
            opened = OpenFolder(found.path.parent, [name], [name], limits)
            opened.name = name
            return opened
        read = [name for name in found.files if _reader_of(name, found.files) is not None]
        return OpenFolder(found.path, found.files, read, limits)
    except OSError as error:
        raise ExportError(
            str(found.path),
            f"it cannot be read: {error.strerror}",
            hint="check that it is there and may be read",
        ) from error


def _reader_of(name: str, files: Sequence[str]) -> Member | None:
    shorter = {path: short for short, path in without_wrapper(files).items()}
    return next((m for s in SOURCES if (m := s.member_for(shorter[name]))), None)


def recognise(opened: Opened, sources: Sequence[Source] = SOURCES) -> Source:
    """The reader of this export. Raises ExportError when there is none, saying what was seen."""
    heads: Head = opened.head
    for by_content in (False, True):
        known = [
            source
            for source in sources
            if source.is_by_content == by_content and source.recognises(opened.paths, heads)
        ]
        if known:
            return max(known, key=lambda s: (_members_in(opened, s), s.name))
    raise ExportError(opened.name, _what_was_seen(opened.paths), hint=_what_to_do(opened.paths))


def _members_in(opened: Opened, source: Source) -> int:
    return sum(source.member_for(path, opened.head) is not None for path in opened.paths)


def _what_was_seen(paths: Sequence[str]) -> str:
    if not paths:
        return "it holds no files"
    shown = ", ".join(paths[:5])
    more = f" and {len(paths) - 5:,} more" if len(paths) > 5 else ""  # noqa: PLR2004
    return f"no reader knows it; it holds {shown}{more}"


def _what_to_do(paths: Sequence[str]) -> str:
    if any(path.lower().endswith(".zip") for path in paths):
        return "it holds another zip: unpack it once and put what is inside into the inbox"
    return (
        f"{_any_of('and')} are read, as zip or unpacked; if this is one, its files were renamed or "
        "emptied: download it again"
    )
