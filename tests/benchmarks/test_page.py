"""The page says what the results say, and flags what is no figure or was not measured."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import page, plan
from benchmarks.page_text import SPEEDS, render

MACHINE = {"processor": "a processor", "cores": "2"}


def run(seconds: float, cpu: float, gib: float) -> dict[str, Any]:
    stages = [{"stage": "Reading a.zip", "seconds": seconds / 2, "cpu_seconds": cpu / 2}]
    return {"seconds": seconds, "cpu_seconds": cpu, "gib": gib, "stages": stages}


def size(messages: int, seconds: float) -> dict[str, Any]:
    kinds = ("cold", "unchanged", "new", "prefect")
    return {
        "messages": messages, "repeats": False, "times": 3,
        "runs": {kind: run(seconds, seconds * 1.5, 0.5 + messages / 1e6) for kind in kinds},
        "floors": {"read": {"seconds": 1.0, "bare_seconds": 0.4, "times": 2.5}},
    }  # fmt: skip


FOUND: dict[str, dict[str, Any]] = {
    "pipeline": {"help_seconds": 0.31, "sizes": [size(10_000, 4.0), size(110_000, 14.0)]},
    "repeats": {"sizes": [size(50_000, 6.0) | {"repeats": True, "floors": {}}]},
    "bytes": {"messages": 100_000, "per_message": {"export": 60, "store": 57, "database": 236}},
    "engine": {"engine": {
        name: {"what": name, "seconds": seconds, "cpu_seconds": seconds}
        for name, seconds in (("plain", 4.0), ("own", 9.5), ("standing", 6.25))
    }},
    "peers": {"messages": 1_000, "times": 3, "peers": [
        {"peer": "a", "packages": ["a==1"], "does": "reads", "our_job": "the same", "rows": 660,
         "seconds": 2.0, "gib": 0.1, "ours": {"rows": 1_000, "seconds": 0.5, "gib": 0.2}},
        {"peer": "b", "packages": ["b==2"], "does": "reads", "our_job": "the same",
         "why": "cannot be installed: no wheel", "ours": {"rows": 1_000, "seconds": 0.5, "gib": 0.2}},
    ]},
    "cohort": {"whole": {
        "archives": 1_000, "messages_each": 40, "broken": 10,
        "here": {"processes": 2, "seconds": 270.0}, "there": {"workers": 2, "seconds": 400.0, "killed_after": 500},
        "rows": {"donors": 990}, "states": {"done": 990, "broken": 10},
        "again_seconds": 20.0, "pooled_bytes": 4_000_000, "partition_bytes": 1, "home_bytes": 1,
    }},
    "scaling": {"scaling": {
        "archives": 100, "messages_each": 40, "1": {"processes": 50.0, "workers": 70.0},
        "2": {"processes": 26.0, "workers": 40.0}, "speedup": {"processes": 1.92, "workers": 1.75},
        "engine_each": 0.2, "engine_start": 9.0,
    }},
}  # fmt: skip


def results(others: float = 0.05) -> dict[str, dict[str, Any]]:
    facts = {
        "measured_on": "2026-11-25",
        "commit": "abc1234",
        "others": others,
        "seconds": 60.0,
    }
    found = {
        name: facts | {"command": f"python -m x.{name}", "found": f} for name, f in FOUND.items()
    }
    said = {name: facts | {"command": f"python -m x.{name}", "said": "1 MB/s\n"} for name in SPEEDS}
    return found | said


def test_the_page_holds_every_figure_and_its_command() -> None:
    text = render(results(), MACHINE)
    assert "no figures" not in text
    assert "ot measured yet" not in text
    for result in results().values():
        assert result["command"] in text
    assert "| 110,000 messages, first run | 14.00 | 21.00 | 0.61 | 7,857 |" in text
    assert "A message of 110,000 costs 0.32 times one of 10,000." in text
    assert "| read | 1.00 | 0.40 | 2.5 |" in text
    assert "| a==1: reads | 66% | 2.00 | 0.10 | the same | 100% | 0.50 | 0.20 |" in text
    assert "not run: cannot be installed: no wheel" in text
    assert "the engine adds 5.5 s to a first run, and 2.2 s with a server that stands" in text
    assert "killed with -9 after 500 archives" in text


def test_what_was_measured_beside_other_work_is_no_figure() -> None:
    assert render(results(others=1.5), MACHINE).count("no figures") == len(results())


def test_a_part_that_is_missing_says_how_to_measure_it() -> None:
    text = render({}, MACHINE)
    for part in ("pipeline", "peers", "engine", *SPEEDS):
        assert f"`python -m benchmarks.page --only {part}`" in text
    assert "Reckoned when pipeline, bytes, cohort, scaling is measured" in text


def test_the_plan_is_arithmetic_on_what_was_measured() -> None:
    found = plan.plan(
        FOUND["pipeline"], FOUND["bytes"]["per_message"], FOUND["cohort"]["whole"],
        FOUND["scaling"]["scaling"],
    )  # fmt: skip
    # 1.5 * 10 s of processors for 100,000 messages; 50 s for 100 archives of 40.
    assert found.cpu_seconds_per_million == pytest.approx(150)
    assert found.fixed_cpu_seconds == pytest.approx(0.5 - 40 * 150e-6)
    assert found.core_hours == pytest.approx((100_000 * found.fixed_cpu_seconds + 150_000) / 3600)
    assert found.workers == 8  # 55.4 core hours at 87.5 % in eight hours
    assert found.store_tb == pytest.approx(0.057)
    assert found.pooled_gb == pytest.approx(100)
    assert found.pool_hours == pytest.approx(20 * 100 / 3600)
    assert found.engine_hours == pytest.approx(0.2 * 100_000 / 3600)
    assert found.home_limit == pytest.approx(3_500_000)


def test_a_result_is_kept_while_it_is_new_quiet_and_of_the_same_command() -> None:
    command = ["benchmarks.peers", "--json"]
    now = datetime.now(UTC)
    kept = {
        "command": "python -m benchmarks.peers",
        "measured_at": now.isoformat(),
        "others": 0.1,
    }
    assert page.is_fresh("peers", command, kept)
    assert not page.is_fresh("peers", command, None)
    assert not page.is_fresh("peers", [*command, "--times", "1"], kept)
    assert not page.is_fresh("peers", command, kept | {"others": 1.0})
    assert page.is_fresh("cohort", command, kept | {"others": 1.0})
    old = (now - timedelta(days=1)).isoformat()
    assert not page.is_fresh("peers", command, kept | {"measured_at": old})


def test_the_work_of_others_is_told_from_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two seconds the machine worked five, of which two were the part's own."""
    monkeypatch.setattr(page, "RESULTS", tmp_path)
    for clock, told in (("busy_seconds", (90.0, 95.0)), ("_own_seconds", (1.0, 3.0))):
        monkeypatch.setattr(page, clock, iter(told).__next__)
    monkeypatch.setattr(page, "time", SimpleNamespace(perf_counter=iter((7.0, 9.0)).__next__))
    page.measure_part("read_speed", ["timeit", "-n", "1", "-r", "1", "pass"])
    result = page.kept("read_speed")
    assert result is not None
    assert (result["seconds"], result["others"]) == (2.0, 1.5)
    assert "loop" in result["said"]


def test_every_part_of_the_page_has_a_command() -> None:
    options = argparse.Namespace(sizes=[10], times=1, messages=1, archives=1)
    assert set(FOUND) | set(SPEEDS) == set(page.commands(options))
    assert json.dumps(page.machine())
