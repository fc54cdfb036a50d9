"""How often somebody speaks, and how long before somebody else does."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric


def _count(name: str, label: str, low: float, doc: str, source: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="count",
        kind="integer",
        low=low,
        grain="conversation",
        expr=pl.col(name),
        doc=doc,
        source=source,
    )


TURNS = (
    _count("messages", "Messages", 1, "Messages the person sent in the thread.", "definition"),
    _count(
        "utterances",
        "Utterances",
        1,
        "Messages of the person, those at most two minutes apart taken as one.",
        "evidence.md §3 B3",
    ),
    _count(
        "turns",
        "Turns",
        1,
        "Runs of the person's messages with nobody else's between them.",
        "evidence.md §1",
    ),
    _count(
        "longest_run",
        "Longest run",
        1,
        "Most utterances of the person in one turn.",
        "evidence.md §3 B3",
    ),
)
