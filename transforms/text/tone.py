"""Tone words, as TextBlob counts them (English only; shown, never scored)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Protocol

Tone = tuple[float | None, float | None]


class _Score(Protocol):
    """What textblob returns: a pair that remembers the chunks it assessed."""

    assessments: list[tuple[list[str], float, float, str | None]]

    def __getitem__(self, index: int) -> float: ...


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
def _scorer() -> Callable[[str], _Score]:
    with _hidden(_NOT_NEEDED):
        from textblob.en import sentiment  # noqa: PLC0415
    return sentiment  # type: ignore[no-any-return]


def _tone(score: _Score) -> Tone:
    if not score.assessments:
        return None, None
    return float(score[0]), float(score[1])


def score_texts(texts: Sequence[str]) -> list[Tone]:
    """(polarity, subjectivity) of each text, the numbers of `TextBlob(text).sentiment`.

    (None, None) where TextBlob knows no word of it: its 0.0 says both that and "neutral".
    `TextBlob(text).sentiment` builds a blob and a named tuple type for each text; this calls what
    it calls, at twice the speed.
    """
    score = _scorer()
    return [_tone(score(text)) for text in texts]
