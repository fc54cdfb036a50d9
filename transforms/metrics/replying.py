"""Answering questions."""

from __future__ import annotations

import polars as pl

from transforms.intervals import wilson
from transforms.reference import REFERENCE
from transforms.spec import Metric

_DAYS = REFERENCE["threads"]["reply_days"]
_NONE = f"nobody asked the person anything there more than {_DAYS} days before the newest message"
_ENDS = wilson(pl.col("questions_answered"), pl.col("questions_received"))


def _rate(name: str, label: str, expr: pl.Expr, doc: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="share",
        low=0,
        high=1,
        grain="conversation",
        null_when=_NONE,
        expr=expr,
        doc=doc,
        source="evidence.md §3 B9; Wilson 1927",
    )


def _count(name: str, label: str, doc: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="count",
        kind="integer",
        low=0,
        grain="conversation",
        expr=pl.col(name),
        doc=doc,
        source="evidence.md §3 B9",
    )


COUNTS = (
    _count(
        "questions_received",
        "Questions received",
        f"Turns of the other in a thread of two that really ask something and pitch nothing; those unanswered for less than {_DAYS} days are left out.",
    ),
    _count(
        "questions_answered",
        "Questions answered",
        f"Of those, how many the person answered within {_DAYS} days.",
    ),
)
RATES = (
    _rate(
        "reply_rate",
        "Reply rate",
        pl.when(pl.col("questions_received") > 0).then(
            pl.col("questions_answered") / pl.col("questions_received")
        ),
        "Questions answered out of questions received.",
    ),
    _rate("reply_rate_low", "Reply rate, lower end", _ENDS[0], "Lower end of its 90 % interval."),
    _rate("reply_rate_high", "Reply rate, upper end", _ENDS[1], "Upper end of its 90 % interval."),
)
REPLY_HOURS = Metric(
    name="reply_hours",
    label="Hours to reply",
    unit="hours",
    low=0,
    grain="conversation",
    null_when="less than half of the questions were answered in what the exports cover",
    expr=pl.col("reply_hours"),
    doc="Hours by which half of the questions are answered, those still open counted as open (Kaplan-Meier).",
    source="evidence.md §3 B9; Kaplan & Meier 1958",
)
