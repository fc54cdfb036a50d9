"""The nightly run as text for systemd and cron, checked by systemd and sh themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from flows.home import Home
from flows.timers import calendar_events, cron_lines, systemd_units
from transforms.errors import UsageError

HOME = Home(Path("/srv/my data/50%"))


@pytest.mark.parametrize(
    ("cron", "events"),
    [
        ("0 2 * * *", ["*-*-* 02:00:00 Europe/Berlin"]),
        ("*/15 8-18/2 * * mon-fri", [
            "Mon,Tue,Wed,Thu,Fri *-*-* 08,10,12,14,16,18:00,15,30,45:00 Europe/Berlin",
        ]),
        ("30 2 1,15 * 7", [
            "*-*-01,15 02:30:00 Europe/Berlin",
            "Sun *-*-* 02:30:00 Europe/Berlin",
        ]),
        ("5 4 * jan,12 0", ["Sun *-01,12-* 04:05:00 Europe/Berlin"]),
        ("7 * 3 * *", ["*-*-03 *:07:00 Europe/Berlin"]),
    ],
)  # fmt: skip
def test_a_cron_schedule_in_systemds_words(cron: str, events: list[str]) -> None:
    assert calendar_events(cron, "Europe/Berlin") == events
    if shutil.which("systemd-analyze"):
        for event in events:
            subprocess.run(["systemd-analyze", "calendar", event], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 2 * *", "'0 2 * *' has 4 fields"),
        ("60 2 * * *", "'60' is no minute of a cron schedule"),
        ("0 2 * * mo", "'mo' is no day of the week of a cron schedule"),
        ("0 5-3 * * *", "'5-3' names no hour"),
        ("*/0 2 * * *", "'*/0' is no step"),
    ],
)
def test_what_is_no_schedule_is_refused(cron: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        calendar_events(cron, "UTC")
    assert caught.value.fact == message


def test_the_units_install_themselves_and_are_sound(tmp_path: Path) -> None:
    """Run by sh with a systemctl that only listens; then systemd reads what was written."""
    program = tmp_path / "meme meter"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    said = tmp_path / "said"
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\n', encoding="utf-8")
    systemctl.chmod(0o755)
    script = systemd_units(HOME, [str(program)], "0 2 * * *", "Europe/Berlin")
    subprocess.run(
        ["sh"],
        input=script,
        text=True,
        check=True,
        env={
            "PATH": f"{systemctl.parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        },
    )
    units = tmp_path / "config" / "systemd" / "user"
    service = (units / "mememeter.service").read_text(encoding="utf-8")
    assert f'ExecStart="{program}" "run" "--quiet" "--home" "/srv/my data/50%%"\n' in service
    timer = (units / "mememeter.timer").read_text(encoding="utf-8")
    assert "OnCalendar=*-*-* 02:00:00 Europe/Berlin\n" in timer
    assert "Persistent=true\n" in timer
    assert said.read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now mememeter.timer",
    ]
    if shutil.which("systemd-analyze"):
        checked = subprocess.run(
            ["systemd-analyze", "verify", str(units / "mememeter.timer")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "mememeter" not in checked.stderr, checked.stderr


def test_the_lines_for_cron(tmp_path: Path) -> None:
    text = cron_lines(HOME, ["/opt/m/mememeter"], "0 2 * * *", "UTC", "UTC")
    words = "/opt/m/mememeter run --quiet --home '/srv/my data/50\\%'"
    assert f"\n0 2 * * * {words}\n" in text
    assert f"\n@reboot sleep 60; {words}\n" in text
    assert "CRON_TZ" not in text
    abroad = cron_lines(HOME, ["m"], "0 2 * * *", "Europe/Berlin", "UTC")
    assert "\nCRON_TZ=Europe/Berlin\n0 2 * * * " in abroad
