"""Killed at random moments, several at once, and many nights, at a size that fits here.

Hundreds of kills, a thousand nights: `python -m benchmarks.soak`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import soak
from benchmarks.reliability import kills, together, wear
from benchmarks.reliability.accidents import Tally
from benchmarks.reliability.homes import Trial
from benchmarks.reliability.parts import PARTS, Size
from flows import state, steps
from flows.home import Home
from tests.reliability.conftest import check


def test_killed_at_random_moments(trial: Trial) -> None:
    chance = random.Random(7)
    check(kills.random_kills(trial, chance, 3), hits=3)
    check(kills.first_night_kills(trial, chance, 1), hits=0)
    assert trial.opened > 3


def test_runs_at_once(trial: Trial) -> None:
    check(together.runs_at_once(trial, 1, engine="plain", runs=2), hits=0)


@pytest.mark.parametrize(("engine", "lock"), [("plain", "run.lock"), ("prefect", state.ENGINE_LOCK)])  # fmt: skip
def test_a_second_run_is_refused(trial: Trial, engine: str, lock: str) -> None:
    """Under Prefect before a server is started beside the first one's: seen 2026-11."""
    trial.restore()
    with state.only_run(trial.home, lock):
        second = together.command(trial.home.path, "run", "--engine", engine)
        said, _ = second.communicate(timeout=together.PATIENCE)
    assert second.returncode == 1
    assert together.REFUSED in said


def test_a_reader_that_stays(trial: Trial) -> None:
    check(together.readers_that_stay(trial, 1), hits=1)


def test_clients_that_write(trial: Trial) -> None:
    check(together.writers(trial, 2), hits=2)


def test_night_after_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wear, "PAGE_EVERY", 10**6)
    monkeypatch.setattr(steps, "render_report", wear._short_page)
    for tally in wear.counted(wear.nights(Home(tmp_path / "home").create(), 17)):
        check(tally, hits=1)


def night(number: int, **facts: float) -> wear.Night:
    usual = {
        "cpu_seconds": 1.0, "resident_mb": 400.0, "handles": 9, "threads": 1,
        "stored_bytes": 1000 * number, "database_bytes": 1, "other_files": 9,
    }  # fmt: skip
    return wear.Night(number=number, is_busy=number % 4 == 0, **(usual | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize("fact", ["cpu_seconds", "resident_mb", "handles", "other_files", "stored_bytes"])  # fmt: skip
def test_what_grows_is_a_breach(fact: str) -> None:
    def wrong(nights: list[wear.Night]) -> list[str]:
        return [w for t in (*wear.counted(nights), *wear.measured(nights)) for w in t.wrong]

    assert not wrong([night(n) for n in range(200)])
    assert wrong([night(n, **{fact: 10 + n * n}) for n in range(200)])


def test_the_soak_tells_every_breach_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_: Size) -> list[Tally]:
        raise OSError("no such file")

    monkeypatch.setitem(PARTS, "kills", breaks)
    monkeypatch.setitem(PARTS, "wear", lambda _: [Tally("threads", 5, 5, ["grew"], "1 → 2")])
    monkeypatch.setattr("sys.argv", ["soak", "--parts", "kills,wear", "--seed", "3"])
    assert soak.main() == 1
    said = capsys.readouterr().out
    assert "WRONG: OSError: no such file" in said
    assert "| wear | threads | 5 | 5 | 1 | 1 → 2 |" in said
    monkeypatch.setitem(PARTS, "wear", lambda _: [Tally("threads", 5, 5)])
    monkeypatch.setattr("sys.argv", ["soak", "--parts", "wear"])
    assert soak.main() == 0
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{soak.BEGIN}\nold\n{soak.END}\nafter\n", encoding="utf-8")
    soak.write("new", page)
    assert page.read_text("utf-8") == f"Before\n{soak.BEGIN}\nnew\n{soak.END}\nafter\n"
