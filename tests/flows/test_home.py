"""A home is closed to others whatever the umask, and files change whole or not at all."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from flows.home import Home, private_files, scratch_folder, sweep_unfinished, write_atomically


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_folders_and_files_are_the_owners_only(tmp_path: Path, umask: int) -> None:
    home = Home(tmp_path / "home").create()
    write_atomically(home.config, b"x")
    with private_files():
        (home.work / "made by a library").write_text("x", encoding="utf-8")
    for path in home.path.rglob("*"):
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    assert mode(home.path) == 0o700
    assert os.umask(umask) == umask  # private_files put it back


def test_a_home_that_stood_open_is_closed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    home.path.chmod(0o755)
    home.inbox.chmod(0o777)
    home.verdicts.write_text("person,verdict\n", encoding="utf-8")
    home.verdicts.chmod(0o644)
    home.create()
    assert mode(home.path) == mode(home.inbox) == 0o700
    assert mode(home.verdicts) == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    write_atomically(target, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_a_dead_process_left_goes_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    dead = [
        home.path / ".last_run.json.abc.part",
        home.reports / ".latest.html.abc.part",
        home.manifests / ".x.json.abc.part",
        home.work / "tone" / ".1.part",
        home.work / "draft.duckdb.wal",
        home.work / "failure.txt",
    ]
    kept = [home.inbox / ".download.part", home.path / ".verdicts.csv.abc.part"]
    for path in (*dead, *kept):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    with kept[1].open("rb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        sweep_unfinished(home)
    assert [path for path in (*dead, *kept) if path.exists()] == kept


def test_a_file_is_locked_while_it_is_written(tmp_path: Path, monkeypatch) -> None:
    home = Home(tmp_path / "home").create()
    real = os.fsync

    def sweep_now(handle: int) -> None:
        sweep_unfinished(home)
        real(handle)

    monkeypatch.setattr(os, "fsync", sweep_now)
    write_atomically(home.verdicts, b"person,verdict\n")
    assert home.verdicts.exists()


def test_the_sample_has_a_store_apart(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sample = home.for_sample()
    assert sample.database == home.database
    assert home.store not in sample.manifests.parents
    assert home.work in sample.manifests.parents
    assert sample.runs != home.runs


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder of temporary files, of this test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_scratch_lies_in_the_home_and_goes_with_the_work(tmp_path: Path, temporary: Path) -> None:
    home = Home(tmp_path / "home").create()
    with scratch_folder(home) as folder:
        assert folder.parent == home.work
        assert mode(folder) == 0o700
        (folder / "words").write_text("x", encoding="utf-8")
        sweep_unfinished(home)  # a run that begins meanwhile
        assert (folder / "words").exists()
        assert list(temporary.iterdir()) == []
    assert not folder.exists()


def test_without_a_home_scratch_lies_with_the_temporary_files_and_makes_none(
    tmp_path: Path, temporary: Path
) -> None:
    with scratch_folder(Home(tmp_path / "none")) as folder:
        assert folder.parent == temporary
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("place", ["home", "temporary"])
def test_scratch_of_a_process_that_was_killed_goes_with_the_next(
    tmp_path: Path, temporary: Path, place: str
) -> None:
    home = Home(tmp_path / "home").create()
    code = (
        "import os, sys, tempfile; from pathlib import Path\n"
        "from flows.home import Home, scratch_folder\n"
        "with scratch_folder(Home(Path(sys.argv[1]))) as folder:\n"
        "    (folder / 'words').touch(); print(folder, flush=True); os.kill(os.getpid(), 9)\n"
    )
    of = home.path if place == "home" else tmp_path / "none"
    done = subprocess.run(
        [sys.executable, "-c", code, str(of)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2], env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    left = Path(done.stdout.strip())
    assert left.parent == (home.work if place == "home" else temporary)
    assert left.exists()
    # Nobody else's, and nothing that only has such a name.
    (temporary / "mememeter-scratch.link").symlink_to(tmp_path)
    sweep_unfinished(home)
    assert not left.exists()
    assert tmp_path.exists()
