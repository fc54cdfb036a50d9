"""The coefficients that turn words and their surroundings into the probability of a pitch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from transforms.errors import DeclarationError
from transforms.text import learned
from transforms.text.lexicon import CATEGORIES


@dataclass(frozen=True, slots=True)
class Weighted:
    """The most log-odds that a category adds (sign 1) or takes away (sign -1)."""

    cap: float
    sign: int


@dataclass(frozen=True, slots=True)
class PitchModel:
    """`text/pitch_model.toml`, read and checked."""

    version: int
    intercept: float
    floor: float
    flag: float
    floor_public: float
    flag_public: float
    contact_cap: float
    length_weight: float
    categories: Mapping[str, Weighted]
    context: Mapping[str, float]
    context_labels: Mapping[str, str]


@cache
def pitch_model() -> PitchModel:
    """The one model, for every language and platform: what was fitted goes before what is written."""
    written, fitted = hand_model(), learned.weights()
    if fitted is None:
        return written
    return replace(
        written,
        intercept=fitted.intercept,
        length_weight=fitted.length_weight,
        floor=fitted.floor,
        flag=fitted.flag,
        floor_public=fitted.floor_public,
        flag_public=fitted.flag_public,
        context={**written.context, **fitted.context},
    )


@cache
def hand_model() -> PitchModel:
    """`pitch_model.toml` alone."""
    path = resources.files("transforms.text") / "pitch_model.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = sorted(set(data["categories"]) - set(CATEGORIES))
    if unknown:
        raise DeclarationError(
            f"pitch_model.toml weighs unknown categories: {', '.join(unknown)}",
            hint="known ones are in transforms/text/lexicon.py",
        )
    return PitchModel(
        version=data["version"],
        intercept=data["intercept"],
        floor=data["floor"],
        flag=data["flag"],
        floor_public=data["floor_public"],
        flag_public=data["flag_public"],
        contact_cap=data["contact_cap"],
        length_weight=data["length_weight"],
        categories={
            name: Weighted(float(entry["cap"]), int(entry.get("sign", 1)))
            for name, entry in data["categories"].items()
        },
        context={name: float(entry["points"]) for name, entry in data["context"].items()},
        context_labels={name: entry["label"] for name, entry in data["context"].items()},
    )
