"""The user's own words: phrases from mememeter.toml, checked, and made rules like the built-in ones.

A phrase is taken literally: as whole words, in small or capital letters, in every message of its
language. Its category is one of the lexicons' (`lexicon.CATEGORIES`), or one that only users fill:

    pitch   sells, to this user: by itself it is enough to call a message a pitch, unless what
            surrounds it speaks against one; it counts as a category of its own
    fine    never a pitch: a message that says it is not called one, whatever else it says
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, log

import polars as pl

from transforms.tables import OWN_WORDS
from transforms.text import cleaning, sentences
from transforms.text.lexicon import LANGUAGES, Rule
from transforms.text.pitch_model import pitch_model

EVERY_LANGUAGE = "any"
PREFIX = "own."
LEAST_LETTERS = 3

# Log-odds of a pitch; a built-in rule of ordinary weight has about 1. That of `pitch` is the model's.
_WEIGHTS = {"fine": 20.0, "newsletter": 2.0}
_ORDINARY = 1.0
_MATCHES_THAT_COUNT = {"pitch": 1.5, "fine": 1.0}
_ORDINARILY_COUNTED = 2.0
_PLACEHOLDER = re.compile(r"<\w+>")

Words = Mapping[str, Mapping[str, Sequence[str]]]


def as_read(phrases: Iterable[str]) -> list[str]:
    """Each phrase in the form that rules are matched against; "" where nothing is left of it."""
    clean = cleaning.clean(pl.Series("phrase", list(phrases), dtype=pl.String))
    read = sentences.tokenised(clean).str.to_lowercase().str.strip_chars(" ¶")
    return read.fill_null("").to_list()


def problems(phrases: Sequence[str]) -> list[str | None]:
    """For each phrase what is wrong with it, if anything is."""
    return [
        "it is empty"
        if not phrase.strip()
        else "it is too short"
        if sum(map(str.isalpha, _PLACEHOLDER.sub("", read))) < LEAST_LETTERS
        else None
        for phrase, read in zip(phrases, as_read(phrases), strict=True)
    ]


def own_rules(words: Words) -> tuple[Rule, ...]:
    """The rules of language → category → phrases; those of the language `any` in each language.

    One rule per language and category, `own.<category>`.
    """
    said: dict[tuple[str, str], list[str]] = {}
    for language, categories in words.items():
        for one in LANGUAGES if language == EVERY_LANGUAGE else (language,):
            for category, phrases in categories.items():
                said.setdefault((one, category), []).extend(phrases)
    rules = []
    for (language, category), phrases in sorted(said.items()):
        weight = _weight_of_pitch() if category == "pitch" else _WEIGHTS.get(category, _ORDINARY)
        distinct = tuple(dict.fromkeys(phrases))
        read = dict.fromkeys(as_read(distinct))
        rules.append(
            Rule(
                name=PREFIX + category,
                language=language,
                category=category,
                patterns=tuple(re.escape(phrase).replace(r"\ ", " ") for phrase in read),
                weight=weight,
                cap=weight * _MATCHES_THAT_COUNT.get(category, _ORDINARILY_COUNTED),
                examples=distinct,
            )
        )
    return tuple(rules)


def _weight_of_pitch() -> float:
    """What a message that says nothing else lacks to be called a pitch, in tenths, rounded up.

    Taken from the model, so that a new fit of its thresholds does not take a user's word away.
    """
    model = pitch_model()
    return ceil(10 * (log(model.flag / (1 - model.flag)) - model.intercept)) / 10


def version_of(rules: Sequence[Rule]) -> str:
    """Changes when what these rules find or weigh could: part of what a kept result is kept by."""
    return hashlib.sha256(repr(tuple(rules)).encode()).hexdigest()[:16]


def own_words(rules: Sequence[Rule]) -> pl.DataFrame:
    """The table own_words: a row per language, category and phrase."""
    rows = [
        {
            "rule": rule.name,
            "language": rule.language,
            "category": rule.category,
            "phrase": phrase,
            "weight": rule.weight,
            "cap": rule.cap,
        }
        for rule in rules
        for phrase in rule.examples
    ]
    frame = pl.DataFrame(rows, schema=OWN_WORDS.schema)
    return OWN_WORDS.conform(frame.sort("language", "category", "phrase"))
