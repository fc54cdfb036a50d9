"""verdicts.csv: the user's word about people, stronger than any rule."""

from __future__ import annotations

import csv
import io

from flows.home import Home, write_atomically
from transforms.errors import UsageError

VERDICTS = ("fine", "not-fine")
_COLUMNS = ("person", "verdict", "name")


def read_verdicts(home: Home) -> dict[str, str]:
    """Person (a key, id, address, handle or name) → verdict. Raises UsageError on a bad row."""
    return {person: row["verdict"] for person, row in _rows(home).items()}


def set_verdict(home: Home, person: str, name: str, verdict: str | None) -> None:
    """Write the verdict of one person, or take it back with None."""
    rows = _rows(home)
    rows.pop(person, None)
    if verdict is not None:
        rows[person] = {"person": person, "verdict": verdict, "name": name}
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
