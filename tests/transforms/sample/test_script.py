"""The screenplay notation: times, speakers, marks, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from transforms.sample.model import OWNER
from transforms.sample.script import parse_script


def minute(message):
    return message.sent_at.replace(second=0)


def test_speakers_texts_and_marks():
    messages = parse_script(
        "< 2026-01-05 09:30 subject=About_the_gate\n"
        "First line\n"
        "\n"
        "third line\n"
        "> +10m attach=map.pdf\n"
        "@somebody +1h like=owner draft\n"
        "ok",
        "the-other",
    )
    assert [m.sender for m in messages] == ["the-other", OWNER, "somebody"]
    assert [m.text for m in messages] == ["First line\n\nthird line", "", "ok"]
    assert [m.subject for m in messages] == ["About the gate", "", ""]
    assert [m.attachment for m in messages] == ["", "map.pdf", ""]
    assert [m.liked_by for m in messages] == ["", "", "owner"]
    assert [m.draft for m in messages] == [False, False, True]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("+5m", datetime(2026, 1, 5, 9, 35, tzinfo=UTC)),
        ("+3h", datetime(2026, 1, 5, 12, 30, tzinfo=UTC)),
        ("+2d 08:15", datetime(2026, 1, 7, 8, 15, tzinfo=UTC)),
        ("+1w 10:00", datetime(2026, 1, 12, 10, 0, tzinfo=UTC)),
        ("2026-02-01 11:11", datetime(2026, 2, 1, 11, 11, tzinfo=UTC)),
    ],
)
def test_times(step, expected):
    first, second = parse_script(f"< 2026-01-05 09:30\na\n> {step}\nb", "x")
    assert minute(first) == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert timedelta(0) <= minute(second) - expected <= timedelta(minutes=1)


def test_a_step_of_one_minute_stays_a_burst():
    first, second = parse_script("< 2026-01-05 09:30\na\n< +1m\nb", "x")
    assert timedelta(0) < second.sent_at - first.sent_at <= timedelta(minutes=2)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("> +5m\nb", "needs a date"),
        ("hello\n< 2026-01-05 09:30\na", "begins with a header line, not with 'hello'"),
        ("< 2026-01-05 09:30\na\n> +0d 08:00\nb", "goes back in time"),
    ],
)
def test_a_broken_script_is_refused(script, message):
    with pytest.raises(ValueError, match=message):
        parse_script(script, "x")
