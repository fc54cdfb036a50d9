"""Who is looking for what, and who has it: direction × object."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric
from transforms.text.lexicon import OBJECTS

_WORDING = {
    "clients": "clients, customers or projects",
    "talent": "people to hire",
    "job": "a job",
    "partner": "a partner or collaborator",
    "investor": "investment or funding",
    "advice": "advice or feedback",
    "intro": "an introduction to somebody",
}


def _metric(direction: str, what: str) -> Metric:
    return Metric(
        name=f"{direction}_{what}",
        label=f"{direction.capitalize()} {_WORDING[what]}",
        unit="",
        kind="boolean",
        grain="message",
        null_when=NO_TEXT,
        expr=pl.col(f"says_{direction}_{what}"),
        doc=f"Says that the writer {direction} {_WORDING[what]}.",
        source="evidence.md §9",
    )


SEEKING = tuple(_metric(direction, what) for direction in ("seeks", "offers") for what in OBJECTS)
