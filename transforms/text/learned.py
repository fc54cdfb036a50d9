"""Weights that were fitted on labelled texts: `pitch_weights.toml`, read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Learned:
    """Log-odds by rule key (`en.name`) and by context, the intercept, per doubling of length; thresholds."""

    intercept: float
    length_weight: float
    floor: float
    flag: float
    floor_public: float
    flag_public: float
    context: Mapping[str, float]
    rules: Mapping[str, float]


@cache
def weights() -> Learned | None:
    """The fitted weights; None where there are none, and those by hand count."""
    path = resources.files("transforms.text") / "pitch_weights.toml"
    if not path.is_file():
        return None
    return Learned(**tomllib.loads(path.read_text(encoding="utf-8")))
