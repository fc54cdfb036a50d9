"""Words nobody else has, planted in every field of an export, and looked for in all that a run leaves.

What was said may stand in the store, the database and the report. Addresses and numbers may stand
nowhere. Nothing may stand where others look: logs, Prefect's memory, notes, temporary files.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.home import Home
from tests.flows.exports_for_tests import HEADER, ME, linkedin_zip, message
from tests.flows.test_forget import contents
from tests.flows.test_private import SPY, is_loopback

ROOT = Path(__file__).parents[2]
SAID = ("quagtext", "quagsubject", "quagtitle", "quagreject", "quagpost", "quagcomment", "quagnote")
"""Of what somebody wrote."""
NEVER = ("quagmail@", "quag-private.example", "0177123987654", "quagstreet", "quagbirth")
"""Addresses and numbers."""
NAME, SLUG = "Quagname Quux", "quagslug-1847"
MAY_HOLD_WORDS = ("store/objects", "store/", "mememeter.duckdb", "reports/")


def _csv(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def export(path: Path) -> None:
    url = f"https://www.linkedin.com/in/{SLUG}"
    said = [
        "t1",
        "quagtitle",
        NAME,
        url,
        "Mee Myself",
        ME,
        "2026-03-01 10:00:00 UTC",
        "quagsubject",
    ]
    bad = [*said[:6], "quagreject day", *said[7:]]
    person = [
        "First Name",
        "Last Name",
        "URL",
        "Email Address",
        "Company",
        "Position",
        "Connected On",
    ]
    invited = [
        "From",
        "To",
        "Sent At",
        "Message",
        "Direction",
        "inviterProfileUrl",
        "inviteeProfileUrl",
    ]
    members = {
        "messages.csv": _csv(
            HEADER.split(","),
            [*said, "quagtext says hello, book a call", "INBOX", ""],
            [*bad, "quagtext again quagmail@quag-private.example", "INBOX", ""],
        )
        + message(3, "Hello there, how are you?"),
        "Profile.csv": _csv(
            ["First Name", "Last Name", "Maiden Name", "Address", "Birth Date", "Headline", "Summary"],
            ["Mee", "Myself", "", "quagstreet 1", "quagbirth", "Tester", "quagpost of mine"],
        ),
        "Connections.csv": _csv(
            person,
            ["Quagname", "Quux", url, "quagmail@quag-private.example", "Acme", "CEO", "01 Mar 2026"],
            ["Quagname", "Quux", url, "quagmail@quag-private.example", "Acme", "CEO", "31 Feb 2026"],
        ),
        "Shares.csv": _csv(
            ["Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility"],
            ["2026-03-01 10:00:00", "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A1", "quagpost", "", "", ""],
        ),
        "Comments.csv": _csv(
            ["Date", "Link", "Message"],
            ["2026-03-01 10:00:00", "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A1", "quagcomment"],
        ),
        "Invitations.csv": _csv(
            invited, [NAME, "Mee Myself", "3/1/26, 10:00 AM", "quagnote", "INCOMING", url, ME]
        ),
        "Email Addresses.csv": "Email Address\nquagmail@quag-private.example\n",
        "PhoneNumbers.csv": "Extension,Number,Type\n,0177123987654,Mobile\n",
    }  # fmt: skip
    linkedin_zip(path, members)


@dataclass(frozen=True)
class Place:
    """A home, somebody else's temporary folder and home folder, and what a command prints."""

    home: Home
    folder: Path

    def call(self, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        (self.folder / "spy" / "sitecustomize.py").write_text(SPY, encoding="utf-8")
        command = ["-c", code] if code else ["-m", "flows.cli"]
        return subprocess.run(
            [sys.executable, *command, arguments[0], "--home", str(self.home.path), *arguments[1:]],
            capture_output=True, text=True, check=False, cwd=ROOT, timeout=400, umask=0,
            env=kept | {"SPY": str(self.folder / "seen"), "PYTHONPATH": f"{self.folder / 'spy'}:{ROOT}",
                        "TMPDIR": str(self.folder / "tmp"), "HOME": str(self.folder / "user")},
        )  # fmt: skip

    def called(self) -> list[list[str]]:
        """(event, address) of every connection since the last look."""
        seen = self.folder / "seen"
        lines = seen.read_text().splitlines() if seen.exists() else []
        seen.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def left_behind(self) -> Iterator[tuple[str, str]]:
        """(path, text) of everything below home, temporary folder and the user's own, decoded."""
        for path, text in contents(self.home):
            yield path.relative_to(self.home.path).as_posix(), text
        for place in ("tmp", "user"):
            for path in (self.folder / place).rglob("*"):
                if path.is_file():
                    yield f"{place}:{path.name}", path.read_bytes().decode("latin-1")

    def holding(self, words: tuple[str, ...]) -> dict[str, str]:
        return {
            path: word
            for path, text in self.left_behind()
            for word in words
            if word.lower() in text.lower()
        }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("canaries")
    for name in ("tmp", "user", "spy"):
        (folder / name).mkdir(mode=0o777)
    place = Place(Home(folder / "home").create(), folder)
    export(place.home.inbox / "mine.zip")
    return place, place.call("run", "--engine", "prefect")


@pytest.mark.engine
def test_a_run_leaves_words_where_they_belong(
    ran: tuple[Place, subprocess.CompletedProcess[str]],
) -> None:
    place, done = ran
    assert done.returncode == 0, done.stderr
    assert not [entry for entry in place.called() if not is_loopback(entry[1])]
    held = place.holding(SAID)
    # They are found where they belong, so they would be found elsewhere.
    assert {path.partition("/")[0] for path in held} >= {"store", "mememeter.duckdb", "reports"}
    assert {path: word for path, word in held.items() if not path.startswith(MAY_HOLD_WORDS)} == {}
    assert not [word for word in SAID if word in done.stdout + done.stderr]
    assert place.holding(NEVER) == {}
    assert (place.home.work / "prefect").is_dir()
    for path in place.home.path.rglob("*"):
        if path.parent != place.home.inbox:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.engine
def test_commands_connect_to_nobody_and_leave_nothing(
    ran: tuple[Place, subprocess.CompletedProcess[str]],
) -> None:
    place, _ = ran
    place.called()
    export(place.folder / "again.zip")
    for arguments in (
        ("doctor", str(place.folder / "again.zip")), ("report", "--redact"), ("sql", "FROM leaderboard"),
        ("sender", SLUG), ("actions",), ("metrics",), ("verdict", SLUG, "not-fine"),
    ):  # fmt: skip
        done = place.call(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)
    assert place.called() == []
    assert [path for path in (place.folder / "tmp").rglob("*") if path.is_file()] == []


FAILING = """
import sys
import flows.pipeline
from flows import cli, steps
def breaks(*_, **__):
    raise ValueError("quagtext in the middle of an error")
for name in ("content_tables", "build", "render_report"):
    for module in (steps, flows.pipeline):
        if hasattr(module, name):
            setattr(module, name, breaks)
sys.exit(cli.run_cli(sys.argv[1:]))
"""


@pytest.mark.engine
def test_an_error_that_quotes_a_message_stays_in_the_home(
    ran: tuple[Place, subprocess.CompletedProcess[str]],
) -> None:
    place, _ = ran
    linkedin_zip(place.home.inbox / "second.zip")
    done = place.call("run", "--engine", "prefect", code=FAILING)
    (place.home.inbox / "second.zip").unlink()
    assert done.returncode == 1, done.stderr
    assert "quagtext" not in done.stdout + done.stderr
    allowed = (*MAY_HOLD_WORDS, ".work/failure.txt")
    held = place.holding(SAID)
    assert ".work/failure.txt" in held
    assert {path: word for path, word in held.items() if not path.startswith(allowed)} == {}


@pytest.mark.engine
def test_who_is_forgotten_is_in_nothing_that_is_left(
    ran: tuple[Place, subprocess.CompletedProcess[str]],
) -> None:
    """Last of this file: Prefect's real memory, its logs and the caches of the build included."""
    place, _ = ran
    assert any(path.startswith(".work/prefect") for path in place.holding((NAME,)))
    done = place.call("forget", SLUG, "--yes")
    assert done.returncode == 0, done.stderr
    gone = (NAME, SLUG, "quagtext", "quagsubject", "quagnote", "quagreject")
    assert place.holding(gone) == {}
