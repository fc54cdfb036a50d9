"""What the owner wrote, month by month."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboards.theme import layout


def plot_months(months: pl.DataFrame) -> go.Figure:
    """Bars of messages and posts per month, promotional ones marked; rows of mirror_months.sql."""
    x = [f"{month:%Y-%m}" for month in months["month_on"]]
    plain = (months["messages"] + months["posts"] - months["promotional_messages"]).clip(0)
    figure = go.Figure(layout=_months_layout())
    for name, values, colour in (
        ("Messages and posts", plain, "var(--accent)"),
        ("of them promotional", months["promotional_messages"], "var(--adds)"),
    ):
        figure.add_trace(
            go.Bar(
                name=name,
                x=x,
                y=values.to_list(),
                marker={"color": colour},
                hovertemplate="%{x}: %{y}<extra></extra>",
            )
        )
    return figure


def _months_layout() -> go.Layout:
    figure = layout(height=260, barmode="stack", legend_traceorder="normal", bargap=0.25)
    figure.xaxis.update(type="category", showgrid=False, nticks=12, tickangle=0)
    figure.yaxis.update(title_text="Messages and posts", rangemode="tozero", nticks=5)
    return figure
