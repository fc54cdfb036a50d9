"""One run, how it ends, and the guard around its steps."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from flows.home import Home, private_files, write_atomically
from flows.progress import Progress
from flows.settings import Settings
from transforms.errors import MememeterError

P = ParamSpec("P")
R = TypeVar("R")

PUBLISHED = "published"
FAILED = "failed"
RUNNING = "running"
NOTHING_NEW = "nothing new"


class StepError(MememeterError):
    """A step met an error nobody foresaw; its text, which may quote messages, stays private."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run: where, with what, since when, and whom it tells."""

    home: Home
    settings: Settings
    run_id: str
    started_at: datetime
    exports: tuple[Path, ...] = ()
    progress: Progress = field(default_factory=lambda: Progress(quiet=True))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended; `last_run.json` is this."""

    run_id: str
    status: str
    started_at: str
    finished_at: str | None = None
    message: str | None = None
    changes: list[str] = field(default_factory=list)
    exports_new: list[str] = field(default_factory=list)
    exports_known: int = 0
    messages: int = 0
    posts: int = 0
    messages_new: int = 0
    posts_new: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)
    metrics_version: str = ""
    own_version: str | None = None
    is_sample: bool = False
    database: str = ""
    report: str = ""


def is_unforeseen(error: BaseException) -> bool:
    """Whether it is a mistake of this program or its libraries; a panic of Polars is no Exception."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def step(function: Callable[P, R]) -> Callable[P, R]:
    """A step whose unforeseen errors name themselves and keep their text to the home.

    An error of Polars or DuckDB may quote the row it failed on, and Prefect would store it.
    """

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with private_files():
                return function(*args, **kwargs)
        except (MememeterError, OSError):
            raise
        except BaseException as error:
            # Whatever it is, its text stays here.
            if not is_unforeseen(error):
                raise
            job = next(value for value in args if isinstance(value, Job))
            trace = job.home.work / "failure.txt"
            write_atomically(trace, traceback.format_exc().encode())
            raise StepError(
                f"step {function.__name__!r} failed with {type(error).__name__}",
                hint=f"the details, which may quote messages, are in {trace}",
            ) from None

    return guarded
