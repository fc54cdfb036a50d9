"""Every date format of LinkedIn exports, and days that do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from transforms.sources._linkedin_dates import parse_day, parse_time


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2025-08-01 09:00:00 UTC", datetime(2025, 8, 1, 9, tzinfo=UTC)),
        ("2025-08-01 09:00:00", datetime(2025, 8, 1, 9, tzinfo=UTC)),
        (" 2025-08-01  09:00:00\u00a0UTC ", datetime(2025, 8, 1, 9, tzinfo=UTC)),
        ("2025-08-01T09:00:00.250Z", datetime(2025, 8, 1, 9, 0, 0, 250_000, tzinfo=UTC)),
        ("2021/03/14 15:09:26 UTC", datetime(2021, 3, 14, 15, 9, 26, tzinfo=UTC)),
        ("9/5/26, 1:12 AM", datetime(2026, 9, 5, 1, 12, tzinfo=UTC)),
        ("12/31/25, 12:00\u202fPM", datetime(2025, 12, 31, 12, tzinfo=UTC)),
        ("04/09/21, 01:30 PM", datetime(2021, 4, 9, 13, 30, tzinfo=UTC)),
        ("9/5/2026, 1:12 AM", datetime(2026, 9, 5, 1, 12, tzinfo=UTC)),
        ("Sat Sep 05 08:12:14 UTC 2026", datetime(2026, 9, 5, 8, 12, 14, tzinfo=UTC)),
        ("8/1/2025 9:00", datetime(2025, 8, 1, 9, tzinfo=UTC)),
        ("9/5/2026 8:12:05 AM", datetime(2026, 9, 5, 8, 12, 5, tzinfo=UTC)),
        ("05.09.2026 08:12", datetime(2026, 9, 5, 8, 12, tzinfo=UTC)),
        ("5-9-2026 8:12", datetime(2026, 9, 5, 8, 12, tzinfo=UTC)),
        ("1999-01-01", datetime(1999, 1, 1, tzinfo=UTC)),
        ("2026-02-30 10:00:00 UTC", None),
        ("2026-13-05 09:00:00", None),
        ("13/5/22, 1:12 AM", None),
        ("0026-01-05 09:00:00", None),
        ("2199-01-05 09:00:00 UTC", None),
        ("sometime later", None),
        ("NA", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("usual", [None, "%Y-%m-%d %H:%M:%S UTC"])
def test_times(cell: str | None, time: datetime | None, usual: str | None) -> None:
    frame = pl.DataFrame({"at": [cell, "2025-08-01 09:00:00 UTC"]}, schema={"at": pl.String})
    parsed = parse_time(frame, "at", usual)
    assert parsed.dtype == pl.Datetime("us", "UTC")
    assert parsed.to_list() == [time, datetime(2025, 8, 1, 9, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("08 Feb 2026", date(2026, 2, 8)),
        ("8 Feb 2026", date(2026, 2, 8)),
        ("15 September 2026", date(2026, 9, 15)),
        ("4-Apr-21", date(2021, 4, 4)),
        ("2026-02-08", date(2026, 2, 8)),
        ("2/8/26", date(2026, 2, 8)),
        ("Feb 8, 2026", date(2026, 2, 8)),
        ("08. Feb 26", date(2026, 2, 8)),
        ("08.02.2026", date(2026, 2, 8)),
        ("30 Feb 2026", None),
        ("Feb", None),
        (None, None),
    ],
)
def test_days(cell: str | None, day: date | None) -> None:
    frame = pl.DataFrame({"on": [cell]}, schema={"on": pl.String})
    assert parse_day(frame, "on").to_list() == [day]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["05/09/2026", "25/09/2026"], [(9, 5), (9, 25)]),  # a British spreadsheet
        (["05/09/2026", "09/25/2026"], [(5, 9), (9, 25)]),
        (["05/09/2026", "04/03/2026"], [(5, 9), (4, 3)]),  # nothing shows it: as LinkedIn writes
        (["05-09-2026", "09-25-2026"], [(5, 9), (9, 25)]),
        (["05/09/2026", "25/09/2026", "09/25/2026"], [(5, 9), None, (9, 25)]),
        (["05/09/2026", "25.09.2026"], [(5, 9), (9, 25)]),
    ],
)
def test_the_whole_file_tells_the_order_of_day_and_month(
    cells: list[str], days: list[tuple[int, int] | None]
) -> None:
    frame = pl.DataFrame({"on": cells})
    expected = [date(2026, *day) if day else None for day in days]
    assert parse_day(frame, "on").to_list() == expected
    timed = frame.with_columns(pl.format("{} 10:30", "on").alias("on"))
    times = parse_time(timed, "on").dt.date().to_list()
    assert times == expected
