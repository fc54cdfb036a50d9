"""Threads measured some at a time give what all of them give at once, and say what they read."""

from __future__ import annotations

import polars as pl
import pytest

from tests.transforms.measuring import Said, prepared_threads
from transforms import measure, parts

THREADS = [
    [Said("Hi, can I offer you our platform?"), Said("No, thank you.", "me", 1), Said("Really?", hours=50)],
    [Said("What did the doctor say?"), Said("All is well, thanks for asking.", "me", 2)],
    [Said("Book a call: https://calendly.com/x")],
    [Said("We met at the station."), Said("So we did!", "me", 3), Said("And now?", hours=4)],
]  # fmt: skip
NO_TONE = pl.DataFrame(
    schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}
)


@pytest.mark.parametrize("rows", [1, 2, 4, 9, 100])
def test_some_threads_at_a_time(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepared_threads(THREADS)
    whole = measure.message_metrics(prepared, NO_TONE)
    monkeypatch.setattr(measure, "ROWS_AT_ONCE", rows)

    assert measure.message_metrics(prepared, NO_TONE).equals(whole)


def test_no_message_at_all() -> None:
    assert measure.message_metrics(prepared_threads(THREADS).clear(), NO_TONE).is_empty()


def test_the_number_of_a_thread_changes_with_what_is_read_of_it_and_of_no_other() -> None:
    def told(threads: list[list[Said]]) -> dict[str, int]:
        return dict(parts.inputs_of_threads(prepared_threads(threads)).iter_rows())

    before = told(THREADS)
    for changed in (
        [Said("What did the doctor say, then?"), THREADS[1][1]],
        [THREADS[1][0], Said("All is well, thanks for asking.", "me", 3)],
        [*THREADS[1], Said("Good.", hours=3)],
        [Said("What did the doctor say?", kind="sponsored"), THREADS[1][1]],
        [THREADS[1][1], THREADS[1][0]],
    ):
        after = told([THREADS[0], changed, *THREADS[2:]])
        assert [key for key in before if before[key] != after[key]] == ["0001"]
