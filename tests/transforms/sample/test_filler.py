"""Filler: the number asked for, mostly distinct, in order, and never in memory as a whole."""

import csv
import io
import itertools
from collections import Counter, defaultdict

import pytest

from transforms.sample import LATER, SEED, generate

COUNT = 20_000


def later_member(member, *, messages=COUNT, **options):
    return generate(SEED, messages, **options)[LATER.file_name][member]


def filler_rows(**options):
    chunks = iter(later_member("messages.csv", **options))
    next(chunks)  # what was written by hand
    return list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")))


@pytest.fixture(scope="module")
def filler():
    return filler_rows()


def test_exactly_as_many_as_asked_for(filler):
    assert len(filler) == COUNT
    assert {len(row) for row in filler} == {11}
    assert len(filler_rows(messages=7)) == 7


def test_texts_are_mostly_distinct_and_of_ordinary_length(filler):
    texts = [row[8] for row in filler]
    assert len(set(texts)) / len(texts) > 0.95
    assert 175 <= sum(map(len, texts)) / len(texts) <= 205


def test_texts_share_little_with_each_other(filler):
    def pairs(text):
        words = text.split()
        return set(itertools.pairwise(words))

    long_texts = [pairs(row[8]) for row in filler[::40] if len(row[8]) > 80]
    overlaps = [len(a & b) / len(a | b) for a, b in itertools.combinations(long_texts, 2)]
    assert sum(overlap >= 0.5 for overlap in overlaps) / len(overlaps) < 1e-4


def test_repeats_repeat():
    texts = Counter(row[8] for row in filler_rows(repeats=True))
    assert sum(count for count in texts.values() if count > 1) / COUNT > 0.4


def test_threads_are_newest_first_and_have_two_people(filler):
    threads = defaultdict(list)
    for row in filler:
        threads[row[0]].append(row)
    lengths = sorted(map(len, threads.values()))
    assert lengths[0] == 1
    assert lengths[-1] == 200
    for rows in threads.values():
        minutes = [row[6][:16] for row in rows]
        assert minutes == sorted(minutes, reverse=True)
        assert len({row[3] for row in rows} | {row[5] for row in rows}) == 2


def test_connections_name_the_same_people(filler):
    chunks = iter(later_member("Connections.csv"))
    written = next(chunks)
    text = (written + b"".join(chunks)).decode()
    found = list(csv.DictReader(io.StringIO(text.split("\n", 3)[3])))
    assert all(row["Connected On"] for row in found)
    added = {row["URL"] for row in found[written.count(b"https://") :]}
    senders = {row[3] for row in filler}
    assert len(added & senders) > 0.6 * len(senders)
    assert not text.endswith("\n")


def test_the_same_seed_gives_the_same_filler():
    first = b"".join(later_member("messages.csv", messages=3_000))
    assert first == b"".join(later_member("messages.csv", messages=3_000))


def test_memory_does_not_grow_with_the_number():
    chunks = iter(later_member("messages.csv", messages=1_000_000))
    sizes = [len(chunk) for chunk in itertools.islice(chunks, 1, 12)]
    assert max(sizes) < 8 << 20
