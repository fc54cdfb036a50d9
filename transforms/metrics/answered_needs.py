"""Helping."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric


def _count(name: str, label: str, doc: str, source: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="count",
        kind="integer",
        low=0,
        grain="conversation",
        expr=pl.col(name),
        doc=doc,
        source=source,
    )


NEEDS = (
    _count(
        "helps",
        "Help given",
        "Utterances that give help, an introduction or a resource and pitch nothing.",
        "evidence.md §8 G1",
    ),
    _count(
        "needs_heard",
        "Needs heard",
        "Turns of others that state a need and that the person answered.",
        "evidence.md §8 G3",
    ),
    _count(
        "needs_answered",
        "Needs answered",
        "Of those, how many the person answered with help.",
        "evidence.md §8 G3",
    ),
)
