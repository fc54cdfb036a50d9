"""A little of the fuzzing in every run of the tests; for hours: `python -m benchmarks.soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability import fuzz
from benchmarks.reliability.nursery import Nursery

EXAMPLES = {"files": 120, "documents": 120, "dates": 80, "zips": 60, "texts": 60, "config": 100}


@pytest.fixture(autouse=True)
def _untimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it takes is for the soak to say, on a machine of which that is known."""
    monkeypatch.setattr(fuzz, "MOST_SECONDS", 3_600)


def check(tally: fuzz.Tally) -> None:
    assert not tally.wrong, "\n".join(tally.wrong)
    # The inputs are hostile, and not so hostile that nothing of them is read.
    assert 0 < tally.hit < tally.tried


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_whatever_the_input(name: str) -> None:
    check(fuzz.attempt(name, fuzz.TARGETS[name], EXAMPLES[name], seed=1))


def test_whatever_the_export(tmp_path: Path) -> None:
    with Nursery(short_page=True) as nursery:
        check(fuzz.attempt("runs", fuzz.WholeRuns(nursery, tmp_path), 3, seed=1))


def test_a_fault_would_be_found() -> None:
    def faulty(draw: fuzz.Draw) -> bool:
        return 1 // draw(fuzz.st.integers(0, 3)) > 0  # type: ignore[operator]

    tally = fuzz.attempt("nothing", faulty, 50, seed=1)
    assert "ZeroDivisionError" in tally.wrong[0]
