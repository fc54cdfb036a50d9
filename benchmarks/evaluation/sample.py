"""What the pitch model is fitted on: which rules fired, what surrounds a message, and the label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_matrix

from benchmarks.evaluation import known_groups
from benchmarks.evaluation.gold import Reading, Thread, writer_of
from benchmarks.evaluation.inboxes import by_owner, inbox_of
from transforms import measure, templates
from transforms.content import content_tables
from transforms.metrics.pitch import CALLED_FOR, CONTEXT, DOUBLINGS, RULED_OUT, TWO_CATEGORIES
from transforms.text import hits
from transforms.text.lexicon import LANGUAGES, Rule, rules_of
from transforms.text.pitch_model import pitch_model

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NO_TONE = {"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
_EVERY = 25  # of Switchboard's turns
_PITCH = {"pitch", "unprompted"}


def learnable() -> tuple[Rule, ...]:
    """The English rules that add to or take from the probability."""
    weighed = pitch_model().categories
    return tuple(rule for rule in rules_of("en") if rule.category in weighed)


@dataclass(frozen=True)
class Sample:
    """Texts of one set. `fired`: times each rule of `learnable` fired, as far as its cap counts it.

    `fixed`: points by category from rules of other languages; `label` is between 0 and 1 where
    two readers differ; `source`: who wrote it, a writer of threads or the set; `closed`: no
    pitch whatever the probability; `two`: of two categories; `tokens` in their own case, null
    in `language`s that are not supported.
    """

    name: str
    fired: csr_matrix
    fixed: Floats
    context: Floats
    doublings: Floats
    label: Floats
    group: Sequence[str]
    source: Sequence[str]
    closed: Bools
    two: Bools
    language: Sequence[str]
    tokens: Sequence[str | None]


def of_threads(threads: Iterable[Thread], second: Mapping[str, Reading]) -> Sample:
    """Every message of the other person in the threads."""
    said = {
        (thread.id, position): label
        for thread in threads
        for position, label in _labels(thread, second.get(thread.id))
    }
    parts = []
    for owned in by_owner(threads):
        inbox = inbox_of(owned)
        content, _ = content_tables(inbox.records, inbox.ledger, inbox.word)
        prepared = measure.prepare_messages(
            content["messages"],
            content["message_recipients"],
            content["people"],
            content["connections"],
        )
        assigned = templates.assign(prepared, content["people"], content["message_recipients"])
        prepared = templates.join_assigned(prepared, assigned, content["message_recipients"])
        rows, _ = measure.working_rows(prepared, pl.DataFrame(schema=_NO_TONE))
        parts.append(rows.select(_columns(rows)).join(inbox.facts, "message_id").drop("message_id"))
    frame = pl.concat(parts)
    label = [said[key] for key in frame.select("thread_id", "position").iter_rows()]
    people = (frame["owner"] + frame["sender"]).to_list()
    writers = [writer_of(thread) for thread in frame["thread_id"]]
    return _sample("threads", frame, np.array(label), people, writers)


def of_set(name: str) -> Sample:
    """A public set, its texts as posts."""
    texts = known_groups.SETS[name]()[:: _EVERY if name == "switchboard" else 1]
    prepared = known_groups.prepared([text for text, _ in texts])
    rows, _ = measure.working_rows(prepared, pl.DataFrame(schema=_NO_TONE))
    frame = rows.select(_columns(rows)).sort("post_id")
    label = np.array([float(yes) for _, yes in texts])
    return _sample(
        name, frame, label, [f"{name} {n}" for n in range(len(texts))], [name] * len(texts)
    )


def _columns(rows: pl.DataFrame) -> list[pl.Expr]:
    key = "post_id" if "post_id" in rows.columns else "message_id"
    return [
        pl.col(key, "clean", "language", "tokens"),
        DOUBLINGS.fill_null(0.0).alias("doublings"),
        (RULED_OUT | CALLED_FOR).fill_null(value=False).alias("closed"),
        TWO_CATEGORIES.fill_null(value=False).alias("two"),
        *(
            expr.cast(pl.Float64).fill_null(0.0).alias(f"context_{name}")
            for name, expr in CONTEXT.items()
        ),
    ]


def _labels(thread: Thread, reading: Reading | None) -> Iterable[tuple[int, float]]:
    theirs = [(n, said) for n, said in enumerate(thread.messages) if said.by_them]
    again = reading.them if reading else tuple((said.labels, said.intent) for _, said in theirs)
    for (position, said), (labels, _) in zip(theirs, again, strict=True):
        yield position, ((said.labels >= _PITCH) + (labels >= _PITCH)) / 2


def _sample(
    name: str, frame: pl.DataFrame, label: Floats, group: Sequence[str], source: Sequence[str]
) -> Sample:
    texts = frame.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("text_id"),
        "language",
        words=pl.col("tokens").str.to_lowercase(),
    ).filter(pl.col("language").is_in(LANGUAGES))
    found = hits.hits(texts)
    rules = learnable()
    number = {rule.name: at for at, rule in enumerate(rules)}
    weights = pl.DataFrame({"rule": [r.name for r in rules], "weight": [r.weight for r in rules]})
    english = found.filter(language="en").join(weights, "rule")
    fired = csr_matrix(
        (
            (english["points"] / english["weight"]).fill_nan(1.0).to_numpy(),  # 0 of weight 0
            (english["text_id"].to_numpy(), [number[rule] for rule in english["rule"]]),
        ),
        shape=(frame.height, len(rules)),
    )
    categories = list(pitch_model().categories)
    fixed = np.zeros((frame.height, len(categories)))
    for text, category, points in (
        found.filter(pl.col("language") != "en", pl.col("category").is_in(categories))
        .select("text_id", "category", "points")
        .iter_rows()
    ):
        fixed[text, categories.index(category)] += points
    context = frame.select(f"context_{name}" for name in CONTEXT).to_numpy()
    known = pl.col("language").is_in(LANGUAGES)
    return Sample(
        name=name,
        fired=fired,
        fixed=fixed,
        context=context,
        doublings=frame["doublings"].to_numpy(),
        label=label,
        group=group,
        source=source,
        closed=frame["closed"].to_numpy(),
        two=frame["two"].to_numpy(),
        language=frame["language"].fill_null("").to_list(),
        tokens=frame.select(pl.when(known).then("tokens"))["tokens"].to_list(),
    )
