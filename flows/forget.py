"""Forget one person: hashes first, then everything built anew without them, then what is left.

The hashes are written before anything is taken away, so that a run that breaks off is finished
by the next one, whatever that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import polars as pl

from flows import state
from flows.discovery import find_all, limits_of, seen_paths
from flows.exports import Found, open_export
from flows.forgotten import Entry, add_forgotten, secret_of
from flows.home import Home
from flows.job import Outcome
from flows.pipeline import PLAIN, carry_out
from flows.progress import Progress
from flows.published import Person, ask
from flows.session import finish, session
from flows.settings import Settings
from flows.word import drop_verdicts
from transforms.errors import ExportError, MemberError, UsageError
from transforms.forgetting import entries
from transforms.identify import content_id

_SLUG = "linkedin:in/"


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """What is to be forgotten of one person: hashes, and for now what they are called."""

    person: Person
    entries: tuple[Entry, ...]
    keys: tuple[str, ...]
    called: tuple[str, ...]
    shared: tuple[str, ...]
    messages: int


@dataclass(frozen=True, kw_only=True)
class Forgot:
    """How it ended, and which files of the user's own still hold the person."""

    outcome: Outcome
    exports: tuple[str, ...]
    settings: tuple[str, ...]


def prepare(home: Home, person: Person) -> Forgetting:
    """All names, ids, addresses and threads of one person. Raises UsageError for the owner."""
    aliases = ask(home.database, "forget_aliases", identity_id=person.identity_id)
    if aliases["is_owner"].any():
        raise UsageError(
            f"{person.name} is the owner of these exports",
            hint="to forget yourself, delete the home folder",
        )
    said = ask(home.database, "forget_messages", identity_id=person.identity_id)
    shared = aliases.filter(pl.col("is_shared"), pl.col("kind") == "name")["alias"].to_list()
    names = [_names(alias) for alias in _of(aliases, "name") if alias not in shared]
    keys = _of(aliases, "key")
    slugs = [key.removeprefix(_SLUG) for key in keys if key.startswith(_SLUG)]
    handles = {*_of(aliases, "handle"), *slugs}
    own = [name for group in names for name in group if len(name.split()) > 1]
    others = said.filter(~pl.col("is_between_two"), pl.col("text").is_not_null())
    values = {
        "key": keys,
        "name": [name for group in names for name in group],
        "own_name": own,
        "handle": handles,
        "thread": said.filter("is_between_two")["conversation_id"].unique().to_list(),
        "message": others.select(content_id().alias("said"))["said"].to_list(),
    }
    return Forgetting(
        person=person,
        entries=tuple(entries(secret_of(home), values)),
        keys=tuple(keys),
        called=tuple(sorted({*own, *handles, *_numbers(keys)})),
        shared=tuple(shared),
        messages=int(said["text"].is_not_null().sum()),
    )


def _of(aliases: pl.DataFrame, kind: str) -> list[str]:
    return aliases.filter(pl.col("kind") == kind)["alias"].to_list()


def _numbers(keys: Sequence[str]) -> list[str]:
    """X's account numbers, which its exports give instead of names."""
    return [key.removeprefix("x:") for key in keys if key.startswith("x:")]


def _names(name: str) -> list[str]:
    """The name as shown, and without what follows a comma: degrees, slogans."""
    return list(dict.fromkeys((name.strip(), name.partition(",")[0].strip())))


def forget(home: Home, forgetting: Forgetting, progress: Progress) -> Forgot:
    """Take the person out of store, databases, reports and notes; returns what is left to do."""
    with session(home, (), None, progress) as job:
        add_forgotten(home, forgetting.entries, f"{state.now():%Y-%m-%d}")
        drop_verdicts(home, {forgetting.person.identity_id, *forgetting.keys, *forgetting.called})
        outcome = finish(job, carry_out(job, PLAIN))
        progress.stage("Looking through the exports")
        return Forgot(
            outcome=outcome,
            exports=tuple(holding(job.home, job.settings, forgetting.called)),
            settings=tuple(_lines_of_settings(home, forgetting.called)),
        )


def holding(home: Home, settings: Settings, called: Sequence[str]) -> Iterator[str]:
    """Paths of the exports, as far as they are still there, in which one of the names stands."""
    lying_elsewhere = [path for path in seen_paths(home) if path.exists()]
    found, _ = find_all(home, settings, lying_elsewhere)
    needles = list(_spellings(called))
    for export in found:
        if _holds(export, settings, needles):
            yield str(export.path)


def _spellings(called: Sequence[str]) -> Iterator[bytes]:
    for name in called:
        for text in {name, unquote(name), quote(name)}:
            for encoding in ("utf-8", "utf-16-le"):
                yield text.encode(encoding).lower()
            yield json.dumps(text)[1:-1].encode().lower()


def _holds(export: Found, settings: Settings, needles: Sequence[bytes]) -> bool:
    longest = max(map(len, needles), default=0)
    try:
        with open_export(export, limits_of(settings)) as opened:
            for path in filter(_is_text, opened.paths):
                tail = b""
                for chunk in opened.chunks(path):
                    text = tail + chunk.lower()
                    if any(needle in text for needle in needles):
                        return True
                    tail = text[-longest:]
    except (ExportError, MemberError, OSError):
        return False
    return False


def _is_text(path: str) -> bool:
    """Pictures and films of an X archive can be gigabytes, and no name is read in them."""
    return not path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".mp4", ".mov", ".webp"))


def _lines_of_settings(home: Home, called: Sequence[str]) -> Iterator[str]:
    """Places in the user's own file, which no program rewrites."""
    try:
        lines = home.config.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, start=1):
        if any(name.lower() in line.lower() for name in called):
            yield f"{home.config}, line {number}"
