"""Leader clustering where lists are long: parted lists change nothing, sampled ones next to nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms import candidates, leaders
from transforms.features import Shingles, features_of

Sets = list[frozenset[int]]


def shingles(sets: Sets) -> Shingles:
    values = [value for text in sets for value in sorted(text)]
    ends = np.cumsum([len(text) for text in sets])
    return Shingles(np.array(values, dtype=np.uint32), np.concatenate(([0], ends)).astype(np.int64))


def alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return 2 * len(one & other) >= len(one | other)


def slow(sets: Sets) -> list[int]:
    """Leader clustering as one would explain it."""
    found: list[int] = []
    for at, text in enumerate(sets):
        led = [early for early in range(at) if found[early] == early and alike(text, sets[early])]
        found.append(led[0] if led else at)
    return found


small_sets = st.lists(
    st.frozensets(st.integers(0, 24), min_size=1, max_size=14), min_size=1, max_size=40
)


@settings(deadline=None, max_examples=200)
@example(
    [frozenset([0, 1, 2, 3, 4]), frozenset([0, 1, 2, 3, 5]), frozenset([0, 1, 4, 5, 6, 7, 8])],
    1,
    3,
    1,
)  # nobody has a next feature
@given(
    small_sets, st.sampled_from([1, 2, 4, 512]), st.integers(1, 6), st.sampled_from([1, 9, 10**6])
)
def test_however_lists_are_parted_the_clusters_are_the_slow_ones(
    sets: Sets, long: int, deepest: int, stretch: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_LONG", long)
        patch.setattr(candidates, "_DEEPEST", deepest)
        patch.setattr(candidates, "_CHUNK", stretch)
        patch.setattr(leaders, "_STRETCH", stretch)
        patch.setattr(leaders, "_BLOCK", stretch)
        found, similarity = leaders.lead(shingles(sets))
    assert found.tolist() == slow(sets)
    expected = [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in enumerate(found)]
    assert similarity.tolist() == pytest.approx(expected)


def phrases(dice: random.Random, texts: int) -> Sets:
    """Texts of nine phrases of four shingles each, out of nine times twelve."""
    return [
        frozenset(
            1000 * slot + 10 * phrase + word
            for slot in range(9)
            for phrase in [dice.randrange(12)]
            for word in range(4)
        )
        for _ in range(texts)
    ]


def test_past_the_space_for_entries_few_pairs_are_missed_and_none_invented() -> None:
    dice = random.Random(5)
    sets = phrases(dice, 600)
    copies = []
    for text in sets[:200]:
        kept = set(text)
        kept -= set(dice.sample(sorted(text), 4))
        copies.append(frozenset(kept | {90_000 + dice.randrange(10**6) for _ in range(4)}))
    sets += copies
    truth = slow(sets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_LONG", 8)
        patch.setattr(candidates, "_ENTRIES", 8_000)
        found, _ = leaders.lead(shingles(sets))
    for at, leader in enumerate(found.tolist()):
        assert alike(sets[at], sets[leader])
    led = [at for at, leader in enumerate(truth) if leader != at]
    missed = [at for at in led if found[at] == at]
    assert len(led) >= 200
    assert len(missed) <= 0.03 * len(led)


def test_words_that_always_come_together_are_one_feature() -> None:
    campaign = frozenset(range(30))
    features = features_of(shingles([campaign | {100, 101}, campaign | {102}, frozenset({103})]))
    assert features.weight.tolist() == [30]
    assert features.shared.tolist() == [30, 30, 0]
    assert features.as_lists().to_list() == [[0], [0], None]


def test_sketches_differ_in_at_most_as_many_bits_as_the_sets() -> None:
    dice = random.Random(3)
    sets = [frozenset(dice.sample(range(60), 20)) for _ in range(50)]
    features = features_of(shingles(sets))
    shared = [s & frozenset(v for t in sets if t is not s for v in t) for s in sets]
    for one in range(50):
        for other in range(one):
            bits = sum(int(word[one] ^ word[other]).bit_count() for word in features.sketches)
            assert bits <= len(shared[one] ^ shared[other])
