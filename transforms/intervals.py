"""Rates with their uncertainty: Wilson intervals, shrinkage, posterior quantiles, false discovery.

A rate is k out of n, or k events in n weeks. Its prior is a variant of `reference.toml`:
Beta(s·mu, s·(1 - mu)) or Gamma(s·mu, rate s). scipy is imported where it is
needed: it takes a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.reference import Variant

Z90 = 1.6448536269514722
Z95 = 1.959963984540054
Floats = npt.NDArray[np.float64]


def wilson(k: pl.Expr, n: pl.Expr, z: float = Z90) -> tuple[pl.Expr, pl.Expr]:
    """Ends of the Wilson score interval of k out of n; null where n is 0 or null.

    Wilson 1927; Newcombe 1998, method 3. `z` is 1.645 for 90 %, 1.96 for 95 %.
    """
    trials = pl.when(n > 0).then(n).cast(pl.Float64)
    p = k / trials
    middle = p + z * z / (2 * trials)
    margin = z * (p * (1 - p) / trials + z * z / (4 * trials * trials)).sqrt()
    scale = 1 + z * z / trials
    return (
        ((middle - margin) / scale).clip(0, 1),
        ((middle + margin) / scale).clip(0, 1),
    )


def shrunk(k: pl.Expr, n: pl.Expr, mu: pl.Expr, s: pl.Expr) -> pl.Expr:
    """Rate (k + s·mu) / (n + s), pulled toward `mu` as if that had been seen `s` times."""
    return (k + s * mu) / (n + s)


def reliability(n: pl.Expr, s: pl.Expr) -> pl.Expr:
    """Share n / (n + s): how much the person's own data weigh against the prior."""
    return n / (n + s)


def beta_quantile(alpha: Floats, beta: Floats, q: Floats | float) -> Floats:
    """Quantiles of Beta(alpha, beta); 0 where alpha is 0 and 1 where beta is 0."""
    from scipy.special import betaincinv  # noqa: PLC0415  a second to import

    alpha, beta, q = np.broadcast_arrays(alpha, beta, q)
    inside = (alpha > 0) & (beta > 0)
    value = betaincinv(np.where(inside, alpha, 1.0), np.where(inside, beta, 1.0), q)
    return np.where(inside, value, np.where(alpha > 0, 1.0, 0.0))


def gamma_quantile(shape: Floats, rate: Floats, q: Floats | float) -> Floats:
    """Quantiles of Gamma(shape, rate); 0 where the shape is 0."""
    from scipy.special import gammaincinv  # noqa: PLC0415  a second to import

    value = gammaincinv(np.where(shape > 0, shape, 1.0), q) / rate
    return np.where(shape > 0, value, 0.0)


def posterior_quantile(prior: Variant, k: Floats, n: Floats, q: Floats | float) -> Floats:
    """Quantiles of the rate after k of n (beta), or k in n weeks (gamma), broadcast over `q`."""
    if prior.family == "gamma":
        return gamma_quantile(k + prior.s * prior.mu, n + prior.s, q)
    failures = np.maximum(n - k, 0.0) + prior.s * (1 - prior.mu)
    return beta_quantile(k + prior.s * prior.mu, failures, q)


def probability_below(prior: Variant, k: Floats, n: Floats, bound: float) -> Floats:
    """Posterior probability that the rate is at most `bound`; needs a prior mean above 0."""
    from scipy.special import betainc, gammainc  # noqa: PLC0415  a second to import

    seen = k + prior.s * prior.mu
    if prior.family == "gamma":
        below: Floats = gammainc(seen, bound * (n + prior.s))
    else:
        below = betainc(seen, np.maximum(n - k, 0.0) + prior.s * (1 - prior.mu), bound)
    return below


def discoveries(p: Sequence[float] | Floats, q: float) -> npt.NDArray[np.bool_]:
    """Which of the probabilities `p` Benjamini and Hochberg's procedure keeps at rate `q`."""
    values = np.asarray(p, dtype=np.float64)
    if values.size == 0:
        return np.zeros(0, dtype=np.bool_)
    ordered = np.sort(values)
    passing = np.flatnonzero(ordered <= q * np.arange(1, values.size + 1) / values.size)
    if passing.size == 0:
        return np.zeros(values.size, dtype=np.bool_)
    kept: npt.NDArray[np.bool_] = values <= ordered[passing[-1]]
    return kept
