"""What the scores compare with, read once from `reference.toml`: priors, ranges, caps, thresholds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from transforms.errors import DeclarationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One behaviour of the score: the most points it can give (negative for an offset)."""

    name: str
    cap: float
    index: Literal["pitch", "self_focus", "none"]
    source: str
    cap_inbox: float | None = None

    @property
    def is_offset(self) -> bool:
        return self.cap < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to see a block: its prior, and the rates at which it is empty and full."""

    name: str
    block: str
    family: Literal["beta", "gamma"]
    mu: float
    s: float
    lo: float
    hi: float
    minimum: float

    def __post_init__(self) -> None:
        if not (self.lo < self.hi and self.s > 0 and self.mu >= 0):
            raise DeclarationError(
                f"variant {self.name!r} has lo {self.lo}, hi {self.hi}, s {self.s}, mu {self.mu}",
                hint="transforms/reference.toml needs lo < hi, s > 0 and mu >= 0",
            )


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole of `reference.toml`. Thresholds are read as `reference["threads"]["share_words"]`."""

    version: str
    blocks: Mapping[str, Block]
    variants: Mapping[str, Variant]
    thresholds: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.thresholds[section]


def read_reference(text: str) -> Reference:
    """The reference a TOML text describes. Raises DeclarationError where it contradicts itself."""
    raw = tomllib.loads(text)
    blocks = {name: Block(name=name, **values) for name, values in raw.pop("blocks").items()}
    variants = {name: Variant(name=name, **values) for name, values in raw.pop("variants").items()}
    lost = sorted({variant.block for variant in variants.values()} - blocks.keys())
    if lost:
        raise DeclarationError(
            f"variants name a block {lost[0]!r} that is not declared",
            hint=f"transforms/reference.toml declares {', '.join(blocks)}",
        )
    return Reference(
        raw.pop("version"),
        MappingProxyType(blocks),
        MappingProxyType(variants),
        MappingProxyType(raw),
    )


# What a user may set otherwise, in mememeter.toml.
OF_THE_USER = (
    "unfollow_score",
    "unfollow_flags",
    "watch_score",
    "newsletters",
    "follow_ups",
    "kept_pitching",
)

REFERENCE = read_reference(files("transforms").joinpath("reference.toml").read_text("utf-8"))
