"""What the pipeline makes of labelled threads: pitches by message, Me-Me-Me senders by advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from benchmarks.evaluation.figures import Figure, told
from benchmarks.evaluation.gold import Thread, verdicts
from benchmarks.evaluation.inboxes import ACCUSING, judged

AIM_OF_MESSAGES = (0.95, 0.85)
AIM_OF_SENDERS = (0.90, 0.80)
# Label → what the pipeline says; None where no column of a message says the same.
FLAG_OF_LABEL = {
    "generic_compliment": "generic_compliment",
    "gives_help": "gives_help",
    "newsletter": "is_newsletter",
    "real_question": "asks_really",
}
_LEAST = 8  # of both kinds, or a part has no figures of its own


def messages_of(threads: Sequence[Thread]) -> pl.DataFrame:
    """`judged` with the labels as columns and what is compared with them."""
    rows = judged(threads)
    has = pl.col("labels").list.contains
    return rows.with_columns(
        gold=has("pitch") & has("unprompted") & ~has("requested"),
        found=pl.col("is_unprompted_pitch").fill_null(value=False),
        score=pl.col("pitch_probability").fill_null(0.0)
        * pl.when(pl.col("is_prompted").fill_null(value=False)).then(0.5).otherwise(1.0),
        asks_really=pl.col("genuine_questions") > 0,
        person=pl.concat_str("owner", "sender", separator="|"),
        part=pl.col("language_of_thread"),
    )


def senders_of(rows: pl.DataFrame, threads: Sequence[Thread]) -> pl.DataFrame:
    """One row per person with a clear verdict: gold, found (an accusing advice), score."""
    said = verdicts(threads)
    people = rows.group_by("owner", "sender", maintain_order=True).agg(
        pl.col("person", "language_of_thread", "hard").first(),
        pl.col("thread_id").unique().sort(),
        pl.col("advice").unique().sort(),
        found=pl.col("advice").is_in(ACCUSING).fill_null(value=False).any(),
        score=pl.col("score").max(),
    )
    verdict = [said[person] for person in people.select("owner", "sender").iter_rows()]
    return (
        people.with_columns(verdict=pl.Series(verdict, dtype=pl.String))
        .filter(pl.col("verdict") != "unclear")
        .with_columns(gold=pl.col("verdict") == "yes")
    )


def _figures(
    name: str, rows: pl.DataFrame, aims: tuple[float | None, float | None]
) -> list[Figure]:
    return told(
        name,
        rows["found"].to_numpy(),
        rows["gold"].to_numpy(),
        score=rows["score"].to_numpy().astype(np.float64),
        groups=rows["person"].to_list(),
        aims=aims,
    )


def figures(threads: Sequence[Thread], unscored: Sequence[str] = ()) -> list[Figure]:
    """All figures of these threads; labels in `unscored` (too little agreement) are left out."""
    rows = messages_of(threads)
    found: list[Figure] = []
    if not {"pitch", "unprompted"} & set(unscored):
        found += _by_language("pitch", rows, AIM_OF_MESSAGES)
    if "me_me_me" not in unscored:
        people = senders_of(rows, threads)
        found += [*_by_language("sender", people, AIM_OF_SENDERS), *_accused(people)]
    for label, flag in FLAG_OF_LABEL.items():
        if label not in unscored:
            gold = rows["labels"].list.contains(label).to_numpy()
            flagged = rows[flag].fill_null(value=False).to_numpy()
            found += told(label, flagged, gold, groups=rows["person"].to_list())
    return found


def _by_language(
    name: str, rows: pl.DataFrame, aims: tuple[float | None, float | None]
) -> list[Figure]:
    found = _figures(name, rows, aims)
    for (language,), part in rows.group_by("language_of_thread", maintain_order=True):
        if _LEAST <= part["gold"].sum() <= part.height - _LEAST:
            found += _figures(f"{name}.{language}", part, (None, None))
    return found


def _accused(people: pl.DataFrame) -> Iterator[Figure]:
    innocent = people.filter(~pl.col("gold"))
    hard = innocent.filter(pl.col("hard").is_not_null())
    for name, part in (("innocent", innocent), ("innocent.hard", hard)):
        if part.height:
            rate = float(part["found"].mean())  # type: ignore[arg-type]
            error = (rate * (1 - rate) / part.height) ** 0.5
            yield Figure(f"{name}.accused", rate, error, part.height, "low", 0.0)


def by_hard_kind(threads: Sequence[Thread]) -> pl.DataFrame:
    """Per `hard` remark of a thread: messages right and wrong, and the sender. Develop part only."""
    rows = messages_of(threads)
    people = senders_of(rows, threads).select("person", "verdict", accused="found")
    return (
        rows.filter(pl.col("hard").is_not_null())
        .group_by("person", "language_of_thread", "hard", maintain_order=True)
        .agg(
            messages=pl.len(),
            pitches=pl.col("gold").sum(),
            found=(pl.col("gold") & pl.col("found")).sum(),
            wrongly=(~pl.col("gold") & pl.col("found")).sum(),
        )
        .join(people, "person", "left", maintain_order="left")
        .sort("language_of_thread", "hard")
    )
