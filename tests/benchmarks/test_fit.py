"""What the fit makes of small samples: which words may weigh, what is held out, where thresholds lie."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from benchmarks.evaluation import fit, generalisation, sample
from benchmarks.evaluation.sample import Sample
from benchmarks.evaluation.wording import Vocabulary
from transforms.metrics.pitch import CONTEXT
from transforms.text.pitch_model import hand_model


def _sample(name: str, texts: list[str], label: list[float], source: list[str]) -> Sample:
    n = len(texts)
    return Sample(
        name=name,
        fired=csr_matrix((n, len(sample.learnable()))),
        fixed=np.zeros((n, len(hand_model().categories))),
        context=np.zeros((n, len(CONTEXT))),
        doublings=np.zeros(n),
        label=np.array(label),
        group=[f"{name} {number}" for number in range(n)],
        source=source,
        closed=np.zeros(n, dtype=bool),
        two=np.zeros(n, dtype=bool),
        language=["en"] * n,
        tokens=[f" ¶ {text} ¶ " for text in texts],
    )


def _samples() -> list[Sample]:
    """Three writers: pitches say "zap" and "Zurich", others "zop"; one writer alone says "zup"."""
    source = [writer for writer in "abc" for _ in range(20)]
    texts = [
        f"they {'zap at Zurich' if n % 2 else 'zop'}{' zup' if writer == 'a' else ''} the thing"
        for n, writer in enumerate(source)
    ]
    return [_sample("threads", texts, [float(n % 2) for n in range(60)], source)]


def test_words_that_many_use_may_weigh_names_small_words_and_one_writers_words_do_not() -> None:
    book = Vocabulary(_samples())
    own = {key for key, learned in zip(book.keys, book.own, strict=True) if learned}
    assert own == {("en", "zap"), ("en", "zop"), ("en", "thing")}


def test_a_word_of_pitches_speaks_for_one_also_to_a_fit_that_did_not_see_the_writer() -> None:
    design = fit.Design(_samples())
    weights = fit.fitted(design, np.arange(60))
    of = dict(zip(design.vocabulary.keys, weights.words, strict=True))
    assert of["en", "zap"] > 0.5
    assert of["en", "zop"] < -0.5
    masks = generalisation.writers(design)
    assert [mask.sum() for mask in masks] == [20, 20, 20]
    logit = fit.held_out(design, masks)
    assert logit[design.label == 1].min() > logit[design.label == 0].max()
    none = fit.held_out(design, masks, words=False)
    assert generalisation.loss(design, logit) < generalisation.loss(design, none)


def test_a_rule_that_nothing_seen_fires_counts_nothing_in_what_is_held_out() -> None:
    samples = _samples()
    design = fit.Design(samples)
    fired = design.fired.tolil()
    fired[0, 0] = 1.0
    design.fired = fired.tocsr()
    first = np.arange(60) == 0
    with_it = fit.held_out(design, [first], words=False)[0]
    design.fired = csr_matrix(design.fired.shape)
    assert with_it == pytest.approx(fit.held_out(design, [first], words=False)[0])


def test_thresholds_are_the_lowest_that_keep_the_precision_asked_for() -> None:
    chance = np.concatenate([np.linspace(0.35, 0.55, 40), np.linspace(0.605, 0.95, 50)])
    logit = np.log(chance / (1 - chance))
    design = SimpleNamespace(
        set=np.full(90, "threads"),
        label=np.concatenate([np.tile([0.0, 1.0], 20), np.ones(50)]),
        closed=np.zeros(90, dtype=bool),
        two=np.zeros(90, dtype=bool),
    )
    at = generalisation.thresholds(design, logit, logit)  # type: ignore[arg-type]
    found = generalisation.flagged(design, logit, at.floor, at.flag)  # type: ignore[arg-type]
    precision = design.label[found].mean()
    assert precision >= 0.9
    lower = generalisation.flagged(design, logit, at.floor, at.flag - 0.02)  # type: ignore[arg-type]
    assert design.label[lower].mean() < 0.9
