"""Tone words: exactly what TextBlob says, and nothing where it says nothing (evidence.md §10)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob

from tests.transforms.measuring import measure_texts
from transforms.text.tone import score_texts

# evidence.md §10, measured on TextBlob 0.20.1.
PUBLISHED = {
    "Not bad at all": (0.35, 0.67),
    "LOVE this!!!": (0.98, 0.60),
    "Sent from my new iPhone": (0.14, 0.45),
    "Unfortunately I lost my job and I am desperately looking for work.": (-0.55, 1.0),
    "Happy to introduce you to a designer, no strings attached": (0.8, 1.0),
}
UNKNOWN = (
    "Me me me. I, I, I. My book, my course",
    "😀😀",
    "Wir helfen Firmen beim Wachsen",
    "Ayudamos a empresas",
    "Nous aidons les entreprises",
    "",
    "12 345",
)
TEXTS = (
    *PUBLISHED,
    *UNKNOWN,
    "You made the right call",
    "Buy now! Limited offer: 50% discount...",
    "This is not very good, is it?",
    "Absolutely amazing, thank you so much :)",
    "It is extremely boring and awful.",
    "I love your work at <url>, it is a great read!",
    "Great\nGreat\nGREAT",
    "no new ideas, nothing interesting",
    "Your first email was a bit cold, but never mind.",
    "Sorry for the late reply; busy week.",
    "isn't it lovely",
    "don't worry, be happy",
    "The big red house is small.",
    "hardly surprising",
    "wow",
    "http://good.example is not read as good?",
    "e.g. a good U.S. company, Inc.",
    "Best, Maria",
)


@pytest.mark.parametrize(("text", "expected"), PUBLISHED.items())
def test_the_published_figures_hold(text: str, expected: tuple[float, float]) -> None:
    assert score_texts([text])[0] == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("text", TEXTS)
def test_the_numbers_are_those_of_textblob(text: str) -> None:
    polarity, subjectivity = score_texts([text])[0]
    blob = TextBlob(text).sentiment
    assert (polarity or 0.0, subjectivity or 0.0) == (blob.polarity, blob.subjectivity)


@pytest.mark.parametrize("text", UNKNOWN)
def test_where_it_knows_no_word_it_says_nothing(text: str) -> None:
    assert score_texts([text]) == [(None, None)]


def test_neutral_is_not_unknown() -> None:
    text = "A big second daily meeting"
    assert TextBlob(text).sentiment_assessments.assessments
    assert None not in score_texts([text])[0]
    assert score_texts(["The daily meeting"])[0] == (0.0, 0.0)


def test_each_text_by_itself_and_in_order() -> None:
    assert score_texts(TEXTS) == [score_texts([text])[0] for text in TEXTS]
    assert score_texts([]) == []


WORDS = st.sampled_from(
    ["good", "not", "very", "bad", "LOVE", "I", "isn't", "never", "amazing", "the", ":)", "!", "."]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS | st.text(max_size=8), max_size=12).map(" ".join))
def test_any_text_has_the_numbers_of_textblob(text: str) -> None:
    polarity, subjectivity = score_texts([text])[0]
    blob = TextBlob(text).sentiment_assessments
    if not blob.assessments:
        assert (polarity, subjectivity) == (None, None)
    else:
        assert (polarity, subjectivity) == (blob.polarity, blob.subjectivity)
        assert -1 <= polarity <= 1
        assert 0 <= subjectivity <= 1


def test_only_english_is_scored_and_only_after_cleaning() -> None:
    english, german, silent = measure_texts(
        [
            "I love the way you work with them\nSent from my new iPhone",
            "Das ist ein super Angebot und ich bin sehr happy damit",
            "We meet in the park at noon on Tuesday",
        ]
    )
    love = TextBlob("I love the way you work with them").sentiment
    assert (english["polarity"], english["subjectivity"]) == (love.polarity, love.subjectivity)
    assert (german["language"], german["polarity"], german["subjectivity"]) == ("de", None, None)
    assert (silent["language"], silent["polarity"], silent["subjectivity"]) == ("en", None, None)
