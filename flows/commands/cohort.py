"""`mememeter cohort`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import click

from dashboards.safe_text import for_terminal
from flows.cohort import Cohort
from flows.home import Home, private_files
from flows.pool import Pooled, pool
from flows.progress import Progress, tell
from flows.settings import Settings, find_home, load_settings


def cohort_command(
    *, archives: Path, out: Path | None, home: str | None, quiet: bool, as_json: bool
) -> None:
    place = find_home(home)
    settings = load_settings(place)
    progress = Progress(quiet=quiet or as_json)
    of = Cohort((out or place.path / "cohort").absolute())
    pooled = _run(archives, of, settings, progress)
    progress.finish()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(pooled), indent=1))
    elif not quiet:
        for line in _lines(pooled):
            click.echo(for_terminal(line))


def _run(archives: Path, of: Cohort, settings: Settings, progress: Progress) -> Pooled:
    if settings.run.runner == "processes":
        return pool(archives, of, settings, progress)
    with private_files():
        from flows.engine import configure_prefect  # noqa: PLC0415

        place = Home(of.create().path)
        configure_prefect(place)  # before Prefect is imported
        from flows.server import server_of_run  # noqa: PLC0415

        with server_of_run(place, settings.run) as wait:
            from flows.cluster import cohort  # noqa: PLC0415  Prefect, for those with a cluster

            wait()
            tell(progress)
            return cohort(archives, of, settings)


def _lines(pooled: Pooled) -> Iterator[str]:
    donors = pooled.rows["donors"]
    yield (
        f"{donors:,} archives pooled: {pooled.rows['sender_metrics']:,} rows of senders, "
        f"{pooled.rows['message_metrics']:,} messages. Analysed now: {pooled.analysed:,}; "
        f"known from before: {pooled.known:,}."
    )
    for name, reason in pooled.skipped.items():
        yield f"Skipped {name}: {reason}"
    for name, problems in pooled.problems.items():
        yield from (f"Problem in {name}: {problem}" for problem in problems)
    for names in pooled.donated_twice:
        yield f"One owner in several archives: {', '.join(names)}. Put them into one folder."
    if pooled.left_out:
        yield (
            f"{pooled.left_out:,} donors from before are no longer among the archives and are left "
            "out; their homes are kept."
        )
    yield f"Tables and codebook: {pooled.folder}"
