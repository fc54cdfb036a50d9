"""A user's own words: rules like the built-in ones, from the phrase to the metric and its span."""

from __future__ import annotations

from math import exp

import pytest

from tests.transforms.measuring import Row, Said, measure_threads
from transforms.text.lexicon import CATEGORIES, LANGUAGES
from transforms.text.own_words import own_rules, own_words, version_of
from transforms.text.pitch_model import pitch_model


def measured(text: str, words: dict[str, dict[str, list[str]]], **more: object) -> Row:
    return measure_threads([(Said(text, **more),)], own_rules=own_rules(words))[0][0]  # type: ignore[arg-type]


def fired(row: Row, text: str) -> set[tuple[str, str]]:
    return {(span["rule"], text[span["start"] : span["stop"]]) for span in row["spans"]}


def test_phrases_are_taken_literally_as_whole_words() -> None:
    words = {"en": {"urgency": ["act fast (really)", "10% off?"]}}
    for text, said in {
        "Please ACT fast (really) now, will you": True,
        "You get 20% off? Not from them, I think": True,
        "You should act fast, really": False,
        "She is acting fast (really) and well": False,
    }.items():
        assert any(rule == "own.urgency" for rule, _ in fired(measured(text, words), text)) is said


def test_an_own_pitch_word_makes_a_pitch_and_shows_where() -> None:
    text = "Hi Owen, do come to our Glimmerfest in June, the garden is lovely then."
    assert not measured(text, {})["is_pitch"]
    words = {"en": {"pitch": ["glimmerfest"]}}
    row = measured(text, words)
    assert row["is_pitch"]
    assert row["is_unprompted_pitch"]
    assert ("own.pitch", "Glimmerfest") in fired(row, text)
    before = measured(text, {})["pitch_points"]
    assert row["pitch_points"] == pytest.approx(before + own_rules(words)[0].weight)


def test_an_own_pitch_word_is_by_itself_enough_whatever_the_model_was_fitted_to() -> None:
    model, weight = pitch_model(), own_rules({"en": {"pitch": ["glimmerfest"]}})[0].weight
    chances = [1 / (1 + exp(-(model.intercept + points))) for points in (weight - 0.1, weight)]
    assert chances[0] < model.flag <= chances[1]


def test_what_is_fine_is_never_a_pitch() -> None:
    text = (
        "We help companies grow. Book a free demo of our platform at the Friday standup: "
        "https://calendly.com/maria/15min, 50% off, only today!"
    )
    assert measured(text, {})["is_pitch"]
    row = measured(text, {"en": {"fine": ["Friday standup"]}})
    assert not row["is_pitch"]
    assert not row["is_unprompted_pitch"]
    assert row["pitch_probability"] < 0.05
    assert ("own.fine", "Friday standup") in fired(row, text)


def test_own_help_and_own_praise_count_as_the_built_in_do() -> None:
    text = "I put the spare keys of the workshop under the blue pot, it is all yours."
    assert not measured(text, {})["gives_help"]
    assert measured(text, {"en": {"help": ["it is all yours"]}})["gives_help"]
    text = "Your garden is the fifth element, I say. Greetings to all of you over there."
    assert not measured(text, {})["generic_compliment"]
    assert measured(text, {"en": {"compliment": ["the fifth element"]}})["generic_compliment"]


def test_a_question_with_an_own_pitch_word_is_a_hook() -> None:
    text = "Hello there. Where did your people learn how to run a kombucha circle?"
    assert measured(text, {})["genuine_questions"] == 1
    assert measured(text, {"en": {"pitch": ["kombucha circle"]}})["genuine_questions"] == 0


def test_words_of_one_language_are_not_looked_for_in_another() -> None:
    text = "Das Wetter ist hier nicht so schön, aber das Glimmerfest ist auch nicht mehr sehr weit."
    assert not measured(text, {"en": {"pitch": ["glimmerfest"]}})["is_pitch"]
    assert measured(text, {"any": {"pitch": ["glimmerfest"]}})["is_pitch"]


def test_every_category_can_be_a_users_own() -> None:
    rules = own_rules({"any": {category: ["glimmerfest"] for category in CATEGORIES}})
    assert len(rules) == len(CATEGORIES) * len(LANGUAGES)
    assert all(rule.name == f"own.{rule.category}" for rule in rules)


def test_the_table_lists_what_was_said() -> None:
    words = {
        "any": {"pitch": ["Glimmerfest"]},
        "en": {"pitch": ["quick sync"], "fine": ["standup"]},
    }
    table = own_words(own_rules(words))
    assert table.filter(language="en").select("category", "phrase", "rule").rows() == [
        ("fine", "standup", "own.fine"),
        ("pitch", "Glimmerfest", "own.pitch"),
        ("pitch", "quick sync", "own.pitch"),
    ]
    assert own_words(()).is_empty()


def test_the_version_follows_every_word() -> None:
    first = own_rules({"en": {"pitch": ["quick sync"]}})
    assert version_of(first) == version_of(own_rules({"en": {"pitch": ["quick sync"]}}))
    for other in (
        {"en": {"pitch": ["quick sink"]}},
        {"de": {"pitch": ["quick sync"]}},
        {"en": {"fine": ["quick sync"]}},
        {},
    ):
        assert version_of(own_rules(other)) != version_of(first)
