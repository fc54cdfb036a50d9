"""Tone of distinct texts on all cores, each text once, ever.

The only stage with a Python loop, about 10 MB of text per second and core, and the same texts
come back every night. What was scored stays in a cache under `.work/`, keyed by a hash of the
text: the cache holds no words.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import polars_hash as plh

from flows.home import FILE_MODE, Home, make_folder
from transforms.text.tone import Tone, score_texts

# Starting the workers costs 1 to 2 s, as long as one core takes for half of this.
IN_PROCESS_BYTES = 30_000_000
CHUNK_TEXTS = 5_000
# Never more texts than this outside of Polars at a time.
ROUND_TEXTS = 200_000

Progress = Callable[[int, int], None]

_SCHEMA = {"key": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}


def tone_version() -> str:
    """Changes when a score could: with TextBlob's version and with the code that calls it."""
    code = (files("transforms.text") / "tone.py").read_bytes()
    return hashlib.sha256(f"{version('textblob')}:".encode() + code).hexdigest()[:16]


def score_tone(
    home: Home,
    texts: pl.Series,
    *,
    processes: int = 0,
    on_progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> pl.DataFrame:
    """One row (clean, polarity, subjectivity) per distinct text; null where no word is known."""
    wanted = pl.DataFrame({"clean": texts.drop_nulls().unique(maintain_order=True)}).with_columns(
        _key().alias("key")
    )
    cache = _load_cache(home)
    missing = wanted.join(cache, on="key", how="anti", maintain_order="left")
    if not missing.is_empty():
        scores = _scores(missing["clean"], processes or os.cpu_count() or 1, on_progress)
        fresh = pl.concat([missing.select("key"), scores], how="horizontal")
        cache = pl.concat([cache, fresh])
        _save_cache(home, cache)
    return wanted.join(cache, on="key", how="left", maintain_order="left").drop("key")


def _key() -> pl.Expr:
    digest = plh.col("clean").chash.blake3()
    return digest.str.head(32)


def _scores(texts: pl.Series, processes: int, on_progress: Progress) -> pl.DataFrame:
    """Polarity and subjectivity of each text, in their order."""
    if processes == 1 or texts.str.len_bytes().sum() < IN_PROCESS_BYTES:
        return _frame(map(score_texts, _lists(texts, CHUNK_TEXTS)))
    rounds = []
    # Forking a process that runs Polars' threads, or Prefect's, can hang; forkserver cannot.
    with ProcessPoolExecutor(processes, mp_context=get_context("forkserver")) as pool:
        done = 0
        for part in texts.to_frame().iter_slices(ROUND_TEXTS):
            rounds.append(_frame(pool.map(score_texts, _lists(part.to_series(), CHUNK_TEXTS))))
            done += part.height
            on_progress(done, texts.len())
    return pl.concat(rounds)


def _lists(texts: pl.Series, length: int) -> Iterator[list[str]]:
    return (part.to_series().to_list() for part in texts.to_frame().iter_slices(length))


def _frame(scores: Iterable[list[Tone]]) -> pl.DataFrame:
    schema = {name: _SCHEMA[name] for name in ("polarity", "subjectivity")}
    return pl.DataFrame(list(chain.from_iterable(scores)), schema=schema, orient="row")


def _cache_file(home: Home) -> Path:
    return home.work / "tone" / f"{tone_version()}.parquet"


def _load_cache(home: Home) -> pl.DataFrame:
    file = _cache_file(home)
    if not file.exists():
        return pl.DataFrame(schema=_SCHEMA)
    try:
        return pl.read_parquet(file, schema=_SCHEMA)
    except (pl.exceptions.PolarsError, OSError):
        # The cache may be thrown away at any time; a damaged one is.
        return pl.DataFrame(schema=_SCHEMA)


def _save_cache(home: Home, cache: pl.DataFrame) -> None:
    file = _cache_file(home)
    folder = make_folder(file.parent)
    part = folder / f".{os.getpid()}.part"
    cache.write_parquet(part, compression="zstd")
    part.chmod(FILE_MODE)
    part.replace(file)
    for former in folder.glob("*.parquet"):
        if former != file:
            former.unlink()
