"""Connections.csv and Invitations.csv."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from transforms.sample.linkedin_edition import View, split_name, write_rows
from transforms.sample.model import OWNER, Person

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PREAMBLE = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are '
    "missing. You will only see email addresses for connections who have allowed their "
    'connections to see or download their email address using this setting."\n\n'
)
_CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
_INVITATIONS = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl"


def connections_csv(view: View) -> str:
    """Newest first, after the preamble, without a newline at the end."""
    last_day = view.edition.asked_at.date()
    nobody = Person("", "")
    closed = [
        replace(nobody, connected_on=day) for day in view.world.owner_texts["closed_profiles"]
    ]
    rows = [
        (person.connected_on, _connection(view, person))
        for person in [*view.known(), *closed]
        if person.connected_on and person.connected_on < last_day
    ]
    rows.sort(key=lambda row: (row[0], row[1]), reverse=True)
    body = write_rows([row for _, row in rows]).rstrip("\n")
    return f"{_PREAMBLE}{_CONNECTIONS}\n{body}"


def invitations_csv(view: View) -> str:
    """Both directions, newest first; the times are American and name no zone."""
    rows: list[tuple[datetime, list[str]]] = []
    owner, owner_url = view.identity(OWNER)
    for person in view.known():
        at = person.invited_at
        if at is None or at >= view.edition.asked_at:
            continue
        name, url = view.identity(person.key)
        shown = f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M %p}"
        if person.invited == "in":
            row = [name, owner, shown, person.note, "INCOMING", url, owner_url]
        else:
            row = [owner, name, shown, person.note, "OUTGOING", owner_url, url]
        rows.append((at, row))
    rows.sort(reverse=True)
    return f"{_INVITATIONS}\n" + write_rows([row for _, row in rows])


def _connection(view: View, person: Person) -> list[str]:
    """One row; a closed profile is a date and nothing else."""
    name, url = view.identity(person.key) if person.key else ("", "")
    day = person.connected_on
    shown = f"{day:%d} {_MONTHS[day.month - 1]} {day:%Y}" if day else ""
    return [*split_name(name), url, person.email, person.company, person.position, shown]
