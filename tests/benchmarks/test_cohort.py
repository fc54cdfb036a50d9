"""The cohort of the benchmark: owners that differ, archives that are broken, pools compared."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from benchmarks.cohort import BROKEN_EVERY, UnequalError, compare, write_archives
from flows.cohort import Cohort
from transforms.cohort import POOLED


def test_every_archive_has_its_own_owner_and_some_are_broken(tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    assert write_archives(folder, BROKEN_EVERY + 2, 5) == 1
    archives = sorted(folder.glob("*.zip"))
    assert len(archives) == BROKEN_EVERY + 2
    assert not zipfile.is_zipfile(archives[BROKEN_EVERY - 1])
    owners = set()
    for path in (*archives[: BROKEN_EVERY - 1], *archives[BROKEN_EVERY:]):
        with zipfile.ZipFile(path) as archive:
            rows = list(csv.DictReader(io.StringIO(archive.read("messages.csv").decode())))
        assert len(rows) == 5
        sides = [{row["SENDER PROFILE URL"], row["RECIPIENT PROFILE URLS"]} for row in rows]
        owners |= {url for url in set.intersection(*sides) if "/in/owner-" in url}
    assert len(owners) == BROKEN_EVERY + 1


def test_pools_that_differ_in_one_row_are_not_equal(tmp_path: Path) -> None:
    one, other = (Cohort(tmp_path / name).create() for name in ("one", "other"))
    for of in (one, other):
        for name, table in POOLED.items():
            table.empty().write_parquet(of.pooled / f"{name}.parquet")
    assert compare(one, other) == dict.fromkeys(POOLED, 0)
    name, table = next(iter(POOLED.items()))
    row = pl.DataFrame([[None] * len(table.schema)], schema=table.schema, orient="row")
    row.write_parquet(other.pooled / f"{name}.parquet")
    with pytest.raises(UnequalError, match=name):
        compare(one, other)
