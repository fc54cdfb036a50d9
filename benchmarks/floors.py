"""What a stage costs at the very least: `python -m benchmarks.floors HOME EXPORT …`.

For four stages of a run a bare loop does the least that any program would have to do for it, on
the same messages, with Polars, DuckDB and zlib alone, and prints its seconds as JSON:

read             every member of every zip unpacked, and messages.csv parsed by `pl.read_csv`
message metrics  of each distinct text: lower case, one space around each token, and eight counts
                 (words, sentences, questions, links and four pronouns): no cleaning, no language,
                 no rule, no thread, no place of a match
aggregation      sums of all numeric metrics by sender, by sender and week, by sender and month,
                 and by thread and sender
write            every published table inserted into a DuckDB file of the same format, from Arrow:
                 no CHECK, no key, no comment

Times are wall seconds in a process that has imported its libraries and read its input.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import polars as pl
from polars import selectors as cs

from flows.warehouse import STORAGE_VERSION


def read(exports: Sequence[Path]) -> float:
    """Unpack every member; parse the messages."""
    start = time.perf_counter()
    for export in exports:
        with zipfile.ZipFile(export) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                if Path(name).name == "messages.csv":
                    pl.read_csv(io.BytesIO(content), infer_schema=False)
    return time.perf_counter() - start


_COUNTED = {
    "n_words": r" [\p{L}\p{N}]",
    "n_sentences": r"[.!?] ",
    "questions": r" \? ",
    "links": r"https?://",
    "first_person_singular": r" (?:i|me|my|mine|myself|i'm|i've|i'll|i'd) ",
    "first_person_plural": r" (?:we|us|our|ours|we're|we've|we'll) ",
    "second_person": r" (?:you|your|yours|you're|you've|you'll) ",
    "they": r" (?:they|them|their|he|him|his|she|her) ",
}


def message_metrics(texts: pl.Series) -> float:
    """Tokens and eight counts."""
    start = time.perf_counter()
    words = " " + texts.str.to_lowercase().str.replace_all(r"([^\p{L}\p{N}'_\- ])", " ${1} ") + " "
    words.to_frame("words").select(
        pl.col("words").str.count_matches(pattern).alias(name) for name, pattern in _COUNTED.items()
    )
    return time.perf_counter() - start


def aggregation(messages: pl.DataFrame, metrics: pl.DataFrame) -> float:
    """Sums by sender, by week, by month and by thread."""
    numbers = metrics.select("message_id", cs.numeric(), cs.boolean().cast(pl.Int32))
    keys = messages.select("message_id", "conversation_id", "sender_id", "sent_at")
    start = time.perf_counter()
    frame = keys.join(numbers, "message_id").lazy()
    sums = cs.numeric().sum()
    pl.collect_all([
        frame.group_by("sender_id").agg(sums),
        frame.group_by("sender_id", pl.col("sent_at").dt.truncate("1w")).agg(sums),
        frame.group_by("sender_id", pl.col("sent_at").dt.truncate("1mo")).agg(sums),
        frame.group_by("conversation_id", "sender_id").agg(sums),
    ])  # fmt: skip
    return time.perf_counter() - start


def write(frames: dict[str, pl.DataFrame], folder: Path) -> float:
    """Every table into a new file."""
    start = time.perf_counter()
    with duckdb.connect() as connection:
        path = folder / "bare.duckdb"
        connection.execute(f"ATTACH '{path}' AS bare (STORAGE_VERSION '{STORAGE_VERSION}')")
        for name, frame in frames.items():
            connection.register("incoming", frame.to_arrow())
            connection.execute(f"CREATE TABLE bare.{name} AS FROM incoming")
            connection.unregister("incoming")
        connection.execute("CHECKPOINT bare")
        connection.execute("DETACH bare")
    return time.perf_counter() - start


def published(database: Path) -> dict[str, pl.DataFrame]:
    """Every published table."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        return {
            name: pl.DataFrame(connection.sql(f"FROM {name}").to_arrow_table()) for (name,) in names
        }


def main(home: Path, exports: Sequence[Path]) -> None:
    frames = published(home / "mememeter.duckdb")
    texts = frames["messages"]["text"].drop_nulls().unique()
    with tempfile.TemporaryDirectory(dir=home) as folder:
        bare: dict[str, Callable[[], float]] = {
            "read": lambda: read(exports),
            "message metrics": lambda: message_metrics(texts),
            "aggregation": lambda: aggregation(frames["messages"], frames["message_metrics"]),
            "write": lambda: write(frames, Path(folder)),
        }
        print(json.dumps({stage: round(loop(), 3) for stage, loop in bare.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(export) for export in sys.argv[2:]])
