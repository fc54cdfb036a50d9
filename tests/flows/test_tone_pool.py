"""Tone: each text once, ever, with one process or many."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pytest

from flows import tone_pool
from flows.home import Home
from flows.tone_pool import tone_scorer
from transforms.text.tone import score_texts

TEXTS = ["This is great, thank you!", "Terrible service.", "Zzyzx qwrt.", "A happy, happy day."]


def score_tone(home: Home, texts: pl.Series, **options: Any) -> pl.DataFrame:
    with tone_scorer(home, **options) as begin:
        return begin(texts)()


def test_scores_are_textblobs_in_the_order_of_the_texts(home: Home) -> None:
    frame = score_tone(home, pl.Series(TEXTS))
    assert frame.columns == ["clean", "polarity", "subjectivity"]
    assert frame["clean"].to_list() == TEXTS
    assert [row[1:] for row in frame.rows()] == score_texts(TEXTS)


def test_a_text_is_never_scored_twice(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = score_tone(home, pl.Series(TEXTS[:3]))
    scored: list[str] = []

    def counting(texts):
        scored.extend(texts)
        return score_texts(texts)

    monkeypatch.setattr(tone_pool, "score_texts", counting)
    assert score_tone(home, pl.Series(TEXTS[:3])).equals(first)
    assert scored == []
    score_tone(home, pl.Series([*TEXTS, *TEXTS, None]))
    assert scored == [TEXTS[3]]


def test_the_cache_holds_no_words_and_is_closed_to_others(home: Home) -> None:
    score_tone(home, pl.Series(TEXTS))
    (file,) = (home.work / "tone").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    cached = pl.read_parquet(file)
    assert cached.columns == ["key", "polarity", "subjectivity"]
    assert not set(cached["key"]) & set(TEXTS)


def test_another_version_of_the_scorer_begins_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_tone(home, pl.Series(TEXTS))
    monkeypatch.setattr(tone_pool, "tone_version", lambda: "newer")
    score_tone(home, pl.Series(TEXTS[:1]))
    assert [file.name for file in (home.work / "tone").iterdir()] == ["newer.parquet"]


def test_a_damaged_cache_is_thrown_away(home: Home) -> None:
    expected = score_tone(home, pl.Series(TEXTS))
    (file,) = (home.work / "tone").iterdir()
    file.write_bytes(b"PAR1 and nothing")
    assert score_tone(home, pl.Series(TEXTS)).equals(expected)


def test_many_processes_give_what_one_gives(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone_pool, "IN_PROCESS_BYTES", 0)
    monkeypatch.setattr(tone_pool, "CHUNK_TEXTS", 3)
    told: list[tuple[int, int]] = []
    frame = score_tone(
        home,
        pl.Series(TEXTS),
        processes=2,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert [row[1:] for row in frame.rows()] == score_texts(TEXTS)
    assert told == [(3, 4), (4, 4)]


def test_no_texts_are_no_rows(home: Home) -> None:
    assert score_tone(home, pl.Series([], dtype=pl.String)).is_empty()


def test_what_is_given_up_leaves_no_words_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tone_pool, "IN_PROCESS_BYTES", 0)
    with tone_scorer(home, processes=2) as begin:
        begin(pl.Series(TEXTS))
        assert [file.suffix for file in (home.work / "tone").iterdir()] == [".texts"]
    assert list((home.work / "tone").iterdir()) == []


def test_words_left_by_a_killed_run_are_swept(home: Home) -> None:
    folder = home.work / "tone"
    folder.mkdir(parents=True)
    (folder / "1.texts").write_bytes(b"left behind")
    score_tone(home, pl.Series(TEXTS))
    assert [file.suffix for file in folder.iterdir()] == [".parquet"]


def test_a_worker_loads_nothing_but_what_it_scores_with() -> None:
    loaded = "print(*sorted(name for name in sys.modules if name.startswith('transforms.')))"
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys, flows.tone_worker, flows.tied; {loaded}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert answer.stdout.split() == ["transforms.text", "transforms.text.tone"]
