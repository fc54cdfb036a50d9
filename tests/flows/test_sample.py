"""The zips on disk: the same on every run, and the committed ones up to date."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.sample import main, write_sample

COMMITTED = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample"))


def contents(path):
    """Name, time, rights and content of every member: what must not depend on zlib's version."""
    with zipfile.ZipFile(path) as archive:
        return [
            (info.filename, info.date_time, info.external_attr, archive.read(info))
            for info in archive.infolist()
        ]


def test_a_second_run_writes_the_same_bytes(fresh, tmp_path):
    again = write_sample(tmp_path / "new" / "folder")
    assert [path.name for path in again] == [path.name for path in fresh]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in fresh]


def test_the_committed_zips_are_what_the_generator_writes(fresh):
    committed = sorted(COMMITTED.glob("*.zip"))
    assert [path.name for path in committed] == [path.name for path in fresh]
    for ours, theirs in zip(committed, fresh, strict=True):
        stale = f"{ours.name} is stale: run `python -m flows.sample --out data/sample`"
        assert contents(ours) == contents(theirs), stale


def test_the_committed_sample_is_small():
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 1_000_000


def test_the_zips_are_sound(fresh):
    for path in fresh:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None


def test_filler_goes_into_the_later_linkedin_export(tmp_path, fresh):
    sizes = {path.name: path.stat().st_size for path in fresh}
    result = CliRunner().invoke(
        main, ["--out", str(tmp_path), "--messages", "2000", "--seed", "7", "--repeats"]
    )
    assert result.exit_code == 0, result.output
    assert result.output.count("bytes)") == 3
    grown = tmp_path / "Complete_LinkedInDataExport_11-16-2026.zip"
    assert grown.stat().st_size > sizes[grown.name]
    with zipfile.ZipFile(grown) as archive:
        rows = archive.read("messages.csv").count(b'"https://www.linkedin.com/in/')
    assert rows > 2000
