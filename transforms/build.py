"""From everything ever read to every published table: the one path all runs take.

Pure: frames in, frames out. What the records do not hold comes in as an argument: the run's
own row, the user's word (owner, verdicts, joined people) and the tone scorer, which flows
runs on all cores with a cache and tests run in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from transforms import (
    catalogue,
    measure,
    measure_conversations,
    parts,
    score,
    tables,
    templates,
)
from transforms.advice import thresholds
from transforms.content import Records, Word, content_tables, verdicts_at
from transforms.errors import Problem
from transforms.reconcile import Ledger
from transforms.text.own_words import own_rules, own_words, version_of

# Begins to score these texts, and gives what calls for the scores: the loop over texts is Python's
# and leaves a core to the columns meanwhile, where it runs in another process.
ToneScorer = Callable[[pl.Series], Callable[[], pl.DataFrame]]

# Measures threads, or gives what was measured before: gets conversation_id and inputs of every
# thread (`parts.inputs_of_threads`), a version of what counts beside these, the messages'
# threads, and what measures the threads it is given.
Measure = Callable[[pl.DataFrame], pl.DataFrame]
Keeper = Callable[[pl.DataFrame, str, pl.DataFrame, Measure], pl.DataFrame]


def keep_nothing(
    inputs: pl.DataFrame, version: str, messages: pl.DataFrame, measured: Measure
) -> pl.DataFrame:
    """Everything measured anew."""
    del version, messages
    return measured(inputs)


@dataclass(frozen=True)
class Built:
    """Every published table but those of the run itself, by name, and the problems that were survived."""

    tables: dict[str, pl.DataFrame]
    problems: tuple[Problem, ...]


def build(
    records: Records,
    ledger: Ledger,
    *,
    tone: ToneScorer,
    word: Word | None = None,
    keeper: Keeper = keep_nothing,
    on_stage: Callable[[str], None] = lambda _: None,
) -> Built:
    """All tables from all records. The same records in any order give the same tables."""
    word = word or Word()
    on_stage("people and threads")
    content, problems = content_tables(records, ledger, word)
    del records  # the largest of all, where the caller let go of them, too
    on_stage("message metrics")
    prepared = measure.prepare_messages(
        content["messages"],
        content["message_recipients"],
        content["people"],
        content["connections"],
    )
    prepared_posts = measure.prepare_posts(content["posts"], content["people"])
    scores = tone(measure.texts_for_tone(prepared, prepared_posts))
    on_stage("templates")
    assigned = templates.assign(prepared, content["people"], content["message_recipients"])
    prepared = templates.join_assigned(prepared, assigned, content["message_recipients"])
    prepared_posts = templates.join_assigned_posts(
        prepared_posts, templates.assign_posts(prepared_posts)
    )
    on_stage("tone")
    scored = scores()
    on_stage("pitch and context")
    own = own_rules(word.words)
    message_metrics = keeper(
        parts.inputs_of_threads(prepared),
        version_of(own),
        prepared.select("message_id", "conversation_id"),
        lambda some: measure.message_metrics(
            prepared.join(some, "conversation_id", "semi"), scored, own
        ),
    )
    content["message_metrics"] = message_metrics
    content["post_metrics"] = measure.post_metrics(prepared_posts, scored, own)
    prepared = prepared.drop("tokens", "content")  # as large as the texts; nothing reads them now
    content["conversation_metrics"] = measure_conversations.conversation_metrics(
        prepared, message_metrics, content["conversations"]
    )
    content["templates"], content["template_members"] = templates.describe(
        assigned, prepared, message_metrics, content["message_recipients"]
    )
    on_stage("scores")
    content |= score.score_senders(
        content, prepared, verdicts_at(word, content), thresholds=word.thresholds
    )
    content["own_words"] = own_words(own)
    content["thresholds"] = thresholds(word.thresholds)
    content["metric_catalogue"] = catalogue.metric_catalogue()
    built = {name: content[name] for name in tables.TABLES if name not in tables.OF_THE_RUN}
    return Built(built, problems)
