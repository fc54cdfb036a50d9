"""The nightly run for those who want no server: units for systemd, lines for cron.

Both are text; nothing is installed from here.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from flows.home import Home
from transforms.errors import UsageError

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        if text.lower() in self.names:
            return self.low + self.names.index(text.lower())
        if not text.isdecimal() or not self.low <= int(text) <= self.high:
            raise UsageError(
                f"{text!r} is no {self.name} of a cron schedule",
                hint=f"a number from {self.low} to {self.high}, as in 0 2 * * *",
            )
        return int(text)

    def values(self, text: str) -> list[int]:
        """Every number that one field of a cron line stands for, in order."""
        found: set[int] = set()
        for part in text.split(","):
            span, slash, every = part.partition("/")
            first, dash, last = span.partition("-")
            if span == "*":
                low, high = self.low, self.high
            else:
                low = self.number(first)
                high = self.number(last) if dash else self.high if slash else low
            if slash and (not every.isdecimal() or not int(every)):
                raise UsageError(f"{part!r} is no step", hint="write */15 or 8-18/2")
            found.update(range(low, high + 1, int(every) if slash else 1))
        if not found:
            raise UsageError(f"{text!r} names no {self.name}", hint="the smaller number goes first")
        return sorted(found)


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, tuple(day.lower() for day in _DAYS)),
)


def calendar_events(cron: str, timezone: str) -> list[str]:
    """The schedule as systemd's OnCalendar lines.

    In cron a day of the month and a day of the week are two ways to be meant, in systemd both
    must hold: where both are given there are two lines.
    """
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        raise UsageError(
            f"{cron!r} has {len(fields)} fields", hint="five: minute hour day month weekday"
        )
    values = [field.values(text) for field, text in zip(_FIELDS, fields, strict=True)]
    minute, hour, day, month = (
        _listed(field, chosen, text)
        for field, chosen, text in zip(_FIELDS[:4], values[:4], fields[:4], strict=True)
    )
    time = f"{hour}:{minute}:00 {timezone}"
    by_day = f"*-{month}-{day} {time}"
    if fields[4] == "*":
        return [by_day]
    weekdays = ",".join(_DAYS[number] for number in sorted({value % 7 for value in values[4]}))
    by_weekday = f"{weekdays} *-{month}-* {time}"
    return [by_weekday] if fields[2] == "*" else [by_day, by_weekday]


def _listed(field: _Field, values: Sequence[int], text: str) -> str:
    return "*" if text == "*" and field.name != "minute" else ",".join(f"{v:02d}" for v in values)


def systemd_units(home: Home, command: Sequence[str], cron: str, timezone: str) -> str:
    """A script that writes service and timer for the user's own systemd and starts the timer."""
    calendar = "\n".join(f"OnCalendar={event}" for event in calendar_events(cron, timezone))
    words = " ".join(_systemd_word(word) for word in _run(home, command))
    return f"""\
# Reads as it stands, and installs itself: mememeter schedule --print systemd | sh
set -eu
units="${{XDG_CONFIG_HOME:-$HOME/.config}}/systemd/user"
mkdir -p "$units"
cat > "$units/mememeter.service" <<'UNIT'
[Unit]
Description=MeMeMeter: read new exports, rebuild, publish

[Service]
Type=oneshot
ExecStart={words}
UMask=0077
Nice=10
TimeoutStartSec=6h
UNIT
cat > "$units/mememeter.timer" <<'UNIT'
[Unit]
Description=MeMeMeter every night

[Timer]
{calendar}
# A night the machine was off or asleep is made up for, once.
Persistent=true

[Install]
WantedBy=timers.target
UNIT
systemctl --user daemon-reload
systemctl --user enable --now mememeter.timer
# So that it also runs while you are not logged in: loginctl enable-linger
# How it went: systemctl --user status mememeter; journalctl --user -u mememeter
"""


def _systemd_word(word: str) -> str:
    # In a unit, % begins a specifier and $ a variable.
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def cron_lines(
    home: Home, command: Sequence[str], cron: str, timezone: str, machine_zone: str
) -> str:
    """Lines for a crontab: the nightly run, and one after a start of the machine."""
    calendar_events(cron, timezone)  # refuses what cron would
    # In a crontab, % ends the command.
    words = shlex.join(_run(home, command)).replace("%", "\\%")
    zone = "" if timezone == machine_zone else f"CRON_TZ={timezone}\n"
    return f"""\
# Add to your crontab: (crontab -l; mememeter schedule --print cron) | crontab -
{zone}{cron} {words}
# After a start of the machine: makes up for a night it was off, else it finds nothing new.
@reboot sleep 60; {words}
"""


def _run(home: Home, command: Sequence[str]) -> list[str]:
    # Quiet: what a run finds has names in it, and a log is for how it ended.
    return [*command, "run", "--quiet", "--home", str(home.path)]
