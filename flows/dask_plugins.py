"""What scheduler and workers of a Dask cluster have to know before they import Prefect.

A worker to which nobody says where the run's server is starts one of its own, and Prefect
reports its first import unless it is told not to. Both are read from the environment when it
is imported, so they are set when a run connects, and in workers that join later.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from distributed import SchedulerPlugin, WorkerPlugin


def surroundings() -> dict[str, str]:
    """This process's own, as `flows.engine.configure_prefect` and the run's server left it."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PREFECT_") or name == "DO_NOT_TRACK"
    }


class WorkerSurroundings(WorkerPlugin):  # type: ignore[misc]
    """Sets the environment of a worker, also of one that comes back."""

    name = "mememeter"

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002  Dask's
        os.environ.update(self.values)


class SchedulerSurroundings(SchedulerPlugin):  # type: ignore[misc]
    """Sets that of the scheduler, which unpickles the work it hands out."""

    name = "mememeter"

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    async def start(self, scheduler: Any) -> None:  # noqa: ANN401, ARG002
        os.environ.update(self.values)
