"""Which texts a pattern could match at all, found by one pass for words that its matches must hold.

A rule of the lexicons is a long alternation, and hundreds of rules are looked for in every text.
Nearly all of it is in vain, so for each pattern a set of literals is worked out of which every
match holds at least one; all literals of all patterns are then searched at once (Aho-Corasick),
and only the few texts that hold one are given to the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import polars as pl

Literals = frozenset[str]
Item = tuple[Any, Any]  # of the parser's trees: what it is, and of what

TEXT = "text"
_NOTHING: Literals = frozenset([""])
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}

_MOST = 96  # literals of one part that are multiplied out
_LETTERS = 60  # of a literal: longer ones tell no more
_EVERYWHERE = 99.0  # what a literal without a letter counts as
_CHOICES = 6  # characters of a class that is taken apart
# About the share of texts that hold one; the rest of a literal counts by its letters.
_COMMON_WORDS = (
    "the to and a i you it of in is that for my on with this we be me are have so not at as was but your if do"
    " can will just or an what all our from about there they he she one out up no how get when by which who has"
    " would could should more any some time like know see go make want need new day today work people please"
    " thanks good great looking look now here let us them his her their been had than then also next week help"
    " der die das und ist ich sie zu nicht ein es mit für auf wir wie den von haben ihr im uns"
    " que de la el en un una los se por con para le les et des est pas vous pour je nous o os um uma não com"
)
_COMMON = dict.fromkeys(_COMMON_WORDS.split(), 0.25)


@cache
def _share(literal: str) -> float:
    """A guess at the share of texts that hold the literal."""
    words = [word for word in literal.split(" ") if word]
    if not words:
        return _EVERYWHERE
    # At an end without a space it may be a part of another word.
    loose = (literal[0] != " ") + (literal[-1] != " ")
    shares = (_COMMON.get(word, 0.4 ** min(len(word), 6)) for word in words)
    return min(1.0, prod(shares) * 2.0**loose)


def _cost(literals: Literals) -> float:
    return sum(map(_share, literals))


def _better(left: Literals | None, right: Literals | None) -> Literals | None:
    known = [found for found in (left, right) if found is not None and "" not in found]
    return min(known, key=_cost, default=None)


def _flat(items: Iterable[Item]) -> list[Item]:
    """Letters that follow each other as one text; without groups, which mean nothing here."""
    found: list[Item] = []
    for code, argument in items:
        if code is codes.SUBPATTERN:
            inner = _flat(argument[3])
        elif code is codes.LITERAL:
            inner = [(TEXT, chr(argument))]
        else:
            inner = [(code, argument)]
        if inner and found and inner[0][0] is TEXT and found[-1][0] is TEXT:
            found[-1] = (TEXT, found[-1][1] + inner[0][1])
            del inner[0]
        found += inner
    return found


def _joined(left: Literals, right: Literals) -> Literals | None:
    if len(left) * len(right) > _MOST:
        return None
    joined = frozenset([a + b for a in left for b in right])
    return None if max(map(len, joined)) > _LETTERS else joined


def _exact(items: Iterable[Item]) -> Literals | None:
    """All that a part of a pattern can match, where that is a short list."""
    run = _NOTHING
    for code, argument in _flat(items):
        found: Literals | None = None
        if code is TEXT:
            found = frozenset([argument])
        elif code is codes.BRANCH:
            found = _all_exact(argument[1])
        elif code is codes.IN and len(argument) <= _CHOICES:
            if all(kind is codes.LITERAL for kind, _ in argument):
                found = frozenset([chr(letter) for _, letter in argument])
        elif code in _REPEATS and argument[1] == 1:
            found = _exact(argument[2])
            if found is not None and argument[0] == 0:
                found |= _NOTHING
        longer = None if found is None else _joined(run, found)
        if longer is None:
            return None
        run = longer
    return run


def _all_exact(options: Sequence[Iterable[Item]]) -> Literals | None:
    every: Literals = frozenset()
    for option in options:
        found = _exact(option)
        if found is None or len(every) + len(found) > _MOST:
            return None
        every |= found
    return every


def _needed(items: Iterable[Item]) -> Literals | None:
    """Literals of which a match of this part holds at least one: the rarest such set."""
    flat = _flat(items)
    best: Literals | None = None
    run = _NOTHING
    for place, (code, argument) in enumerate(flat):
        exact = _exact([(code, argument)])
        longer = None if exact is None else _joined(run, exact)
        if longer is not None:
            run = longer
            continue
        best = _better(best, run)
        if exact is None and code is codes.BRANCH:
            # With the letters around it: "in" is in every text, " in " is not.
            before = [item for item in flat[:place][-1:] if item[0] is TEXT]
            after = [item for item in flat[place + 1 :][:1] if item[0] is TEXT]
            best = _better(best, _one_of([*before, *option, *after] for option in argument[1]))
        elif exact is None and code in _REPEATS and argument[0]:
            best = _better(best, _needed(argument[2]))
        run = exact or _NOTHING
    return _better(best, run)


def _one_of(options: Iterable[Iterable[Item]]) -> Literals | None:
    every: Literals = frozenset()
    for option in options:
        found = _needed(option)
        if found is None:
            return None
        every |= found
    return every


@cache
def needed_literals(pattern: str) -> Literals | None:
    """Literals of which every match of the pattern holds one; None where there is no such set.

    Also None for what only Rust's engine understands (classes of Unicode), and for literals so short that
    most texts hold one.
    """
    try:
        found = _needed(parser.parse(pattern))
    except (re.error, OverflowError):
        return None
    return None if found is None or _cost(found) >= _EVERYWHERE else found


@dataclass(frozen=True, slots=True)
class Searches:
    """Patterns, and the literals that find the texts they may match."""

    patterns: tuple[str, ...]
    literals: pl.DataFrame
    always: tuple[int, ...]

    def candidates(self, texts: pl.Series) -> dict[int, pl.Series]:
        """Pattern (by its place) → places of the texts it may match, in order; no empty ones."""
        every = pl.int_range(texts.len(), dtype=pl.UInt32, eager=True)
        found = {number: every for number in self.always if texts.len()}
        if self.literals.height and texts.len():
            pairs = (
                texts.alias("text")
                .to_frame()
                .lazy()
                .select(
                    row=pl.int_range(pl.len(), dtype=pl.UInt32),
                    literal=pl.col("text").str.extract_many(
                        self.literals["literal"].unique(maintain_order=True).to_list(),
                        overlapping=True,
                    ),
                )
                .explode("literal", empty_as_null=False, keep_nulls=False)
                .join(self.literals.lazy(), on="literal")
                .select("pattern", "row")
                .unique()
                .sort("pattern", "row")
                .collect()
            )
            for (number,), rows in pairs.group_by("pattern", maintain_order=True):
                found[int(str(number))] = rows["row"]
        return found


def searches(patterns: Iterable[str]) -> Searches:
    """What finds the candidates of these patterns."""
    patterns = tuple(patterns)
    rows: list[tuple[str, int]] = []
    always = []
    for number, pattern in enumerate(patterns):
        literals = needed_literals(pattern)
        if literals is None:
            always.append(number)
        else:
            rows += [(literal, number) for literal in sorted(literals)]
    return Searches(
        patterns,
        pl.DataFrame(rows, schema={"literal": pl.String, "pattern": pl.UInt32}, orient="row"),
        tuple(always),
    )
