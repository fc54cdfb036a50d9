"""Content words: what a text is about."""

from __future__ import annotations

import polars as pl
import pytest

from tests.transforms.measuring import tokens
from transforms.text import cleaning
from transforms.text.content import content_words, jaccard
from transforms.text.stopwords import STOP_WORDS


def words_of(*texts: str | None, language: str | None = "en") -> list[list[int] | None]:
    return content_words(
        pl.DataFrame(
            {
                "language": [language] * len(texts),
                "words": [None if text is None else tokens(text) for text in texts],
            },
            schema={"language": pl.String, "words": pl.String},
        )
    ).to_list()


def slow_words(text: str, language: str) -> set[str]:
    kept = set()
    for word in tokens(text).split():
        is_word = any(c.isalpha() for c in word) and len(word) > 1 and not word.startswith("<")
        if is_word and word not in STOP_WORDS[language]:
            kept.add(word)
    return kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bees and the hives are in the garden", {"bees", "hives", "garden"}),
        ("Bees, bees – and BEES…", {"bees"}),
        ("What is it? ... I am!", set()),
        ("See https://bees.example and write to bees@bees.example for $40", {"see", "write"}),
        ("“Bees” • honey — wax\nwax » 😀", {"bees", "honey", "wax"}),
    ],
)
def test_content_words_are_words_that_say_something(text: str, expected: set[str]) -> None:
    assert slow_words(text, "en") == expected
    (found,) = words_of(text)
    assert found == words_of(" ".join(["the", *sorted(expected)]))[0]
    assert len(found or ()) == len(expected)


def test_each_language_has_its_own_small_words() -> None:
    assert words_of("die bees", language="de") == words_of("bees", language="de")
    assert words_of("die bees") != words_of("bees")
    # With no supported language a word on any list is none.
    assert words_of("die the bees", language=None) == words_of("bees", language=None)


def test_numbers_are_content_although_their_placeholder_is_none() -> None:
    texts = ["40 chairs for 12 May", "the 12 of them"]
    found = content_words(
        pl.DataFrame(
            {"language": ["en", "en"], "words": [tokens(text) for text in texts]}
        ).with_columns(cleaning.clean_with_numbers(pl.Series(texts))["numbers"])
    ).to_list()
    assert [len(words) for words in found] == [3, 1]
    assert set(found[1]) < set(found[0])


def test_no_text_is_null_and_no_word_is_empty() -> None:
    assert words_of(None, "...", "the") == [None, [], []]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("bees hives garden", "bees garden honey", 0.5),
        ("bees", "bees", 1.0),
        ("bees", "honey", 0.0),
        ("the", "honey", 0.0),
        ("the", "of", None),
        (None, "honey", None),
    ],
)
def test_jaccard_is_the_share_that_both_have(
    left: str | None, right: str, expected: float | None
) -> None:
    frame = pl.DataFrame(
        {"left": words_of(left), "right": words_of(right)},
        schema={"left": pl.List(pl.UInt64), "right": pl.List(pl.UInt64)},
    )
    assert frame.select(jaccard(pl.col("left"), pl.col("right"))).item() == expected
