"""How far two readers agree: Krippendorff's alpha per label, over what both have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import krippendorff
import numpy as np

from benchmarks.evaluation.gold import LABELS, Thread

SCORED_FROM = 0.667


def agreement(
    first: Sequence[Thread], second: Mapping[str, Thread]
) -> dict[str, tuple[float, int]]:
    """Label → (alpha, cases) of every label, of the intent and of the verdict; NaN: never differs."""
    pairs = [(thread, second[thread.id]) for thread in first if thread.id in second]
    said = [
        (one, other)
        for thread, again in pairs
        for one, other in zip(thread.messages, again.messages, strict=True)
        if one.by_them
    ]
    read = {
        label: [(label in one.labels, label in other.labels) for one, other in said]
        for label in LABELS
    }
    read["intent"] = [(one.intent, other.intent) for one, other in said]
    read["me_me_me"] = [(thread.me_me_me, again.me_me_me) for thread, again in pairs]
    return {name: (_alpha(values), len(values)) for name, values in read.items()}


def _alpha(pairs: Sequence[tuple[object, object]]) -> float:
    names = sorted({str(value) for pair in pairs for value in pair})
    if len(names) < 2:
        return float("nan")
    codes = np.array([[names.index(str(value)) for value in pair] for pair in pairs], dtype=float)
    return float(krippendorff.alpha(reliability_data=codes.T, level_of_measurement="nominal"))


def unscored(alphas: Mapping[str, tuple[float, int]]) -> list[str]:
    """Labels below .667."""
    return [name for name, (alpha, _) in alphas.items() if alpha < SCORED_FROM]
