"""Locks, notes about runs, and the fingerprint of everything a result depends on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows import state
from flows.home import Home
from flows.settings import Owner, People, Settings
from flows.word import read_verdicts, set_verdict, users_word
from transforms.errors import UsageError

ROOT = Path(__file__).parents[2]


def test_the_lock_of_a_process_that_died_is_gone(home: Home) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from flows import state; from flows.home import Home\n"
        "with state.only_run(Home(Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.readline(); os._exit(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as other:  # fmt: skip
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        assert state.is_running(home)
        held = pytest.raises(state.AlreadyRunningError, match=f"process {other.pid}, since")
        with held, state.only_run(home):
            pass
        other.communicate("\n")
    assert not state.is_running(home)
    with state.only_run(home):
        pass


def test_a_run_going_on_is_no_reason_to_warn(home: Home) -> None:
    state.write_last_run(home, {"status": "running", "started_at": "2026-01-01T00:00:00"})
    with state.only_run(home):
        assert state.warning_of_last_run(home) is None
    assert "was interrupted" in (state.warning_of_last_run(home) or "")


def test_a_line_cut_off_by_a_crash_is_left_out(home: Home) -> None:
    state.note_run(home, {"run_id": "a"})
    with home.runs.open("ab") as file:
        file.write(b'{"run_id": "b", "sta')
    assert state.noted_runs(home) == [{"run_id": "a"}]


def test_a_line_after_one_that_was_cut_off_is_kept(home: Home) -> None:
    home.runs.write_bytes(b'{"run_id": "a"}\n{"run_id": "b", "sta')
    state.note_run(home, {"run_id": "c", "message": "line\u2028separators\x85are no line ends"})
    assert [row["run_id"] for row in state.noted_runs(home)] == ["a", "c"]


def test_a_run_has_one_row_however_often_it_was_noted(home: Home) -> None:
    """Killed after it noted that it had published, or while the next run noted it: seen 2026-11."""
    facts = {"run_id": "a", "started_at": "2026-01-01T00:00:00", "metrics_version": "1"}
    state.note_run(home, facts | {"status": "published"})
    state.write_last_run(home, facts | {"status": "running"})
    state.note_interrupted(home)
    assert [row["status"] for row in state.noted_runs(home)] == ["published"]
    state.write_last_run(home, facts | {"run_id": "b", "status": "running"})
    state.note_interrupted(home)
    state.note_interrupted(home)
    assert [row["run_id"] for row in state.noted_runs(home)] == ["a", "b"]
    home.runs.write_bytes(home.runs.read_bytes() * 2)  # as an earlier version left it
    assert [row["run_id"] for row in state.noted_runs(home)] == ["a", "b"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_damaged_note_is_no_note(home: Home, content: bytes) -> None:
    home.last_run.write_bytes(content)
    assert state.read_last_run(home) == {}


def test_each_part_of_the_fingerprint_is_its_own(home: Home) -> None:
    first = state.fingerprint(home, ["a", "b"], Settings())
    assert state.fingerprint(home, ["b", "a"], Settings()) == first

    def differing(**changes: object) -> set[str]:
        arguments = {"exports": ["a", "b"], "settings": Settings()} | changes
        second = state.fingerprint(home, **arguments)
        return {name for name in first if first[name] != second[name]}

    assert differing(exports=["a"]) == {"exports"}
    assert differing(settings=Settings(owner=Owner(x=("1",)))) == {"config"}
    set_verdict(home, "x:1", "One", "fine")
    assert differing() == {"verdicts"}


def test_versions_follow_code_and_reference_data(monkeypatch: pytest.MonkeyPatch) -> None:
    code, method = state.code_version(), state.metrics_version()
    assert (state.code_version(), state.metrics_version()) == (code, method)
    real = state._package_digests

    def one_more(package: str, endings: tuple[str, ...]) -> list[str]:
        extra = ["transforms/new.toml 1"] if ".toml" in endings else []
        return [*real(package, endings), *extra]

    monkeypatch.setattr(state, "_package_digests", one_more)
    assert state.code_version() == code
    assert state.metrics_version() != method


def test_changes_without_a_record_is_a_first_run(home: Home) -> None:
    assert state.changes(home, {"exports": "a"}) == ["first run"]
    (home.work / "published.json").write_text("{", encoding="utf-8")
    assert state.changes(home, {"exports": "a"}) == ["first run"]


def test_verdicts_are_kept_sorted_and_taken_back(home: Home) -> None:
    set_verdict(home, "x:2", "=Two", "not-fine")
    set_verdict(home, "x:1", "One, Ph.D.", "fine")
    assert read_verdicts(home) == {"x:1": "fine", "x:2": "not-fine"}
    set_verdict(home, "x:1", "", None)
    assert read_verdicts(home) == {"x:2": "not-fine"}
    assert home.verdicts.stat().st_mode & 0o777 == 0o600


def test_a_verdict_written_by_hand_is_checked(home: Home) -> None:
    home.verdicts.write_text("person,verdict\nx:1,fine\nx:2,great\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_verdicts(home)
    assert caught.value.fact == f"{home.verdicts}, line 3: person 'x:2', verdict 'great'"
    home.verdicts.write_text("\ufeffperson,verdict\nx:1,fine\n", encoding="utf-8")
    assert read_verdicts(home) == {"x:1": "fine"}


def test_addresses_and_numbers_become_person_keys(home: Home) -> None:
    word = users_word(
        home,
        Settings(
            owner=Owner(linkedin=("https://www.linkedin.com/in/J%C3%B6rg/",), x=("12",)),
            people=People(same=(("https://linkedin.com/in/jane", "34", "x.com/Jane_D", "@JD"),)),
        ),
    )
    assert word.owners == {"linkedin": ["linkedin:in/jörg"], "x": ["x:12"]}
    assert word.same_person == [["linkedin:in/jane", "x:34", "@jane_d", "@jd"]]


def test_last_run_is_json_with_every_fact(small_home: Home) -> None:
    facts = json.loads(small_home.last_run.read_bytes())
    assert set(facts) >= {"run_id", "status", "started_at", "finished_at", "message", "problems"}
    assert facts["database"] == str(small_home.database)
