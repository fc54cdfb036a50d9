"""The palettes reach the contrasts they promise, and nothing names a colour that is in neither."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from dashboards import page, theme
from dashboards.charts.clusters import plot_clusters
from dashboards.charts.flood import plot_flood
from dashboards.charts.mirror import plot_mirror
from dashboards.charts.months import plot_months
from dashboards.charts.room import plot_room
from dashboards.wording import ADVICE, ADVICE_ORDER, BLOCKS, HANDLING, STATES
from tests.dashboards.conftest import Frames
from transforms.tables import TABLES

TEXT_ON = ("paper", "surface", "sunken")
TEXTS = (
    "ink", "muted", "accent", "unfollow", "unsubscribe", "mute", "watch", "thank", "none",
)  # fmt: skip
PAIRS = [
    *((ink, ground, 4.5) for ink in TEXTS for ground in TEXT_ON),
    ("ink", "mark", 4.5),
    ("ink", "accent-soft", 4.5),
    ("muted", "accent-soft", 4.5),
    ("paper", "accent", 4.5),
    *((mark, "surface", 3.0) for mark in ("linkedin", "x", "both", "adds", "takes", "focus")),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of #rrggbb."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_palette_reaches_the_contrast(
    palette: theme.Palette, text: str, ground: str, least: float
) -> None:
    assert contrast(palette[text], palette[ground]) >= least


def test_both_palettes_name_the_same_colours() -> None:
    assert theme.LIGHT.keys() == theme.DARK.keys()


def test_style_and_charts_use_only_colours_of_the_palette(frames: Frames) -> None:
    figures = (
        plot_room(frames["people"]), plot_flood(frames["flood"]), plot_mirror(frames["mirror"]),
        plot_months(frames["mirror_months"]), plot_clusters(frames["clusters"]),
    )  # fmt: skip
    css = page.static("report.css")
    defined = {*theme.LIGHT, *re.findall(r"--([a-z0-9-]+):", css)}
    used = re.findall(r"var\(--([a-z0-9-]+)", css)
    for figure in figures:
        used += re.findall(r"var\(--([a-z0-9-]+)\)", figure.to_json())
    assert set(used) <= defined


def test_no_colour_is_written_outside_the_theme() -> None:
    css = page.static("report.css")
    assert re.findall(r"#[0-9a-f]{3,8}\b", css) == ["#fff"]  # the ground of a printed page
    for folder in ("charts", "templates"):
        for entry in (resources.files("dashboards") / folder).iterdir():
            if entry.name.endswith((".py", ".jinja")):
                assert not re.findall(r"#[0-9a-f]{6}\b", entry.read_text("utf-8")), entry.name


def test_every_value_of_a_table_has_words() -> None:
    values = {
        (table.name, column.name): column.values
        for table in TABLES.values()
        for column in table.columns
    }
    assert set(ADVICE) == set(ADVICE_ORDER) == set(values["sender_metrics", "advice"])
    assert set(STATES) == set(values["sender_metrics", "state"])
    assert set(BLOCKS) == set(values["sender_blocks", "block"])
    assert set(HANDLING) == set(values["export_members", "handling"])
