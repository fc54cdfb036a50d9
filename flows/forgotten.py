"""Who was forgotten: keyed hashes in forgotten.csv, and the store kept to them.

The key lies apart, in the store: a copy of the table alone tells nobody who is on it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import secrets
from collections.abc import Sequence

import polars as pl

from flows import store
from flows.home import Home, write_atomically
from transforms.errors import MememeterError, UsageError
from transforms.forgetting import KINDS, REASON, Forgotten, clean_records

_COLUMNS = ("kind", "hash", "words", "forgotten_on")

Entry = tuple[str, str, int]


def load_forgotten(home: Home) -> Forgotten:
    """The hashes of the home; empty where nobody was forgotten. Raises MememeterError."""
    rows = _rows(home)
    hashes: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for row in rows:
        hashes[row["kind"]].add(row["hash"])
    return Forgotten(
        secret=_secret(home) if rows else "",
        hashes={kind: frozenset(found) for kind, found in hashes.items()},
        words=frozenset(int(row["words"]) for row in rows if row["words"] != "0"),
    )


def secret_of(home: Home) -> str:
    """The key of this home's hashes, made when it is first wanted."""
    if not home.forgotten_key.exists():
        if _rows(home):
            return _secret(home)
        write_atomically(home.forgotten_key, secrets.token_hex(32).encode())
    return _secret(home)


def _secret(home: Home) -> str:
    try:
        return home.forgotten_key.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise MememeterError(
            f"{home.forgotten} names people to keep out, but its key {home.forgotten_key} is gone",
            hint="put the key back from a backup; without it they would come in again. If that is "
            "what you want, delete forgotten.csv",
        ) from None


def add_forgotten(home: Home, entries: Sequence[Entry], on: str) -> None:
    """Write more hashes into the table; those that are there already keep their day."""
    rows = {(row["kind"], row["hash"]): row for row in _rows(home)}
    for kind, digest, words in entries:
        fresh = {"kind": kind, "hash": digest, "words": str(words), "forgotten_on": on}
        rows.setdefault((kind, digest), fresh)
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[key] for key in sorted(rows))
    write_atomically(home.forgotten, text.getvalue().encode())


def _rows(home: Home) -> list[dict[str, str]]:
    try:
        text = home.forgotten.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    rows = list(csv.DictReader(io.StringIO(text)))
    for number, row in enumerate(rows, start=2):
        if (
            row.get("kind") not in KINDS
            or not row.get("hash")
            or not (row.get("words") or "").isdecimal()
        ):
            raise UsageError(
                f"{home.forgotten}, line {number} is none of this program's making",
                hint="`mememeter forget PERSON` writes the file; take your own lines out",
            )
    return rows


def clean_store(home: Home, forgotten: Forgotten) -> int:
    """Rewrite what the store holds of forgotten people; returns the number of rows left out.

    Each export changes by the one rename of its manifest; a crash is made up for by doing it
    again. The files without a manifest are left to `store.sweep`.
    """
    if not forgotten:
        return 0
    total = 0
    for export in store.manifests(home):
        members = [_clean_member(home, member, forgotten) for member in export.members]
        total += sum(gone for _, gone in members)
        cleaned = [member for member, _ in members]
        if cleaned != export.members:
            store.write_manifest(home, dataclasses.replace(export, members=cleaned))
    return total


def _clean_member(
    home: Home, member: store.MemberSummary, forgotten: Forgotten
) -> tuple[store.MemberSummary, int]:
    before: set[int] = set()
    after: set[int] = set()
    partitions = []
    for partition in member.partitions:
        table = partition.partition("/")[0]
        frame = pl.read_parquet(home.store / partition)
        cleaned = clean_records({table: frame}, forgotten)[table]
        if table != "rejects":
            before.update(frame["row_number"])
            after.update(cleaned["row_number"])
        if cleaned.equals(frame):
            partitions.append(partition)
        elif cleaned.height:
            partitions.append(store.write_partition(home.store, table, cleaned))
    gone = len(before - after)
    if partitions == member.partitions:
        return member, 0
    ignored = {**member.ignored, REASON: member.ignored.get(REASON, 0) + gone}
    return dataclasses.replace(
        member,
        partitions=sorted(partitions),
        ignored=dict(sorted((why, count) for why, count in ignored.items() if count)),
    ), gone


def is_settled(home: Home, what: str, digest: str) -> bool:
    """Whether store or traces were last cleaned with these hashes, if there are any."""
    return not home.forgotten.exists() or _settled(home).get(what) == digest


def note_settled(home: Home, what: str, digest: str) -> None:
    write_atomically(
        home.store / "forgotten.json", json.dumps(_settled(home) | {what: digest}).encode()
    )


def _settled(home: Home) -> dict[str, str]:
    try:
        content = json.loads((home.store / "forgotten.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
