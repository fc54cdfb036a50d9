"""Tone words, as TextBlob counts them (English only; shown, never scored).

`TextBlob(text).sentiment` spends nine tenths of its time on cutting texts into words and on words
it does not know. Its tokeniser looks at one word at a time, but for emoticons and "(!)" with
blanks inside; so each distinct word is cut by it once, and its scorer is given those words of a
text that can make a difference to it. The numbers are its own, to the last bit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cache
from types import ModuleType
from typing import Protocol

import polars as pl

_LONGEST = 50_000  # characters; LinkedIn's messages end at 8,000, posts of X at 25,000

Tone = tuple[float | None, float | None]


class _Score(Protocol):
    """What textblob returns: a pair that remembers the chunks it assessed."""

    assessments: list[tuple[list[str], float, float, str | None]]

    def __getitem__(self, index: int) -> float: ...


class _Sentiment(Protocol):
    """The parts of `textblob.en.sentiment` that are used: tokeniser, lexicon and scorer in one."""

    tokenizer: Callable[[str], list[str]]
    negations: tuple[str, ...]

    def __contains__(self, word: str) -> bool: ...

    def __call__(self, words: str | list[str]) -> _Score: ...


# textblob imports nltk, and nltk imports scipy.stats and sklearn when it can find them, for
# classifiers that are not used here: 4 of 5 seconds of start-up (nltk 3.10, 2026-11). A None in
# sys.modules makes that import fail, which nltk expects.
_NOT_NEEDED = ("scipy.stats", "scipy", "sklearn", "sklearn.feature_extraction")


@contextmanager
def _hidden(names: Sequence[str]) -> Iterator[None]:
    hidden = [name for name in names if name not in sys.modules]
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    for name in hidden:
        modules[name] = None
    try:
        yield
    finally:
        for name in hidden:
            if modules.get(name, name) is None:
                del modules[name]


@cache
def _scorer() -> _Sentiment:
    """TextBlob's scorer with its lexicon loaded, so that a look-up need not ask whether it is."""
    with _hidden(_NOT_NEEDED):
        from textblob.en import Sentiment, sentiment  # noqa: PLC0415

    class Loaded(Sentiment):  # type: ignore[misc]
        __contains__ = dict.__contains__
        __getitem__ = dict.__getitem__

    sentiment("loads the lexicon")
    scorer = copy(sentiment)
    scorer.__class__ = Loaded
    return scorer  # type: ignore[no-any-return]


@cache
def _signs() -> frozenset[str]:
    """What is no word and is counted all the same: emoticons, and irony as "(!)"."""
    with _hidden(_NOT_NEEDED):
        from textblob._text import EMOTICONS  # noqa: PLC0415
    return frozenset({"(!)"}.union(*EMOTICONS.values()))


@cache
def _words_of_weight() -> frozenset[str]:
    """Tokens outside of the lexicon that make a difference."""
    return frozenset({"!", *_scorer().negations, *(sign.lower() for sign in _signs())})


# Does the scorer still remember a negation ("not a good") or a modifier ("really is good") after
# the word? SETS: it may have begun to; KEEPS: if it did before; ENDS: no.
_SETS, _KEEPS, _ENDS = range(3)


class _Vocabulary(dict[str, tuple[tuple[str, ...], int]]):
    """Word, as it stands between blanks → TextBlob's tokens of it, and their effect."""

    LIMIT = 200_000  # about 40 MB

    def __missing__(self, word: str) -> tuple[tuple[str, ...], int]:
        if len(self) >= self.LIMIT:
            self.clear()
        scorer = _scorer()
        tokens = tuple(" ".join(scorer.tokenizer(word)).lower().split())
        if any(token in scorer or token in _words_of_weight() for token in tokens):
            effect = _SETS
        elif tokens and len(tokens[0]) > 2 and len(tokens[0].strip("'")) > 1:  # noqa: PLR2004  as TextBlob has it
            effect = _ENDS
        else:
            effect = _KEEPS
        self[word] = tokens, effect
        return self[word]


@cache
def _vocabulary() -> _Vocabulary:
    return _Vocabulary()


# What TextBlob's tokeniser writes between paragraphs, and takes out again wherever it stands.
_END_OF_SENTENCE = "END-OF-SENTENCE"


@cache
def _across_words() -> str:
    """A pattern for every text in which TextBlob may see a sign whose parts are apart."""

    def apart(sign: str) -> str:
        ends = r"(?:$|[^\p{L}\p{N}]|n't)" if sign[-1].isalnum() else ""
        # Four separators are white space to Python and not to Rust.
        return r"[\s\x1C-\x1F]*".join(re.escape(part) for part in sign) + ends

    return "|".join((_END_OF_SENTENCE, *map(apart, sorted(_signs()))))


def _words(text: str) -> list[str]:
    """The tokens of a text that its score depends on."""
    known = _vocabulary()
    words: list[str] = []
    remembers = False
    for word in text.split():
        tokens, effect = known[word]
        if effect == _SETS:
            words += tokens
            remembers = True
        elif remembers:
            words += tokens
            remembers = effect == _KEEPS
    return words


def _tone(words: str | list[str]) -> Tone:
    if not words:
        return None, None
    score = _scorer()(words)
    if not score.assessments:
        return None, None
    return float(score[0]), float(score[1])


def score_texts(texts: Sequence[str]) -> list[Tone]:
    """(polarity, subjectivity) of each text, the numbers of `TextBlob(text).sentiment`.

    (None, None) where TextBlob knows no word of it: its 0.0 says both that and "neutral". Of a very
    long text its beginning counts: TextBlob takes time by the square of it.
    """
    texts = [text[:_LONGEST] for text in texts]
    is_whole = pl.Series(texts, dtype=pl.String).str.contains(_across_words())
    return [
        _tone(text if whole else _words(text)) for text, whole in zip(texts, is_whole, strict=True)
    ]
