"""Tone words: exactly what TextBlob says, and nothing where it says nothing (evidence.md §10)."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob
from textblob.en import sentiment

from tests.shared_data import DATASETS, absent
from tests.transforms.measuring import measure_texts
from transforms.text import tone
from transforms.text.tone import Tone, score_texts

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


# What TextBlob's tokeniser treats in a way of its own, alone or beside something else.
PIECES = (
    *(
        "good",
        "not",
        "very",
        "bad",
        "LOVE",
        "isn't",
        "never",
        "amazing",
        "really",
        "no",
        "extremely",
    ),
    *(
        "the",
        "a",
        "D",
        "x",
        "3",
        "8",
        "s",
        "o",
        "O",
        "great.",
        "awful!!",
        "(good)",
        "[bad]",
        "not-good",
    ),
    *(
        ":)",
        "( ! )",
        "(!)",
        ": )",
        ":",
        "<",
        ")",
        "'",
        '"',
        "_",
        "*",
        ";",
        "=",
        "/",
        "\\",
        "♥",
        "°O°",
    ),
    *(
        "!",
        ".",
        "...",
        "e.g.",
        "U.S.",
        "Mr.",
        "it's",
        "'ll",
        "n't",
        "ain't",
        "’",
        "“",
        "-",
        "ß",
        "İ",
    ),
    *("\n\n", "\n", "\r\n", "\x1c", "\u2028", "\xa0", "END-OF-SENTENCE"),
)


def textblob_itself(text: str) -> Tone:
    blob = TextBlob(text).sentiment_assessments
    return (blob.polarity, blob.subjectivity) if blob.assessments else (None, None)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14), st.data())
def test_any_text_has_the_numbers_of_textblob(pieces: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(("", " "))).join(pieces)
    (found,) = score_texts([text])
    assert found == textblob_itself(text)
    assert found == (None, None) or (-1 <= found[0] <= 1 and 0 <= found[1] <= 1)


def test_many_texts_at_random_have_the_numbers_of_textblob() -> None:
    draw = random.Random(20261125)
    texts = [
        "".join(
            draw.choice(PIECES) + draw.choice(("", " ", " ")) for _ in range(draw.randint(1, 14))
        )
        for _ in range(40_000)
    ]
    different = [
        t for t, found in zip(texts, score_texts(texts), strict=True) if found != direct(t)
    ]
    assert different == []


def test_every_public_text_has_the_numbers_of_textblob() -> None:
    if reason := absent(DATASETS):
        pytest.skip(reason)
    texts = sorted({text for file in DATASETS.glob("*.gz") for text in texts_of(file)})
    assert len(texts) > 150_000
    different = [
        t for t, found in zip(texts, score_texts(texts), strict=True) if found != direct(t)
    ]
    assert different == []


def direct(text: str) -> Tone:
    """What TextBlob calls, at twice its speed: a blob builds a named tuple type for each text."""
    score = sentiment(text)
    return (score[0], score[1]) if score.assessments else (None, None)


def texts_of(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            if file.name.endswith(".jsonl.gz"):
                yield from strings_in(json.loads(line))
            elif line.startswith("# text = "):
                yield line.removeprefix("# text = ").rstrip("\n")


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_in(part)


def test_a_full_vocabulary_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tone._vocabulary.cache_clear()
    monkeypatch.setattr(tone._Vocabulary, "LIMIT", 3)
    assert score_texts(TEXTS) == [direct(text) for text in TEXTS]
    assert len(tone._vocabulary()) <= 3


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
