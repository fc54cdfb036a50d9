"""Published and measured figures that a correct implementation reproduces (evidence.md §13).

    python -m benchmarks.evaluation.reproduction

Where only a part of a set lies beside the repository, the figure of that part by a slow
independent count stands as the reference, and the published one is named beside it.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy.stats import spearmanr

from benchmarks.evaluation import figures
from benchmarks.evaluation.known_groups import DATASETS
from transforms import intervals, templates
from transforms.features import Shingles
from transforms.leaders import lead
from transforms.metrics import all_metrics
from transforms.metrics.self_subject import EXPLICIT
from transforms.text import cleaning, sentences
from transforms.text.content import content_words, jaccard

GENRES = ("answers", "email", "newsgroup", "reviews", "weblog")
METRICS = {metric.name: metric for metric in all_metrics() if metric.grain == "message"}


@dataclass(frozen=True, slots=True)
class Check:
    """One figure: which row of the table, what it says, what it has to be, how to get it."""

    row: int
    what: str
    reference: float | Callable[[], float]
    tolerance: float
    found: Callable[[], float]
    published: float | None = None

    @property
    def expected(self) -> float:
        return self.reference if isinstance(self.reference, float) else self.reference()

    def holds(self, found: float) -> bool:
        return abs(found - self.expected) <= self.tolerance


def lines_of(name: str) -> list[str]:
    with gzip.open(DATASETS / name, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


@cache
def rows_of(name: str) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in lines_of(f"{name}.jsonl.gz")]


def read(texts: Sequence[str]) -> pl.DataFrame:
    """Texts, all of them English, as the metrics read them."""
    clean = cleaning.clean(pl.Series("text", texts, dtype=pl.String))
    tokens = sentences.tokenised(clean).fill_null(" ¶ ¶ ")
    return pl.DataFrame({"tokens": tokens, "words": tokens.str.to_lowercase()}).with_columns(
        language=pl.lit("en"), speech=pl.col("words").str.replace_all(" ", "  ", literal=True)
    )


def counted(frame: pl.DataFrame, name: str) -> list[int]:
    metric = METRICS[name]
    if metric.compute is not None:
        return metric.compute(frame.select(metric.needs)).to_list()
    assert metric.expr is not None
    return frame.select(metric.expr).to_series().to_list()


# --- rows 1, 4, 5: formulas ---------------------------------------------------------------------


def _wilson(k: int, n: int, end: int) -> float:
    ends = intervals.wilson(pl.col("k"), pl.col("n"), intervals.Z95)
    return float(pl.DataFrame({"k": [k], "n": [n]}).select(ends[end].alias("end")).item())


def _similarity(width: int) -> float:
    one, other = (
        f"hi <name> i came across your {what} and would love to connect"
        for what in ("profile", "website")
    )
    return templates.jaccard(one, other, width)


def _shrunk(k: int, n: int) -> float:
    rate = intervals.shrunk(pl.col("k"), pl.col("n"), pl.lit(0.0545), pl.lit(123.0))
    return float(pl.DataFrame({"k": [k], "n": [n]}).select(rate.alias("rate")).item())


# --- rows 6 and 7: English Web Treebank ----------------------------------------------------------


class Sentence(NamedTuple):
    genre: str
    text: str
    words: int
    singular: int
    plural: int
    is_self_subject: bool


def _is_first(token: list[str], number: str) -> bool:
    features = token[5].split("|")
    return token[3] == "PRON" and {"Person=1", f"Number={number}"} <= set(features)


@cache
def ewt() -> tuple[Sequence[Sentence], pl.DataFrame]:
    found = []
    for genre in GENRES:
        text, tokens = "", []
        for line in (*lines_of(f"en_ewt_{genre}.conllu.gz"), ""):
            if line.startswith("# text = "):
                text = line.removeprefix("# text = ")
            elif line and line[0].isdigit() and line.split("\t", 1)[0].isdigit():
                tokens.append(line.split("\t"))
            elif not line and tokens:
                root = next(token[0] for token in tokens if token[7] == "root")
                found.append(
                    Sentence(
                        genre,
                        text,
                        sum(token[3] != "PUNCT" for token in tokens),
                        sum(_is_first(token, "Sing") for token in tokens),
                        sum(_is_first(token, "Plur") for token in tokens),
                        any(
                            token[7] in ("nsubj", "nsubj:pass")
                            and token[6] == root
                            and _is_first(token, "Sing")
                            for token in tokens
                        ),
                    )
                )
                text, tokens = "", []
    return found, read([sentence.text for sentence in found])


def precision_and_recall(found: Sequence[int], gold: Sequence[int]) -> tuple[float, float]:
    right = sum(map(min, found, gold))
    return right / sum(found), right / sum(gold)


def _i_rate(genre: str) -> float:
    gold, frame = ewt()
    found = counted(frame, "first_person_singular")
    kept = [n for n, sentence in enumerate(gold) if genre in ("all", sentence.genre)]
    return 100 * sum(found[n] for n in kept) / sum(gold[n].words for n in kept)


def _i_words(which: int) -> float:
    gold, frame = ewt()
    found = counted(frame, "first_person_singular")
    return precision_and_recall(found, [sentence.singular for sentence in gold])[which]


def _we_words(which: int) -> float:
    gold, frame = ewt()
    found = counted(frame, "first_person_plural")
    return precision_and_recall(found, [sentence.plural for sentence in gold])[which]


def _we_naive() -> float:
    gold, _ = ewt()
    naive = [len(re.findall(r"\b(?:we|us|our|ours|ourselves)\b", s.text.lower())) for s in gold]
    return precision_and_recall(naive, [sentence.plural for sentence in gold])[0]


def _self_subject(which: int) -> float:
    gold, frame = ewt()
    found = frame["words"].str.contains(EXPLICIT["en"]).cast(pl.Int64).to_list()
    return precision_and_recall(found, [int(sentence.is_self_subject) for sentence in gold])[which]


# --- rows 8 and 9: Switchboard -------------------------------------------------------------------

QUESTION_ACTS = {"qy", "qw", "qo", "qrr", "qy^d", "qw^d", "^g"}


def _words(text: str) -> int:
    return len(re.findall(r"[a-z']+", text.lower()))


@cache
def imbalances() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Largest share of the words, per call."""
    shares = []
    for call in rows_of("switchboard"):
        words: Counter[str] = Counter()
        for turn in call["turns"]:
            words[turn["speaker"]] += _words(turn["text"])
        shares.append(max(words.values()) / sum(words.values()))
    return np.array(shares)


@cache
def _question_marks() -> tuple[float, float]:
    turns = [turn for call in rows_of("switchboard") for turn in call["turns"]]
    found = [min(n, 1) for n in counted(read([turn["text"] for turn in turns]), "questions")]
    return precision_and_recall(found, [int(turn["act"] in QUESTION_ACTS) for turn in turns])


# --- row 10: uptake --------------------------------------------------------------------------------

# The stop list of NLTK 3, as the published figure used one; ours has more contractions.
_NLTK = """i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been being
    have has had having do does did doing a an the and but if or because as until while of at by for with about against
    between into through during before after above below to from up down in out on off over under again further then once
    here there when where why how all any both each few more most other some such no nor not only own same so than too very
    s t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma mightn mustn needn
    shan shouldn wasn weren won wouldn i'm it's that's don't you're"""
NLTK_STOP_WORDS = frozenset(_NLTK.split())


@cache
def rated() -> tuple[list[str], list[str], list[float]]:
    rows = [row for row in rows_of("uptake") if row["uptake_zscore"] not in (None, "")]
    return (
        [row["student_text"] for row in rows],
        [row["teacher_text"] for row in rows],
        [float(row["uptake_zscore"]) for row in rows],
    )


def _rho(words: Callable[[list[str]], pl.Series]) -> float:
    said, answered, ratings = rated()
    values = pl.DataFrame({"left": words(said), "right": words(answered)}).select(
        jaccard(pl.col("left"), pl.col("right")).fill_null(0.0)
    )
    return float(spearmanr(values.to_series().to_list(), ratings).statistic)


def _plain_words(texts: list[str]) -> pl.Series:
    words = [
        sorted(set(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))) - NLTK_STOP_WORDS)
        for text in texts
    ]
    return pl.Series(words, dtype=pl.List(pl.String))


def _our_words(texts: list[str]) -> pl.Series:
    numbers = cleaning.clean_with_numbers(pl.Series("text", texts))["numbers"]
    return content_words(read(texts).with_columns(numbers))


# --- row 11: PersuasionForGood -----------------------------------------------------------------------


@cache
def dialogues() -> pl.DataFrame:
    """dialogue, persuader, words, i: one row per side."""
    turns = [
        (row["id"], turn["persuader"], turn["text"])
        for row in rows_of("persuasion_dialogues")
        for turn in row["turns"]
    ]
    frame = read([text for *_, text in turns]).with_columns(
        dialogue=pl.Series([turn[0] for turn in turns]),
        persuader=pl.Series([turn[1] for turn in turns]),
        words_said=pl.Series([_words(turn[2]) for turn in turns]),
    )
    said = frame.with_columns(i=pl.Series(counted(frame, "first_person_singular")))
    return said.group_by("dialogue", "persuader", maintain_order=True).agg(
        pl.col("words_said").sum(), pl.col("i").sum()
    )


def _i_of(*, persuader: bool) -> float:
    sides = dialogues().filter(pl.col("persuader") == persuader)
    return float((100 * sides["i"] / sides["words_said"]).mean())  # type: ignore[arg-type]


def _i_of_slow(*, persuader: bool) -> float:
    said: dict[str, list[str]] = {}
    for row in rows_of("persuasion_dialogues"):
        texts = [turn["text"] for turn in row["turns"] if turn["persuader"] == persuader]
        said[row["id"]] = re.findall(r"[a-z']+", " ".join(texts).lower().replace("’", "'"))
    words = frozenset(I_WORDS.split())
    return float(
        np.mean([100 * sum(w in words for w in all_) / len(all_) for all_ in said.values()])
    )


def _auc_of_i() -> float:
    sides = dialogues()
    rate = (sides["i"] / sides["words_said"].clip(1)).to_numpy()
    return figures.auc(rate, sides["persuader"].to_numpy())


def _talks_more() -> float:
    sides = dialogues().pivot("persuader", index="dialogue", values="words_said")
    return float((sides["true"] > sides["false"]).mean())  # type: ignore[arg-type]


# --- row 12: copies among advertising SMS -------------------------------------------------------------


@cache
def _pairs_of_words() -> list[set[tuple[str, str]]]:
    texts = read([row["text"] for row in rows_of("sms") if row["spam"] == 1])["words"]
    tokens = [text.split() for text in texts]
    return [set(itertools.pairwise(words)) for words in tokens]


def _copies_slow() -> float:
    """Share of the texts that share half of their word pairs with some other; every pair compared."""
    texts = _pairs_of_words()
    alike = [
        any(len(one & two) >= 0.5 * len(one | two) for m, two in enumerate(texts) if m != n)
        for n, one in enumerate(texts)
    ]
    return sum(alike) / len(alike)


def _copies() -> float:
    """The same by the template finder: who leads others or is led."""
    texts = _pairs_of_words()
    ids = {pair: n for n, pair in enumerate(sorted({pair for text in texts for pair in text}))}
    values = np.array([ids[pair] for text in texts for pair in text], dtype=np.uint32)
    offsets = np.cumsum([0, *(len(text) for text in texts)])
    leader, _ = lead(Shingles(values, offsets))
    sizes = np.bincount(leader, minlength=len(texts))
    return float((sizes[leader] > 1).mean())


# --- row 14: weight of evidence in SMS ---------------------------------------------------------------


def weight_of_evidence(hits: Sequence[bool], spam: Sequence[bool]) -> float:
    """Log-likelihood ratio with .5 smoothing."""
    seen = Counter(zip(hits, spam, strict=True))
    positives, negatives = sum(spam), len(spam) - sum(spam)
    return log(
        ((seen[True, True] + 0.5) / (positives + 1)) / ((seen[True, False] + 0.5) / (negatives + 1))
    )


@cache
def sms() -> tuple[pl.DataFrame, list[bool]]:
    rows = rows_of("sms")
    return read([row["text"] for row in rows]), [row["spam"] == 1 for row in rows]


def _evidence_of(placeholder: str) -> float:
    frame, spam = sms()
    return weight_of_evidence(
        frame["words"].str.contains(placeholder, literal=True).to_list(), spam
    )


def _evidence_of_pronouns(name: str) -> float:
    frame, spam = sms()
    return weight_of_evidence([n > 0 for n in counted(frame, name)], spam)


def _slow_evidence(words: str) -> float:
    frame, spam = sms()
    return weight_of_evidence(
        [bool(set(words.split()) & set(t.split())) for t in frame["words"]], spam
    )


I_WORDS = "i me my mine myself i'm i've i'd i'll im ive"
YOU_WORDS = "you your yours yourself you're you've you'll you'd u ur ya"
_I_RATES = {"all": 2.76, "email": 3.02, "answers": 3.46, "reviews": 4.73, "newsgroup": 0.99, "weblog": 0.74}  # fmt: skip
_ON_THIS_PART = {"<phone>": (6.79, 6.71), "<price>": (5.50, 4.90), "<url>": (4.09, 4.12), "<email>": (2.99, 3.33)}  # fmt: skip

CHECKS: Mapping[str, Check] = {
    "wilson_low": Check(1, "Wilson 95 %, 81 of 263, lower end", 0.2553, 1e-4, lambda: _wilson(81, 263, 0)),
    "wilson_high": Check(1, "Wilson 95 %, 1 of 29, upper end", 0.1718, 1e-4, lambda: _wilson(1, 29, 1)),
    "jaccard_1": Check(4, "Jaccard of two openers, single words", 0.8462, 1e-3, lambda: _similarity(1)),
    "jaccard_2": Check(4, "the same, word pairs", 0.6923, 1e-3, lambda: _similarity(2)),
    "jaccard_3": Check(4, "the same, three words", 0.5385, 1e-3, lambda: _similarity(3)),
    "shrunk_few": Check(5, "shrunk rate of 6 in 40", 0.0779, 1e-4, lambda: _shrunk(6, 40)),
    "shrunk_many": Check(5, "shrunk rate of 60 in 400", 0.1275, 1e-4, lambda: _shrunk(60, 400)),
    **{
        f"i_{genre}": Check(6, f"I per 100 words, EWT {genre}", rate, 0.02, lambda g=genre: _i_rate(g))  # type: ignore[misc]
        for genre, rate in _I_RATES.items()
    },
    "i_precision": Check(6, "I-words of EWT, precision", 0.996, 0.004, lambda: _i_words(0)),
    "i_recall": Check(6, "I-words of EWT, recall", 1.0, 0.01, lambda: _i_words(1)),
    "we_naive": Check(6, "we-words of EWT without the capitals rule, precision", 0.896, 0.01, _we_naive),
    "we_precision": Check(6, "we-words of EWT, precision", 0.998, 0.01, lambda: _we_words(0)),
    "we_recall": Check(6, "we-words of EWT, recall", 0.985, 0.01, lambda: _we_words(1)),
    "self_precision": Check(7, "sentences about oneself, EWT, precision", 0.976, 0.01, lambda: _self_subject(0)),
    "self_recall": Check(7, "the same, recall", 0.855, 0.01, lambda: _self_subject(1)),
    "share_median": Check(8, "larger share of words, Switchboard, median", 0.595, 0.01, lambda: float(np.median(imbalances()))),
    "share_p95": Check(8, "the same, 95th percentile", 0.749, 0.01, lambda: float(np.quantile(imbalances(), 0.95))),
    "share_65": Check(8, "calls in which it is .65 or more", 0.288, 0.01, lambda: float((imbalances() >= 0.65).mean())),
    "question_precision": Check(9, "question marks of Switchboard, precision", 0.773, 0.01, lambda: _question_marks()[0]),
    "question_recall": Check(9, "the same, recall", 0.694, 0.01, lambda: _question_marks()[1]),
    "uptake_formula": Check(10, "uptake against ratings, rho, published stop list", 0.451, 0.02, lambda: _rho(_plain_words)),
    "uptake_ours": Check(10, "the same with our content words", 0.451, 0.02, lambda: _rho(_our_words)),
    "i_persuader": Check(11, "I per 100 words of who persuades, this part", lambda: _i_of_slow(persuader=True), 0.05, lambda: _i_of(persuader=True), 3.47),
    "i_persuadee": Check(11, "the same of who is persuaded", lambda: _i_of_slow(persuader=False), 0.05, lambda: _i_of(persuader=False), 8.31),
    "i_auc": Check(11, "I-rate as a sign of the persuader, AUC", 0.105, 0.02, _auc_of_i),
    "copies": Check(12, "advertising SMS with a near copy, this part", _copies_slow, 0.02, _copies, 0.601),
    "talks_more": Check(11, "dialogues in which the persuader talks more", 0.803, 0.02, _talks_more),
    **{
        f"woe_{name.strip('<>')}": Check(14, f"weight of evidence of {name} in SMS, this part", here, 0.1, lambda p=name: _evidence_of(p), whole)  # type: ignore[misc]
        for name, (here, whole) in _ON_THIS_PART.items()
    },
    "woe_i": Check(14, "weight of evidence of I-words in SMS, this part", lambda: _slow_evidence(I_WORDS), 0.1, lambda: _evidence_of_pronouns("first_person_singular"), -1.87),
    "woe_you": Check(14, "weight of evidence of you-words in SMS, this part", lambda: _slow_evidence(YOU_WORDS), 0.1, lambda: _evidence_of_pronouns("second_person"), 0.49),
}  # fmt: skip


def main() -> None:
    for name, check in CHECKS.items():
        found = check.found()
        print(
            f"{check.row:3d}  {name:20s}{check.expected:9.4f}{found:9.4f}  {'' if check.holds(found) else 'OFF'}"
        )


if __name__ == "__main__":
    main()
