"""Where to look for texts of which half is shared: the lists in which any two such texts meet.

One list per rare feature (prefix filter, Chaudhuri et al. 2006); where a list grows long, one per
pair, triple and so on of features of it, so that texts put together from the same few phrases do
not all meet. Past twelve million entries a text looks in some of its lists only, the same ones as
its like: with a million texts made of the same phrases about one pair in two hundred is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.features import HALF, LOW, Features, Indices, Small, Words, new_run, scrambled

Bools = npt.NDArray[np.bool_]

_LONG = 512
_DEEPEST = 4
_ENTRIES = 12_000_000
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Lists:
    """Where texts meet.

    `stored`: list << 32 | text, sorted: who is found in which list. Text `visitors[i]` looks for
    its like in list `visited[i]`; sorted by text. Lists are numbered below `count`.
    """

    count: int
    stored: Words
    visitors: Small
    visited: Small


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries of one depth.

    Position in the features, list so far, and whether the text may be the shorter of two in it.
    """

    at: Indices
    group: Indices
    short: Bools


def lists_of(features: Features, sizes: Small) -> Lists:
    """Lists such that any two texts of which half is shared meet: one visits where the other is.

    Let c1 < c2 < ... be the features two such texts share, rarest first. The longer, of n
    shingles, must share n / 2 and the shorter, of m, 2 m / 3; so c1 lies among the features
    without which they could not, and c1..ck among those without which they could not share k
    features, provided that no k - 1 features make up the half. Texts of a long list (c1)
    therefore part into lists (c1, c2), and so on, but for those whose half may be made up
    already: they visit the whole list, and all visit them. Of each list those stand apart who
    could be in it as the longer one only: they do not visit each other.
    """
    reach = _Reach(features, sizes)
    stored, visits = [], []
    numbers = 0
    at = np.flatnonzero(reach.left >= reach.half[features.text])
    entries = _Entries(
        at, _numbered(features.feature[at].astype(np.uint64)), np.ones(at.size, dtype=np.bool_)
    )
    for depth in range(1, _DEEPEST + 1):
        text, group = features.text[entries.at], entries.group
        short = entries.short & reach.may_be_shorter(depth, entries.at)
        length = np.bincount(group)
        long = (length > _LONG)[group] & (depth < _DEEPEST)
        part = long & (reach.heaviest(depth) < reach.half)[text]
        # Four lists a group: part or not, and of each those who may be the shorter one or not.
        number = numbers + 4 * group
        stored.append(_packed(number + 2 * part + ~short, text))
        whole = long & ~part
        visits.append(_packed(text, number))
        for other, who in ((1, short), (2, whole), (3, whole & short)):
            visits.append(_packed(text[who], number[who] + other))
        numbers += 4 * length.size
        if not part.any():
            break
        entries = _parted(
            _Entries(entries.at[part], group[part], short[part]),
            features,
            reach.end(depth + 1),
        )
    return _sorted(numbers, stored, visits)


def _parted(parents: _Entries, features: Features, end: Indices) -> _Entries:
    """Entries one feature deeper: each parent with every later feature that may be the next."""
    count = np.maximum(end[features.text[parents.at]] - parents.at - 1, 0)
    share = _share(features.text[parents.at], count, features.starts.size - 1)
    ends = np.cumsum(count)
    total = max(1, int(count.sum()))  # one empty part where nobody has a next feature
    cuts = np.searchsorted(ends, np.arange(_CHUNK, total + _CHUNK, _CHUNK))
    parts = []
    begin = 0
    for cut in np.minimum(cuts + 1, count.size):
        rows = slice(begin, int(cut))
        begin = int(cut)
        offset = (
            ends[rows] - count[rows] - (ends[rows][0] - count[rows][0] if count[rows].size else 0)
        )
        at = np.repeat(parents.at[rows] + 1 - offset, count[rows])
        at += np.arange(at.size)
        keys = np.repeat(parents.group[rows].astype(np.uint64), count[rows]) << HALF
        keys |= features.feature[at].astype(np.uint64)
        short = np.repeat(parents.short[rows], count[rows])
        if share is not None:
            kept = _fraction(keys) < share[features.text[at]]
            at, keys, short = at[kept], keys[kept], short[kept]
        parts.append((at, keys, short))
    at, keys, short = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Entries(at, _numbered(keys), short)


def _share(text: Small, count: Indices, total: int) -> npt.NDArray[np.float64] | None:
    """Of each text the share of its entries to keep, None when all fit."""
    if int(count.sum()) <= _ENTRIES:
        return None
    own = np.bincount(text, weights=count, minlength=total)
    each = _ENTRIES / max(1, int(np.count_nonzero(own)))
    return np.minimum(1.0, each / np.maximum(own, 1.0))


def _fraction(keys: Words) -> npt.NDArray[np.float64]:
    """A fixed number in [0, 1) for every key: who shares a list keeps it or drops it alike."""
    return (scrambled(keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _packed(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Words:
    return high.astype(np.uint64) << HALF | low.astype(np.uint64)


def _sorted(count: int, stored_in: list[Words], visited_in: list[Words]) -> Lists:
    """The lists in order, without visits to lists that nobody is in; empties what it is given."""
    stored = np.concatenate(stored_in)
    stored_in.clear()
    is_used = np.zeros(count, dtype=np.bool_)
    is_used[(stored >> HALF).view(np.int64)] = True
    stored.sort()
    # Part by part: a copy of all visits at once would be the largest thing of a run.
    for number, part in enumerate(visited_in):
        visited_in[number] = part[is_used[(part & LOW).view(np.int64)]]
    visits = np.concatenate(visited_in)
    visited_in.clear()
    visits.sort()
    visitors = (visits >> HALF).astype(np.int32)
    visits &= LOW
    return Lists(count, stored, visitors, visits.astype(np.int32))


def _numbered(keys: Words) -> Indices:
    """0, 1, 2, ... for each distinct key; two keys in a million million share a number.

    Lists that share a number are one list: more candidates, none less.
    """
    bits = np.uint64(max(1, keys.size).bit_length())
    packed = scrambled(keys)
    packed >>= bits
    packed <<= bits
    packed |= np.arange(keys.size, dtype=np.uint64)
    packed.sort()
    place = (packed & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)
    packed >>= bits
    rank = np.cumsum(new_run(packed), dtype=np.int64)
    del packed
    rank -= 1
    numbers = np.empty(keys.size, dtype=np.int64)
    numbers[place] = rank
    return numbers


class _Reach:
    """How far a text could still be half like another, feature by feature.

    `left`: weight of a feature and of all after it in its text. `half`: what a text must share.
    """

    def __init__(self, features: Features, sizes: Small) -> None:
        self.text, self.starts, self.sizes = features.text, features.starts, sizes
        weight = features.weight[features.feature]
        before = np.cumsum(weight) - weight
        base = np.zeros(sizes.size, dtype=np.int64)
        some = np.diff(features.starts) > 0
        base[some] = before[features.starts[:-1][some]]
        self.left = (features.shared[self.text] - (before - base[self.text])).astype(np.int32)
        self.half = (sizes + 1) // 2
        packed = self.text.astype(np.uint64) << HALF | (LOW - weight.astype(np.uint64))
        packed.sort()
        self._heaviest_first = (LOW - (packed & LOW)).astype(np.int32)

    def heaviest(self, depth: int) -> Small:
        """Of each text the weight of its `depth` heaviest features together."""
        total = np.zeros(self.sizes.size, dtype=np.int32)
        for rank in range(depth):
            has = np.flatnonzero(np.diff(self.starts) > rank)
            total[has] += self._heaviest_first[self.starts[has] + rank]
        return total

    def may_be_shorter(self, depth: int, at: Indices) -> Bools:
        """Whether the features `at` may be the depth-th their texts share with a longer one."""
        text = self.text[at]
        beyond = self.left[at] + self.heaviest(depth - 1)[text]
        return 3 * beyond >= 2 * self.sizes[text]

    def end(self, depth: int) -> Indices:
        """For each text where the features end that may be the depth-th it shares."""
        inside = self.left + self.heaviest(depth - 1)[self.text] >= self.half[self.text]
        return self.starts[:-1] + np.bincount(self.text[inside], minlength=self.sizes.size)
