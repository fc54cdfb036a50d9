"""What the pipeline makes of labelled threads: pitches by message, Me-Me-Me senders by advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from benchmarks.evaluation.figures import Figure, told
from benchmarks.evaluation.gold import Reading, Thread, verdicts
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


_PITCH = {"pitch", "unprompted"}


def messages_of(threads: Sequence[Thread], second: Mapping[str, Reading]) -> pl.DataFrame:
    """`judged` with what is compared: gold and again (the two readers), agreed, found, score.

    Where nobody read a thread again, the first reading counts alone.
    """
    rows = judged(threads)
    labels = _second_labels(threads, second)
    again = [
        labels.get((thread, position), frozenset(first))
        for thread, position, first in rows.select("thread_id", "position", "labels").iter_rows()
    ]
    has = pl.col("labels").list.contains
    return rows.with_columns(
        gold=has("pitch") & has("unprompted"),
        again=pl.Series([said >= _PITCH for said in again], dtype=pl.Boolean),
        again_labels=pl.Series([sorted(said) for said in again], dtype=pl.List(pl.String)),
        found=pl.col("is_unprompted_pitch").fill_null(value=False),
        score=pl.col("pitch_probability").fill_null(0.0)
        * pl.when(pl.col("is_prompted").fill_null(value=False)).then(0.5).otherwise(1.0),
        asks_really=pl.col("genuine_questions") > 0,
        person=pl.concat_str("owner", "sender", separator="|"),
    ).with_columns(agreed=pl.col("gold") == pl.col("again"))


def _second_labels(
    threads: Sequence[Thread], second: Mapping[str, Reading]
) -> dict[tuple[str, int], frozenset[str]]:
    found = {}
    for thread in threads:
        if reading := second.get(thread.id):
            theirs = [n for n, said in enumerate(thread.messages) if said.by_them]
            for position, (labels, _) in zip(theirs, reading.them, strict=True):
                found[thread.id, position] = labels
    return found


def senders_of(
    rows: pl.DataFrame, threads: Sequence[Thread], second: Mapping[str, Reading]
) -> pl.DataFrame:
    """One row per person of whom both readers say yes or no: gold, found (an accusing advice)."""
    first = verdicts(threads)
    again = verdicts(
        [
            replace(thread, me_me_me=second[thread.id].me_me_me) if thread.id in second else thread
            for thread in threads
        ]
    )
    people = rows.group_by("owner", "sender", maintain_order=True).agg(
        pl.col("person", "language_of_thread", "hard").first(),
        pl.col("thread_id").unique().sort(),
        pl.col("advice").unique().sort(),
        found=pl.col("advice").is_in(ACCUSING).fill_null(value=False).any(),
        score=pl.col("score").max(),
    )
    keys = list(people.select("owner", "sender").iter_rows())
    verdict = [first[key] if first[key] == again[key] else "unclear" for key in keys]
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


def figures(
    threads: Sequence[Thread], second: Mapping[str, Reading], unscored: Sequence[str] = ()
) -> list[Figure]:
    """All figures of these threads; labels in `unscored` (too little agreement) are left out.

    A message or sender on whom the readers differ is in no figure, but for `pitch.first` and
    `pitch.second`, which take all messages as one of them read them.
    """
    rows = messages_of(threads, second)
    found: list[Figure] = []
    if "pitch and unprompted" not in unscored:
        found += _by_language("pitch", rows.filter("agreed"), AIM_OF_MESSAGES)
        found += _figures("pitch.first", rows, (None, None))
        found += _figures("pitch.second", rows.with_columns(gold="again"), (None, None))
    if "me_me_me" not in unscored:
        people = senders_of(rows, threads, second)
        found += [*_by_language("sender", people, AIM_OF_SENDERS), *_accused(people)]
    for label, flag in FLAG_OF_LABEL.items():
        if label not in unscored:
            has = [pl.col(name).list.contains(label) for name in ("labels", "again_labels")]
            same = rows.filter(has[0] == has[1])
            gold = same["labels"].list.contains(label).to_numpy()
            flagged = same[flag].fill_null(value=False).to_numpy()
            found += told(label, flagged, gold, groups=same["person"].to_list())
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


def by_hard_kind(threads: Sequence[Thread], second: Mapping[str, Reading]) -> pl.DataFrame:
    """Per `hard` remark of a thread: messages right and wrong, and the sender. Develop part only."""
    rows = messages_of(threads, second)
    people = senders_of(rows, threads, second).select("person", "verdict", accused="found")
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
