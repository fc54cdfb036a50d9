"""One home of yesterday for all accidents, and what is expected of a tally."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.homes import Trial
from benchmarks.reliability.nursery import Nursery


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with Nursery(short_page=True) as nursery:
        yield Trial(tmp_path_factory.mktemp("accidents"), nursery)


def check(tally: Tally, *, hits: int) -> None:
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.hit >= hits, str(tally)
