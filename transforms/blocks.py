"""From opportunities to points: fills, intervals, the score and what it rests on.

Each block takes the variant that fills it most; its points are its share of the caps that can
be measured. Offsets for giving and listening come off in full points. The rows of a sender add
up to the score, always: the row `floor` holds what the limits 0 and 100 took.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.block_texts import explanations
from transforms.intervals import posterior_quantile
from transforms.opportunities import KEY
from transforms.reference import REFERENCE, Block, Variant

Floats = npt.NDArray[np.float64]
DRAWS = 256
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Filled:
    """One block of all senders, row by row; NaN (and variant -1) where it cannot be measured."""

    block: Block
    variants: tuple[Variant, ...]
    variant: npt.NDArray[np.int64]
    cap: Floats
    k: Floats
    n: Floats
    rate: Floats
    fill: Floats
    reliability: Floats
    forced: npt.NDArray[np.bool_]

    @property
    def measured(self) -> npt.NDArray[np.bool_]:
        return self.variant >= 0


def score(chances: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores per (identity, scope), and the rows they add up from.

    `chances` comes from `opportunities`. The first frame has points_measurable,
    self_focus_index, pitch_index, me_score with its ends, state and state_reason (scores null
    unless scored); the second is SENDER_BLOCKS.
    """
    filled = [fill(block, chances) for block in REFERENCE.blocks.values()]
    scored_blocks = [one for one in filled if not one.block.is_offset]
    caps = np.sum([np.where(one.measured, one.cap, 0.0) for one in scored_blocks], axis=0)
    points = [_points(one, caps) for one in filled]
    raw = np.sum([np.nan_to_num(value) for value in points], axis=0)
    total = np.clip(raw, 0.0, 100.0)
    state, reason = _state(chances, scored_blocks, caps)
    points_of = {
        "me_score": np.where(state == "scored", total, np.nan),
        "self_focus_index": _index(scored_blocks, "self_focus"),
        "pitch_index": _index(scored_blocks, "pitch"),
    }
    ends = _ends(filled, caps)
    columns = {"points_measurable": caps, **points_of}
    for name, point in points_of.items():
        # Percentiles of 256 draws may miss the point by a hair.
        columns[f"{name}_low"] = np.minimum(ends[f"{name}_low"], point)
        columns[f"{name}_high"] = np.maximum(ends[f"{name}_high"], point)
    senders = chances.select(KEY).with_columns(
        *(pl.Series(name, values, nan_to_null=True) for name, values in columns.items()),
        pl.Series("state", state, pl.String),
        pl.Series("state_reason", reason, pl.String),
    )
    return senders, _rows(chances, filled, points, total - raw)


def fill(block: Block, chances: pl.DataFrame) -> Filled:
    """A block of all senders, seen through the variant that fills it most."""
    variants = tuple(v for v in REFERENCE.variants.values() if v.block == block.name)
    shape = (len(variants), chances.height)
    k, n, rate, full, weight = (np.full(shape, np.nan) for _ in range(5))
    for at, prior in enumerate(variants):
        chance = chances.get_column(f"n_{prior.name}").to_numpy()
        seen = chances.get_column(f"k_{prior.name}").fill_null(0.0).to_numpy()
        enough = chance >= prior.minimum
        k[at], n[at] = np.where(enough, seen, np.nan), np.where(enough, chance, np.nan)
        rate[at] = (k[at] + prior.s * prior.mu) / (n[at] + prior.s)
        full[at] = _filled(prior, rate[at])
        weight[at] = n[at] / (n[at] + prior.s)
    # Of two that fill it equally the one that rests on more counts.
    preference = np.where(np.isnan(full), -1.0, full + 1e-9 * np.nan_to_num(weight))
    best = preference.argmax(axis=0)
    at_best = (best, np.arange(chances.height))
    measured = ~np.isnan(n[at_best])
    forced = measured & (
        (chances.get_column("after_opt_out").to_numpy() > 0)
        if block.name == "flood"
        else np.zeros(chances.height, dtype=np.bool_)
    )
    return Filled(
        block,
        variants,
        np.where(measured, best, -1),
        _caps(block, chances),
        k[at_best],
        n[at_best],
        rate[at_best],
        np.where(forced, 1.0, full[at_best]),
        weight[at_best],
        forced,
    )


def _filled(prior: Variant, rate: Floats) -> Floats:
    value: Floats = np.clip((rate - prior.lo) / (prior.hi - prior.lo), 0.0, 1.0)
    return value


def _caps(block: Block, chances: pl.DataFrame) -> Floats:
    """The cap of each sender: an inbox shows less of who writes the same to all than an outbox."""
    if block.cap_inbox is None:
        return np.full(chances.height, float(block.cap))
    whole = chances.get_column("is_owner") | (chances.get_column("posts") > 0)
    return np.where(whole.to_numpy(), float(block.cap), float(block.cap_inbox))


def _points(one: Filled, caps: Floats) -> Floats:
    if one.block.is_offset:
        return one.cap * one.fill
    return 100.0 * one.cap * one.fill / _or_one(caps)


def _index(filled: list[Filled], index: str) -> Floats:
    """Points of the blocks of one index over their own measurable caps, NaN where there are none."""
    caps = _index_caps(filled, index)
    got = [np.nan_to_num(one.cap * one.fill) for one in filled if one.block.index == index]
    return np.where(caps > 0, 100.0 * np.sum(got, axis=0) / _or_one(caps), np.nan)


def _index_caps(filled: list[Filled], index: str) -> Floats:
    own = [np.where(one.measured, one.cap, 0.0) for one in filled if one.block.index == index]
    caps: Floats = np.sum(own, axis=0)
    return caps


def _state(
    chances: pl.DataFrame, filled: list[Filled], caps: Floats
) -> tuple[npt.NDArray[np.str_], list[str | None]]:
    needed = REFERENCE["state"]
    words = chances.get_column("words").to_numpy()
    said = chances.get_column("utterances").to_numpy()
    unread = chances.get_column("unmeasured").to_numpy()
    weights = np.sum([np.nan_to_num(one.cap * one.reliability) for one in filled], axis=0)
    reliable = weights / _or_one(caps)
    lacks: list[tuple[npt.NDArray[np.bool_], Callable[[int], str]]] = [
        (said < needed["utterances"], lambda i: f"{said[i]} of {needed['utterances']} utterances"),
        (words < needed["words"], lambda i: f"{words[i]} of {needed['words']} words"),
        (
            caps < needed["caps"],
            lambda i: f"{caps[i]:.0f} of {needed['caps']} points can be measured",
        ),
        (
            # Sums of floats: .2 made of six parts may fall a hair short.
            reliable < needed["reliability"] - 1e-9,
            lambda i: f"reliability {reliable[i]:.2f} of {needed['reliability']:.2f}",
        ),
    ]
    short = np.any([lack for lack, _ in lacks], axis=0)
    state = np.where(words == 0, "not scored", np.where(short, "facts only", "scored"))
    reason: list[str | None] = [None] * chances.height
    for i in np.flatnonzero(state == "facts only"):
        reason[i] = "too little for a score: " + ", ".join(
            say(int(i)) for lack, say in lacks if lack[i]
        )
    for i in np.flatnonzero(words == 0):
        reason[i] = (
            "written in a language that is not supported, or in none that can be told"
            if unread[i]
            else "nothing they sent has text"
        )
    return state, reason


def draws() -> dict[str, Floats]:
    """For each block 256 fixed points in (0, 1), common to all senders.

    A low-discrepancy sequence (Roberts 2018: multiples of powers of the generalised golden
    ratio), so that 256 draws of nine blocks fill the space evenly and every run draws the same.
    """
    names = tuple(REFERENCE.blocks)
    ratio = 1.5
    for _ in range(64):
        ratio = (1.0 + ratio) ** (1.0 / (len(names) + 1))
    step = ratio ** -(np.arange(len(names)) + 1.0)
    values = (0.5 + np.outer(step, np.arange(1, DRAWS + 1))) % 1.0
    return dict(zip(names, np.clip(values, 1e-6, 1 - 1e-6), strict=True))


def _ends(filled: list[Filled], caps: Floats) -> dict[str, Floats]:
    """5th and 95th percentile of the drawn scores and indices: <name>_low, <name>_high.

    Senders with the same counts are drawn once: most people wrote one or two messages.
    """
    counts = np.stack(
        [part for one in filled for part in (one.variant, one.k, one.n, one.cap, one.forced)], 1
    )
    first, back = _distinct(counts)
    names = ("me_score", "self_focus_index", "pitch_index")
    ends = {f"{name}_{end}": np.empty(first.size) for name in names for end in ("low", "high")}
    fixed = draws()
    for at in range(0, first.size, _CHUNK):
        rows = first[at : at + _CHUNK]
        drawn = {name: np.zeros((rows.size, DRAWS)) for name in names}
        for one in filled:
            values = one.cap[rows, None] * _drawn_fill(one, rows, fixed[one.block.name])
            if one.block.is_offset:
                drawn["me_score"] += values
                continue
            drawn["me_score"] += 100.0 * values / _or_one(caps[rows])[:, None]
            index = f"{one.block.index}_index"
            drawn[index] += (
                100.0 * values / _or_one(_index_caps(filled, one.block.index)[rows])[:, None]
            )
        for name, values in drawn.items():
            low, high = np.quantile(np.clip(values, 0.0, 100.0), [0.05, 0.95], axis=1)
            ends[f"{name}_low"][at : at + _CHUNK] = low
            ends[f"{name}_high"][at : at + _CHUNK] = high
    return {name: values[back] for name, values in ends.items()}


def _or_one(caps: Floats) -> Floats:
    """Caps to divide by: 1 where nothing can be measured and nothing was counted."""
    return np.where(caps > 0, caps, 1.0)


def _drawn_fill(one: Filled, rows: npt.NDArray[np.int64], at: Floats) -> Floats:
    """Fill of the block at each of the fixed points of its posterior; 0 where not measured."""
    values = np.zeros((rows.size, at.size))
    for number, prior in enumerate(one.variants):
        chosen = one.variant[rows] == number
        k, n = one.k[rows[chosen]], one.n[rows[chosen]]
        first, back = _distinct(np.stack([k, n], axis=1))
        quantiles = posterior_quantile(prior, k[first, None], n[first, None], at[None, :])
        values[chosen] = _filled(prior, quantiles)[back]
    values[one.forced[rows]] = 1.0
    return values


def _distinct(rows: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first of each distinct row, and for each row which of those it is; NaN equals NaN."""
    frame = pl.DataFrame(rows, orient="row").with_row_index("at")
    same = frame.columns[1:]
    firsts = frame.unique(same, keep="first", maintain_order=True).with_row_index("group")
    back = frame.join(firsts.drop("at"), same, "left", nulls_equal=True, maintain_order="left")
    return (
        firsts.get_column("at").to_numpy().astype(np.int64),
        back.get_column("group").to_numpy().astype(np.int64),
    )


def _rate_ends(one: Filled) -> tuple[Floats, Floats]:
    low, high = np.full(one.k.size, np.nan), np.full(one.k.size, np.nan)
    for number, prior in enumerate(one.variants):
        chosen = np.flatnonzero(one.variant == number)
        k, n = one.k[chosen], one.n[chosen]
        first, back = _distinct(np.stack([k, n], axis=1))
        for ends, q in ((low, 0.05), (high, 0.95)):
            ends[chosen] = posterior_quantile(prior, k[first], n[first], q)[back]
    return low, high


def _rows(
    chances: pl.DataFrame, filled: list[Filled], points: list[Floats], taken: Floats
) -> pl.DataFrame:
    """SENDER_BLOCKS, not yet conformed: nine blocks and the floor for every sender and scope."""
    parts = []
    for one, got in zip(filled, points, strict=True):
        low, high = _rate_ends(one)
        columns = {
            "fill": one.fill, "points": got, "k": one.k, "n": one.n, "rate": one.rate,
            "rate_low": low, "rate_high": high, "reliability": one.reliability,
        }  # fmt: skip
        names = np.array([*(v.name for v in one.variants), None], dtype=object)
        parts.append(
            chances.select(*KEY, "is_owner", "after_opt_out").with_columns(
                pl.lit(one.block.name).alias("block"),
                pl.Series("cap", one.cap),
                pl.Series("variant", names[one.variant].tolist(), pl.String),
                *(pl.Series(name, value, nan_to_null=True) for name, value in columns.items()),
            )
        )
    floor = chances.select(*KEY, "is_owner", "after_opt_out").with_columns(
        pl.lit("floor").alias("block"), pl.lit(0.0).alias("cap"), pl.Series("points", taken)
    )
    return (
        pl.concat([*parts, floor], how="diagonal")
        .with_columns(explanations())
        .drop("variant", "is_owner", "after_opt_out")
    )
