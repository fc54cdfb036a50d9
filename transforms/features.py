"""What two texts could have in common: shingles that several texts share, as weighted features.

A shingle that one text alone has makes nobody alike; shingles that the very same texts have (the
words of a campaign) are one feature with a weight. Each text gets a sketch of 256 bits, in which
every shared shingle flips one: two sketches differ in at most as many bits as the sets do in
shingles, so most texts that are not alike are told apart without looking at them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Indices = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
_SKETCH_WORDS = 4
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sets of shingles, one after the other: text i has values[offsets[i]:offsets[i + 1]], distinct."""

    values: npt.NDArray[np.uint32]
    offsets: Indices

    @property
    def sizes(self) -> Small:
        return np.diff(self.offsets).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Features:
    """What could make two texts alike, by text and then from the rarest feature on.

    Text i has feature[starts[i]:starts[i + 1]]; none when less than half of its shingles is
    shared. `weight` says how many shingles a feature is; `shared` how many of a text's shingles
    its features are; `sketches` hold 64 bits of every text each.
    """

    text: Small
    feature: Small
    starts: Indices
    weight: Small
    shared: Small
    sketches: tuple[Words, ...]

    def as_lists(self) -> pl.Series:
        """The features of each text as one list; null for a text without any."""
        frame = pl.DataFrame({"text": self.text, "feature": self.feature})
        every = pl.DataFrame({"text": np.arange(self.starts.size - 1, dtype=np.int32)})
        return (
            frame.group_by("text", maintain_order=True)
            .agg("feature")
            .join(every, "text", "right", maintain_order="right")
            .get_column("feature")
        )


def features_of(shingles: Shingles) -> Features:
    """The features of all texts."""
    total = shingles.sizes.size
    text, value = _shared(shingles)
    first = np.flatnonzero(new_run(value))
    if not first.size:
        nothing = np.empty(0, dtype=np.int32)
        sketches = tuple(np.zeros(total, dtype=np.uint64) for _ in range(_SKETCH_WORDS))
        zeros = np.zeros(total + 1, dtype=np.int64)
        return Features(nothing, nothing, zeros, nothing, zeros[:-1].astype(np.int32), sketches)
    length = np.diff(np.append(first, value.size))
    # Shingles of the very same texts have the same sum of random numbers, one per text.
    signature = np.add.reduceat(scrambled(text), first)
    order = np.lexsort((signature, length))
    new = new_run(signature[order]) | new_run(length[order])
    feature = np.empty(order.size, dtype=np.int32)
    feature[order] = np.cumsum(new, dtype=np.int32) - 1
    bits = _bits(value[first], feature)
    packed = text.astype(np.uint64) << HALF | np.repeat(feature, length).astype(np.uint64)
    del text, value
    packed.sort()
    packed = packed[new_run(packed)]
    of_text, of_feature = (packed >> HALF).astype(np.int32), (packed & LOW).astype(np.int32)
    del packed
    weight = np.bincount(feature).astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(np.bincount(of_text, minlength=total))))
    shared = np.bincount(of_text, weights=weight[of_feature], minlength=total).astype(np.int32)
    return Features(
        of_text, of_feature, starts, weight, shared,
        tuple(_sketch(word[of_feature], starts) for word in bits),
    )  # fmt: skip


def new_run(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """True where a value differs from the one before it."""
    new = np.ones(values.size, dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def scrambled(values: npt.NDArray[np.integer]) -> Words:
    """A fixed random-looking number for each (splitmix64)."""
    mixed = np.empty(values.size, dtype=np.uint64)
    # A piece at a time, so that what is worked out on the way stays in the processor's cache.
    for begin in range(0, values.size, _PIECE):
        piece = values[begin : begin + _PIECE].astype(np.uint64)
        piece += np.uint64(0x9E3779B97F4A7C15)
        piece ^= piece >> np.uint64(30)
        piece *= np.uint64(0xBF58476D1CE4E5B9)
        piece ^= piece >> np.uint64(27)
        piece *= np.uint64(0x94D049BB133111EB)
        piece ^= piece >> np.uint64(31)
        mixed[begin : begin + _PIECE] = piece
    return mixed


def _bits(value: npt.NDArray[np.uint32], feature: Small) -> list[Words]:
    """The bits that each feature flips, 64 at a time: one for each of its shingles."""
    position = scrambled(value) % np.uint64(64 * _SKETCH_WORDS)
    flipped = np.uint64(1) << (position % np.uint64(64))
    words = []
    for number in range(_SKETCH_WORDS):
        word = np.zeros(int(feature.max()) + 1, dtype=np.uint64)
        here = position // np.uint64(64) == number
        np.bitwise_xor.at(word, feature[here], flipped[here])
        words.append(word)
    return words


def _sketch(bits: Words, starts: Indices) -> Words:
    some = np.flatnonzero(np.diff(starts))
    sketch = np.zeros(starts.size - 1, dtype=np.uint64)
    sketch[some] = np.bitwise_xor.reduceat(bits, starts[some])
    return sketch


def _shared(shingles: Shingles) -> tuple[Small, npt.NDArray[np.uint32]]:
    """(text, shingle) of every shingle that could lie in a pair, by shingle and text.

    A shingle counts when two texts have it; a text when half of its shingles count.
    """
    sizes = shingles.sizes
    packed = shingles.values.astype(np.uint64) << HALF
    packed |= np.repeat(np.arange(sizes.size, dtype=np.uint64), sizes)
    packed.sort()
    text, value = (packed & LOW).astype(np.int32), (packed >> HALF).astype(np.uint32)
    del packed
    while True:
        new = new_run(value)
        kept = ~new
        kept[:-1] |= ~new[1:]
        enough = np.bincount(text[kept], minlength=sizes.size) >= (sizes + 1) // 2
        kept &= enough[text]
        if kept.all():
            return text, value
        text, value = text[kept], value[kept]
