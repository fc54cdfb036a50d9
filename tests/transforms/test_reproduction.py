"""Published and measured figures that a correct implementation reproduces (evidence.md §13)."""

from __future__ import annotations

import pytest

from benchmarks.evaluation.reproduction import CHECKS, Check
from tests.shared_data import DATASETS, absent

FORMULAS = (1, 4, 5)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_figure_is_reproduced(check: Check) -> None:
    if check.row not in FORMULAS and (why := absent(DATASETS)):
        pytest.skip(why)
    assert check.found() == pytest.approx(check.expected, abs=check.tolerance), check.what


@pytest.mark.parametrize(
    "check", [c for c in CHECKS.values() if c.published is not None], ids=lambda c: c.what
)
def test_a_part_of_a_set_is_near_what_was_published_of_the_whole(check: Check) -> None:
    if why := absent(DATASETS):
        pytest.skip(why)
    assert check.found() == pytest.approx(check.published, rel=0.2)
