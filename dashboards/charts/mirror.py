"""The mirror: how much of each block the owner fills, beside the people who wrote."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboards.theme import layout
from dashboards.wording import BLOCK_ORDER, BLOCKS


def plot_mirror(mirror: pl.DataFrame) -> go.Figure:
    """One line per block: the others' middle half as a bar with its median, the owner as a dot.

    `mirror` are rows of mirror.sql. Blocks that cannot be measured for the owner have no dot.
    """
    order = {block: place for place, block in enumerate(BLOCK_ORDER)}
    rows = (
        mirror.filter((pl.col("block") != "floor") & (pl.col("cap") != 0))
        .with_columns(pl.col("block").replace_strict(order, default=len(order)).alias("place"))
        .sort("place")
        .with_columns(
            pl.col("block").replace(BLOCKS).alias("label"),
            *((pl.col(f"others_{end}") * 100).round(1) for end in ("low", "mid", "high")),
            (pl.col("fill") * 100).round(1),
        )
    )
    figure = go.Figure(layout=_mirror_layout(rows.height))
    labels = rows["label"].to_list()
    figure.add_trace(
        go.Bar(
            name="Middle half of the others",
            orientation="h",
            y=labels,
            base=rows["others_low"].to_list(),
            x=(rows["others_high"] - rows["others_low"]).to_list(),
            marker={"color": "var(--grid)", "line": {"color": "var(--muted)", "width": 1}},
            width=0.4,
            hovertemplate="the middle half of the others fill %{base:.0f} to %{x:.0f} %<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            name="Their median",
            mode="markers",
            y=labels,
            x=rows["others_mid"].to_list(),
            marker={"symbol": "line-ns", "size": 14, "line": {"color": "var(--muted)", "width": 2}},
            hovertemplate="median of the others: %{x:.0f} %<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            name="You",
            mode="markers",
            y=labels,
            x=rows["fill"].to_list(),
            marker={
                "size": 13,
                "color": "var(--accent)",
                "line": {"color": "var(--surface)", "width": 2},
            },
            hovertemplate="you: %{x:.0f} %<extra></extra>",
        )
    )
    return figure


def _mirror_layout(blocks: int) -> go.Layout:
    figure = layout(height=110 + 36 * max(blocks, 1))
    figure.xaxis.update(title_text="How much of the block is filled, %", range=[-2, 104])
    figure.yaxis.update(autorange="reversed", showgrid=False, type="category")
    return figure
