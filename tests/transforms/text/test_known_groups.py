"""One model for all sets: what metrics.md asks of the labelled public texts, and the hit table."""

from __future__ import annotations

import pytest

from benchmarks.evaluation import hit_table, known_groups, lines
from tests.shared_data import DATASETS, absent
from transforms.text.lexicon import LANGUAGES, rules_of


@pytest.mark.parametrize("name", known_groups.SETS)
def test_every_figure_of_a_public_set_reaches_its_line_and_its_aim(name: str) -> None:
    if why := absent(DATASETS):
        pytest.skip(why)
    known = {key: line for key, line in lines.accepted().items() if key.startswith(f"{name}.")}
    assert known
    found = known_groups.evaluate(name)
    assert lines.below(found, known) == []
    aims = {figure.name: figure for figure in found if figure.aim is not None}
    assert aims.keys() == {key for key in known_groups.AIMS if key.startswith(f"{name}.")}
    for figure in aims.values():
        reached = figure.value - known_groups.AIMS[figure.name]
        assert (reached <= 0) if figure.better == "low" else (reached >= 0), figure


def test_every_rule_has_a_row_and_earns_it() -> None:
    if why := absent(DATASETS):
        pytest.skip(why)
    rows, found = hit_table.table()
    assert [row["rule"] for row in rows] == [
        rule.key for language in LANGUAGES for rule in rules_of(language)
    ]
    assert hit_table.problems(rows, found) == []
    assert hit_table.TABLE.read_text(encoding="utf-8") == hit_table.render(rows), (
        "benchmarks/evaluation/hit_table.csv is out of date: run make evaluate"
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
