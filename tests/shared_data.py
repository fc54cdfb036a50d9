"""Public data that lies beside the repository where it is developed (`../shared`).

It is not part of the project, so a stranger's clone has none: there the tests that read it say so
and are skipped. In CI its absence is a failure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = (Path(__file__).parents[1] / ".." / "shared").resolve()
FIXTURES = SHARED / "fixtures"
DATASETS = SHARED / "datasets"


def absent(what: Path) -> str | None:
    """Why tests on this data cannot run here, None when they can; fails in CI instead."""
    if what.exists():
        return None
    reason = f"{what.name} of the public data is not beside the repository"
    if os.environ.get("CI"):
        pytest.fail(reason)
    return reason
