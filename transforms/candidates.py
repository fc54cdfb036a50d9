"""What two texts could have in common, and where to look for those that have half in common.

`features_of` turns sets of shingles into features: a shingle that two texts share, or several
that the very same texts share (the words of a campaign), counted with a weight. `lists_of`
builds the lists in which texts that are half alike are sure to meet: one list per rare feature
(prefix filter, Chaudhuri et al. 2006), and where a list grows long, one per pair, triple and so
on of features of it, so that texts put together from the same few phrases do not all meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Indices = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
_NOTHING = np.uint64(0xFFFFFFFFFFFFFFFF)
_SKETCH_WORDS = 4
_LONG = 512
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sets of shingles, one after the other: text i has values[offsets[i]:offsets[i + 1]], distinct."""

    values: npt.NDArray[np.uint32]
    offsets: Indices

    @property
    def sizes(self) -> Indices:
        return np.diff(self.offsets)


@dataclass(frozen=True, slots=True)
class Lists:
    """Where texts meet.

    `stored`: list << 32 | text, sorted: who is found in which list. Text `visitors[i]` looks for
    its like in list `visited[i]`; sorted by text.
    """

    count: int
    stored: Words
    visitors: Indices
    visited: Indices


@dataclass(frozen=True, slots=True)
class Features:
    """What could make two texts alike, by text and then from the rarest feature on.

    A feature is a shingle that two texts share, or several that the same texts have; `weight`
    says how many. Texts of whose shingles less than half is shared have none.
    """

    text: Indices
    feature: Indices
    weight: Indices
    sketch_of_feature: tuple[Words, ...]

    def weight_of_texts(self, total: int) -> Indices:
        return np.bincount(self.text, weights=self.weight[self.feature], minlength=total).astype(
            np.int64
        )

    def sketches(self, total: int) -> tuple[Words, ...]:
        """Bits of each text: every shingle flips one."""
        first = np.flatnonzero(np.diff(self.text, prepend=-1))
        sketches = []
        for bits in self.sketch_of_feature:
            sketch = np.zeros(total, dtype=np.uint64)
            if first.size:
                sketch[self.text[first]] = np.bitwise_xor.reduceat(bits[self.feature], first)
            sketches.append(sketch)
        return tuple(sketches)

    def as_lists(self, total: int) -> pl.Series:
        frame = pl.DataFrame(
            {"text": self.text, "feature": pl.Series(self.feature, dtype=pl.UInt32)}
        )
        return (
            frame.group_by("text", maintain_order=True)
            .agg("feature")
            .join(pl.DataFrame({"text": np.arange(total)}), "text", "right", maintain_order="right")
            .get_column("feature")
        )


def features_of(shingles: Shingles) -> Features:
    text, value = _shared(shingles)
    run = np.cumsum(np.diff(value, prepend=-1) != 0) - 1
    texts = np.bincount(run)
    # Shingles of the very same texts have the same sum of random numbers, one per text.
    signature = np.zeros(texts.size, dtype=np.uint64)
    if run.size:
        first = np.flatnonzero(np.diff(run, prepend=-1))
        signature = np.add.reduceat(_scrambled(text.astype(np.uint64)), first)
        position = _scrambled(value[first].astype(np.uint64)) % np.uint64(64 * _SKETCH_WORDS)
    else:
        position = np.zeros(0, dtype=np.uint64)
    order = np.lexsort((signature, texts))
    new = np.ones(order.size, dtype=np.bool_)
    new[1:] = (np.diff(signature[order]) != 0) | (np.diff(texts[order]) != 0)
    feature = np.empty(order.size, dtype=np.int64)
    feature[order] = np.cumsum(new) - 1
    weight = np.bincount(feature)
    sketch_of_feature = []
    for word in range(_SKETCH_WORDS):
        bit = np.where(
            position // np.uint64(64) == word,
            np.uint64(1) << (position % np.uint64(64)),
            np.uint64(0),
        )
        by_feature = np.zeros(weight.size, dtype=np.uint64)
        np.bitwise_xor.at(by_feature, feature, bit)
        sketch_of_feature.append(by_feature)
    packed = np.sort(text.astype(np.uint64) << HALF | feature[run].astype(np.uint64))
    packed = packed[np.diff(packed, prepend=_NOTHING) != 0]
    return Features(
        (packed >> HALF).astype(np.int64),
        (packed & LOW).astype(np.int64),
        weight,
        tuple(sketch_of_feature),
    )


def _scrambled(values: Words) -> Words:
    """A fixed random-looking number for each (splitmix64)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scrambled: Words = mixed ^ (mixed >> np.uint64(31))
    return scrambled


def _shared(shingles: Shingles) -> tuple[Indices, Indices]:
    """(text, shingle) of every shingle that could lie in a pair, by shingle and text.

    A shingle counts when two texts have it; a text when half of its shingles count.
    """
    sizes = shingles.sizes
    owner = np.repeat(np.arange(sizes.size, dtype=np.uint64), sizes)
    packed = np.sort(shingles.values.astype(np.uint64) << HALF | owner)
    del owner
    text = (packed & LOW).astype(np.int64)
    value = (packed >> HALF).astype(np.int64)
    del packed
    while True:
        run = np.cumsum(np.diff(value, prepend=-1) != 0) - 1
        length = np.bincount(run)
        kept = length[run] > 1 if length.size else np.zeros(0, dtype=np.bool_)
        enough = np.bincount(text[kept], minlength=sizes.size) >= (sizes + 1) // 2
        kept &= enough[text]
        if kept.all():
            return text, value
        text, value = text[kept], value[kept]


def lists_of(features: Features, sizes: Indices) -> Lists:
    """Lists such that any two texts of which half is shared meet: one visits where the other is.

    Let c1 < c2 < ... be the features two such texts share, rarest first. The longer, of n
    shingles, must share n / 2 and the shorter, of m, 2 m / 3; so c1 lies among the features
    without which they could not, and c1..ck among those without which they could not share k
    features, provided that no k - 1 features make up the half. Texts of a long list (c1)
    therefore part into lists (c1, c2), and so on, but for those whose half may be made up
    already: they visit the whole list, and all visit them. Of each list those stand apart who
    could be in it as the longer one only: they do not visit each other.
    """
    reach = _Reach.of(features, sizes)
    stored, visitors, visited = [], [], []
    numbers = 0
    at = np.flatnonzero(reach.left >= reach.half)
    short = np.ones(at.size, dtype=np.bool_)
    keys = features.feature[at].astype(np.uint64)
    for depth in range(1, _DEEPEST + 1):
        short &= reach.may_be_shorter(depth)[at]
        group = _numbered(keys)
        length = np.bincount(group)
        long = (length > _LONG)[group] & (depth < _DEEPEST)
        part = long & reach.parts(depth)[at]
        text = features.text[at]
        # Four lists a group: part or not, and of each those who may be the shorter one or not.
        stored.append((numbers + 4 * group + 2 * part + ~short) << 32 | text)
        for other, who in (
            (0, ~part | part),
            (1, short),
            (2, long & ~part),
            (3, long & ~part & short),
        ):
            visitors.append(text[who])
            visited.append(numbers + 4 * group[who] + other)
        numbers += 4 * length.size
        if not part.any():
            break
        count = np.maximum(reach.end(depth + 1)[text[part]] - at[part] - 1, 0)
        parent, short = np.repeat(group[part], count), np.repeat(short[part], count)
        at = np.repeat(at[part] + 1 - (np.cumsum(count) - count), count) + np.arange(count.sum())
        keys = parent.astype(np.uint64) << HALF | features.feature[at].astype(np.uint64)
    return _sorted(
        numbers, np.concatenate(stored), np.concatenate(visitors), np.concatenate(visited)
    )


def _sorted(count: int, stored: Indices, visitors: Indices, visited: Indices) -> Lists:
    """The lists in order, without visits to lists that nobody is in."""
    length = np.bincount(stored >> 32, minlength=count)
    useful = length[visited] > 0
    visitors, visited = visitors[useful], visited[useful]
    order = np.argsort(visitors, kind="stable")
    return Lists(count, np.sort(stored.astype(np.uint64)), visitors[order], visited[order])


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a text could still be half like another, feature by feature (`text` as in Features).

    `left`: weight of the feature and of all after it. `half`: what the text must share.
    `heaviest[k - 1]`: weight of its k heaviest features together.
    """

    text: Indices
    left: Indices
    size: Indices
    half: Indices
    heaviest: tuple[Indices, ...]

    @staticmethod
    def of(features: Features, sizes: Indices) -> _Reach:
        text, weight = features.text, features.weight[features.feature]
        first = np.flatnonzero(np.diff(text, prepend=-1))
        before = np.cumsum(weight) - weight
        start = np.repeat(before[first], np.diff(np.append(first, text.size)))
        left = features.weight_of_texts(sizes.size)[text] - (before - start)
        half = (sizes[text] + 1) // 2
        return _Reach(text, left, sizes[text], half, _heaviest(text, weight))

    def may_be_shorter(self, depth: int) -> npt.NDArray[np.bool_]:
        """Whether the feature may be the depth-th that the text shares with a longer one."""
        beyond = self.left + (self.heaviest[depth - 2] if depth > 1 else 0)
        return 3 * beyond >= 2 * self.size

    def parts(self, depth: int) -> npt.NDArray[np.bool_]:
        """Whether depth features can never make up the half, so that there is one more."""
        return self.heaviest[depth - 1] < self.half

    def end(self, depth: int) -> Indices:
        """For each text where the features end that may be the depth-th it shares."""
        inside = self.left + self.heaviest[depth - 2] >= self.half
        total = int(self.text[-1]) + 1 if self.text.size else 0
        first = np.searchsorted(self.text, np.arange(total))
        return first + np.bincount(self.text[inside], minlength=total)


def _numbered(keys: Words) -> Indices:
    """0, 1, 2, ... for each distinct key."""
    order = np.argsort(keys, kind="stable")
    numbers = np.empty(keys.size, dtype=np.int64)
    numbers[order] = np.cumsum(np.diff(keys[order], prepend=_NOTHING) != 0) - 1
    return numbers


def _heaviest(text: Indices, weight: Indices) -> tuple[Indices, ...]:
    """Weight of the heaviest feature of each text, of the two heaviest together, and so on."""
    order = np.lexsort((-weight, text))
    first = np.flatnonzero(np.diff(text[order], prepend=-1))
    counts = np.diff(np.append(first, text.size))
    rank = np.arange(text.size) - np.repeat(first, counts)
    heaviest = []
    for depth in range(1, _DEEPEST + 1):
        among = np.where(rank < depth, weight[order], 0)
        total = np.add.reduceat(among, first) if first.size else among
        heaviest.append(np.repeat(total, counts))
    return tuple(heaviest)
