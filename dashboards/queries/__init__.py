"""The SQL of the report and of the published views; running it is the warehouse's business."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from transforms import ddl


@cache
def report_queries() -> dict[str, str]:
    """Stem → SQL of every query of the report; `render_report` takes their results by stem."""
    return _read(resources.files(__name__))


@cache
def view_queries() -> tuple[ddl.View, ...]:
    """The published views, each after those it reads from."""
    files = _read(resources.files(__name__) / "views")
    return tuple(ddl.in_order(ddl.parse_view(name, text) for name, text in files.items()))


@cache
def terminal_queries() -> dict[str, str]:
    """Stem → SQL of what the command line shows of the published database."""
    return _read(resources.files(__name__) / "terminal")


def _read(folder: Traversable) -> dict[str, str]:
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in files}
