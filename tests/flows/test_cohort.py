"""Many archives: one home each, broken ones skipped, nothing done twice, nobody's words pooled."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest

from flows.cli import run_cli
from flows.cohort import Archive, Cohort, Note, analyse
from flows.pool import pool
from flows.progress import Progress
from flows.settings import Settings
from tests.flows.exports_for_tests import ME, PITCH, linkedin_zip, some_messages
from transforms.cohort import POOLED
from transforms.errors import NothingReadError

QUIET = Progress(quiet=True)


def here(of: Cohort, archives: Sequence[Archive], settings: Settings) -> Iterator[Note]:
    """In this process, one after the other: for tests of everything but the processes."""
    return (analyse(of, archive, settings) for archive in archives)


def donate(folder: Path, name: str, threads: int = 3) -> Path:
    """An archive of an owner of this name, who has met some of the people the others met."""
    folder.mkdir(exist_ok=True)
    lines = some_messages(threads).replace(ME, f"{ME}-{name}").replace("Mee", name.title())
    profile = f"First Name,Last Name\n{name.title()},Myself\n"
    return linkedin_zip(folder / f"{name}.zip", {"messages.csv": lines, "Profile.csv": profile})


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    for name in ("anna", "bert"):
        donate(tmp_path / "archives", name)
    return tmp_path / "archives"


@pytest.fixture
def of(tmp_path: Path) -> Cohort:
    return Cohort(tmp_path / "cohort")


def table(of: Cohort, name: str) -> pl.DataFrame:
    return pl.read_parquet(of.pooled / f"{name}.parquet")


def test_tables_of_all_donors_are_pooled_without_a_word(archives: Path, of: Cohort) -> None:
    pooled = pool(archives, of, Settings(), QUIET, here)
    assert (pooled.analysed, pooled.skipped) == (2, {})
    for name, declared in POOLED.items():
        frame = table(of, name)
        assert frame.schema == declared.schema
        assert frame.select(declared.key).is_duplicated().sum() == 0
        assert frame.equals(frame.sort(declared.key))
        for column in frame.select(pl.col(pl.String)).iter_columns():
            said = " ".join(column.drop_nulls().to_list()).lower()
            assert not any(word in said for word in ("anna", "person-1", "linkedin.com", "hello"))
    assert table(of, "message_metrics").height == 18
    assert table(of, "donors")["owner_id"].n_unique() == 2
    # Its first word alone, "We", is the beginning of "Weight" in the codebook as well.
    words = (PITCH[:22], "calendly.com/example")
    for file in of.pooled.glob("*.csv"):
        assert not any(said.encode() in file.read_bytes() for said in words)


def test_a_person_met_in_two_archives_is_one_and_cannot_be_found_without_the_key(
    archives: Path, of: Cohort, tmp_path: Path
) -> None:
    pool(archives, of, Settings(), QUIET, here)
    senders = table(of, "sender_metrics").filter(~pl.col("is_donor"), pl.col("scope") == "all")
    assert senders.height == 6
    assert senders["identity_id"].n_unique() == 3
    other = Cohort(tmp_path / "other")
    pool(archives, other, Settings(), QUIET, here)
    again = table(other, "sender_metrics")["identity_id"]
    assert not set(again) & set(senders["identity_id"])


def test_broken_archives_are_reported_and_skipped(archives: Path, of: Cohort) -> None:
    whole = (archives / "anna.zip").read_bytes()
    (archives / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (archives / "letter.docx").write_bytes(b"dear researcher")
    pooled = pool(archives, of, Settings(), QUIET, here)
    assert set(pooled.skipped) == {"cut.zip", "letter.docx"}
    assert "table of contents cannot be read" in pooled.skipped["cut.zip"]
    listed = pl.read_csv(of.archives)
    assert dict(listed.select("archive", "state").iter_rows()) == {
        "anna.zip": "done", "bert.zip": "done", "cut.zip": "broken", "letter.docx": "broken",
    }  # fmt: skip


def test_only_broken_archives_are_nothing_read(tmp_path: Path, of: Cohort) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / "a.zip").write_bytes(b"no zip")
    with pytest.raises(NothingReadError, match="none of the 1 archives could be read"):
        pool(folder, of, Settings(), QUIET, here)


def test_what_is_done_is_not_done_again(archives: Path, of: Cohort) -> None:
    pool(archives, of, Settings(), QUIET, here)
    before = {file.name: file.read_bytes() for file in of.pooled.iterdir()}
    (archives / "broken.zip").write_bytes(b"no zip")
    donate(archives, "cleo")
    done: list[str] = []

    def noted(of: Cohort, archives: Sequence[Archive], settings: Settings) -> Iterator[Note]:
        done.extend(archive.name for archive in archives)
        return here(of, archives, settings)

    pooled = pool(archives, of, Settings(), QUIET, noted)
    assert set(done) == {"broken.zip", "cleo.zip"}
    assert (pooled.analysed, pooled.known) == (2, 2)
    done.clear()
    (archives / "cleo.zip").unlink()
    pooled = pool(archives, of, Settings(), QUIET, noted)
    assert (done, pooled.left_out) == ([], 1)
    assert {file.name: file.read_bytes() for file in of.pooled.iterdir()} == before


def test_an_archive_that_changed_is_analysed_anew_and_its_old_partitions_go(
    archives: Path, of: Cohort
) -> None:
    pool(archives, of, Settings(), QUIET, here)
    donate(archives, "anna", threads=5)
    pooled = pool(archives, of, Settings(), QUIET, here)
    assert pooled.analysed == 1
    assert table(of, "message_metrics").height == 9 + 15
    assert len(list((of.partitions / "message_metrics").iterdir())) == 2


def test_one_owner_in_two_archives_is_told(archives: Path, of: Cohort) -> None:
    donate(archives / "anna-again", "anna", threads=5)
    pooled = pool(archives, of, Settings(), QUIET, here)
    assert pooled.donated_twice == [["anna-again", "anna.zip"]]


def test_a_process_that_is_killed_costs_nothing_but_time(archives: Path, of: Cohort) -> None:
    expected = Cohort(of.path.parent / "expected").create()
    of.create().key_file.write_text(expected.key)
    pool(archives, expected, Settings(), QUIET, here)
    killed: list[int] = []

    def kill_a_worker() -> None:
        while not killed:
            if any(of.donors.glob("*/.work/in_work")):
                killed.extend(_workers()[:1])
                os.kill(killed[0], signal.SIGKILL)
            time.sleep(0.01)

    killer = threading.Thread(target=kill_a_worker, daemon=True)
    killer.start()
    pooled = pool(archives, of, Settings(), QUIET)
    killer.join(timeout=10)
    assert killed
    assert (pooled.analysed, pooled.skipped) == (2, {})
    for file in expected.pooled.iterdir():
        assert (of.pooled / file.name).read_bytes() == file.read_bytes(), file.name


def _workers() -> list[int]:
    """Processes whose grandparent is this one: what the forkserver started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    return [pid for pid, parent in parents.items() if parents.get(parent) == os.getpid()]


def test_the_command_prints_what_it_did(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (archives / "broken.zip").write_bytes(b"no zip")
    arguments = ["cohort", str(archives), "--home", str(tmp_path / "home")]
    assert run_cli([*arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["analysed"], set(result["skipped"])) == (3, {"broken.zip"})
    assert run_cli(arguments) == 0
    said = capsys.readouterr().out
    assert "2 archives pooled" in said
    assert "known from before: 3" in said
    assert "Skipped broken.zip" in said


def test_a_cluster_that_is_not_named_is_a_mistake_with_a_way_out(
    archives: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "mememeter.toml").write_text('[run]\nrunner = "dask"\n')
    assert run_cli(["cohort", str(archives), "--home", str(home)]) == 2
    assert "run.cluster names no scheduler" in capsys.readouterr().err
