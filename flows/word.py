"""The user's word about people, stronger than any rule: mememeter.toml and verdicts.csv."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Collection, Mapping

import polars as pl

from flows.home import Home, write_atomically
from flows.settings import Settings
from transforms.content import Word
from transforms.errors import UsageError
from transforms.sources._linkedin_people import person_keys

VERDICTS = ("fine", "not-fine")
_COLUMNS = ("person", "verdict", "name")


def users_word(home: Home, settings: Settings) -> Word:
    """What config and verdicts say, with addresses and numbers as person keys."""
    return Word(
        owners={
            "linkedin": [_key(address) for address in settings.owner.linkedin],
            "x": [_key(number) for number in settings.owner.x],
        },
        same_person=[[_key(entry) for entry in group] for group in settings.people.same],
        verdicts=read_verdicts(home),
        words={
            language: dict(said)
            for language, said in dataclasses.asdict(settings.words).items()
            if said
        },
        thresholds=dataclasses.asdict(settings.thresholds),
    )


_X_HANDLE = re.compile(
    r"(?:@|(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?)(\w{1,15})/?", re.ASCII
)


def _key(entry: str) -> str:
    """`x:<number>`, `@handle` of X, or the key of a LinkedIn address; else the entry as it is."""
    if entry.isdecimal():
        return f"x:{entry}"
    if handle := _X_HANDLE.fullmatch(entry.strip()):
        return f"@{handle[1].lower()}"
    return person_keys(pl.Series([entry]))[0] or entry


def read_verdicts(home: Home) -> dict[str, str]:
    """Person (a key, id, address, handle or name) → verdict. Raises UsageError on a bad row."""
    return {person: row["verdict"] for person, row in _rows(home).items()}


def set_verdict(home: Home, person: str, name: str, verdict: str | None) -> None:
    """Write the verdict of one person, or take it back with None."""
    rows = _rows(home)
    rows.pop(person, None)
    if verdict is not None:
        rows[person] = {"person": person, "verdict": verdict, "name": name}
    _write(home, rows)


def drop_verdicts(home: Home, called: Collection[str]) -> None:
    """Take out the verdicts of somebody who bears any of these ids or names."""
    rows = _rows(home)
    kept = {
        person: row
        for person, row in rows.items()
        if person not in called and row["name"] not in called
    }
    if len(kept) < len(rows):
        _write(home, kept)


def _write(home: Home, rows: Mapping[str, Mapping[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[key] for key in sorted(rows))
    write_atomically(home.verdicts, text.getvalue().encode())


def _rows(home: Home) -> dict[str, dict[str, str]]:
    try:
        text = home.verdicts.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    rows: dict[str, dict[str, str]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        person, verdict = (row.get("person") or "").strip(), (row.get("verdict") or "").strip()
        if not person or verdict not in VERDICTS:
            raise UsageError(
                f"{home.verdicts}, line {number}: person {person!r}, verdict {verdict!r}",
                hint=f"a line is person,verdict,name with a verdict of {' or '.join(VERDICTS)}; "
                "`mememeter verdict` writes the file for you",
            )
        rows[person] = {"person": person, "verdict": verdict, "name": row.get("name") or ""}
    return rows
