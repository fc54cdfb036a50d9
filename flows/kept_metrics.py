"""Metrics of messages, measured once and kept: a night measures the threads that are new or changed.

Kept are the rows of message_metrics as Parquet under `.work/`, each with the number that stands
for all that was read of its thread (`parts.inputs_of_threads`): hashes and numbers, no word that
anybody wrote. What another version of code, rules, libraries or own words measured is thrown
away, and with messages that are gone (somebody was forgotten) goes what was measured of them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import polars as pl

from flows import store
from flows.home import Home, make_folder
from flows.state import metrics_version
from transforms.build import Keeper, Measure
from transforms.tables import MESSAGE_METRICS

# Every night adds a file. So many are put together, and so are those of which so much is outdated.
_MOST_FILES = 30
_OUTDATED = 0.1

_INPUTS = "inputs"
_SCHEMA = pl.Schema({**MESSAGE_METRICS.schema, _INPUTS: pl.UInt64()})


def metrics_keeper(home: Home) -> Keeper:
    """What measures, in this home, only the threads that were not measured before as they are."""

    def keep(
        inputs: pl.DataFrame, version: str, messages: pl.DataFrame, measured: Measure
    ) -> pl.DataFrame:
        folder = _folder(home, version)
        kept = _load(folder)
        outdated = kept.join(inputs, on=_INPUTS, how="anti")
        valid = kept.join(inputs, on=_INPUTS, how="semi") if outdated.height else kept
        waiting = inputs.join(valid.select(_INPUTS).unique(), on=_INPUTS, how="anti")
        fresh = measured(waiting).join(
            messages.join(waiting, on="conversation_id").select("message_id", _INPUTS),
            on="message_id",
            how="left",
        )
        every = pl.concat([valid, fresh.select(valid.columns)])
        is_gone = not outdated.join(messages, on="message_id", how="anti").is_empty()
        if is_gone or outdated.height > _OUTDATED * kept.height or _files(folder) > _MOST_FILES:
            shutil.rmtree(folder)
            _save(folder, every)
        else:
            _save(folder, fresh)
        return MESSAGE_METRICS.conform(every.drop(_INPUTS))

    return keep


def _folder(home: Home, version: str) -> Path:
    """Where this version keeps what it measured; other versions' folders are removed."""
    digest = hashlib.sha256(f"{metrics_version()} {version}".encode()).hexdigest()[:16]
    every = make_folder(home.work / "metrics")
    for former in every.iterdir():
        if former.name != digest:
            shutil.rmtree(former)
    return every / digest


def _files(folder: Path) -> int:
    return len(list((folder / MESSAGE_METRICS.name).glob("*.parquet")))


def _load(folder: Path) -> pl.DataFrame:
    if not _files(folder):
        return pl.DataFrame(schema=_SCHEMA)
    try:
        return pl.read_parquet(folder / MESSAGE_METRICS.name / "*.parquet", schema=_SCHEMA)
    except (pl.exceptions.PolarsError, OSError):
        # What is kept may be thrown away at any time; what is damaged is.
        shutil.rmtree(folder)
        return pl.DataFrame(schema=_SCHEMA)


def _save(folder: Path, rows: pl.DataFrame) -> None:
    if not rows.is_empty():
        make_folder(folder)
        store.write_partition(folder, MESSAGE_METRICS.name, rows)
