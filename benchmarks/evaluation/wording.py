"""The words that the fit weighs: which they are, which texts have them, which are of a kind.

A word has the weight of its classes (`word_classes.toml`), the same in every language, and where
enough different people use it a deviation of its own. Words of the list `never` have no weight,
names and the small words of a language none of their own.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from benchmarks.evaluation.sample import Floats, Sample
from transforms.text.lexicon import LANGUAGES
from transforms.text.stopwords import STOP_WORDS

CLASSES = Path(__file__).with_name("word_classes.toml")
# A word of its own weight: used by so many sources (writers, sets) and people.
_SOURCES = 3
_PEOPLE = 8
_LEARNED_IN = ("en",)  # other languages have too few texts
_WORD = re.compile(r"[^\W\d_]|<|[?!]$|\.\.\.$")
_STARTS = frozenset((*'¶.!?…\n:;"“”()', "..."))
_A_NAME = 0.5  # of its places inside of a sentence with a capital
_ENOUGH = 3


class Vocabulary:
    """`keys`: (language, word); `classes`: which of `names` each is of, ±1; `own`: may deviate."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        data = tomllib.loads(CLASSES.read_text(encoding="utf-8"))
        never = set(data["never"].split())
        self.names = list(data["class"])
        of_class: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        for at, entry in enumerate(data["class"].values()):
            for language in LANGUAGES:
                for word in entry[language].split():
                    if word not in never:
                        of_class[language, word][at] = float(entry["sign"])
        # Who writes a language as a foreigner uses other articles, prepositions and auxiliaries.
        learned = _used_by_many(samples) - never - _names(samples) - STOP_WORDS["en"]
        own = {(language, word) for language in _LEARNED_IN for word in learned}
        self.keys = sorted(of_class.keys() | own)
        self.own = np.array([key in own for key in self.keys])
        self._at = {key: at for at, key in enumerate(self.keys)}
        places = [(self._at[k], c, sign) for k, of in of_class.items() for c, sign in of.items()]
        rows, columns, values = zip(*places, strict=True)
        self.classes = csr_matrix(
            (values, (rows, columns)), shape=(len(self.keys), len(self.names))
        )

    def found(self, sample: Sample) -> csr_matrix:
        """1 where a text of the sample has a word."""
        places = [
            (row, at)
            for row, (language, words) in enumerate(_texts(sample))
            for word in words
            if (at := self._at.get((language, word))) is not None
        ]
        rows, columns = zip(*places, strict=True) if places else ((), ())
        return csr_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(len(sample.tokens), len(self.keys))
        )


def _texts(sample: Sample) -> list[tuple[str, set[str]]]:
    return [
        (language, set((tokens or "").lower().split()))
        for language, tokens in zip(sample.language, sample.tokens, strict=True)
    ]


def _used_by_many(samples: Sequence[Sample]) -> set[str]:
    sources, people = defaultdict(set), defaultdict(set)
    for sample in samples:
        for (language, words), source, person in zip(
            _texts(sample), sample.source, sample.group, strict=True
        ):
            if language in _LEARNED_IN:
                for word in words:
                    sources[word].add(source)
                    people[word].add(person)
    return {
        word
        for word in sources
        if _WORD.match(word) and len(sources[word]) >= _SOURCES and len(people[word]) >= _PEOPLE
    }


def _names(samples: Sequence[Sample]) -> set[str]:
    """Words that mostly have a capital inside of a sentence, in texts that are not all capitals."""
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sample in samples:
        for tokens in sample.tokens:
            if not tokens or tokens.isupper():
                continue
            words = tokens.split(" ")
            for before, word in pairwise(words):
                if before and before not in _STARTS and word[:1].isalpha():
                    counts = seen[word.lower()]
                    counts[0] += 1
                    counts[1] += word[0].isupper() and not word.isupper()
    return {
        word for word, (all_, high) in seen.items() if all_ >= _ENOUGH and high > _A_NAME * all_
    }


def net(
    vocabulary: Vocabulary, classes: Floats, more: Floats, less: Floats
) -> npt.NDArray[np.float64]:
    """Weight of every word: that of its classes, and its own."""
    return np.asarray(vocabulary.classes @ classes + more - less)
