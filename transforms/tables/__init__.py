"""The published tables: grain, key and described columns, in the order they are built.

What users and their SQL rely on. Each is declared once, in one of three files by what it is about.
"""

from __future__ import annotations

from transforms.spec import Table
from transforms.tables.compared import ADVICE_CHANGES
from transforms.tables.content import (
    CONNECTIONS,
    CONVERSATIONS,
    INTERACTIONS,
    MESSAGE_RECIPIENTS,
    MESSAGES,
    PEOPLE,
    PERSON_ALIASES,
    POSTS,
)
from transforms.tables.ingested import EXPORT_MEMBERS, EXPORTS, REJECTS, RUNS
from transforms.tables.measured import (
    ADVICE,
    BLOCKS,
    CLUSTERS,
    CONVERSATION_METRICS,
    FLAGS,
    MESSAGE_METRICS,
    METRIC_CATALOGUE,
    POST_METRICS,
    SENDER_BLOCKS,
    SENDER_METRICS,
    SENDER_MONTHLY,
    SENDER_WEEKLY,
    STATES,
    TEMPLATE_MEMBERS,
    TEMPLATES,
)
from transforms.tables.own import OWN_WORDS, THRESHOLDS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RUNS,
        ADVICE_CHANGES,
        EXPORTS,
        EXPORT_MEMBERS,
        REJECTS,
        PEOPLE,
        PERSON_ALIASES,
        CONNECTIONS,
        CONVERSATIONS,
        MESSAGES,
        MESSAGE_RECIPIENTS,
        INTERACTIONS,
        POSTS,
        MESSAGE_METRICS,
        POST_METRICS,
        CONVERSATION_METRICS,
        SENDER_METRICS,
        SENDER_BLOCKS,
        SENDER_WEEKLY,
        SENDER_MONTHLY,
        FLAGS,
        TEMPLATES,
        TEMPLATE_MEMBERS,
        CLUSTERS,
        OWN_WORDS,
        THRESHOLDS,
        METRIC_CATALOGUE,
    )
}

# What a run says of itself and of the run before: not built from the records.
OF_THE_RUN = frozenset((RUNS.name, ADVICE_CHANGES.name))

__all__ = [
    "ADVICE",
    "ADVICE_CHANGES",
    "BLOCKS",
    "CLUSTERS",
    "CONNECTIONS",
    "CONVERSATIONS",
    "CONVERSATION_METRICS",
    "EXPORTS",
    "EXPORT_MEMBERS",
    "FLAGS",
    "INTERACTIONS",
    "MESSAGES",
    "MESSAGE_METRICS",
    "MESSAGE_RECIPIENTS",
    "METRIC_CATALOGUE",
    "OF_THE_RUN",
    "OWN_WORDS",
    "PEOPLE",
    "PERSON_ALIASES",
    "POSTS",
    "POST_METRICS",
    "REJECTS",
    "RUNS",
    "SENDER_BLOCKS",
    "SENDER_METRICS",
    "SENDER_MONTHLY",
    "SENDER_WEEKLY",
    "STATES",
    "TABLES",
    "TEMPLATES",
    "TEMPLATE_MEMBERS",
    "THRESHOLDS",
]
