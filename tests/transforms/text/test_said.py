"""What people say in each language (`said_*.toml`): the categories of sentences, accents or none,
those they do not say although the words are alike, and strangers' first messages, pitches and
innocents alike."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.evaluation import figures
from tests.transforms.measuring import measure_texts
from transforms.text import cleaning, hits, sentences

FILES = {
    path.stem.removeprefix("said_"): tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("said_*.toml"))
}
SAID = [
    (language, category, sentence)
    for language, file in FILES.items()
    for category, those in file["says"].items()
    for sentence in those
]
NOT_SAID = [
    (language, category, sentence)
    for language, file in FILES.items()
    for category, those in file.get("never", {}).items()
    for sentence in those
]
FIRST_MESSAGES = [
    (language, kind == "pitches", text)
    for language, file in FILES.items()
    for kind, texts in file["first_messages"].items()
    for text in texts
]


def bare(text: str) -> str:
    """The text without its accents, as typed in haste."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def categories(language: str) -> dict[str, set[str]]:
    """Each sentence of the language's file, with accents and without → the categories it says."""
    said = {sentence for known, _, sentence in SAID + NOT_SAID if known == language}
    texts = sorted(said | {bare(sentence) for sentence in said})
    clean = cleaning.clean(pl.Series("text", texts, dtype=pl.String))
    found = hits.hits(
        pl.DataFrame(
            {
                "text_id": pl.int_range(len(texts), dtype=pl.UInt32, eager=True),
                "language": [language] * len(texts),
                "words": sentences.tokenised(clean).str.to_lowercase(),
            }
        )
    )
    by_text: dict[str, set[str]] = {text: set() for text in texts}
    for number, category in found.select("text_id", "category").rows():
        by_text[texts[number]].add(category)
    return by_text


@pytest.mark.parametrize(("language", "category", "sentence"), SAID)
def test_a_sentence_says_its_category(language: str, category: str, sentence: str) -> None:
    assert category in categories(language)[sentence]


@pytest.mark.parametrize(("language", "category", "sentence"), SAID)
def test_a_sentence_says_it_without_accents_too(
    language: str, category: str, sentence: str
) -> None:
    assert category in categories(language)[bare(sentence)]


@pytest.mark.parametrize(("language", "category", "sentence"), NOT_SAID)
def test_a_sentence_does_not_say_what_it_resembles(
    language: str, category: str, sentence: str
) -> None:
    assert category not in categories(language)[sentence]


@pytest.mark.parametrize("language", sorted({language for language, _, _ in FIRST_MESSAGES}))
def test_strangers_who_pitch_are_told_from_those_who_do_not(language: str) -> None:
    """By all of a language and not text by text: weights and thresholds are fitted anew now and then,
    and each time a text or two near the threshold changes sides."""
    said = [(pitches, text) for known, pitches, text in FIRST_MESSAGES if known == language]
    rows = measure_texts([text for _, text in said], language=language)
    pitches = np.array([pitches for pitches, _ in said])
    found = np.array([row["is_pitch"] for row in rows])
    assert figures.auc(np.array([row["pitch_probability"] for row in rows]), pitches) >= 0.99
    assert figures.precision(found, pitches) >= 0.95
    assert figures.recall(found, pitches) >= 0.85
