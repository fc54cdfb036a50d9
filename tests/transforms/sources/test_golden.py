"""Every era and every known defect: what the reader makes of it, row by row.

The folder `tests/fixtures/<source>/<case>` holds the files, `<case>.json` beside it what comes
out. After a change that was meant: `python -m tests.transforms.sources.reading`, then read the
difference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.transforms.sources.reading import SOURCES, cases, describe
from transforms.spec import Source

CASES = [
    pytest.param(source, case, id=f"{source.name}-{case.name}")
    for source in SOURCES.values()
    for case in cases(source)
]


@pytest.mark.parametrize(("source", "case"), CASES)
def test_the_case_is_read_as_written_down(source: Source, case: Path) -> None:
    golden = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    assert describe(source, case) == golden
