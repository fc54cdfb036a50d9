"""What a run loads when it first uses it, loaded while its server starts.

Rules, lexicons and numeric libraries take a run 1.5 s at its first message; the process would
only wait in that time.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl

from transforms import measure, tables
from transforms.intervals import beta_quantile
from transforms.text.tone import score_texts

_TEXT = "Hello, we help teams like yours. Would you be open to a short call next week?"


def warm_up() -> None:
    """Measure one invented message, and forget it."""
    score_texts([_TEXT])
    one = np.ones(1)
    beta_quantile(one, one, 0.5)
    message = {
        "message_id": "m", "conversation_id": "c", "platform": "linkedin", "kind": "dm", "sender_id": "p",
        "sent_at": datetime(2026, 1, 1, tzinfo=UTC), "text": _TEXT, "is_from_owner": False, "export_id": "e",
    }  # fmt: skip
    prepared = measure.prepare_messages(
        tables.MESSAGES.conform(pl.DataFrame([message])),
        tables.MESSAGE_RECIPIENTS.empty(),
        tables.PEOPLE.empty(),
        tables.CONNECTIONS.empty(),
    )
    tone = {"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
    measure.message_metrics(prepared, pl.DataFrame(schema=tone))
