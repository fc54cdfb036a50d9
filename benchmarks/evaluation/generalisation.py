"""What the model says of texts that its fit did not see, and the thresholds that follow from it.

`generalisation.toml` holds the figures of the last `python -m benchmarks.evaluation.fit --write`;
the page of the evaluation shows them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.evaluation import figures, page
from benchmarks.evaluation.known_groups import AIMS
from benchmarks.evaluation.sample import Bools, Floats

if TYPE_CHECKING:
    from benchmarks.evaluation.fit import Design

FILE = Path(__file__).with_name("generalisation.toml")
_FOLDS = 5
_PRECISION = 0.90  # of unprompted pitches in threads (metrics.md)
_FEWEST = 20  # flagged, or a precision says nothing
_GRID = np.round(np.arange(0.30, 0.96, 0.01), 2)


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a text is a pitch: with two categories, and without; in public."""

    floor: float
    flag: float
    floor_public: float
    flag_public: float

    def named(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True)
class Told:
    """One row of the page: what was left out of the fit, and how well it was told. NaN: no such cases."""

    left_out: str
    part: str
    cases: int
    auc: float
    precision: float
    recall: float
    false_positives: float


def folds(design: Design) -> list[Bools]:
    """Masks of the rows held out: whole people, spread by a fixed shuffle."""
    names = np.unique(design.group)
    order = np.random.default_rng(20261125).permutation(names.size)
    fold = dict(zip(names[order], np.arange(names.size) % _FOLDS, strict=True))
    of_row = np.array([fold[name] for name in design.group])
    return [of_row == n for n in range(_FOLDS)]


def writers(design: Design) -> list[Bools]:
    """Masks of the threads of each writer."""
    threads = design.set == "threads"
    return [threads & (design.source == name) for name in np.unique(design.source[threads])]


def sets(design: Design) -> list[Bools]:
    """Masks of each set."""
    return [design.set == name for name in np.unique(design.set)]


def _clear(design: Design, logit: Floats) -> Bools:
    """Rows that have a figure and on which the readers agree."""
    return np.isfinite(logit) & ((design.label == 0) | (design.label == 1))


def loss(design: Design, logit: Floats) -> float:
    """Weighted mean log-loss of the rows that have a figure."""
    rows = np.isfinite(logit)
    value = np.logaddexp(0.0, logit[rows]) - design.label[rows] * logit[rows]
    return float(design.weight[rows] @ value / design.weight[rows].sum())


def line(name: str, design: Design, logit: Floats) -> str:
    """Loss and areas under the ROC curve in one line."""
    clear = _clear(design, logit)
    areas = []
    for part in ("threads", "youtube_comments", "sms", "x_posts"):
        rows = clear & (design.set == part)
        if rows.any():
            areas.append(f"{part} {figures.auc(logit[rows], design.label[rows] == 1):.3f}")
    return f"{name:34s} loss {loss(design, logit):.4f}   AUC {'  '.join(areas)}"


def flagged(design: Design, logit: Floats, floor: float, flag: float) -> Bools:
    """Which rows are pitches at these thresholds."""
    chance = 1 / (1 + np.exp(-logit))
    return ~design.closed & ((design.two & (chance >= floor)) | (chance >= flag))


def thresholds(design: Design, of_people: Floats, of_writers: Floats) -> Thresholds:
    """Those with the best recall at the precision that metrics.md asks for, on held-out texts.

    Of threads by writers and by people held out, both. In public by people held out: the set that
    comes nearest to what it may not exceed decides.
    """
    rows = _clear(design, of_writers) & (design.set == "threads")
    gold = design.label[rows] == 1
    best = (-1.0, 0.9, 0.9)
    for floor in _GRID:
        for flag in _GRID[floor <= _GRID]:
            found = [flagged(design, of, floor, flag)[rows] for of in (of_writers, of_people)]
            if all(
                one.sum() >= _FEWEST and figures.precision(one, gold) >= _PRECISION for one in found
            ):
                best = max(best, (figures.recall(found[0], gold), floor, flag))
    public = next((at for at in _GRID if _keeps_to_aims(design, of_people, at)), _GRID[-1])
    return Thresholds(float(best[1]), float(best[2]), float(public), float(public))


def _keeps_to_aims(design: Design, logit: Floats, at: float) -> bool:
    found = flagged(design, logit, at, at)
    for name, aim in AIMS.items():
        part, what = name.split(".")
        rows = design.set == part
        gold = design.label[rows] == 1
        if what == "precision" and figures.precision(found[rows], gold) < aim:
            return False
        if what == "false_positives" and figures.false_positive_rate(found[rows], gold) > aim:
            return False
    return True


def figures_of(design: Design, at: Thresholds, logits: Mapping[str, Floats]) -> list[Told]:
    """Every part under every way to leave something out."""
    found = []
    for left_out, logit in logits.items():
        clear = _clear(design, logit)
        parts: dict[str, npt.NDArray[np.bool_]] = {
            name: clear & (design.set == name)
            for name in ("threads", *np.unique(design.set[design.set != "threads"]))
        }
        if left_out != "set":
            parts |= {
                f"threads of {name}": clear & (design.set == "threads") & (design.source == name)
                for name in np.unique(design.source[design.set == "threads"])
            }
        for part, rows in parts.items():
            if rows.any():
                private = part.startswith("threads")
                limits = (at.floor, at.flag) if private else (at.floor_public, at.flag_public)
                found.append(_told((left_out, part), design, logit, rows, limits))
    return found


def _told(
    names: tuple[str, str],
    design: Design,
    logit: Floats,
    rows: Bools,
    limits: tuple[float, float],
) -> Told:
    gold, found = design.label[rows] == 1, flagged(design, logit, *limits)[rows]
    nothing = float("nan")
    return Told(
        *names,
        int(rows.sum()),
        figures.auc(logit[rows], gold),
        figures.precision(found, gold) if gold.any() and found.any() else nothing,
        figures.recall(found, gold) if gold.any() else nothing,
        figures.false_positive_rate(found, gold),
    )


def table(found: Iterable[Told]) -> str:
    """The rows as the page shows them."""
    return page.table(
        ("left out of the fit", "measured on", "cases", "AUC", "precision", "recall", "false positives"),
        [
            (one.left_out, one.part, one.cases, *(
                "" if value != value else f"{value:.3f}"  # noqa: PLR0124
                for value in (one.auc, one.precision, one.recall, one.false_positives)
            ))
            for one in found
        ],
    )  # fmt: skip


def write(found: Iterable[Told]) -> None:
    """Keeps the figures for the page."""
    head = "# Written by `python -m benchmarks.evaluation.fit --write`; do not edit.\n\n"
    blocks = [
        "[[figures]]\n"
        + "".join(
            f'{key} = "{value}"\n' if isinstance(value, str) else f"{key} = {round(value, 4)}\n"
            for key, value in asdict(one).items()
        )
        for one in found
    ]
    FILE.write_text(head + "\n".join(blocks), encoding="utf-8")


def kept() -> list[Told]:
    """The figures of the last fit."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Told(**row) for row in data["figures"]]
