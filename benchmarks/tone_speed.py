"""How fast tone is scored: `python -m benchmarks.tone_speed [texts] [--json FILE]`.

Distinct texts of the sample generator's filler, about 190 characters each, none scored before:
TextBlob's own `TextBlob(text).sentiment`, our scorer on one core, and on all of them as a run
uses it. Every number of ours is compared with TextBlob's. The line to hold: 6 MB of distinct text
a second on two cores.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from textblob import TextBlob

from benchmarks.peers.formats import HEADER
from flows.home import Home
from flows.tone_pool import tone_scorer
from transforms.sample import SEED
from transforms.sample.filler import Filler
from transforms.sample.world import build_world
from transforms.text.tone import score_texts


def distinct_texts(count: int) -> list[str]:
    """So many different texts, in the order they are drawn."""
    filler = Filler(SEED, count * 5 // 4, build_world(SEED).owner, repeats=False)
    table = HEADER + b"".join(filler.message_rows()).decode()
    said = dict.fromkeys(row["CONTENT"] for row in csv.DictReader(io.StringIO(table)))
    return list(said)[:count]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", nargs="?", type=int, default=200_000)
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    options = parser.parse_args(arguments)
    texts = distinct_texts(options.texts)
    some = texts[: options.texts // 10]
    score_texts(["warm"])
    found: dict[str, float] = {"texts": len(texts)}

    def note(name: str, what: str, batch: Sequence[str], start: float) -> None:
        megabytes = sum(len(text.encode()) for text in batch) / 1e6
        found[name] = round(megabytes / (time.perf_counter() - start), 2)
        print(f"{what:<44} {found[name]:>8.2f} MB/s", flush=True)

    start = time.perf_counter()
    theirs = [TextBlob(text).sentiment for text in some]
    note("textblob", "TextBlob(text).sentiment, one core", some, start)
    start = time.perf_counter()
    ours = score_texts(some)
    note("one_core", "ours, one core", some, start)
    # Where it knows no word TextBlob says 0 and we say nothing.
    differ = sum(
        (o[0] or 0.0, o[1] or 0.0) != (t[0], t[1]) for o, t in zip(ours, theirs, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with tone_scorer(Home(Path(folder)).create()) as scorer:
            scorer(pl.Series("clean", texts))()
        note("all_cores", "ours, all cores, start of processes included", texts, start)
    found["differ"] = differ
    print(f"{differ} of {len(some):,} texts differ from TextBlob")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    if differ:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
