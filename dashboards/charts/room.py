"""The room: who talks about themselves, and who sells."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.places import Reach, lanes, names_that_fit, reach_of, side_by_side
from dashboards.format import NAMELESS, plotly_text
from dashboards.theme import layout
from dashboards.wording import PLATFORMS

# Plotly takes a second for so many in SVG; 5,000 would hold the page for two.
MAX_POINTS = 2_500
_BINS = 20
_TRACES = (("linkedin", "var(--linkedin)"), ("x", "var(--x)"), ("both", "var(--both)"))


def plot_room(people: pl.DataFrame) -> go.Figure:
    """Scatter of both indices: size by messages, colour by platform, faint where evidence is thin.

    `people` are rows of people.sql in the order of the list. People without an index are not
    drawn; an index of zero has a lane of its own below the axis. The first 2,500 are points; the
    others are counted in bins of five by five underneath, so that nobody is left out. Points carry their identity_id as `customdata`; the intervals of those
    with a score are in `error_x` and `error_y`, hidden until asked for.
    """
    placed = people.filter(
        pl.col("self_focus_index").is_not_null() & pl.col("pitch_index").is_not_null()
    )
    reach = reach_of(placed)
    figure = go.Figure(layout=_room_layout(reach, placed))
    crowd = placed.slice(MAX_POINTS)
    if crowd.height:
        figure.add_trace(_bins(crowd))
    points = side_by_side(_points(placed.head(MAX_POINTS)), reach)
    biggest = max(1, *points["messages"].to_list())
    for platform, colour in _TRACES:
        group = points.filter(pl.col("group") == platform)
        if group.height:
            figure.add_trace(_scatter(group, platform, colour, sizeref=2 * biggest / 34**2))
    for x, y, label, shift in names_that_fit(points, reach, biggest).iter_rows():
        figure.add_annotation(
            name="person", x=x, y=y, text=label, showarrow=False,
            xshift=shift + math.copysign(3, shift), xanchor="left" if shift > 0 else "right",
            font={"size": 12, "color": "var(--ink)"},
        )  # fmt: skip
    return figure


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


def _room_layout(reach: Reach, people: pl.DataFrame) -> go.Layout:
    figure = layout(height=540, legend_itemsizing="constant")
    titles = (
        "Self-focus index: own topics, one-way talk →",
        "Pitch index: asks, links, mass texts →",
    )
    below = lanes(reach)
    axes = (figure.xaxis, figure.yaxis)
    for axis, end, lane, title in zip(axes, reach, below, titles, strict=True):
        axis.update(
            title_text=title,
            range=[-lane, 1.04 * end],
            tickvals=[0, 25, 50, 75, 100],
            zeroline=True,
            zerolinecolor="var(--whisker)",
        )
    plain = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": "var(--sunken)"}
    figure.shapes = [
        {**plain, "xref": "paper", "x0": 0, "x1": 1, "y0": -below[1], "y1": 0},
        {**plain, "yref": "paper", "y0": 0, "y1": 1, "x0": -below[0], "x1": 0},
    ]
    neither = people.filter(
        (pl.col("self_focus_index").round(1) == 0) & (pl.col("pitch_index").round(1) == 0)
    ).height
    note = {"showarrow": False, "font": {"size": 12, "color": "var(--muted)"}}
    figure.annotations = [
        {**note, "x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yanchor": "top",
         "text": "no pitch seen"},
        {**note, "x": -below[0], "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "top",
         "text": "no self-focus<br>seen", "align": "left"},
        {**note, "x": 0, "xanchor": "left", "y": -below[1], "yanchor": "bottom", "xshift": 4,
         "text": f"← {neither:,} with neither", "visible": neither > 0},
    ]  # fmt: skip
    return figure
