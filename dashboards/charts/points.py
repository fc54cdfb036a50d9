"""How the points add up: a waterfall that ends at the score."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboards.format import plotly_text
from dashboards.theme import layout
from dashboards.wording import BLOCK_ORDER, BLOCKS

SCORE_LABEL = "Score"
_NOTHING = 0.05  # shown as 0.0


def waterfall(blocks: pl.DataFrame) -> pl.DataFrame:
    """The blocks with the bar each one draws: columns `from` and `to`, cumulative per person.

    In the order of the page; blocks that cannot be measured get null bars, and a block `floor`
    that took nothing is left out. `to` of a person's last bar is the score.
    """
    order = {block: place for place, block in enumerate(BLOCK_ORDER)}
    return (
        blocks.filter((pl.col("block") != "floor") | (pl.col("points").abs() > _NOTHING))
        .with_columns(
            pl.col("block").replace_strict(order, default=len(order)).alias("place"),
        )
        .sort("position", "identity_id", "place", "block")
        .with_columns(
            pl.col("points").fill_null(0).cum_sum().over("identity_id").alias("to"),
        )
        .with_columns(
            pl.when(pl.col("points").is_not_null())
            .then(pl.col("to") - pl.col("points"))
            .alias("from"),
            pl.when(pl.col("points").is_not_null()).then(pl.col("to")).alias("to"),
        )
        .drop("place")
    )


def plot_points(blocks: pl.DataFrame, score: float | None) -> go.Figure:
    """Horizontal bars that add up, for one person; empty data gives the frame the page fills.

    `blocks` are rows of `waterfall` for one person.
    """
    shown = blocks.filter(pl.col("points").is_not_null()).with_columns(
        plotly_text(pl.col("explanation"), width=120).alias("hover"),
        pl.col("block").replace(BLOCKS).alias("label"),
        pl.when(pl.col("points") < 0)
        .then(pl.lit("var(--takes)"))
        .otherwise(pl.lit("var(--adds)"))
        .alias("colour"),
        pl.format(
            "{}{}",
            pl.when(pl.col("points") > 0).then(pl.lit("+")).otherwise(pl.lit("")),
            pl.col("points").round(1),
        ).alias("signed"),
    )
    total = [] if score is None else [round(score, 1)]
    figure = go.Figure(layout=_points_layout())
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=shown["label"].to_list() + [SCORE_LABEL] * len(total),
            x=shown["points"].round(2).to_list() + total,
            base=shown["from"].round(2).to_list() + [0] * len(total),
            text=shown["signed"].to_list() + [f"{value:g}" for value in total],
            textposition="outside",
            cliponaxis=False,
            hovertext=shown["hover"].to_list() + ["the sum of the above"] * len(total),
            hoverinfo="text",
            marker={"color": shown["colour"].to_list() + ["var(--total)"] * len(total)},
            width=0.62,
        )
    )
    return figure


def _points_layout() -> go.Layout:
    figure = layout(height=380, showlegend=False)
    figure.xaxis.update(title_text="Points", range=[0, 108], zeroline=True)
    figure.yaxis.update(autorange="reversed", showgrid=False, type="category")
    figure.margin.update(r=36)
    return figure
