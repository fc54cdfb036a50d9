"""On the sample, where what everybody did is known: the planted are found, the innocent are not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.warehouse import query
from transforms.sample import PLANTED, Planted

ACCUSING = {"unfollow", "unsubscribe", "mute"}

FOUND = """
    SELECT a.alias AS person_key, s.advice, s.state, s.me_score,
           coalesce((SELECT list(behaviour ORDER BY behaviour) FROM flags f
                     WHERE f.identity_id = p.identity_id), []) AS flags
    FROM person_aliases a
    JOIN people p USING (person_id)
    LEFT JOIN sender_metrics s ON s.identity_id = p.identity_id AND s.scope = 'all'
    WHERE a.kind = 'key'
"""


@pytest.fixture(scope="module")
def found(sample_database: Path) -> dict[str, dict]:
    return {row["person_key"]: row for row in query(sample_database, FOUND).iter_rows(named=True)}


def named(person: Planted) -> str:
    return f"{person.persona}-{person.name}"


INNOCENT = [p for p in PLANTED if p.innocent and p.persona != "anonymous"]
BUSY = [p for p in PLANTED if not p.innocent and p.persona not in {"anonymous", "sponsored"}]


@pytest.mark.parametrize("person", INNOCENT, ids=named)
def test_nobody_innocent_is_accused(person: Planted, found: dict[str, dict]) -> None:
    outcome = found[person.person_key]
    assert outcome["advice"] not in ACCUSING, f"{person.planted}: {outcome}"


@pytest.mark.parametrize("person", BUSY, ids=named)
def test_who_was_planted_is_found(person: Planted, found: dict[str, dict]) -> None:
    outcome = found[person.person_key]
    assert outcome["advice"] in person.advice, f"{person.planted}: {outcome}"


def test_good_company_is_thanked(found: dict[str, dict]) -> None:
    good = [p for p in PLANTED if p.persona in {"giver", "listener"}]
    assert len(good) >= 3
    assert {found[p.person_key]["advice"] for p in good} == {"thank"}


def test_anonymous_and_sponsored_senders_are_never_ranked(sample_database: Path) -> None:
    ranked = query(
        sample_database,
        "SELECT p.display_name FROM sender_metrics s JOIN people p USING (identity_id) "
        "WHERE s.rank IS NOT NULL",
    )["display_name"].to_list()
    hidden = {p.name for p in PLANTED if p.persona in {"anonymous", "sponsored"}}
    assert hidden
    assert not hidden & set(ranked)


def test_the_rows_of_a_score_add_up_to_it(sample_database: Path) -> None:
    off = query(
        sample_database,
        """
        SELECT s.identity_id, s.scope, s.me_score, sum(b.points) AS points
        FROM sender_metrics s JOIN sender_blocks b USING (identity_id, scope)
        WHERE s.me_score IS NOT NULL GROUP BY ALL
        HAVING abs(s.me_score - sum(b.points)) > 1e-6
        """,
    )
    assert off.is_empty(), off


def test_thin_evidence_has_facts_and_no_score(sample_database: Path) -> None:
    thin = query(
        sample_database,
        "SELECT state, me_score FROM sender_metrics WHERE messages + posts < 3",
    )
    assert thin.height > 20
    assert thin.filter(pl.col("me_score").is_not_null()).is_empty()
    assert "scored" not in thin["state"].to_list()
