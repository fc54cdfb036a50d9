"""Who is in the room: what people seek and offer."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboards.theme import layout

_SHADES = (("seeks", "var(--both)", -1), ("offers", "var(--takes)", 1))


def plot_clusters(clusters: pl.DataFrame) -> go.Figure:
    """People who seek (to the left) and offer (to the right) each thing, all industries and places.

    `clusters` are rows of clusters.sql, none of them under five people.
    """
    totals = clusters.filter((pl.col("industry") == "all") & (pl.col("location") == "all"))
    objects = (
        totals.group_by("object")
        .agg(pl.col("people").sum())
        .sort(["people", "object"], descending=[True, False])["object"]
        .to_list()
    )
    figure = go.Figure(layout=_clusters_layout(len(objects)))
    for direction, colour, side in _SHADES:
        people = dict(
            totals.filter(pl.col("direction") == direction).select("object", "people").iter_rows()
        )
        counts = [people.get(name) for name in objects]
        figure.add_trace(
            go.Bar(
                name=f"{direction.capitalize()}",
                orientation="h",
                y=objects,
                x=[None if count is None else side * count for count in counts],
                text=["" if count is None else str(count) for count in counts],
                hovertemplate=f"{direction} %{{y}}: %{{text}} people<extra></extra>",
                marker={"color": colour},
                textposition="outside",
                cliponaxis=False,
            )
        )
    return figure


def _clusters_layout(objects: int) -> go.Layout:
    figure = layout(height=76 + 40 * max(objects, 1), barmode="overlay", bargap=0.45)
    figure.xaxis.update(showticklabels=False, zeroline=True, showgrid=False)
    figure.yaxis.update(autorange="reversed", showgrid=False, type="category")
    return figure
