"""Tone of distinct texts, each text once, ever, while the build goes on with other things.

The only stage with a Python loop (`transforms/text/tone.py`), so many texts are scored in other
processes, which leaves this one to Polars. What was scored stays in a cache under `.work/`, keyed
by a hash of the text: the cache holds no words.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import polars_hash as plh

from flows.home import FILE_MODE, Home, make_folder
from flows.tied import end_with_the_parent
from flows.tone_worker import score_slice
from transforms.build import ToneScorer
from transforms.text.tone import Tone, score_texts

# Starting the workers costs 1 to 2 s, as long as one core takes for this.
IN_PROCESS_BYTES = 8_000_000
CHUNK_TEXTS = 5_000

Progress = Callable[[int, int], None]

_TEXTS = ".texts"
_SCHEMA = {"key": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64}


def tone_version() -> str:
    """Changes when a score could: with TextBlob's version and with the code that calls it."""
    code = (files("transforms.text") / "tone.py").read_bytes()
    return hashlib.sha256(f"{version('textblob')}:".encode() + code).hexdigest()[:16]


@contextmanager
def tone_scorer(
    home: Home,
    *,
    processes: int = 0,
    on_progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> Iterator[ToneScorer]:
    """A scorer that gives (clean, polarity, subjectivity) per distinct text, null where no word is known.

    `processes`: 0 for one per core. On leaving, what is still being scored is given up.
    """
    with ExitStack() as stack:

        def begin(texts: pl.Series) -> Callable[[], pl.DataFrame]:
            for left_behind in _cache_file(home).parent.glob(f"*{_TEXTS}"):
                left_behind.unlink()
            texts = texts.drop_nulls().unique(maintain_order=True)
            wanted = pl.DataFrame({"clean": texts}).with_columns(_key().alias("key"))
            cache = _load_cache(home)
            missing = wanted.join(cache, on="key", how="anti", maintain_order="left")
            workers = processes or os.cpu_count() or 1
            if workers == 1 or missing["clean"].str.len_bytes().sum() < IN_PROCESS_BYTES:
                scores = _in_place(missing["clean"])
            else:
                scores = stack.enter_context(_elsewhere(home, missing["clean"], workers))

            def completed() -> pl.DataFrame:
                fresh = []
                for chunk in scores:
                    fresh += chunk
                    on_progress(len(fresh), missing.height)
                known = pl.concat([cache, missing.select("key").hstack(_frame(fresh))])
                if fresh:
                    _save_cache(home, known)
                return wanted.join(known, on="key", how="left", maintain_order="left").drop("key")

            return completed

        yield begin


def _frame(scores: list[Tone]) -> pl.DataFrame:
    schema = {name: _SCHEMA[name] for name in ("polarity", "subjectivity")}
    return pl.DataFrame(scores, schema=schema, orient="row")


def _in_place(texts: pl.Series) -> Iterator[list[Tone]]:
    return (
        score_texts(part.to_series().to_list())
        for part in texts.to_frame().iter_slices(CHUNK_TEXTS)
    )


@contextmanager
def _elsewhere(home: Home, texts: pl.Series, workers: int) -> Iterator[Iterator[list[Tone]]]:
    """The scores chunk by chunk, from workers that read the texts from a file of their own.

    So no text is pickled, and no more of them than the chunks at work are Python strings.
    """
    file = make_folder(_cache_file(home).parent) / f"{os.getpid()}{_TEXTS}"
    # Forking a process that runs Polars' threads, or Prefect's, can hang; forkserver cannot.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("forkserver"), initializer=end_with_the_parent
    )
    try:
        texts.alias("clean").to_frame().write_ipc(file)
        file.chmod(FILE_MODE)
        yield pool.map(partial(score_slice, file, CHUNK_TEXTS), range(0, texts.len(), CHUNK_TEXTS))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        file.unlink(missing_ok=True)


def _key() -> pl.Expr:
    digest = plh.col("clean").chash.blake3()
    return digest.str.head(32)


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
