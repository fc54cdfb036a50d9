"""The room: who talks about themselves, and who sells."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import polars as pl

from dashboards.format import NAMELESS, plotly_text
from dashboards.theme import layout
from dashboards.wording import PLATFORMS

# Plotly takes a second for so many in SVG; 5,000 would hold the page for two.
MAX_POINTS = 2_500
_BINS = 20
_GOLDEN_ANGLE = 2.399963
_FULL_DISC = 60  # from so many people on, the disc is packed closer instead of growing
_DISC = (0.03, 0.07)  # its half axes as shares of the drawn scale, so that it looks round
_TRACES = (("linkedin", "var(--linkedin)"), ("x", "var(--x)"), ("both", "var(--both)"))


def plot_room(people: pl.DataFrame) -> go.Figure:
    """Scatter of both indices: size by messages, colour by platform, faint where evidence is thin.

    `people` are rows of people.sql in the order of the list. People without an index are not
    drawn. The first 2,500 are points; the others are counted in bins of five by five underneath,
    so that nobody is left out. Points carry their identity_id as `customdata`; the intervals of those
    with a score are in `error_x` and `error_y`, hidden until asked for.
    """
    placed = people.filter(
        pl.col("self_focus_index").is_not_null() & pl.col("pitch_index").is_not_null()
    )
    reach = _reach(placed)
    figure = go.Figure(layout=_room_layout(reach))
    crowd = placed.slice(MAX_POINTS)
    if crowd.height:
        figure.add_trace(_bins(crowd))
    points = _side_by_side(_points(placed.head(MAX_POINTS)), reach)
    biggest = max(1, *points["messages"].to_list())
    for platform, colour in _TRACES:
        group = points.filter(pl.col("group") == platform)
        if group.height:
            figure.add_trace(_scatter(group, platform, colour, sizeref=2 * biggest / 34**2))
    return figure


def _reach(people: pl.DataFrame) -> tuple[float, float]:
    """Where the axes end: the next quarter of the scale above the highest value, at least half."""
    highest = [max([0.0, *people[name].to_list()]) for name in ("self_focus_index", "pitch_index")]
    across, up = (min(100.0, max(50.0, 25.0 * math.ceil((value + 2) / 25))) for value in highest)
    return across, up


def _side_by_side(points: pl.DataFrame, reach: tuple[float, float]) -> pl.DataFrame:
    """Columns x and y: people of the same place in a disc around it, like seeds of a sunflower.

    Many have the same small evidence and the same indices; on one spot they would look like one.
    """
    same = [pl.col("self_focus_index").round(1), pl.col("pitch_index").round(1)]
    number = pl.int_range(pl.len()).over(same)
    radius = (number / pl.max_horizontal(pl.len().over(same) - 1, _FULL_DISC)).sqrt()
    angle = number * _GOLDEN_ANGLE
    return points.with_columns(
        (pl.col("self_focus_index") + radius * angle.cos() * _DISC[0] * reach[0]).alias("x"),
        (pl.col("pitch_index") + radius * angle.sin() * _DISC[1] * reach[1]).alias("y"),
    )


def _points(people: pl.DataFrame) -> pl.DataFrame:
    no_text = pl.lit(None, dtype=pl.String)
    named = pl.col("name").str.contains(r"[\p{L}\p{N}\p{P}\p{S}]")
    name = pl.when(named).then("name").otherwise(pl.lit(NAMELESS))
    reasons = pl.concat_str(
        [
            pl.when(pl.col(column).is_not_null())
            .then(pl.format("<br>{}", plotly_text(pl.col(column), width=110)))
            .otherwise(no_text)
            for column in ("reason", "second_reason")
        ],
        ignore_nulls=True,
    )
    return people.with_columns(
        pl.when(pl.col("platforms").list.len() > 1)
        .then(pl.lit("both"))
        .otherwise(pl.col("platforms").list.first())
        .fill_null("both")
        .alias("group"),
        pl.format(
            "<b>{}</b> · {} messages<br>self-focus {}, pitch {}{}",
            plotly_text(name, width=60),
            pl.col("messages"),
            pl.col("self_focus_index").round(0).cast(pl.Int64),
            pl.col("pitch_index").round(0).cast(pl.Int64),
            reasons.fill_null(""),
        ).alias("hover"),
        (0.25 + 0.65 * pl.col("measured").fill_null(0)).round(2).alias("opacity"),
        pl.when(pl.col("state") == "scored")
        .then(pl.lit("circle"))
        .otherwise(pl.lit("circle-open"))
        .alias("symbol"),
    )


def _scatter(group: pl.DataFrame, platform: str, colour: str, *, sizeref: float) -> go.Scatter:
    return go.Scatter(
        name=PLATFORMS.get(platform, "Both"),
        mode="markers",
        x=group["x"].round(2).to_list(),
        y=group["y"].round(2).to_list(),
        customdata=group["identity_id"].to_list(),
        hovertext=group["hover"].to_list(),
        hoverinfo="text",
        marker={
            "size": group["messages"].clip(1).to_list(),
            "sizemode": "area",
            "sizeref": sizeref,
            "sizemin": 4,
            "color": colour,
            "opacity": group["opacity"].to_list(),
            "symbol": group["symbol"].to_list(),
            "line": {"width": 1.5, "color": colour},
        },
        error_x=_whiskers(group, "self_focus_index"),
        error_y=_whiskers(group, "pitch_index"),
    )


def _whiskers(group: pl.DataFrame, index: str) -> dict[str, object]:
    """Of people with a score; the intervals of the others reach over most of the scale."""
    scored = group["state"] == "scored"
    up = (group[f"{index}_high"] - group[index]).fill_null(0).clip(0).round(1)
    down = (group[index] - group[f"{index}_low"]).fill_null(0).clip(0).round(1)
    return {
        "type": "data",
        "symmetric": False,
        "array": (up * scored).to_list(),
        "arrayminus": (down * scored).to_list(),
        "color": "var(--whisker)",
        "thickness": 1,
        "width": 0,
        "visible": False,
    }


def _bins(crowd: pl.DataFrame) -> go.Heatmap:
    def bin_of(column: str) -> pl.Expr:
        return (pl.col(column) * _BINS / 100).floor().clip(0, _BINS - 1).cast(pl.Int64)

    counted = (
        crowd.group_by(bin_of("self_focus_index").alias("x"), bin_of("pitch_index").alias("y"))
        .len()
        .sort("x", "y")
    )
    cells: list[list[int | None]] = [[None] * _BINS for _ in range(_BINS)]
    for x, y, people in counted.iter_rows():
        cells[y][x] = people
    middles = [(index + 0.5) * 100 / _BINS for index in range(_BINS)]
    return go.Heatmap(
        name="Everybody else",
        x=middles,
        y=middles,
        z=cells,
        xgap=1,
        ygap=1,
        showscale=False,
        colorscale=[[0, "var(--heat-0)"], [1, "var(--heat-2)"]],
        hovertemplate="%{z} more people here<extra></extra>",
    )


def _room_layout(reach: tuple[float, float]) -> go.Layout:
    figure = layout(height=520, legend_itemsizing="constant")
    titles = (
        "Self-focus index: own topics, one-way talk →",
        "Pitch index: asks, links, mass texts →",
    )
    for axis, end, title in zip((figure.xaxis, figure.yaxis), reach, titles, strict=True):
        axis.update(
            title_text=title,
            range=[-0.09 * end, 1.04 * end],
            tickvals=[0, 25, 50, 75, 100],
            zeroline=False,
        )
    return figure
