"""Writes the generated part of the README: `python -m flows.docs`."""

from __future__ import annotations

from pathlib import Path

from transforms.catalogue import reference, with_reference

README = Path(__file__).parents[1] / "README.md"


def write_reference(document: Path = README) -> bool:
    """Put the reference between its markers; True when that changed the document."""
    before = document.read_text(encoding="utf-8")
    after = with_reference(before, reference())
    if after != before:
        document.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    write_reference()
