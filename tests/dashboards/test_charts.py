"""The structure of every chart against a small golden file, and what each must not do.

After a wanted change: `python -m tests.dashboards.test_charts` writes the golden files anew.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards.charts.clusters import plot_clusters
from dashboards.charts.flood import plot_flood
from dashboards.charts.mirror import plot_mirror
from dashboards.charts.months import plot_months
from dashboards.charts.points import plot_points, waterfall
from dashboards.charts.room import MAX_POINTS, plot_room
from tests.dashboards.conftest import Frames, run_report_queries
from tests.dashboards.synthetic import synthetic, to_tables

GOLDEN = Path(__file__).parent / "golden"


def drawn(frames: Frames) -> dict[str, go.Figure]:
    first = frames["blocks"].filter(pl.col("identity_id") == "p15")
    return {
        "room": plot_room(frames["people"]),
        "points": plot_points(waterfall(first), 50.0),
        "flood": plot_flood(frames["flood"]),
        "mirror": plot_mirror(frames["mirror"]),
        "months": plot_months(frames["mirror_months"]),
        "clusters": plot_clusters(frames["clusters"]),
    }


def structure(figure: go.Figure) -> dict[str, Any]:
    """What a reader would notice if it changed: traces, how much they hold, axes and colours."""
    return {
        "traces": [
            {
                "type": trace.type,
                "name": trace.name,
                "x": None if trace.x is None else len(trace.x),
                "y": None if trace.y is None else len(trace.y),
                "first": [
                    None if values is None or not len(values) else values[0]
                    for values in (trace.x, trace.y)
                ],
                "colour": str(trace.marker.color) if trace.type != "heatmap" else "heat",
            }
            for trace in figure.data
        ],
        "x": figure.layout.xaxis.title.text,
        "y": figure.layout.yaxis.title.text,
        "height": figure.layout.height,
    }


CHARTS = ("clusters", "flood", "mirror", "months", "points", "room")


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_built_as_the_golden_file_says(name: str, frames: Frames) -> None:
    wanted = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(structure(drawn(frames)[name]))) == wanted


def crowd(people: pl.DataFrame, count: int) -> pl.DataFrame:
    copies = -(-count // people.height)
    return pl.concat([people] * copies).head(count)


def test_room_draws_at_most_so_many_points_and_bins_the_rest(frames: Frames) -> None:
    figure = plot_room(crowd(frames["people"], MAX_POINTS + 700))
    bins, *points = figure.data
    assert sum(len(trace.x) for trace in points) == MAX_POINTS
    assert sum(cell for row in bins.z for cell in row if cell is not None) == 700


def test_room_leaves_nobody_out_who_can_be_placed(frames: Frames) -> None:
    people = frames["people"].with_columns(
        pl.when(pl.col("position") > 40).then(pl.col("pitch_index")).alias("pitch_index")
    )
    drawn_ids = [key for trace in plot_room(people).data for key in trace.customdata]
    assert sorted(drawn_ids) == sorted(people.filter(pl.col("position") > 40)["identity_id"])


def test_people_at_one_place_stand_side_by_side(frames: Frames) -> None:
    same = frames["people"].with_columns(
        pl.lit(20.0).alias("self_focus_index"), pl.lit(10.0).alias("pitch_index")
    )
    traces = plot_room(same).data
    places = [(x, y) for trace in traces for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(set(places)) == same.height
    assert (20.0, 10.0) in places
    assert all(abs(x - 20) <= 1.6 and abs(y - 10) <= 3.6 for x, y in places)


def test_nobody_hides_where_nothing_was_seen(frames: Frames) -> None:
    """An index of zero is a lane of its own; both zero, the corner."""
    silent = frames["people"].with_columns(
        pl.lit(0.0).alias("self_focus_index"), pl.lit(0.0).alias("pitch_index")
    )
    figure = plot_room(silent)
    places = [(x, y) for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(set(places)) == silent.height
    assert all(x < 0 and y < 0 for x, y in places)
    assert any("60 with neither" in note.text for note in figure.layout.annotations)
    selling = silent.with_columns(pl.lit(30.0).alias("pitch_index"))
    for trace in plot_room(selling).data:
        assert set(trace.y) == {30.0}
        assert all(x < 0 for x in trace.x)


def test_names_in_the_room_cover_no_other_and_are_escaped(frames: Frames) -> None:
    people = frames["people"].with_columns(pl.lit("<b>Ann & Co</b>").alias("name"))
    names = [note for note in plot_room(people).layout.annotations if note.name == "person"]
    assert 3 <= len(names) <= 9
    assert {note.text for note in names} == {"\u2068&lt;b&gt;Ann &amp; Co&lt;/b&gt;\u2069"}
    same = people.with_columns(
        pl.lit(40.0).alias("self_focus_index"), pl.lit(40.0).alias("pitch_index")
    )
    places = [n.y for n in plot_room(same).layout.annotations if n.name == "person"]
    assert 1 <= len(places) <= 3


@pytest.mark.parametrize(("index", "anchor"), [(2.0, "left"), (47.0, "right")])
def test_a_name_stands_on_the_side_where_there_is_room(
    frames: Frames, index: float, anchor: str
) -> None:
    one = frames["people"].head(1).with_columns(
        pl.lit("Maximilian Thorvald").alias("name"),
        pl.lit(index).alias("self_focus_index"),
        pl.lit(20.0).alias("pitch_index"),
    )  # fmt: skip
    [name] = [note for note in plot_room(one).layout.annotations if note.name == "person"]
    assert name.xanchor == anchor
    assert (name.xshift > 0) is (anchor == "left")


def test_people_of_whom_little_is_known_look_like_it(frames: Frames) -> None:
    people = frames["people"]
    for trace in plot_room(people).data:
        for key, symbol, opacity in zip(
            trace.customdata, trace.marker.symbol, trace.marker.opacity, strict=True
        ):
            row = people.row(by_predicate=pl.col("identity_id") == key, named=True)
            assert (symbol == "circle") is (row["state"] == "scored")
            assert opacity == pytest.approx(0.25 + 0.65 * row["measured"], abs=0.006)


def test_waterfall_ends_at_the_score(frames: Frames) -> None:
    bars = waterfall(frames["blocks"])
    ends = bars.group_by("identity_id", maintain_order=True).agg(
        pl.col("to").drop_nulls().last(), pl.col("points").sum()
    )
    scored = frames["people"].filter(pl.col("me_score").is_not_null())
    joined = scored.join(ends, on="identity_id")
    assert joined.height == scored.height
    assert (joined["to"] - joined["me_score"]).abs().max() < 0.06
    assert (joined["points"] - joined["me_score"]).abs().max() < 1e-9


def test_waterfall_bars_hang_together(frames: Frames) -> None:
    bars = waterfall(frames["blocks"]).filter(pl.col("from").is_not_null())
    previous = pl.col("to").shift(1).over("identity_id").fill_null(0)
    assert bars.filter((pl.col("from") - previous).abs() > 1e-9).is_empty()


def test_flood_blanks_weeks_without_a_message() -> None:
    weeks = pl.DataFrame(
        {
            "week_on": [dt.date(2024, 12, 30), dt.date(2025, 1, 13)],
            "promotional_messages": [3, 0],
            "senders": [2, 0],
            "messages": [5, 4],
        }
    )
    (heat,) = plot_flood(weeks).data
    # 30 December 2024 is in the first ISO week of 2025.
    assert list(heat.y) == ["2025"]
    assert list(heat.z[0][:4]) == [3, None, 0, None]


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for chart, figure in drawn(run_report_queries(to_tables(synthetic()))).items():
        text = json.dumps(structure(figure), indent=1, ensure_ascii=False) + "\n"
        (GOLDEN / f"{chart}.json").write_text(text, encoding="utf-8")
