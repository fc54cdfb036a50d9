"""Tone of distinct texts on all cores, each text once, ever.

TextBlob is the slowest stage by far (about 1.2 MB of text per second and core), and the same
texts come back every night. What was scored stays in a cache under `.work/`, keyed by a hash
of the text: the cache holds no words.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import polars_hash as plh

from flows.home import FILE_MODE, Home, make_folder
from transforms.text.tone import score_texts

# Starting the workers costs 1 to 2 s, about what one core scores in that time.
IN_PROCESS_BYTES = 300_000
CHUNK_BYTES = 200_000

Score = tuple[float | None, float | None]
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
        scores = _score(missing["clean"].to_list(), processes or os.cpu_count() or 1, on_progress)
        fresh = pl.DataFrame(
            [(key, *score) for key, score in zip(missing["key"], scores, strict=True)],
            schema=_SCHEMA,
            orient="row",
        )
        cache = pl.concat([cache, fresh])
        _save_cache(home, cache)
    return wanted.join(cache, on="key", how="left", maintain_order="left").drop("key")


def _key() -> pl.Expr:
    digest = plh.col("clean").chash.blake3()
    return digest.str.head(32)


def _score(texts: Sequence[str], processes: int, on_progress: Progress) -> Iterator[Score]:
    if processes == 1 or sum(map(len, texts)) < IN_PROCESS_BYTES:
        yield from score_texts(texts)
        return
    chunks = list(chunks_by_size(texts, CHUNK_BYTES))
    # Forking a process that runs Polars' threads, or Prefect's, can hang; forkserver cannot.
    with ProcessPoolExecutor(processes, mp_context=get_context("forkserver")) as pool:
        done = 0
        for scores in pool.map(score_texts, chunks):
            yield from scores
            done += len(scores)
            on_progress(done, len(texts))


def chunks_by_size(texts: Sequence[str], size: int) -> Iterator[list[str]]:
    """The texts in order, cut into lists of about this many characters: equal work, not count."""
    chunk: list[str] = []
    weight = 0
    for text in texts:
        chunk.append(text)
        weight += len(text)
        if weight >= size:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk


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
