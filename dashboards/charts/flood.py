"""The flood: promotional messages by week, as a calendar."""

from __future__ import annotations

import datetime as dt

import plotly.graph_objects as go
import polars as pl

from dashboards.theme import HEAT, layout

_WEEKS = 53


def plot_flood(weeks: pl.DataFrame) -> go.Figure:
    """Heat map with a row per ISO year and a column per ISO week; `weeks` are rows of flood.sql.

    Cells carry their Monday as `customdata`.

    Weeks without any message are left blank; that is not the same as a week without promotion.
    """
    years = sorted({_iso(week).year for week in weeks["week_on"]})
    cells: dict[int, list[int | None]] = {year: [None] * _WEEKS for year in years}
    hover: dict[int, list[str]] = {year: [""] * _WEEKS for year in years}
    mondays: dict[int, list[str]] = {year: [""] * _WEEKS for year in years}
    for week_on, promotional, senders, messages in weeks.select(
        "week_on", "promotional_messages", "senders", "messages"
    ).iter_rows():
        week = _iso(week_on)
        cells[week.year][week.week - 1] = promotional
        mondays[week.year][week.week - 1] = week_on.isoformat()
        hover[week.year][week.week - 1] = (
            f"Week of {week_on.day} {week_on:%b %Y}<br>{promotional} promotional of "
            f"{messages} messages<br>from {senders} senders<br>click for the messages"
        )
    figure = go.Figure(layout=_flood_layout(len(years)))
    figure.add_trace(
        go.Heatmap(
            x=list(range(1, _WEEKS + 1)),
            y=[str(year) for year in years],
            z=[cells[year] for year in years],
            hovertext=[hover[year] for year in years],
            hoverinfo="text",
            customdata=[mondays[year] for year in years],
            hoverongaps=False,
            xgap=2,
            ygap=3,
            zmin=0,
            zmax=max(4, weeks["promotional_messages"].max() or 0),
            colorscale=HEAT,
            showscale=False,
        )
    )
    return figure


class _Week:
    def __init__(self, day: dt.date) -> None:
        self.year, self.week, _ = day.isocalendar()


def _iso(day: dt.date) -> _Week:
    return _Week(day)


def _flood_layout(years: int) -> go.Layout:
    figure = layout(height=90 + 34 * max(years, 1))
    figure.xaxis.update(
        tickvals=[1, 9, 18, 27, 36, 45],
        ticktext=["Jan", "Mar", "May", "Jul", "Sep", "Nov"],
        showgrid=False,
        zeroline=False,
        range=[0.5, _WEEKS + 0.5],
    )
    figure.yaxis.update(showgrid=False, zeroline=False, type="category", autorange="reversed")
    return figure
