"""Figures with their uncertainty: precision, recall, F1, area under the ROC curve, rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_DRAWS = 200
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `better`: high or low; `aim` is what the specification wishes for."""

    name: str
    value: float
    error: float
    cases: int
    better: str = "high"
    aim: float | None = None

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, from the standard error."""
        return self.value - 1.96 * self.error, self.value + 1.96 * self.error

    def shown(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} ({max(low, 0):.3f} to {high:.3f})"


def auc(score: Floats, gold: Bools) -> float:
    """Area under the ROC curve; ties count half. NaN where one class is missing."""
    positives = int(gold.sum())
    negatives = gold.size - positives
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(score)[gold].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def precision(found: Bools, gold: Bools) -> float:
    return float((found & gold).sum() / max(found.sum(), 1))


def recall(found: Bools, gold: Bools) -> float:
    return float((found & gold).sum() / max(gold.sum(), 1))


def f1(found: Bools, gold: Bools) -> float:
    return float(2 * (found & gold).sum() / max(found.sum() + gold.sum(), 1))


def false_positive_rate(found: Bools, gold: Bools) -> float:
    return float((found & ~gold).sum() / max((~gold).sum(), 1))


def drawn(
    statistic: Callable[..., float],
    *columns: npt.NDArray[np.generic],
    groups: Sequence[object] | None = None,
) -> tuple[float, float]:
    """The statistic of the columns, and its standard error over draws of whole groups."""
    value = statistic(*columns)
    _, group = np.unique(
        np.arange(columns[0].size) if groups is None else [str(one) for one in groups],
        return_inverse=True,
    )
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    members = np.split(order, starts[1:])
    random = np.random.default_rng(_SEED)
    values = []
    for _ in range(_DRAWS):
        rows = np.concatenate(
            [members[n] for n in random.integers(len(members), size=len(members))]
        )
        values.append(statistic(*(column[rows] for column in columns)))
    return value, float(np.nanstd(values))


def told(
    name: str,
    found: Bools,
    gold: Bools,
    *,
    score: Floats | None = None,
    groups: Sequence[object] | None = None,
    aims: tuple[float | None, float | None] = (None, None),
) -> list[Figure]:
    """Precision, recall, F1 and, with a score, AUC of one yes-or-no question."""
    asked = {"precision": (precision, aims[0]), "recall": (recall, aims[1]), "f1": (f1, None)}
    figures = [
        Figure(f"{name}.{what}", *drawn(statistic, found, gold, groups=groups), gold.size, aim=aim)
        for what, (statistic, aim) in asked.items()
    ]
    if score is not None and 0 < gold.sum() < gold.size:
        figures.append(Figure(f"{name}.auc", *drawn(auc, score, gold, groups=groups), gold.size))
    return figures
