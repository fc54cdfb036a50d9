"""Fits the weights of the pitch model, and adopts them where they beat the present ones.

    python -m benchmarks.evaluation.fit            prints the comparison
    python -m benchmarks.evaluation.fit --write    writes transforms/text/pitch_weights.toml as well,
                                                   if the fit is better under cross-validation

Weights of English word rules, points of the context, and the intercept, on the public sets and the
developed threads together. Never below zero (for what speaks against a pitch: never above), capped,
and drawn toward the weights written by hand, as strongly as cross-validation wants. Folds are made
of whole senders of threads and of texts of the public sets; a set is left out in turn besides.
scipy does the fitting (L-BFGS-B); the runtime only reads the file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import vstack

from benchmarks.evaluation import figures, gold, sample
from benchmarks.evaluation.sample import Floats, Sample
from transforms.metrics.pitch import CONTEXT
from transforms.text import learned
from transforms.text.lexicon import hand_weights
from transforms.text.pitch_model import hand_model

OUT = Path(__file__).parents[2] / "transforms" / "text" / "pitch_weights.toml"
SETS = ("youtube_comments", "sms", "x_posts", "switchboard", "en_ewt_email")
# How much a set weighs in all, whatever its size: threads are what the model is for.
_WEIGHT = {"threads": 1500.0, "youtube_comments": 700.0, "sms": 1200.0, "x_posts": 1500.0, "switchboard": 500.0, "en_ewt_email": 800.0}  # fmt: skip
_LARGEST = 3.5  # of a rule, in log-odds
_LARGEST_CONTEXT = 2.5
_LEAST = 0.01
_RIDGES = (3.0, 8.0)
_FOLDS = 5
_CONTACTS = ("contact_phone", "contact_email", "contact_link")


@dataclass(frozen=True)
class Weights:
    """A model: intercept, points per doubling of length, per rule and per context."""

    intercept: float
    length: float
    rules: Floats
    context: Floats

    @property
    def vector(self) -> Floats:
        return np.concatenate([[self.intercept, self.length], self.rules, self.context])

    @classmethod
    def of(cls, vector: Floats, rules: int) -> Weights:
        return cls(float(vector[0]), float(vector[1]), vector[2 : 2 + rules], vector[2 + rules :])


class Design:
    """All samples as one, and which rule counts for which capped category."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        model, rules = hand_model(), sample.learnable()
        self.fired = vstack([one.fired for one in samples]).tocsr()
        self.fixed = np.vstack([one.fixed for one in samples])
        self.context = np.vstack([one.context for one in samples])
        self.doublings = np.concatenate([one.doublings for one in samples])
        self.label = np.concatenate([one.label for one in samples])
        self.set = np.concatenate([np.full(len(one.label), one.name) for one in samples])
        self.group = np.array([name for one in samples for name in one.group])
        self.weight = np.concatenate(
            [np.full(len(one.label), _WEIGHT[one.name] / len(one.label)) for one in samples]
        )
        categories = list(model.categories)
        self.signs = np.array([model.categories[name].sign for name in categories], dtype=float)
        self.caps = np.array([model.categories[name].cap for name in categories])
        self.contact = np.array([name in _CONTACTS for name in categories])
        self.contact_cap = model.contact_cap
        self.belongs = np.zeros((len(rules), len(categories)))
        for at, rule in enumerate(rules):
            self.belongs[at, categories.index(rule.category)] = 1.0

    def logits(self, weights: Weights, rows: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Log-odds of the rows, and per row and category whether more points would still count."""
        sums = self.fired[rows] @ (weights.rules[:, None] * self.belongs) + self.fixed[rows]
        open_ = (sums < self.caps).astype(float)
        capped = np.minimum(sums, self.caps)
        cards = capped[:, self.contact].sum(axis=1)
        over = cards > self.contact_cap
        open_[np.ix_(over, self.contact)] = 0.0
        points = capped[:, ~self.contact] @ self.signs[~self.contact]
        points += np.minimum(cards, self.contact_cap)
        return (
            weights.intercept
            + weights.length * self.doublings[rows]
            + points
            + self.context[rows] @ weights.context,
            open_ * self.signs,
        )


def by_hand() -> Weights:
    """The weights written by hand."""
    model = hand_model()
    return Weights(
        model.intercept,
        model.length_weight,
        np.array([hand_weights()[rule.key] for rule in sample.learnable()]),
        np.array([model.context[name] for name in CONTEXT]),
    )


def present() -> Weights:
    """The weights that the program uses now."""
    found, hand, names = learned.weights(), by_hand(), [r.key for r in sample.learnable()]
    if found is None:
        return hand
    return Weights(
        found.intercept,
        found.length_weight,
        np.array([found.rules.get(key, hand.rules[n]) for n, key in enumerate(names)]),
        np.array([found.context.get(name, hand.context[n]) for n, name in enumerate(CONTEXT)]),
    )


def fitted(design: Design, rows: npt.NDArray[np.intp], ridge: float) -> Weights:
    """The weights that fit these rows best, drawn toward those written by hand."""
    prior = by_hand()
    count, target, weight = prior.rules.size, design.label[rows], design.weight[rows]
    fired, start = design.fired[rows], prior.vector
    pull = np.concatenate([[0.0, ridge], np.full(start.size - 2, ridge)])

    def loss(vector: Floats) -> tuple[float, Floats]:
        now = Weights.of(vector, count)
        logit, open_ = design.logits(now, rows)
        chance = 1.0 / (1.0 + np.exp(-logit))
        value = np.logaddexp(0.0, logit) - target * logit
        off = vector - start
        slope = weight * (chance - target)
        of_rules = np.asarray(fired.T @ (slope[:, None] * open_)) * design.belongs
        gradient = np.concatenate(
            [
                [slope.sum(), (slope * design.doublings[rows]).sum()],
                of_rules.sum(axis=1),
                design.context[rows].T @ slope,
            ]
        )
        return float(weight @ value + (pull * off * off).sum() / 2), gradient + pull * off

    bounds: list[tuple[float | None, float | None]] = [(None, None), (0.0, 0.5)]
    bounds += [(_LEAST, _LARGEST)] * count
    bounds += [
        (0.0 if points > 0 else -_LARGEST_CONTEXT, 0.0 if points < 0 else _LARGEST_CONTEXT)
        for points in prior.context
    ]
    best = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300}
    )
    return Weights.of(best.x, count)


def folds(design: Design) -> list[npt.NDArray[np.bool_]]:
    """Masks of the rows held out: whole groups, spread by a fixed shuffle."""
    names = np.unique(design.group)
    order = np.random.default_rng(20261125).permutation(names.size)
    fold = dict(zip(names[order], np.arange(names.size) % _FOLDS, strict=True))
    of_row = np.array([fold[name] for name in design.group])
    return [of_row == n for n in range(_FOLDS)]


def cross_validated(design: Design, ridge: float) -> Floats:
    """Log-odds of every row from a fit that did not see its group."""
    logit = np.empty(design.label.size)
    for held in folds(design):
        weights = fitted(design, np.flatnonzero(~held), ridge)
        logit[held] = design.logits(weights, np.flatnonzero(held))[0]
    return logit


def left_out(design: Design, ridge: float) -> Floats:
    """Log-odds of every row from a fit without its set."""
    logit = np.empty(design.label.size)
    for name in np.unique(design.set):
        held = design.set == name
        weights = fitted(design, np.flatnonzero(~held), ridge)
        logit[held] = design.logits(weights, np.flatnonzero(held))[0]
    return logit


def losses(design: Design, logit: Floats) -> float:
    """Weighted mean log-loss."""
    value = np.logaddexp(0.0, logit) - design.label * logit
    return float(design.weight @ value / design.weight.sum())


def told(design: Design, logit: Floats) -> dict[str, float]:
    """Set → area under the ROC curve; rows on which the readers differ left out."""
    clear = (design.label == 0) | (design.label == 1)
    found = {}
    for name in ("threads", "youtube_comments", "sms", "x_posts"):
        rows = (design.set == name) & clear
        found[name] = figures.auc(logit[rows], design.label[rows] == 1)
    return found


def operating_points(design: Design, logit: Floats) -> list[tuple[float, float, float, float]]:
    """(probability, precision, recall, F1) on clear messages of threads, over a grid."""
    rows = (design.set == "threads") & ((design.label == 0) | (design.label == 1))
    chance, label = 1 / (1 + np.exp(-logit[rows])), design.label[rows] == 1
    return [
        (
            float(at),
            figures.precision(chance >= at, label),
            figures.recall(chance >= at, label),
            figures.f1(chance >= at, label),
        )
        for at in np.arange(0.2, 0.95, 0.05)
    ]


def design_of_all() -> Design:
    """The developed threads and every public set."""
    develop = gold.FOLDER / "develop"
    threads = gold.load(develop)
    own = sample.of_threads(threads, gold.load_readings(develop / "second"))
    return Design([own, *(sample.of_set(name) for name in SETS)])


def render(weights: Weights, design: Design, ridge: float, loss: float) -> str:
    """The file of weights."""
    sizes = ", ".join(f"{name} {int((design.set == name).sum())}" for name in np.unique(design.set))
    lines = [
        "# Written by `python -m benchmarks.evaluation.fit --write`; do not edit. Points in log-odds of a pitch.",
        f"# Texts: {sizes}. Drawn toward the weights by hand with ridge {ridge:g}; loss under cross-validation {loss:.4f}.",
        f"intercept = {weights.intercept:.3f}",
        f"length_weight = {weights.length:.3f}",
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


def main(arguments: Sequence[str]) -> int:
    design = design_of_all()
    everything = np.arange(design.label.size)
    compared = {
        "by hand": design.logits(by_hand(), everything)[0],
        "present (in sample)": design.logits(present(), everything)[0],
    }
    by_ridge = {ridge: cross_validated(design, ridge) for ridge in _RIDGES}
    compared |= {f"fitted, ridge {ridge:g}": logit for ridge, logit in by_ridge.items()}
    best = min(by_ridge, key=lambda ridge: losses(design, by_ridge[ridge]))
    compared[f"a set left out, ridge {best:g}"] = left_out(design, best)
    for name, logit in compared.items():
        areas = "  ".join(f"{which} {area:.3f}" for which, area in told(design, logit).items())
        print(f"{name:28s} loss {losses(design, logit):.4f}   AUC {areas}")
    print("\nprobability  precision  recall    F1   (threads, cross-validated)")
    for point in operating_points(design, by_ridge[best]):
        print("{:11.2f}{:11.3f}{:8.3f}{:6.3f}".format(*point))
    better = losses(design, by_ridge[best]) < losses(design, compared["by hand"])
    if not better:
        print("the weights by hand are better: nothing is adopted")
    elif "--write" in arguments:
        weights = fitted(design, everything, best)
        OUT.write_text(render(weights, design, best, losses(design, by_ridge[best])), "utf-8")
        print(f"written: {OUT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
