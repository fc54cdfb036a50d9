"""Intervals and shrinkage against published figures and slow sums.

Figures are those of Newcombe 1998 (method 3) and of evidence.md §1, §11 and §13.
"""

from __future__ import annotations

from math import comb, exp, factorial

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import intervals
from transforms.reference import REFERENCE, Variant


def wilson(k: float | None, n: float | None, z: float = intervals.Z95) -> tuple[float, float]:
    frame = pl.DataFrame({"k": [k], "n": [n]}, schema={"k": pl.Int64, "n": pl.Int64})
    low, high = intervals.wilson(pl.col("k"), pl.col("n"), z)
    return frame.select(low=low, high=high).row(0)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (14, 18, 0.5479, 0.9100),
        (3, 3, 0.4385, 1.0),
        (13, 100, 0.078, 0.210),
    ],
)
def test_wilson_95_as_published(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-4 if n != 100 else 5e-4)


def test_wilson_of_flags_is_90_percent() -> None:
    # metrics.md: "In 14 of 18 openings (78 %, 59-90 %)".
    assert wilson(14, 18, intervals.Z90) == pytest.approx((0.59, 0.90), abs=5e-3)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (None, None), (None, 3), (0, None)])
def test_wilson_of_nothing_is_unknown(k: int | None, n: int | None) -> None:
    assert wilson(k, n) == (None, None)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_solves_its_quadratic(pair: tuple[int, int]) -> None:
    """Both ends are the rates p for which k/n is exactly z standard errors away."""
    k, n = pair
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high
    assert high <= 1
    for end in {low, high} - {0.0, 1.0}:
        assert (k / n - end) ** 2 == pytest.approx(
            intervals.Z95**2 * end * (1 - end) / n, rel=1e-6, abs=1e-12
        )


@pytest.mark.parametrize(
    ("k", "n", "rate", "weight"), [(6, 40, 0.0779, 0.245), (60, 400, 0.1275, 0.765)]
)
def test_shrinkage_as_published(k: int, n: int, rate: float, weight: float) -> None:
    """evidence.md §13 row 5: the I-rate prior of Switchboard, .0545 as if seen in 123 words."""
    mu, s = pl.lit(0.0545), pl.lit(123.0)
    shrunk, reliability = (
        pl.DataFrame({"k": [k], "n": [n]})
        .select(
            intervals.shrunk(pl.col("k"), pl.col("n"), mu, s),
            reliability=intervals.reliability(pl.col("n"), s),
        )
        .row(0)
    )
    assert shrunk == pytest.approx(rate, abs=1e-4)
    assert reliability == pytest.approx(weight, abs=5e-4)


def test_thirty_of_forty_ranks_above_three_of_three() -> None:
    """evidence.md §11: 5 % bounds under a Beta(1, 4) prior."""
    prior = Variant(name="v", block="b", family="beta", mu=0.2, s=5, lo=0.0, hi=1.0, minimum=1)
    low = intervals.posterior_quantile(prior, np.array([3.0, 30.0]), np.array([3.0, 40.0]), 0.05)
    assert low == pytest.approx([0.225, 0.572], abs=1e-3)


def beta_below(a: int, b: int, x: float) -> float:
    """P(Beta(a, b) <= x) for whole a and b: at least a successes in a + b - 1 trials."""
    trials = a + b - 1
    return sum(comb(trials, i) * x**i * (1 - x) ** (trials - i) for i in range(a, trials + 1))


def gamma_below(shape: int, rate: float, x: float) -> float:
    """P(Gamma(shape, rate) <= x) for a whole shape: at least that many events of a Poisson."""
    return 1 - sum(exp(-rate * x) * (rate * x) ** i / factorial(i) for i in range(shape))


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0.01, 0.99))
def test_beta_quantiles_against_the_binomial_sum(a: int, b: int, q: float) -> None:
    x = float(intervals.beta_quantile(np.array(float(a)), np.array(float(b)), q))
    assert beta_below(a, b, x) == pytest.approx(q, abs=1e-8)


@given(st.integers(1, 30), st.floats(0.5, 200), st.floats(0.01, 0.99))
def test_gamma_quantiles_against_the_poisson_sum(shape: int, rate: float, q: float) -> None:
    x = float(intervals.gamma_quantile(np.array(float(shape)), np.array(rate), q))
    assert gamma_below(shape, rate, x) == pytest.approx(q, abs=1e-8)


def test_known_quantiles_of_exponential_and_uniform() -> None:
    assert float(intervals.gamma_quantile(np.array(1.0), np.array(4.0), 0.95)) == pytest.approx(
        -np.log(0.05) / 4
    )
    assert float(intervals.beta_quantile(np.array(1.0), np.array(1.0), 0.3)) == pytest.approx(0.3)


def test_a_prior_without_mass_is_a_point() -> None:
    assert float(intervals.beta_quantile(np.array(0.0), np.array(4.0), 0.95)) == 0.0
    assert float(intervals.beta_quantile(np.array(4.0), np.array(0.0), 0.05)) == 1.0
    assert float(intervals.gamma_quantile(np.array(0.0), np.array(4.0), 0.95)) == 0.0


@pytest.mark.parametrize("prior", REFERENCE.variants.values(), ids=lambda v: v.name)
def test_quantile_and_probability_below_are_each_others_inverse(prior: Variant) -> None:
    k, n = np.array([2.0]), np.array([7.0])
    for q in (0.05, 0.5, 0.95):
        x = float(intervals.posterior_quantile(prior, k, n, q)[0])
        assert float(intervals.probability_below(prior, k, n, x)[0]) == pytest.approx(q, abs=1e-8)


def discoveries_by_definition(p: list[float], q: float) -> list[bool]:
    """Benjamini and Hochberg 1995: reject the i smallest for the largest i with p(i) <= q·i/m."""
    ranks = sorted(range(len(p)), key=lambda at: p[at])
    last = max((i for i, at in enumerate(ranks, 1) if p[at] <= q * i / len(p)), default=0)
    bound = p[ranks[last - 1]] if last else -1.0
    return [value <= bound for value in p]


def test_benjamini_hochberg_on_their_own_example() -> None:
    """The fifteen p-values of the 1995 paper: the first four are rejected at .05."""
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert intervals.discoveries(p, 0.05).tolist() == [True] * 4 + [False] * 11


@given(st.lists(st.sampled_from([0.0, 0.001, 0.01, 0.02, 0.03, 0.05, 0.2, 0.9, 1.0]), max_size=12))
def test_discoveries_against_the_definition(p: list[float]) -> None:
    assert intervals.discoveries(p, 0.10).tolist() == discoveries_by_definition(p, 0.10)
