"""What a run says while it works: counts and rates on a terminal, plain lines in a log.

Never what people wrote: file names, counts and stages only.
"""

from __future__ import annotations

import sys
import time
from contextvars import ContextVar
from typing import TextIO

from dashboards.safe_text import for_terminal

# In a log, one line per stage and then one every so often.
_LOG_SECONDS = 10.0
_TERMINAL_SECONDS = 0.1


class Progress:
    """Tells stages and counts; says nothing when quiet. Shape of every reporter of a run."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._is_terminal = self._stream.isatty()
        self._started = self._told = time.monotonic()
        self._open_line = False

    def stage(self, name: str) -> None:
        """A new part of the work begins."""
        self._started = self._told = time.monotonic()
        if not self._is_terminal:
            self._line(f"{name} …")
        else:
            self._overwrite(f"{name} …")

    def count(self, what: str, done: int, total: int | None = None) -> None:
        """This much of the stage is done; told at a bearable rate."""
        moment = time.monotonic()
        pause = _TERMINAL_SECONDS if self._is_terminal else _LOG_SECONDS
        if moment - self._told < pause:
            return
        self._told = moment
        of = f" of {total:,}" if total else ""
        rate = done / max(moment - self._started, 1e-3)
        text = f"{what}: {done:,}{of} ({rate:,.0f}/s)"
        if self._is_terminal:
            self._overwrite(text)
        else:
            self._line(text)

    def note(self, text: str) -> None:
        """A line that stays."""
        self._line(text)

    def finish(self) -> None:
        if self._open_line:
            self._overwrite("")
            self._open_line = False

    def _line(self, text: str) -> None:
        if self._quiet:
            return
        self.finish()
        for line in text.splitlines():
            self._stream.write(f"{for_terminal(line)}\n")  # names of files come from strangers
        self._stream.flush()

    def _overwrite(self, text: str) -> None:
        if self._quiet:
            return
        self._stream.write(f"\r\x1b[2K{for_terminal(text)}")
        self._stream.flush()
        self._open_line = bool(text)


# A flow's parameters are sent to Prefect's server; whom it tells is none of them.
_current: ContextVar[Progress | None] = ContextVar("progress", default=None)


def current_progress() -> Progress:
    """Whom the flow of this process tells; nobody unless `tell` was called."""
    return _current.get() or Progress(quiet=True)


def tell(progress: Progress) -> None:
    """Let flows that start from here tell this one."""
    _current.set(progress)
