"""Ranked people from the published database, without a word anybody wrote."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows import warehouse

_RANKING = """
SELECT position, name, platforms, messages, advice, advice_reason, state,
       round(me_score, 1) AS me_score, flags
FROM leaderboard
ORDER BY position
LIMIT $most
"""


def ranking(database: Path, *, limit: int) -> pl.DataFrame:
    """The first people of the leaderboard with what is advised and why."""
    return warehouse.query(database, _RANKING, {"most": limit})
