"""Killed, full, read-only, vanished, at the wrong time: the next run makes up for it.

The same accidents at every place and at hundreds of random moments: `python -m benchmarks.soak`.
"""

from __future__ import annotations

from benchmarks.reliability import accidents
from benchmarks.reliability.homes import Trial
from tests.reliability.conftest import check


def test_killed_before_a_change_of_the_file_system(trial: Trial) -> None:
    """From the first to the last; the last ones are where a run says how it ended."""
    check(accidents.killed_at_changes(trial, 6), hits=6)


def test_killed_between_the_words_of_how_it_ended(trial: Trial) -> None:
    """It noted that it had published, and was killed before last_run.json said so too."""
    for place in range(trial.changes - 7, trial.changes - 4, 2):
        ended, wrong = trial.suffer(accidents.Accident(kill_at=place))
        assert ended.was_killed
        assert not wrong


def test_a_full_disk(trial: Trial) -> None:
    check(accidents.full_disk(trial, 2), hits=2)


def test_a_home_that_cannot_be_written(trial: Trial) -> None:
    check(accidents.read_only(trial), hits=1)


def test_a_clock_that_jumps(trial: Trial) -> None:
    check(accidents.wrong_clock(trial, [-40]), hits=1)


def test_any_umask(trial: Trial) -> None:
    check(accidents.any_umask(trial, [0]), hits=1)


def test_an_export_that_vanishes(trial: Trial) -> None:
    check(accidents.vanishing_export(trial, 2), hits=1)
