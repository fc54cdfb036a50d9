"""Single words with learned weights: what they add up to, what they show, and which have none."""

from __future__ import annotations

import tomllib

import polars as pl
import pytest

from benchmarks.evaluation.wording import CLASSES
from tests.transforms.measuring import measured_at_once
from transforms.text import sentences, wording
from transforms.text.lexicon import AGAINST_WORDING, FOR_WORDING, LANGUAGES
from transforms.text.pitch_model import pitch_model

TEXTS = {
    "Quick call? A quick call about the invoice you sent yesterday.": "en",
    "Kostenlos und unverbindlich: ein kurzes Gespräch, danke für die Rechnung.": "de",
    "Zdravo, quick call": "other",
    "Mmm": "en",
}


def _texts() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "text_id": range(len(TEXTS)),
            "language": list(TEXTS.values()),
            "words": sentences.tokenised(pl.Series(list(TEXTS))).str.to_lowercase(),
        },
        schema_overrides={"text_id": pl.UInt32},
    )


def _by_hand(text: str, language: str) -> dict[str, float]:
    known = {
        word: weight for lang, word, weight in wording.weights().iter_rows() if lang == language
    }
    words = set(text.lower().replace(",", " ").replace("?", " ? ").replace(".", " ").replace(":", " ").split())  # fmt: skip
    found = [known[word] for word in words if word in known]
    return {
        FOR_WORDING: sum(weight for weight in found if weight > 0) / 1000,
        AGAINST_WORDING: -sum(weight for weight in found if weight < 0) / 1000,
    }


def test_every_distinct_word_counts_once_in_its_own_language() -> None:
    found = wording.hits(_texts())
    sums = {
        (text, category): points
        for text, category, points in found.group_by("text_id", "category")
        .agg(pl.col("points").sum())
        .iter_rows()
    }
    for number, (text, language) in enumerate(TEXTS.items()):
        for category, points in _by_hand(text, language).items():
            assert sums.get((number, category), 0.0) == pytest.approx(points)
    assert sums[0, FOR_WORDING] > 0.5
    assert sums[0, AGAINST_WORDING] > 0.3
    assert sums[1, FOR_WORDING] > 0.5


def test_words_of_weight_are_shown_where_they_stand() -> None:
    strongest = wording.weights().filter(language="en").sort("weight", descending=True)["word"]
    first, second = [word for word in strongest if word.isalpha()][:2]
    text = f"So, would a {first.title()} or {second.upper()} help?"
    row = measured_at_once((text,), "en")[text]
    shown = {
        text[span["start"] : span["stop"]] for span in row["spans"] if span["rule"] == FOR_WORDING
    }
    assert {first.title(), second.upper()} <= shown


def test_words_alone_add_no_more_than_their_cap() -> None:
    strongest = wording.weights().filter(language="en").sort("weight", descending=True)["word"]
    words = tuple(word for word in strongest.head(60) if word.isalpha())
    rows = measured_at_once(words, "en")
    # Those that fire no rule of the lexicon besides.
    plain = [w for w in words if {span["rule"] for span in rows[w]["spans"]} == {FOR_WORDING}]
    text = " ; ".join(plain[:9])
    cap = pitch_model().categories[FOR_WORDING].cap
    assert _by_hand(text, "en")[FOR_WORDING] > cap * 1.2
    row = measured_at_once((text,), "en")[text]
    assert {span["rule"] for span in row["spans"]} == {FOR_WORDING}
    assert row["pitch_points"] == pytest.approx(cap)
    assert rows[plain[0]]["pitch_points"] == pytest.approx(_by_hand(plain[0], "en")[FOR_WORDING])


def test_nobody_is_judged_by_pronouns_names_faith_origin_or_grammar() -> None:
    data = tomllib.loads(CLASSES.read_text(encoding="utf-8"))
    never = set(data["never"].split())
    assert {"i", "my", "we", "muslim", "nigerian", "woman", "dear", "visa"} <= never
    weighed = wording.weights()
    assert not never & set(weighed["word"])
    assert not {"the", "a", "an", "of", "in", "maria", "john"} & set(weighed["word"])
    assert set(weighed["language"]) == set(LANGUAGES)
    assert weighed["weight"].abs().max() <= 3000  # type: ignore[operator]
    assert weighed.select("language", "word").is_duplicated().sum() == 0
