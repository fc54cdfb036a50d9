"""What a worker that scores tone does: a module of its own, so that it loads nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from transforms.text.tone import Tone, score_texts


def score_slice(file: Path, length: int, start: int) -> list[Tone]:
    """The scores of `length` texts of the Arrow file, from row `start` on."""
    texts = pl.scan_ipc(file).slice(start, length).collect()
    return score_texts(texts["clean"].to_list())
