"""What a person sees of a run in Prefect: names, logs, progress, artifacts and lineage.

Files, counts and names of people; never a word that anybody wrote.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.assets import Asset, AssetProperties, add_asset_metadata
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectHTTPStatusError
from prefect.logging.handlers import APILogHandler
from prefect.states import Completed, Crashed

from flows import store
from flows.discovery import Discovery
from flows.exports import Found
from flows.home import Home
from flows.job import NOTHING_NEW, PUBLISHED, Job, Outcome
from flows.progress import Progress, current_progress
from flows.published import answer_lines, ask, digest_lines
from flows.settings import find_home, load_settings
from flows.state import read_last_run
from flows.steps import Draft
from flows.summary import escaped_digest, summary_markdown
from transforms.errors import MememeterError

P = ParamSpec("P")
R = TypeVar("R")

# An event names at most a hundred others.
_MOST_RELATED = 90


def this_run() -> FlowRun:
    context = FlowRunContext.get()
    assert context is not None  # called inside the flow only
    assert context.flow_run is not None
    return context.flow_run


def is_deployed() -> bool:
    """Whether a schedule or a worker started this run, and not somebody at a terminal."""
    return this_run().deployment_id is not None


def made_up_for(home: Home) -> State[Any] | None:
    """How a scheduled run ends whose night another run made up for already, after it was due.

    A machine that slept a week finds a week of runs to catch up with: one is enough.
    """
    run = this_run()
    last = read_last_run(home)
    if not run.auto_scheduled or last.get("status") not in {PUBLISHED, NOTHING_NEW}:
        return None
    due = run.expected_start_time
    if due is None or datetime.fromisoformat(last["started_at"]) <= due:
        return None
    return Completed(
        name="Skipped", message=f"The run of {last['started_at'][:16]} made up for this one."
    )


def close_cut_off_runs(home: Home) -> None:
    """Mark as crashed what Prefect believes to be running in a home that this run holds.

    A run that was killed could not say so, and without a server nobody else noticed.
    """
    own = this_run().id
    with get_client(sync_client=True) as client:
        running = client.read_flow_runs(
            flow_filter=FlowFilter.model_validate({"name": {"any_": ["nightly"]}}),
            flow_run_filter=FlowRunFilter.model_validate(
                {"state": {"type": {"any_": [StateType.RUNNING]}}}
            ),
            sort=FlowRunSort.START_TIME_DESC,
            limit=200,
        )
        for other in running:
            # The one that just found this home taken is over in a moment, in its own words.
            if other.id == own or find_home(other.parameters.get("home")).path != home.path:
                continue
            crashed: State[Any] = Crashed(message="The process ended before the run did.")
            client.set_flow_run_state(other.id, crashed, force=True)


def rename_run(home: Home, news: int) -> None:
    """Say in the run's name what it found."""
    found = f"{news} new export{'' if news == 1 else 's'}" if news else "no new export"
    with get_client(sync_client=True) as client:
        client.update_flow_run(this_run().id, name=f"nightly {home.path}: {found}")


class Meter:
    """The progress artifact of one run, moved on by the steps themselves."""

    def __init__(self) -> None:
        self._artifact = _progress_artifact(0.0)
        self._exports = 0
        self._read = 0

    def then(self, step: Callable[P, R], share: float) -> Callable[P, R]:
        """The step, and then this many per cent of an ordinary run are done."""

        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            result = step(*args, **kwargs)
            self._move(share)
            return result

        return told

    def discovered(self, step: Callable[[Job], Discovery]) -> Callable[[Job], Discovery]:
        def told(job: Job) -> Discovery:
            close_cut_off_runs(job.home)
            found = step(job)
            self._exports = len(found.new)
            rename_run(job.home, self._exports)
            self._move(5)
            return found

        return told

    def ingested(
        self, step: Callable[[Job, Found], store.ExportSummary | None]
    ) -> Callable[[Job, Found], store.ExportSummary | None]:
        def told(job: Job, found: Found) -> store.ExportSummary | None:
            try:
                return step(job, found)
            finally:
                self._read += 1
                self._move(5 + 45 * self._read / max(self._exports, 1))

        return told

    def finish(self) -> None:
        """Also a night with nothing new is over."""
        self._move(100)

    def _move(self, share: float) -> None:
        try:
            update_progress_artifact(self._artifact, share)
        except PrefectHTTPStatusError as error:
            if error.response.status_code != HTTPStatus.NOT_FOUND:
                raise
            # Publishing empties Prefect's memory when somebody was forgotten, of this run too.
            self._artifact = _progress_artifact(share)


def _progress_artifact(share: float) -> UUID:
    artifact = create_progress_artifact(share, key="progress", description="The run so far.")
    assert isinstance(artifact, UUID)  # not a coroutine: the flow is not async
    return artifact


class _Logged(Progress):
    """The stages of a run as Prefect's log of that run as well."""

    def __init__(self, terminal: Progress) -> None:
        super().__init__(quiet=True)
        self._terminal = terminal
        self._log = logging.getLogger("mememeter.run")
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._log.handlers = [APILogHandler()]

    def stage(self, name: str) -> None:
        self._log.info(name)
        self._terminal.stage(name)

    def count(self, what: str, done: int, total: int | None = None) -> None:
        self._terminal.count(what, done, total)

    def note(self, text: str) -> None:
        self._log.info(text)
        self._terminal.note(text)

    def finish(self) -> None:
        self._terminal.finish()


def progress_of_run() -> Progress:
    """Whom a run tells: Prefect's log, and the terminal, or the log of whoever serves it."""
    return _Logged(Progress() if is_deployed() else current_progress())


def _home_key(home: Home) -> str:
    digest = hashlib.sha256(str(home.path).encode()).hexdigest()[:6]
    return f"mememeter://{_plain(home.path.name)}-{digest}"


def _plain(name: str) -> str:
    """The name in the characters that an asset's key may have."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)


def export_asset(job: Job, name: str) -> Asset:
    # Two names may look alike once they are plain; the digest keeps them apart.
    digest = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:6]
    key = f"{_home_key(job.home)}/exports/{_plain(name)[:200]}-{digest}"
    return Asset(key=key, properties=AssetProperties(name=name, description="An export, as read."))


def export_assets(job: Job, stored: Iterable[store.ExportSummary]) -> list[str | Asset]:
    """The newest exports, as many as an event can name."""
    newest = sorted(stored, key=lambda export: export.first_seen_at, reverse=True)
    names = dict.fromkeys(export.file_name for export in newest)
    return [export_asset(job, name) for name in list(names)[:_MOST_RELATED]]


def tables_asset(job: Job) -> Asset:
    return Asset(
        key=f"{_home_key(job.home)}/tables",
        properties=AssetProperties(
            name=job.home.database.name,
            url=job.home.database.as_uri(),
            description="Every table and view, one DuckDB file.",
        ),
    )


def report_asset(job: Job) -> Asset:
    return Asset(
        key=f"{_home_key(job.home)}/report",
        properties=AssetProperties(
            name=job.home.latest_report.name,
            url=job.home.latest_report.as_uri(),
            description="The report, one HTML file.",
        ),
    )


def note_rows(job: Job, draft: Draft) -> None:
    """The number of rows of each table, beside the tables in the lineage."""
    add_asset_metadata(tables_asset(job), {"rows": dict(draft.sizes)})


def write_artifacts(job: Job, outcome: Outcome) -> None:
    """Summary, top of the ranking and link, where Prefect shows the results of a run."""
    answer = answer_lines(job.home.database)
    create_markdown_artifact(summary_markdown(outcome, answer), key="summary")
    if news := digest_lines(job.home.database):
        create_markdown_artifact(escaped_digest(news), key="digest", description="What changed.")
    create_table_artifact(
        ask(job.home.database, "ranking", most=20).to_dicts(),
        key="ranking",
        description="The top of the ranking, without message text.",
    )
    create_link_artifact(job.home.latest_report.as_uri(), link_text="The report", key="report")


def notify_block(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ANN401, ARG001  Prefect's hook
    """Tell the notification block that mememeter.toml names, if it names one, of a failed run."""
    home = find_home(flow_run.parameters.get("home"))
    try:
        name = load_settings(home).run.on_failure_block
    except MememeterError:
        return  # a mistake in the file is what failed the run, and is told elsewhere
    if not name:
        return
    block = Block.load(name)
    if isinstance(block, NotificationBlock):
        message = read_last_run(home).get("message") or state.message or state.name
        told = block.notify(f"{message}\n\nHome: {home.path}", subject="MeMeMeter: a run failed")
        assert not inspect.isawaitable(told)  # the flow is not async
