"""Leader clustering of texts by their shingles, exact and without comparing all with all.

Texts come in order. A text joins the earliest leader it resembles (Jaccard >= .5 of the two
sets of shingles), else it becomes a leader itself. Candidates meet in the lists of
`candidates.py`; those whose sketches differ in too many bits are dropped unseen, the others are
compared exactly. Leaders only are looked up, so a campaign of many thousand copies costs one
comparison a copy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.candidates import lists_of
from transforms.features import HALF, LOW, Shingles, features_of

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Texts = npt.NDArray[np.int32]

# Candidates a stretch of texts may have among themselves, and how many are looked at in one go:
# the second fits into the processor's cache.
_STRETCH = 4_000_000
_BLOCK = 200_000
_MEMBER, _UNDECIDED, _LEADER = np.int8(0), np.int8(1), np.int8(2)


def lead(shingles: Shingles) -> tuple[Indices, Floats]:
    """For every text the index of its leader (itself for a leader) and the Jaccard similarity to it."""
    total = shingles.sizes.size
    leader = np.arange(total, dtype=np.int64)
    similarity = np.ones(total, dtype=np.float64)
    if total:
        _Clustering(shingles, leader, similarity).run()
    return leader, similarity


class _Clustering:
    """Working state: what each text is so far, and the lists in which they meet."""

    def __init__(self, shingles: Shingles, leader: Indices, similarity: Floats) -> None:
        self.sizes = shingles.sizes
        self.leader = leader
        self.similarity = similarity
        self.status = np.full(self.sizes.size, _UNDECIDED)
        features = features_of(shingles)
        # Half alike means that at most a third of both sets together is not shared.
        room = self.sizes - 3 * (self.sizes - features.shared)
        self.room = np.maximum(room, -9999).astype(np.int16)
        self.sketches = features.sketches
        self.sets = features.as_lists()
        self.weights = features.weight
        lists = lists_of(features, self.sizes)
        self.stored, self.visited = lists.stored, lists.visited
        self.count = lists.count
        self._index()
        self.visits = np.searchsorted(lists.visitors, np.arange(self.sizes.size + 1))

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

    def _visits(self, begin: int, end: int) -> tuple[Indices, Indices]:
        """(text, list) of every visit of the undecided texts of [begin, end), by text."""
        text = np.repeat(np.arange(begin, end), np.diff(self.visits[begin : end + 1]))
        listed = self.visited[self.visits[begin] : self.visits[end]]
        open_ = self.status[text] == _UNDECIDED
        return text[open_], listed[open_]

    def _probe(self, begin: int, end: int, lead_begin: int, lead_end: int) -> None:
        """Texts of [begin, end) that resemble a leader of [lead_begin, lead_end) join the earliest."""
        if begin >= end or lead_begin >= lead_end:
            return
        text, listed = self._visits(begin, end)
        who = self.who
        within = _counted(who < lead_end)
        starts, ends = self.starts[listed], self.starts[listed + 1]
        count = within[ends] - within[starts]
        skip = np.zeros_like(count)
        if lead_begin:
            before = _counted(who < lead_begin)
            skip = before[ends] - before[starts]
            count -= skip
        self._join(*self._alike(text, starts + skip, count, who))

    def _settle(self, begin: int, ahead: int) -> int:
        """Decide the texts of [begin, end) among themselves; returns the end, as far as is cheap."""
        inside = (self.who >= begin) & (self.who < ahead)
        inside[inside] = self.status[self.who[inside]] == _UNDECIDED
        among = self.stored[inside]
        text, listed = self._visits(begin, ahead)
        # In the order of the lists, so that neighbours are found in the cache.
        wanted = listed.astype(np.uint64) << HALF
        packed = np.sort(wanted | np.arange(listed.size, dtype=np.uint64))
        order, wanted = (packed & LOW).astype(np.int64), packed >> HALF << HALF
        first, count = np.empty_like(text), np.empty_like(text)
        first[order] = np.searchsorted(among, wanted)
        count[order] = np.searchsorted(among, wanted | text[order].astype(np.uint64)) - first[order]
        cost = np.cumsum(np.bincount(text - begin, weights=count, minlength=ahead - begin))
        end = begin + max(1, int(np.searchsorted(cost, _STRETCH, side="right")))
        near = text < end
        late, early, jaccard = self._alike(text[near], first[near], count[near], self.who[inside])
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
        self, text: Indices, first: Indices, count: Indices, who: Texts
    ) -> tuple[Indices, Indices, Floats]:
        """Pairs (late, early, Jaccard >= .5) of each visit's text with `count` of `who` from `first` on."""
        near: list[Words] = [np.empty(0, dtype=np.uint64)]
        cost = np.cumsum(count)
        begin, spent = 0, 0
        while begin < text.size:
            end = max(begin + 1, int(np.searchsorted(cost, spent + _BLOCK, side="right")))
            near.append(self._near(text[begin:end], first[begin:end], count[begin:end], who))
            begin, spent = end, int(cost[end - 1])
        # A pair that meets in several lists is compared once.
        pairs = np.sort(np.concatenate(near))
        pairs = pairs[np.diff(pairs, prepend=~np.uint64(0)) != 0]
        late, early = (pairs >> HALF).astype(np.int64), (pairs & LOW).astype(np.int64)
        both = self.sizes[late] + self.sizes[early]
        overlap = self._overlap(late, early)
        alike = 3 * overlap >= both
        late, early, overlap, both = late[alike], early[alike], overlap[alike], both[alike]
        return late, early, overlap / (both - overlap)

    def _near(self, text: Indices, first: Indices, count: Indices, who: Texts) -> Words:
        """Candidates that may be alike as far as their sketches tell, as late << 32 | early.

        Two sketches differ in at most as many bits as the sets in shingles that others have.
        """
        size = int(count.sum())
        position = np.arange(size) + np.repeat(first - (np.cumsum(count) - count), count)
        early = who[position]
        room = np.repeat(self.room[text], count) + self.room[early]
        late = np.repeat(text.astype(np.int32), count)
        for word in self.sketches:
            room -= 3 * np.bitwise_count(word[late] ^ word[early]).astype(np.int16)
            kept = np.flatnonzero(room >= 0)
            late, early, room = late[kept], early[kept], room[kept]
        alive = self.status[early] != _MEMBER
        late, early = late[alive], early[alive]
        near: Words = late.astype(np.uint64) << HALF | early.astype(np.uint64)
        return near

    def _overlap(self, left: Indices, right: Indices) -> Indices:
        """Shingles that the texts of each pair share."""
        found = np.zeros(left.size, dtype=np.int64)
        for at in range(0, left.size, _BLOCK):
            part = slice(at, at + _BLOCK)
            shared = pl.select(
                pair=pl.int_range(left[part].size),
                feature=pl.lit(self.sets.gather(left[part])).list.set_intersection(
                    pl.lit(self.sets.gather(right[part]))
                ),
            ).explode("feature", empty_as_null=False)
            found[part] = np.bincount(
                shared.get_column("pair").to_numpy(),
                weights=self.weights[shared.get_column("feature").to_numpy()],
                minlength=left[part].size,
            ).astype(np.int64)
        return found

    def _forget_members(self) -> None:
        """Take members out of the lists once they are a tenth of them."""
        kept = self.status[self.who] != _MEMBER
        if kept.sum() < 0.9 * kept.size:
            self.stored = self.stored[kept]
            self._index()

    def _index(self) -> None:
        """Who is stored, and where each list begins and the last one ends."""
        self.who = (self.stored & LOW).astype(np.int32)
        length = np.bincount((self.stored >> HALF).astype(np.int64), minlength=self.count)
        self.starts = np.concatenate(([0], np.cumsum(length)))


def _counted(marks: npt.NDArray[np.bool_]) -> Texts:
    """How many of the first i are marked, for i from 0 on."""
    counted = np.zeros(marks.size + 1, dtype=np.int32)
    np.cumsum(marks, out=counted[1:])
    return counted
