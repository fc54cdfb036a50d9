"""What every file of a LinkedIn export shares: when it was asked for, and how it names people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from transforms.sample.model import OWNER, Person, World


@dataclass(frozen=True, slots=True)
class Edition:
    """One export: when the owner asked for it, and which dialect LinkedIn wrote then."""

    asked_at: datetime
    modern: bool  # 2026: all quoted, line breaks kept; else 2025: flattened, with a draft column

    @property
    def file_name(self) -> str:
        return f"Complete_LinkedInDataExport_{self.asked_at:%m-%d-%Y}.zip"


@dataclass(frozen=True, slots=True)
class View:
    """The world as it was when an edition was asked for."""

    world: World
    edition: Edition

    def identity(self, key: str) -> tuple[str, str]:
        """Name and profile URL of a person. Only the modern dialect percent-encodes it."""
        person = self.world.owner if key == OWNER else self.world.people[key]
        if not self._shows(person):
            return "LinkedIn Member", ""
        if self.edition.modern:
            return person.name, profile_url(person.slug)
        slug = person.former_slug or person.slug
        return person.former_name or person.name, unquote(profile_url(slug))

    def known(self) -> list[Person]:
        """Everybody with a profile that this edition shows."""
        return [p for p in self.world.people.values() if p.slug and self._shows(p)]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """What the owner had in a file by then, oldest first."""
        rows = self.world.owner_texts[name]
        return [row for row in rows if "at" not in row or row["at"] < self.edition.asked_at]

    def _shows(self, person: Person) -> bool:
        return not (person.anonymous or (person.account_closed and self.edition.modern))


def profile_url(slug: str | None) -> str:
    """Address of a profile, percent-encoded; empty for who has none."""
    return f"https://www.linkedin.com/in/{quote(slug, safe='-')}" if slug else ""


def split_name(name: str) -> tuple[str, str]:
    """First and last name as LinkedIn keeps them: the suffix belongs to the last name."""
    head, comma, suffix = name.partition(", ")
    first, _, last = head.rpartition(" ")
    return (first or last, (last if first else "") + comma + suffix)


def write_rows(rows: Iterable[Sequence[object]], *, quoted: bool = False) -> str:
    """The rows as CSV text with LF line ends."""
    out = io.StringIO()
    dialect = csv.writer(
        out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    dialect.writerows(rows)
    return out.getvalue()
