"""The evaluation in CI: figures keep their lines, the sides of a pair are treated alike, and threads are read with care."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from benchmarks.evaluation import (
    agreement,
    fairness,
    figures,
    generalisation,
    gold,
    lines,
    page,
    sealed,
    split,
    talks,
    threads,
)
from benchmarks.evaluation.figures import Figure
from tests.shared_data import DATASETS, absent

DEVELOP = gold.FOLDER / "develop"
OWN = (
    "pitch",
    "sender",
    "innocent",
    "generic_compliment",
    "gives_help",
    "newsletter",
    "real_question",
)


def test_no_figure_of_our_own_threads_is_below_its_line() -> None:
    own, second = gold.load(DEVELOP), gold.load_readings(DEVELOP / "second")
    unscored = agreement.unscored(agreement.agreement(own, second))
    known = {n: line for n, line in lines.accepted().items() if n.split(".")[0] in OWN}
    assert len(known) > 20
    assert lines.below(threads.figures(own, second, unscored), known) == []


def test_no_figure_of_talks_is_below_its_line() -> None:
    if why := absent(DATASETS):
        pytest.skip(why)
    known = {
        n: line for n, line in lines.accepted().items() if n.startswith(("persuasion", "calls"))
    }
    assert lines.below([*talks.persuaders(), talks.one_way_calls()], known) == []


def test_who_says_the_same_is_treated_alike() -> None:
    groups = fairness.groups()
    assert len(groups) == 4
    assert [group for group in groups if not group.is_fair] == []


def test_a_line_is_two_errors_below_the_accepted_figure_and_gone_figures_are_told() -> None:
    known = {"a": Figure("a", 0.9, 0.02, 50), "b": Figure("b", 0.01, 0.005, 50, "low")}
    kept = [Figure("a", 0.861, 0, 50), Figure("b", 0.019, 0, 50, "low")]
    assert lines.below(kept, known) == []
    assert lines.below([Figure("a", 0.859, 0, 50), Figure("b", 0.021, 0, 50, "low")], known) == [
        "a is 0.8590, and its line is 0.8600",
        "b is 0.0210, and its line is 0.0200",
    ]
    assert lines.below(kept[:1], known) == ["b was accepted and is not measured any more"]


def test_the_table_of_the_readme_is_what_was_measured() -> None:
    readme = page.README.read_text(encoding="utf-8")
    rows = page.accuracy(lines.accepted(), generalisation.kept())
    assert page.with_accuracy(readme, rows) == readme, "run make evaluate"
    assert len(rows) == 11


def test_figures_of_hand_made_cases() -> None:
    found, gold_ = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)
    assert figures.precision(found, gold_) == figures.recall(found, gold_) == 0.5
    assert figures.auc(np.array([0.9, 0.8, 0.8, 0.1]), gold_) == 0.875
    assert isnan(figures.auc(np.array([1.0, 2.0]), np.array([True, True])))


def test_agreement_of_two_readers() -> None:
    own = gold.load(DEVELOP)[:40]
    same = {
        thread.id: gold.Reading(
            thread.me_me_me, tuple((m.labels, m.intent or "") for m in thread.messages if m.by_them)
        )
        for thread in own
    }
    assert agreement.agreement(own, same)["pitch"][0] == 1.0
    never = {
        key: replace(one, them=tuple((frozenset(), intent) for _, intent in one.them))
        for key, one in same.items()
    }
    assert agreement.unscored(agreement.agreement(own, never)) == [
        label for label, (alpha, _) in agreement.agreement(own, never).items() if alpha < 0.667
    ]
    assert agreement.agreement(own, never)["pitch"][0] < 0.1


def test_a_sender_stays_in_one_part_and_the_parts_are_about_half() -> None:
    names = [f"Person {n}" for n in range(400)]
    n_sealed = sum(split.part_of("a-1", name) == "sealed" for name in names)
    assert 160 < n_sealed < 240
    assert split.part_of("a-1", "Ana  Silva") == split.part_of("b-2", "ana silva")
    assert {split.part_of("g-1", name) for name in names} == {"sealed"}
    for thread in gold.load(DEVELOP):
        assert split.part_of(thread.id, thread.sender) == "develop"


def test_sealed_threads_of_a_writer_nobody_developed_on_are_measured_apart() -> None:
    developed = gold.load(DEVELOP)[:1]
    stranger = replace(developed[0], id="g-001")
    known = replace(developed[0], id=f"{developed[0].id}-again")
    parts = sealed.parts([stranger, known], developed)
    assert [list(part) for part in parts.values()] == [[known], [stranger]]


GOOD = """
[[threads]]
id = "t-1"
sender = "A"
owner = "B"
platform = "x"
language = "en"
me_me_me = "no"
messages = [
  { from = "them", at = 2025-01-01T10:00:00Z, text = "Hi", labels = [], intent = "social" },
  { from = "owner", at = 2025-01-01T11:00:00Z, text = "Hello" },
]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('me_me_me = "no"', "", "lacks me_me_me"),
        ("labels = [], ", "", "message 1 has no labels"),
        ("labels = []", 'labels = ["spam"]', "label is 'spam'"),
        ('intent = "social"', 'intent = "fun"', "intent is 'fun'"),
        ("2025-01-01T11", "2025-01-01T09", "not in the order of time"),
        ('text = "Hello"', 'text = "Hello", labels = []', "is the owner's and bears labels"),
        ("2025-01-01T10:00:00Z", "2025-01-01T10:00:00", "has to be a time in UTC"),
        ('platform = "x"', 'platform = "mail"', "platform is 'mail'"),
    ],
)
def test_a_thread_that_breaks_the_format_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    (tmp_path / "t.toml").write_text(GOOD, "utf-8")
    assert len(gold.load(tmp_path)) == 1
    (tmp_path / "t.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(gold.GoldError, match=told):
        gold.load(tmp_path)
