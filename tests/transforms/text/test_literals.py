"""The search for a rule's words loses no text that the rule matches."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.text import hits, sentences
from transforms.text.lexicon import LANGUAGES, rules_of
from transforms.text.literals import needed_literals, searches


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (" call me ", {" call me "}),
        (" (?:call|ring) me ", {" call me ", " ring me "}),
        (" [wl]ove ", {" wove ", " love "}),
        (" (?:[^ ]+ )?discount(?:s)? ", {"discount ", "discounts "}),
        (r" \w+ing ", {"ing "}),
        (" (?:x|[^ ]+) ", None),
        (r" \p{L}+ shop ", None),
    ],
)
def test_what_every_match_holds(pattern: str, literals: set[str] | None) -> None:
    assert needed_literals(pattern) == literals


def test_texts_without_a_literal_are_no_candidates_and_patterns_without_one_try_all() -> None:
    found = searches([" call me ", " [^ ]+ "]).candidates(pl.Series([" call me ", " ¶ ", None]))

    assert {number: rows.to_list() for number, rows in found.items()} == {0: [0], 1: [0, 1, 2]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_match_of_any_rule_is_lost_on_all_examples(language: str) -> None:
    rules = rules_of(language)
    texts = [text for rule in rules for text in (*rule.examples, *rule.counter_examples)]
    words = sentences.tokenised(pl.Series(texts)).str.to_lowercase()
    patterns = [pattern for rule in rules for pattern in (rule.pattern, rule.exception) if pattern]

    found = searches(patterns).candidates(words)

    for number, pattern in enumerate(patterns):
        matched = words.str.contains(pattern).arg_true().to_list()
        rows = found[number].to_list() if number in found else []
        assert set(matched) <= set(rows), pattern


@pytest.mark.parametrize("language", LANGUAGES)
def test_hits_are_those_of_every_rule_tried_on_every_text(language: str) -> None:
    rules = rules_of(language)
    texts = [text for rule in rules for text in (*rule.examples, *rule.counter_examples)]
    words = sentences.tokenised(pl.Series(texts)).str.to_lowercase()
    frame = pl.DataFrame({"words": words}).with_row_index("text_id")

    found = hits.hits(frame.with_columns(language=pl.lit(language)))

    slow = {
        (row, rule.name)
        for rule in rules
        for row in (hits.fires(words, rule) > 0).arg_true().to_list()
    }
    assert set(found.select("text_id", "rule").iter_rows()) == slow
