"""Fast columnar counts against slow, obvious ones, on texts nobody thought of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.measuring import Row, measure_texts

# Texts of plain tokens, so that the oracle need not know how to clean: cleaning has its own tests.
FIRST = ("I", "me", "my", "mine", "myself", "I'm", "I've", "I'd", "I'll", "im", "ive")
PLURAL = ("we", "us", "our", "ours", "ourselves", "We're", "we've", "WE")
SECOND = ("you", "Your", "yours", "you're", "you've", "u", "yourself")
OTHERS = (
    "the", "garden", "mime", "usual", "your's", "ID", "it", "wet", "youth", "him", "Tuesday",
    "hour", "well-known", "ours-ish", "music", "Café", "naïve", "he's", "o'clock", "über",
)  # fmt: skip
ENDS = (".", "!", "?", "...", "?!", ",", ";", "\n")
SILENT = ("😀", "https://example.org/me/my?i=us", "me@example.org", "@you_and_me", "42")

words = st.sampled_from((*FIRST, *PLURAL, *SECOND, *OTHERS))
tokens = st.lists(words | st.sampled_from(ENDS) | st.sampled_from(SILENT), max_size=25)
ANCHOR = "they said that this is what it was and that it is the one for them"


def _said(parts: list[str]) -> list[str]:
    return [part for part in parts if part not in ENDS and part not in SILENT]


def slow_counts(parts: list[str]) -> Row:
    said = _said(parts)
    return {
        "n_words": len(said),
        "first_person_singular": sum(word in FIRST for word in said),
        "first_person_plural": sum(word in PLURAL for word in said),
        "second_person": sum(word in SECOND for word in said),
        "questions": slow_questions(" ".join(parts)),
        "contact_count": sum(part.startswith("https") or "@ex" in part for part in parts),
    }


def slow_questions(text: str) -> int:
    """Runs of question and exclamation marks that begin with a question mark."""
    for silent in SILENT:
        text = text.replace(silent, "" if silent == "😀" else "x")
    count, inside = 0, False
    for character in text:
        if character == "?" and not inside:
            count, inside = count + 1, True
        elif character not in "?! ":
            inside = False
    return count


@settings(max_examples=8, deadline=None)
@given(st.lists(tokens, min_size=1, max_size=30))
def test_words_pronouns_and_questions_are_counted_like_by_hand(texts: list[list[str]]) -> None:
    # The anchor makes the language plain and adds 15 words and no pronoun of the three kinds.
    rows = measure_texts(f"{' '.join(parts)}\n{ANCHOR}" for parts in texts)
    expected = [slow_counts(parts) for parts in texts]
    for each in expected:
        each["n_words"] += len(ANCHOR.split())
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected


def slow_sentences(text: str) -> int:
    return sum(bool(re.search(r"\w", part)) for part in re.split(r"[.!?\n]", text))


@settings(max_examples=8, deadline=None)
@given(st.lists(tokens, min_size=1, max_size=30))
def test_sentences_are_counted_like_by_hand(texts: list[list[str]]) -> None:
    dressed = [f"{' '.join(p for p in parts if p not in SILENT)}\n{ANCHOR}" for parts in texts]
    assert [row["n_sentences"] for row in measure_texts(dressed)] == [
        slow_sentences(text) for text in dressed
    ]


COUNTRY = (
    "They met us in the US.",
    "US! US! US!",
    "THE US TEAM MET US",
    "us and US and Us",
    "The US, said US voters, is US.",
    "HE TOLD US. They left the US",
)


def slow_us(text: str) -> int:
    """evidence.md §2, A1: US counts only where more than 80 % of the sentence's letters are capitals."""
    count = 0
    for sentence in re.split(r"[.!?\n]", text):
        letters = [c for c in sentence if c.isalpha()]
        capital = sum(c.isupper() for c in letters) > 0.8 * len(letters)
        for word in re.findall(r"\w+", sentence):
            count += word in ("us", "Us") or (word == "US" and capital)
    return count


@pytest.mark.parametrize("text", COUNTRY)
def test_the_country_is_told_from_the_pronoun_like_by_hand(text: str) -> None:
    row = measure_texts([text], language="en")[0]
    assert row["first_person_plural"] == slow_us(text)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["us", "US", "Us", "THE", "the", "MET", "met", "VOTERS", ".", "!"]),
            min_size=1,
            max_size=12,
        ).map(" ".join),
        min_size=1,
        max_size=12,
    )
)
def test_the_country_is_told_in_any_sentence(texts: list[str]) -> None:
    rows = measure_texts(f"{text}\n{ANCHOR}" for text in texts)
    assert [row["first_person_plural"] for row in rows] == [slow_us(text) for text in texts]
