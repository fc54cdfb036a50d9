"""Our side of each comparison, as a process: `python -m benchmarks.peers.ours JOB FILE FOLDER`.

Prints how many of the rows it gave back, as the scripts of the peers do.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def read(file: Path, folder: Path) -> int:
    """The export into the store of a new home, every row accounted for."""
    from flows.discovery import read_export  # noqa: PLC0415  each job imports what it needs
    from flows.exports import find_exports  # noqa: PLC0415
    from flows.home import Home  # noqa: PLC0415
    from flows.settings import Settings  # noqa: PLC0415

    (found,), _ = find_exports([file])
    summary = read_export(
        Home(folder / "home").create(), found, Settings(), now=datetime.now(UTC),
        on_rows=lambda _member, _rows: None,
    )  # fmt: skip
    assert summary is not None
    counted = ("messages.csv", "tweets.js", "tweets-part1.js", "tweet.js")
    stored = [m for m in summary.members if m.member.rpartition("/")[2] in counted]
    return sum(m.rows_read - m.rows_rejected - sum(m.ignored.values()) for m in stored)


def table(file: Path, folder: Path) -> int:
    """The same, and its messages as a DuckDB table."""
    import duckdb  # noqa: PLC0415

    read(file, folder)
    with duckdb.connect(folder / "ours.duckdb") as database:
        database.execute(
            "CREATE TABLE messages AS SELECT * FROM read_parquet(?, union_by_name = true)",
            [f"{folder}/home/store/**/message_records/*.parquet"],
        )
        return int(database.execute("SELECT count(*) FROM messages").fetchall()[0][0])


def templates(file: Path, folder: Path) -> int:  # noqa: ARG001
    from transforms import tables, templates  # noqa: PLC0415

    prepared, recipients = _prepared(file)
    templates.assign(prepared, tables.PEOPLE.empty(), recipients)
    return prepared.height


def tone(file: Path, folder: Path) -> int:
    import polars as pl  # noqa: PLC0415

    from flows.home import Home  # noqa: PLC0415
    from flows.tone_pool import tone_scorer  # noqa: PLC0415

    texts = pl.Series("clean", _texts(file))
    with tone_scorer(Home(folder / "home").create()) as scorer:
        scored = scorer(texts)()
    return texts.to_frame().join(scored.select("clean"), "clean").height


def features(file: Path, folder: Path) -> int:  # noqa: ARG001
    from transforms.text import features  # noqa: PLC0415

    prepared, _ = _prepared(file)
    features.of_texts(prepared)
    return prepared.height


def _prepared(file: Path) -> tuple[Any, Any]:
    """Its messages in threads, and their recipients, as frames."""
    from benchmarks.text_speed import _frames  # noqa: PLC0415
    from transforms import measure, tables  # noqa: PLC0415

    messages, recipients = _frames(_texts(file))
    people, ties = tables.PEOPLE.empty(), tables.CONNECTIONS.empty()
    return measure.prepare_messages(messages, recipients, people, ties), recipients


def _texts(file: Path) -> list[str]:
    import polars as pl  # noqa: PLC0415

    return pl.read_ndjson(file)["text"].to_list()


JOBS: Mapping[str, Callable[[Path, Path], int]] = {
    job.__name__: job for job in (read, table, templates, tone, features)
}

if __name__ == "__main__":
    print(json.dumps({"rows": JOBS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))}))
