"""How far two readers agree: Krippendorff's alpha per label, over what both have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import krippendorff
import numpy as np

from benchmarks.evaluation.gold import LABELS, Reading, Thread

SCORED_FROM = 0.667


def agreement(
    first: Sequence[Thread], second: Mapping[str, Reading]
) -> dict[str, tuple[float, int]]:
    """Label → (alpha, cases) of labels, intent, verdict and what is made of two labels.

    NaN where nothing varies. Raises ValueError where the second reader read another thread.
    """
    pairs = [(thread, second[thread.id]) for thread in first if thread.id in second]
    said = [
        (one.labels, one.intent, *other)
        for thread, again in pairs
        for one, other in zip((m for m in thread.messages if m.by_them), again.them, strict=True)
    ]
    read: dict[str, list[tuple[object, object]]] = {
        label: [(label in one, label in other) for one, _, other, _ in said] for label in LABELS
    }
    pitch = {"pitch", "unprompted"}
    read["pitch and unprompted"] = [(pitch <= one, pitch <= other) for one, _, other, _ in said]
    read["intent"] = [(one, other) for _, one, _, other in said]
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
