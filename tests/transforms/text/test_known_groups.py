"""One model for all sets: what metrics.md asks of the labelled public texts, and the hit table."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks import hit_table, known_groups
from tests.shared_data import DATASETS, absent
from transforms.text.lexicon import LANGUAGES, rules_of


@cache
def result(name: str) -> known_groups.Result:
    if why := absent(DATASETS):
        pytest.skip(why)
    return known_groups.evaluate(name)


@pytest.mark.parametrize(
    ("name", "auc", "precision", "recall", "false_positives"),
    [
        ("youtube_comments", 0.97, 0.97, 0.70, 1.0),
        ("sms", 0.985, 0.0, 0.80, 0.005),
        ("x_posts", 0.90, 0.0, 0.0, 1.0),
    ],
)
def test_advertising_is_told_from_talk(
    name: str, auc: float, precision: float, recall: float, false_positives: float
) -> None:
    found = result(name)
    assert found.auc is not None
    assert found.precision is not None
    assert found.recall is not None
    assert round(found.auc, 3) >= auc
    assert found.precision >= precision
    assert found.recall >= recall
    assert found.false_positive_rate <= false_positives


@pytest.mark.parametrize("name", ["switchboard", "en_ewt_email"])
def test_nobody_advertises_on_the_telephone_or_at_work(name: str) -> None:
    assert round(result(name).false_positive_rate, 3) <= 0.002


def test_every_rule_has_a_row_and_earns_it() -> None:
    if why := absent(DATASETS):
        pytest.skip(why)
    rows, found = hit_table.table()
    assert [row["rule"] for row in rows] == [
        rule.key for language in LANGUAGES for rule in rules_of(language)
    ]
    assert hit_table.problems(rows, found) == []
    assert hit_table.TABLE.read_text(encoding="utf-8") == hit_table.render(rows), (
        "benchmarks/hit_table.csv is out of date: run python benchmarks/hit_table.py"
    )


def test_dead_wrong_and_duplicate_rules_are_told() -> None:
    def row(rule: str, hit: int, counter: int) -> dict[str, object]:
        return {
            "rule": rule,
            "category": "price",
            "examples_hit": hit,
            "counter_examples_hit": counter,
        }

    rows = [row("en.a", 1, 0), row("en.b", 1, 0), row("en.c", 0, 0), row("en.d", 1, 1)]
    texts = tuple(range(5))
    assert hit_table.problems(rows, {"en.a": texts, "en.b": texts, "en.c": (), "en.d": ()}) == [
        "en.c is dead",
        "en.d fires on a counter-example",
        "en.b finds exactly what en.a finds",
    ]
