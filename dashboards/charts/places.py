"""Where people stand in the room when many have the same place, and whose name fits beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from dashboards.format import plotly_text

Reach = tuple[float, float]
_Box = tuple[float, float, float, float]

# Lanes for those of whom nothing was seen on an axis, as shares of the drawn scale.
_LANES = (0.15, 0.24)
_GOLDEN_ANGLE = 2.399963
# Steps of the plastic number: points that fill an area evenly, however many there are.
_STEPS = (0.7548776662, 0.5698402910)
_FULL_DISC = 60  # from so many people on, the disc is packed closer instead of growing
_DISC = (0.03, 0.07)  # its half axes as shares of the drawn scale, so that it looks round

_LABELS = 9
_LETTER, _LINE = 7.2, 17.0  # pixels
# Pixels from zero to where the axes end, in the smallest plot in which names are shown: what fits
# there covers nothing on a wider page either.
_PLOT = (370.0, 345.0)


def reach_of(people: pl.DataFrame) -> Reach:
    """Where the axes end: the next quarter of the scale above the highest value, at least half."""
    highest = [max([0.0, *people[name].to_list()]) for name in ("self_focus_index", "pitch_index")]
    across, up = (min(100.0, max(50.0, 25.0 * math.ceil((value + 2) / 25))) for value in highest)
    return across, up


def lanes(reach: Reach) -> tuple[float, float]:
    """How far the lanes below zero go, on either axis."""
    return _LANES[0] * reach[0], _LANES[1] * reach[1]


def side_by_side(points: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """Columns x and y, so that nobody hides behind somebody else.

    An index of zero is a place in the lane below zero, spread over its breadth. Others of the same
    place are in a disc around it, like seeds of a sunflower.
    """
    none = [pl.col(name).round(1) == 0 for name in ("self_focus_index", "pitch_index")]
    in_lane = none[0] | none[1]
    number = pl.int_range(pl.len()).over(
        *none,
        # In a lane everybody is numbered; elsewhere those at the same place.
        *(
            pl.when(~in_lane).then(pl.col(name).round(1))
            for name in ("self_focus_index", "pitch_index")
        ),
    )
    counted = points.with_columns(number.alias("_number"))
    same = (pl.col("self_focus_index").round(1), pl.col("pitch_index").round(1))
    radius = (pl.col("_number") / pl.max_horizontal(pl.len().over(*same) - 1, _FULL_DISC)).sqrt()
    angle = pl.col("_number") * _GOLDEN_ANGLE
    placed = [
        pl.when(here)
        .then(-breadth * (0.08 + 0.84 * ((pl.col("_number") * step + 0.5) % 1)))
        .when(in_lane)
        .then(pl.col(index))
        .otherwise(pl.col(index) + radius * turn * half * end)
        for here, breadth, step, index, turn, half, end in zip(
            none,
            lanes(reach),
            _STEPS,
            ("self_focus_index", "pitch_index"),
            (angle.cos(), angle.sin()),
            _DISC,
            reach,
            strict=True,
        )
    ]
    return counted.with_columns(placed[0].alias("x"), placed[1].alias("y")).drop("_number")


def names_that_fit(points: pl.DataFrame, reach: Reach, biggest: float) -> pl.DataFrame:
    """Those furthest out whose name can stand beside them: x, y, label and `shift` in pixels.

    `points` have x and y. A negative shift is a name to the left of its point, where there is no
    room to the right. Nobody in the corner of neither is named, and no name covers another.
    """
    far = (
        points.filter((pl.col("x") > 0) | (pl.col("y") > 0))
        .with_columns(
            (pl.col("x").clip(0) / reach[0] + pl.col("y").clip(0) / reach[1]).alias("_far"),
            plotly_text(pl.col("name"), width=24).alias("label"),
            (_LETTER * pl.col("name").str.len_chars().clip(0, 24)).alias("_wide"),
            (17 * (pl.col("messages").clip(1) / biggest).sqrt()).clip(2).alias("shift"),
        )
        .drop_nulls("name")
        .sort(["_far", "identity_id"], descending=[True, False])
        .head(5 * _LABELS)
    )
    taken: list[_Box] = []
    shifts: list[float | None] = []
    for x, y, wide, shift in far.select("x", "y", "_wide", "shift").iter_rows():
        at = (x / reach[0] * _PLOT[0], y / reach[1] * _PLOT[1])
        sides = ((at[0] + shift, shift), (at[0] - shift - wide, -shift))
        found = next(
            (
                (box, side)
                for left, side in sides
                if _is_free(box := (left, left + wide, at[1] - _LINE / 2, at[1] + _LINE / 2), taken)
            ),
            None,
        )
        if found is None or len(taken) == _LABELS:
            shifts.append(None)
        else:
            taken.append(found[0])
            shifts.append(found[1])
    beside = far.with_columns(pl.Series("shift", shifts, dtype=pl.Float64)).drop_nulls("shift")
    return beside.select("x", "y", "label", "shift")


def _is_free(box: _Box, taken: Sequence[_Box]) -> bool:
    """Whether a box of (left, right, bottom, top) is in the plot and covers none of the others."""
    return (
        -_LANES[0] * _PLOT[0] < box[0]
        and box[1] < _PLOT[0]
        and not any(
            box[0] < other[1] and other[0] < box[1] and box[2] < other[3] and other[2] < box[3]
            for other in taken
        )
    )
