"""Public exports that lie beside the repository, whole: every file named, every row accounted for."""

from __future__ import annotations

import pytest

from flows.exports import find_exports, open_export, recognise
from flows.members import read_members
from tests.shared_data import FIXTURES as SHARED
from tests.shared_data import absent

EXPORTS = {
    "linkedin_kawsay": 5,
    "x_archive_2019_dogsheep": 5,
    "x_archive_community": 15,
    "x_archive_mrled": 4,
    "x_api_twarc": 657,
}


@pytest.mark.parametrize(("name", "rows"), EXPORTS.items())
def test_every_file_is_named_and_every_row_counted(name: str, rows: int) -> None:
    if why := absent(SHARED / name):
        pytest.skip(why)
    found, problems = find_exports([SHARED / name])
    assert found
    # Its licence lies beside the files; that alone is nobody's export.
    assert {problem.export for problem in problems} <= {"LICENSE"}
    read = 0
    for export in found:
        with open_export(export) as opened:
            for reading in read_members(opened, recognise(opened)):
                assert reading.handling != "unknown" or reading.member == "LICENSE"
                for batch in reading.batches:
                    kept: set[int] = set()
                    for frame in batch.records.values():
                        kept |= set(frame["row_number"])
                    rejected = {reject.row_number for reject in batch.rejects}
                    ignored = sum(batch.ignored.values())
                    assert batch.rows_read == len(kept | rejected) + ignored
                    assert not batch.unknown_fields
                    read += batch.rows_read
    assert read == rows
