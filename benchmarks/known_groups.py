"""How well one model tells advertising in public sets nobody tuned it on one by one.

    python benchmarks/known_groups.py

Prints, per set, the area under the ROC curve of `pitch_probability`, and precision, recall and
false-positive rate of `is_pitch`. Every text is measured as a public post: no thread, no context.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from transforms import measure, tables

DATASETS = Path(__file__).parents[1] / ".." / "shared" / "datasets"
_PROMOTION = {"promo", "lead_gen", "affiliate"}
_SCAM = {"scam", "spam", "phishing", "impersonation", "ai_slop"}
_NO_TONE = {"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}


@dataclass(frozen=True)
class Result:
    """Figures of one set; auc, precision and recall are None where nobody advertises."""

    texts: int
    positives: int
    auc: float | None
    precision: float | None
    recall: float | None
    false_positive_rate: float


def rows_of(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATASETS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _sentences(genre: str) -> list[str]:
    with gzip.open(DATASETS / f"en_ewt_{genre}.conllu.gz", "rt", encoding="utf-8") as file:
        return [line[9:].strip() for line in file if line.startswith("# text = ")]


def _x_posts() -> list[tuple[str, bool]]:
    labelled = [(row["text"], set(row["labels"])) for row in rows_of("x_posts")]
    return [(t, bool(of & _PROMOTION)) for t, of in labelled if of & _PROMOTION or not of & _SCAM]


SETS: Mapping[str, Callable[[], list[tuple[str, bool]]]] = {
    "youtube_comments": lambda: [(r["text"], r["promo"] == 1) for r in rows_of("youtube_comments")],
    "sms": lambda: [(r["text"], r["spam"] == 1) for r in rows_of("sms")],
    "x_posts": _x_posts,
    "switchboard": lambda: [
        (turn["text"], False) for call in rows_of("switchboard") for turn in call["turns"]
    ],
    "en_ewt_email": lambda: [(text, False) for text in _sentences("email")],
}


def _measured(texts: list[str]) -> pl.DataFrame:
    n = len(texts)
    posts = pl.DataFrame(
        {
            "post_id": [f"{i:08}" for i in range(n)],
            "platform": ["x"] * n,
            "kind": ["post"] * n,
            "author_id": ["author"] * n,
            "posted_at": [dt.datetime(2025, 1, 1, tzinfo=dt.UTC)] * n,
            "text": texts,
            "export_id": ["e"] * n,
        }
    )
    missing = [name for name in tables.POSTS.schema if name not in posts.columns]
    posts = posts.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    prepared = measure.prepare_posts(posts, tables.PEOPLE.empty())
    # The sets are English; their shortest texts are too short to tell.
    prepared = prepared.with_columns(
        language=pl.when(pl.col("clean").is_not_null()).then(pl.lit("en"))
    )
    return measure.post_metrics(prepared, pl.DataFrame(schema=_NO_TONE)).select(
        pl.col("pitch_probability").fill_null(0.0), pl.col("is_pitch").fill_null(value=False)
    )


def evaluate(name: str) -> Result:
    texts, labels = zip(*SETS[name](), strict=True)
    frame = _measured(list(texts)).with_columns(pl.Series("label", labels))
    positives = int(frame["label"].sum())
    negatives = frame.height - positives
    flagged = frame.filter("is_pitch")
    right = int(flagged["label"].sum())
    auc = None
    if positives:
        ranks = frame.with_columns(rank=pl.col("pitch_probability").rank("average"))
        rank_sum = ranks.filter("label")["rank"].sum()
        auc = (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)
    return Result(
        texts=frame.height,
        positives=positives,
        auc=auc,
        precision=right / flagged.height if positives and flagged.height else None,
        recall=right / positives if positives else None,
        false_positive_rate=(flagged.height - right) / negatives,
    )


def _shown(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.3f}"


def main() -> int:
    print(f"{'set':18s}{'texts':>8s}{'adverts':>9s}   AUC  precision  recall  false positives")
    for name in SETS:
        r = evaluate(name)
        print(
            f"{name:18s}{r.texts:8d}{r.positives:9d}{_shown(r.auc)}   {_shown(r.precision)}   "
            f"{_shown(r.recall)}   {100 * r.false_positive_rate:8.3f} %"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
