"""The line under each figure: what was accepted last, less two standard errors (`lines.toml`).

Only a better or an explained figure is accepted: `python -m benchmarks.evaluation --accept`
writes the figures of that run. Aims of the specification are no lines.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from benchmarks.evaluation.figures import Figure

FILE = Path(__file__).with_name("lines.toml")
_HEAD = "# Accepted figures, from `python -m benchmarks.evaluation --accept`. A line is value ∓ 2 · error.\n\n"


def accepted() -> dict[str, Figure]:
    """The figures accepted last, by name."""
    if not FILE.exists():
        return {}
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Figure(name, entry["value"], entry["error"], entry["cases"], entry["better"])
        for name, entry in content.items()
    }


def line_of(figure: Figure) -> float:
    """The worst value that still passes."""
    return figure.value + (2 if figure.better == "low" else -2) * figure.error


def below(figures: Iterable[Figure], known: dict[str, Figure] | None = None) -> list[str]:
    """Sentences about figures beyond their line, and about accepted figures that are gone."""
    known = accepted() if known is None else known
    found = {figure.name: figure for figure in figures}
    told = [
        f"{name} was accepted and is not measured any more" for name in known if name not in found
    ]
    for name, figure in found.items():
        if name not in known:
            told.append(f"{name} has no line: accept it")
            continue
        line = line_of(known[name])
        worse = figure.value > line if figure.better == "low" else figure.value < line
        if worse or figure.value != figure.value:
            told.append(f"{name} is {figure.value:.4f}, and its line is {line:.4f}")
    return told


def accept(figures: Iterable[Figure]) -> None:
    """Write the figures as the accepted ones."""
    blocks = [
        f'["{f.name}"]\nvalue = {f.value:.6f}\nerror = {f.error:.6f}\ncases = {f.cases}\nbetter = "{f.better}"\n'
        for f in figures
    ]
    FILE.write_text(_HEAD + "\n".join(blocks), encoding="utf-8")
