"""Fits the weights of the pitch model, and adopts them where they beat the present ones.

    python -m benchmarks.evaluation.fit            prints the comparison
    python -m benchmarks.evaluation.fit --write    writes transforms/text/pitch_weights.toml,
                                                   pitch_wording.toml and the figures that the page
                                                   shows (generalisation.toml)

Weights of English word rules, of single words, points of the context, and the intercept, on the
public sets and the developed threads together. Never below zero (for what speaks against a pitch:
never above), capped, and drawn toward the weights written by hand. Judged by what a fit says of
texts it did not see: of other people (folds of whole senders, and of texts of the public sets), of
a writer of threads left out as a whole, and of a set left out. A rule that no seen text fires
counts nothing there: whoever wrote it may have known the text left out. The thresholds follow
from the same held-out figures. scipy does the fitting (L-BFGS-B); the runtime only reads the files.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from benchmarks.evaluation import generalisation, gold, sample, wording
from benchmarks.evaluation.sample import Floats, Sample
from benchmarks.evaluation.wording import Vocabulary
from transforms.metrics.pitch import CONTEXT
from transforms.text.lexicon import WORDING, hand_weights
from transforms.text.pitch_model import hand_model

FOLDER = Path(__file__).parents[2] / "transforms" / "text"
WEIGHTS, WORDS = FOLDER / "pitch_weights.toml", FOLDER / "pitch_wording.toml"
SETS = ("youtube_comments", "sms", "x_posts", "switchboard", "en_ewt_email")
# How much a set weighs in all, whatever its size: threads are what the model is for.
_WEIGHT = {"threads": 1500.0, "youtube_comments": 700.0, "sms": 1200.0, "x_posts": 1500.0, "switchboard": 500.0, "en_ewt_email": 800.0}  # fmt: skip
_LARGEST = 3.5  # of a rule, in log-odds
_LARGEST_CONTEXT = 2.5
_LARGEST_WORD = 1.5
_LEAST = 0.01
_LEAST_WORD = 0.02
_RIDGE = 0.7  # toward the weights by hand
_RIDGE_CLASSES = 2.0
_LASSO_WORDS, _RIDGE_WORDS = 2.0, 1.0
_CONTACTS = ("contact_phone", "contact_email", "contact_link")
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Weights:
    """A model: intercept, points per doubling of length, per rule, per context and per word."""

    intercept: float
    length: float
    rules: Floats
    context: Floats
    words: Floats


class Design:
    """All samples as one, and which rule counts for which capped category."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        model, rules = hand_model(), sample.learnable()
        self.vocabulary = Vocabulary(samples)
        self.fired = vstack([one.fired for one in samples]).tocsr()
        self.words = vstack([self.vocabulary.found(one) for one in samples]).tocsr()
        self.fixed = np.vstack([one.fixed for one in samples])
        self.context = np.vstack([one.context for one in samples])
        self.doublings = np.concatenate([one.doublings for one in samples])
        self.label = np.concatenate([one.label for one in samples])
        self.closed = np.concatenate([one.closed for one in samples])
        self.two = np.concatenate([one.two for one in samples])
        self.set = np.concatenate([np.full(len(one.label), one.name) for one in samples])
        self.group = np.array([name for one in samples for name in one.group])
        self.source = np.array([name for one in samples for name in one.source])
        self.weight = np.concatenate(
            [np.full(len(one.label), _WEIGHT[one.name] / len(one.label)) for one in samples]
        )
        categories = list(model.categories)
        self.signs = np.array([model.categories[name].sign for name in categories], dtype=float)
        self.caps = np.array([model.categories[name].cap for name in categories])
        self.word_caps = [model.categories[name].cap for name in WORDING]
        self.contact = np.array([name in _CONTACTS for name in categories])
        self.contact_cap = model.contact_cap
        self.belongs = np.zeros((len(rules), len(categories)))
        for at, rule in enumerate(rules):
            self.belongs[at, categories.index(rule.category)] = 1.0

    def of_rules(self, weights: Weights, fired: csr_matrix, fixed: Floats) -> tuple[Floats, Floats]:
        """Points of the rules, and per row and category whether more would still count."""
        sums = fired @ (weights.rules[:, None] * self.belongs) + fixed
        open_ = (sums < self.caps).astype(float)
        capped = np.minimum(sums, self.caps)
        cards = capped[:, self.contact].sum(axis=1)
        over = cards > self.contact_cap
        open_[np.ix_(over, self.contact)] = 0.0
        points = capped[:, ~self.contact] @ self.signs[~self.contact]
        points += np.minimum(cards, self.contact_cap)
        return points, open_ * self.signs

    def of_words(self, weights: Weights, words: csr_matrix) -> tuple[Floats, Floats, Floats]:
        """Points of the words, and whether more for and more against would still count."""
        pro = words @ np.maximum(weights.words, 0.0)
        contra = words @ np.maximum(-weights.words, 0.0)
        most, least = self.word_caps
        points = np.minimum(pro, most) - np.minimum(contra, least)
        return points, (pro < most).astype(float), (contra < least).astype(float)

    def logits(self, weights: Weights, rows: Rows) -> Floats:
        """Log-odds of the rows."""
        return np.asarray(
            weights.intercept
            + weights.length * self.doublings[rows]
            + self.of_rules(weights, self.fired[rows], self.fixed[rows])[0]
            + self.of_words(weights, self.words[rows])[0]
            + self.context[rows] @ weights.context
        )


def by_hand(design: Design) -> Weights:
    """The weights written by hand: no word has one."""
    model = hand_model()
    return Weights(
        model.intercept,
        model.length_weight,
        np.array([hand_weights()[rule.key] for rule in sample.learnable()]),
        np.array([model.context[name] for name in CONTEXT]),
        np.zeros(len(design.vocabulary.keys)),
    )


def fitted(design: Design, rows: Rows, *, words: bool = True) -> Weights:
    """The weights that fit these rows best, drawn toward those written by hand."""
    prior, book = by_hand(design), design.vocabulary
    count, of_context = prior.rules.size, prior.context.size
    target, weight, context = design.label[rows], design.weight[rows], design.context[rows]
    doublings = design.doublings[rows]
    # Most texts fire no rule.
    some = np.flatnonzero((design.fired[rows].getnnz(axis=1) > 0) | design.fixed[rows].any(axis=1))
    fired, fixed = design.fired[rows[some]], design.fixed[rows[some]]
    by_rule = fired.T.tocsr()
    found = design.words[rows] if words else csr_matrix((rows.size, len(book.keys)))
    by_word = found.T.tocsr()
    ends = np.cumsum([2, count, of_context, len(book.names), len(book.keys)])
    start = np.concatenate(
        [
            [prior.intercept, prior.length],
            prior.rules,
            prior.context,
            np.zeros(len(book.names) + 2 * len(book.keys)),
        ]
    )
    drawn = ends[2]
    pull = np.concatenate([[0.0], np.full(drawn - 1, _RIDGE)])

    def weights_of(vector: Floats) -> Weights:
        rules, points, classes, more, less = np.split(vector[2:], ends[1:] - 2)
        own = wording.net(book, classes, more, less)
        return Weights(float(vector[0]), float(vector[1]), rules, points, own)

    def loss(vector: Floats) -> tuple[float, Floats]:
        now = weights_of(vector)
        of_rules, open_ = design.of_rules(now, fired, fixed)
        of_words, more, less = design.of_words(now, found)
        logit = now.intercept + now.length * doublings + of_words + context @ now.context
        logit[some] += of_rules
        slope = weight * (1.0 / (1.0 + np.exp(-logit)) - target)
        off = vector[:drawn] - start[:drawn]
        classes, own = vector[ends[2] : ends[3]], vector[ends[3] :]
        up, down = by_word @ (slope * more), by_word @ (slope * less)
        # A word of no weight can go either way.
        upward = np.where(now.words >= 0, up, down)
        downward = np.where(now.words <= 0, down, up)
        gradient = np.concatenate(
            [
                [slope.sum(), (slope * doublings).sum()],
                (np.asarray(by_rule @ (slope[some, None] * open_)) * design.belongs).sum(axis=1),
                context.T @ slope,
                book.classes.T @ upward + _RIDGE_CLASSES * classes,
                np.concatenate([upward, -downward]) + _LASSO_WORDS + _RIDGE_WORDS * own,
            ]
        )
        gradient[:drawn] += pull * off
        value = weight @ (np.logaddexp(0.0, logit) - target * logit)
        value += (pull * off * off).sum() / 2 + _RIDGE_CLASSES * (classes @ classes) / 2
        value += _LASSO_WORDS * own.sum() + _RIDGE_WORDS * (own @ own) / 2
        return float(value), gradient

    bounds: list[tuple[float | None, float | None]] = [(None, None), (0.0, 0.5)]
    bounds += [(_LEAST, _LARGEST)] * count
    bounds += [
        (0.0 if points > 0 else -_LARGEST_CONTEXT, 0.0 if points < 0 else _LARGEST_CONTEXT)
        for points in prior.context
    ]
    bounds += [(0.0, _LARGEST_WORD)] * len(book.names)
    bounds += [(0.0, _LARGEST_WORD if own else 0.0) for own in book.own] * 2
    best = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 150}
    )
    return weights_of(best.x)


def held_out(
    design: Design, masks: Sequence[npt.NDArray[np.bool_]], *, words: bool = True
) -> Floats:
    """Log-odds of every row from a fit that did not see the rows of its mask; NaN of the others.

    A rule that fires on nothing seen has no weight.
    """
    logit = np.full(design.label.size, np.nan)
    for held in masks:
        seen = np.flatnonzero(~held)
        weights = fitted(design, seen, words=words)
        known = np.asarray((design.fired[seen] > 0).sum(axis=0)).ravel() > 0
        weights = replace(weights, rules=np.where(known, weights.rules, 0.0))
        logit[held] = design.logits(weights, np.flatnonzero(held))
    return logit


def design_of_all() -> Design:
    """The developed threads and every public set."""
    develop = gold.FOLDER / "develop"
    threads = gold.load(develop)
    own = sample.of_threads(threads, gold.load_readings(develop / "second"))
    return Design([own, *(sample.of_set(name) for name in SETS)])


def render(
    weights: Weights, design: Design, at: generalisation.Thresholds, loss: tuple[float, float]
) -> str:
    """The file of weights."""
    sizes = ", ".join(f"{name} {int((design.set == name).sum())}" for name in np.unique(design.set))
    lines = [
        "# Written by `python -m benchmarks.evaluation.fit --write`; do not edit. Points in log-odds of a pitch.",
        f"# Texts: {sizes}.",
        f"# Loss of held-out people {loss[0]:.4f}, of held-out writers of threads {loss[1]:.4f}.",
        f"intercept = {weights.intercept:.3f}",
        f"length_weight = {weights.length:.3f}",
        "# The lowest at which held-out texts are flagged with the precision asked for.",
        *(f"{name} = {value:.3f}" for name, value in at.named().items()),
        "",
        "[context]",
        *(f"{name} = {points:.2f}" for name, points in zip(CONTEXT, weights.context, strict=True)),
        "",
        "[rules]",
        *(
            f'"{rule.key}" = {max(points, _LEAST):.2f}'
            for rule, points in zip(sample.learnable(), weights.rules, strict=True)
        ),
    ]
    return "\n".join(lines) + "\n"


def render_words(weights: Weights, design: Design) -> str:
    """The file of words: what speaks for a pitch above zero, in thousandths of log-odds."""
    lines = [
        "# Written by `python -m benchmarks.evaluation.fit --write`; do not edit. Thousandths of log-odds of a pitch.",
        "version = 1",
    ]
    language = ""
    for key, points in zip(design.vocabulary.keys, weights.words, strict=True):
        if abs(points) < _LEAST_WORD:
            continue
        if key[0] != language:
            language = key[0]
            lines += ["", f"[words.{language}]"]
        lines.append(f'"{key[1]}" = {round(points * 1000)}')
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    design = design_of_all()
    everything = np.arange(design.label.size)
    people, writers = generalisation.folds(design), generalisation.writers(design)
    print(generalisation.line("by hand", design, design.logits(by_hand(design), everything)))
    losses, logits = {}, {}
    for words in (False, True):
        name = "with single words" if words else "rules alone"
        of_people = held_out(design, people, words=words)
        of_writers = held_out(design, writers, words=words)
        print(generalisation.line(f"{name}, other people", design, of_people))
        print(generalisation.line(f"{name}, other writers", design, of_writers))
        losses[words] = tuple(generalisation.loss(design, one) for one in (of_people, of_writers))
        logits[words] = of_people, of_writers
    words = all(new < old for new, old in zip(losses[True], losses[False], strict=True))
    print("single words are", "adopted" if words else "no better under both: not adopted")
    of_people, of_writers = logits[words]
    of_sets = held_out(design, generalisation.sets(design), words=words)
    print(generalisation.line("a set left out", design, of_sets))
    at = generalisation.thresholds(design, of_people, of_writers)
    found = generalisation.figures_of(
        design,
        at,
        {"person": of_people, "writer of threads": of_writers, "set": of_sets},
    )
    print(generalisation.table(found))
    print(", ".join(f"{name} {value:.3f}" for name, value in at.named().items()))
    if "--write" in arguments:
        weights = fitted(design, everything, words=words)
        WEIGHTS.write_text(render(weights, design, at, losses[words]), "utf-8")
        WORDS.write_text(render_words(weights, design), "utf-8")
        generalisation.write(found)
        print(f"written: {WEIGHTS.name}, {WORDS.name}, {generalisation.FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
