"""Progress: what strangers named reaches the terminal as text."""

from __future__ import annotations

import io

import pytest

from flows.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_terminal_obeys_no_name_of_a_file(stream: type[io.StringIO]) -> None:
    out = stream()
    progress = Progress(stream=out)
    progress.stage("Reading \x1b]0;owned\x07\u202e.zip")
    progress.note("first \x1b[31mline\nsecond line")
    shown = out.getvalue().replace("\r\x1b[2K", "")
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "second line\n" in shown
