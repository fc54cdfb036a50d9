"""Leader clustering of texts by their shingles, exact and without comparing all with all.

Texts come in order. A text joins the earliest leader it resembles (Jaccard >= .5 of the two
sets of shingles), else it becomes a leader itself. Candidates come from a prefix filter: two
sets that are half alike share one of the rarest shingles of each, and several of them when the
sets are large (Chaudhuri et al. 2006; Bayardo et al. 2007). Leaders only are looked up, so a
campaign of many thousand copies costs one comparison a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Pairs looked at in one go: 8 bytes each, a few times over.
_PAIRS = 4_000_000
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MEMBER, _UNDECIDED, _LEADER = np.int8(0), np.int8(1), np.int8(2)


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sets of shingles, one after the other: text i has values[offsets[i]:offsets[i + 1]], distinct."""

    values: npt.NDArray[np.uint32]
    offsets: Indices

    @property
    def sizes(self) -> Indices:
        return np.diff(self.offsets)


def lead(shingles: Shingles) -> tuple[Indices, Floats]:
    """For every text the index of its leader (itself for a leader) and the Jaccard similarity to it."""
    total = shingles.sizes.size
    leader = np.arange(total, dtype=np.int64)
    similarity = np.ones(total, dtype=np.float64)
    if total:
        _Clustering(shingles, leader, similarity).run()
    return leader, similarity


class _Clustering:
    """Working state: what each text is so far, and the postings of the rarest shingles."""

    def __init__(self, shingles: Shingles, leader: Indices, similarity: Floats) -> None:
        self.sizes = shingles.sizes
        self.leader = leader
        self.similarity = similarity
        self.status = np.full(self.sizes.size, _UNDECIDED)
        owner, group = _shared(shingles)
        self.shared = np.bincount(owner, minlength=self.sizes.size)
        starts = np.concatenate(([0], np.cumsum(self.shared)))
        self.sets = _as_lists(group, starts)
        rank = np.arange(owner.size) - starts[owner]
        # The prefix of a set of n begins with the shingles nobody shares, which are not kept.
        prefix = self.sizes - (self.sizes + 1) // 2 + 1 - (self.sizes - self.shared)
        self.rest = np.maximum(self.shared - prefix, 0)
        kept = rank < prefix[owner]
        order = np.argsort(group[kept].astype(np.uint64) << _HALF | owner[kept].astype(np.uint64))
        self.text, self.group = owner[kept][order], group[kept][order]

    def run(self) -> None:
        """Walk through the texts in stretches that grow with what the last one cost."""
        total = self.sizes.size
        done, probed, known = 0, 0, 0
        while done < total:
            ahead = min(total, max(probed, done + max(4 * (done - known), 1024)))
            self._probe(done, probed, known, done)
            self._probe(max(probed, done), ahead, 0, done)
            known, probed = done, ahead
            done = self._settle(done, ahead)
            self._forget_members()

    def _starts(self) -> Indices:
        """Where the group of each posting begins."""
        first = np.flatnonzero(np.diff(self.group, prepend=-1))
        return np.repeat(first, np.diff(np.append(first, self.group.size)))

    def _probe(self, begin: int, end: int, lead_begin: int, lead_end: int) -> None:
        """Texts of [begin, end) that resemble a leader of [lead_begin, lead_end) join the earliest."""
        if begin >= end or lead_begin >= lead_end or not self.text.size:
            return
        before = np.concatenate(([0], np.cumsum(self.text < lead_begin)))
        within = np.concatenate(([0], np.cumsum(self.text < lead_end)))
        starts = self._starts()
        at = np.flatnonzero(
            (self.text >= begin) & (self.text < end) & (self.status[self.text] == _UNDECIDED)
        )
        skip = before[at] - before[starts[at]]
        count = within[at] - within[starts[at]] - skip
        for late, early, jaccard in self._alike(at, starts[at] + skip, count):
            self._join(late, early, jaccard)

    def _settle(self, begin: int, ahead: int) -> int:
        """Decide the texts of [begin, end) among themselves; returns the end, as far as is cheap."""
        inside = (self.text >= begin) & (self.text < ahead) & (self.status[self.text] == _UNDECIDED)
        at = np.flatnonzero(inside)
        text, group = self.text[at], self.group[at]
        first = np.flatnonzero(np.diff(group, prepend=-1))
        starts = np.repeat(first, np.diff(np.append(first, group.size)))
        count = np.arange(at.size) - starts
        cost = np.cumsum(np.bincount(text - begin, weights=count, minlength=ahead - begin))
        end = begin + max(1, int(np.searchsorted(cost, _PAIRS, side="right")))
        near = text < end
        found = list(self._alike(at[near], starts[near], count[near], at))
        late = np.concatenate([pair[0] for pair in found]) if found else np.empty(0, np.int64)
        early = np.concatenate([pair[1] for pair in found]) if found else np.empty(0, np.int64)
        jaccard = np.concatenate([pair[2] for pair in found]) if found else np.empty(0)
        open_ = self.status[begin:end] == _UNDECIDED
        while open_.any():
            free = open_.copy()
            free[late[self.status[early] != _MEMBER] - begin] = False
            self.status[np.flatnonzero(free) + begin] = _LEADER
            self.status[late[self.status[early] == _LEADER]] = _MEMBER
            open_ = self.status[begin:end] == _UNDECIDED
        led = np.flatnonzero(self.status[early] == _LEADER)
        self._join(late[led], early[led], jaccard[led])
        return end

    def _join(self, late: Indices, leaders: Indices, jaccard: Floats) -> None:
        """Each late text becomes a member of the earliest of its leaders."""
        order = np.lexsort((leaders, late))
        first = order[np.flatnonzero(np.diff(late[order], prepend=-1))]
        self.status[late[first]] = _MEMBER
        self.leader[late[first]] = leaders[first]
        self.similarity[late[first]] = jaccard[first]

    def _alike(
        self, at: Indices, first: Indices, count: Indices, among: Indices | None = None
    ) -> Iterator[tuple[Indices, Indices, Floats]]:
        """Pairs (late, early, Jaccard >= .5) of each posting `at` with the `count` from `first` on.

        `first` counts in all postings, or in those at `among`. Both texts of a pair are not
        members. All pairs of one late text come together, in order of the late texts.
        """
        order = np.argsort(self.text[at], kind="stable")
        at, first, count = at[order], first[order], count[order]
        text = self.text[at]
        cost = np.cumsum(count)
        if not text.size:
            return
        ends = np.append(np.flatnonzero(np.diff(text)), text.size - 1) + 1
        begin = 0
        while begin < at.size:
            budget = (cost[begin - 1] if begin else 0) + _PAIRS
            fitting = ends[(ends > begin) & (cost[ends - 1] <= budget)]
            end = int(fitting[-1]) if fitting.size else int(ends[ends > begin][0])
            yield self._verified(text[begin:end], first[begin:end], count[begin:end], among)
            begin = end

    def _verified(
        self, text: Indices, first: Indices, count: Indices, among: Indices | None
    ) -> tuple[Indices, Indices, Floats]:
        offsets = np.cumsum(count) - count
        position = np.repeat(first - offsets, count) + np.arange(count.sum())
        early = self.text[position if among is None else among[position]]
        late = np.repeat(text, count)
        alive = self.status[early] != _MEMBER
        pairs = np.sort(late[alive].astype(np.uint64) << _HALF | early[alive].astype(np.uint64))
        new = np.flatnonzero(np.diff(pairs, prepend=np.uint64(0xFFFFFFFFFFFFFFFF)) != 0)
        common = np.diff(np.append(new, pairs.size))
        late = (pairs[new] >> _HALF).astype(np.int64)
        early = (pairs[new] & _LOW).astype(np.int64)
        needed = (self.sizes[late] + self.sizes[early] + 2) // 3
        possible = common + np.maximum(self.rest[late], self.rest[early])
        likely = (possible >= needed) & (
            np.minimum(self.shared[late], self.shared[early]) >= needed
        )
        late, early, needed = late[likely], early[likely], needed[likely]
        overlap = _overlap(self.sets, late, early)
        alike = overlap >= needed
        late, early, overlap = late[alike], early[alike], overlap[alike]
        return late, early, overlap / (self.sizes[late] + self.sizes[early] - overlap)

    def _forget_members(self) -> None:
        """Take members out of the postings once they are a tenth of them."""
        kept = self.status[self.text] != _MEMBER
        if kept.sum() < 0.9 * kept.size:
            self.text, self.group = self.text[kept], self.group[kept]


def _shared(shingles: Shingles) -> tuple[Indices, Indices]:
    """(text, group) of every shingle that could lie in a pair, by text, rarest group first.

    A shingle counts when two texts have it; a text when half of its shingles count.
    """
    sizes = shingles.sizes
    owner = np.repeat(np.arange(sizes.size, dtype=np.uint64), sizes)
    packed = np.sort(shingles.values.astype(np.uint64) << _HALF | owner)
    del owner
    text = (packed & _LOW).astype(np.int64)
    value = (packed >> _HALF).astype(np.int64)
    del packed
    while True:
        run = np.cumsum(np.diff(value, prepend=-1) != 0) - 1
        length = np.bincount(run)
        kept = length[run] > 1 if length.size else np.zeros(0, dtype=np.bool_)
        enough = np.bincount(text[kept], minlength=sizes.size) >= (sizes + 1) // 2
        kept &= enough[text]
        if kept.all():
            break
        text, value = text[kept], value[kept]
    rarity = np.empty(length.size, dtype=np.int64)
    rarity[np.argsort(length, kind="stable")] = np.arange(length.size)
    packed = np.sort(text.astype(np.uint64) << _HALF | rarity[run].astype(np.uint64))
    return (packed >> _HALF).astype(np.int64), (packed & _LOW).astype(np.int64)


def _as_lists(values: Indices, starts: Indices) -> pl.Series:
    """One list per text of the values from starts[i] to starts[i + 1]."""
    sizes = np.diff(starts)
    return (
        pl.DataFrame(
            {
                "value": pl.Series(values, dtype=pl.UInt32),
                "text": np.repeat(np.arange(sizes.size), sizes),
            }
        )
        .group_by("text", maintain_order=True)
        .agg("value")
        .join(
            pl.DataFrame({"text": np.arange(sizes.size)}), "text", "right", maintain_order="right"
        )
        .get_column("value")
    )


def _overlap(sets: pl.Series, left: Indices, right: Indices) -> Indices:
    """Size of the intersection of sets[left] and sets[right]."""
    parts = [
        pl.select(
            pl.lit(sets.gather(left[at : at + 200_000]))
            .list.set_intersection(pl.lit(sets.gather(right[at : at + 200_000])))
            .list.len()
        )
        .to_series()
        .to_numpy()
        .astype(np.int64)
        for at in range(0, left.size, 200_000)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
