"""Colours, type and the look of every chart: nowhere else.

One palette per mode. The marks are Okabe and Ito's eight colours (readable with the usual colour
blindnesses); whatever carries text reaches a contrast of 4.5 to 1 on its ground, and marks 3 to 1.
Charts name colours as CSS variables; the page resolves them, so one figure serves both modes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import plotly.graph_objects as go

Palette = Mapping[str, str]

LIGHT: Palette = MappingProxyType(
    {
        "paper": "#faf8f4",
        "surface": "#ffffff",
        "sunken": "#f1eee7",
        "ink": "#1c2024",
        "muted": "#565e68",
        "line": "#ddd8ce",
        "grid": "#e9e5dc",
        "accent": "#0a5a9c",
        "accent-soft": "#e3eef8",
        "focus": "#0a5a9c",
        "linkedin": "#0072b2",
        "x": "#d55e00",
        "both": "#8a5a9e",
        "whisker": "#a79f92",
        "adds": "#d55e00",
        "takes": "#00805e",
        "total": "#1c2024",
        "mark": "#ffe9b0",
        "mark-line": "#b57900",
        "unfollow": "#b03a00",
        "unsubscribe": "#8f3f78",
        "mute": "#8a5a00",
        "watch": "#0a5a9c",
        "thank": "#00694d",
        "none": "#565e68",
        "heat-0": "#f1eee7",
        "heat-1": "#fbd9b5",
        "heat-2": "#f2a65a",
        "heat-3": "#d55e00",
        "heat-4": "#7a2e00",
    }
)

DARK: Palette = MappingProxyType(
    {
        "paper": "#14171b",
        "surface": "#1c2026",
        "sunken": "#22272e",
        "ink": "#ece8e1",
        "muted": "#a9b1bb",
        "line": "#363d46",
        "grid": "#2a3038",
        "accent": "#7fbcf2",
        "accent-soft": "#1d3145",
        "focus": "#9ccdf7",
        "linkedin": "#56b4e9",
        "x": "#f0914f",
        "both": "#cc9bdc",
        "whisker": "#59636f",
        "adds": "#f0914f",
        "takes": "#3ec79c",
        "total": "#ece8e1",
        "mark": "#584410",
        "mark-line": "#e6b23c",
        "unfollow": "#f5a073",
        "unsubscribe": "#e3a3cf",
        "mute": "#e6b95a",
        "watch": "#7fbcf2",
        "thank": "#57d3aa",
        "none": "#a9b1bb",
        "heat-0": "#22272e",
        "heat-1": "#4a3220",
        "heat-2": "#8d4b1a",
        "heat-3": "#e07b30",
        "heat-4": "#ffd2a6",
    }
)

HEAT = [[step / 4, f"var(--heat-{step})"] for step in range(5)]

_HEIGHT = 420


def css_variables() -> str:
    """Both palettes as custom properties: by the system's choice, overruled by data-theme."""

    def block(palette: Palette) -> str:
        return "".join(f"--{name}:{value};" for name, value in palette.items())

    light, dark = block(LIGHT), block(DARK)
    return (
        f":root{{{light}color-scheme:light}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}color-scheme:dark}}}}"
        f":root[data-theme=dark]{{{dark}color-scheme:dark}}"
        f"@media print{{:root:root:root{{{light}color-scheme:light}}}}"
    )


def layout(*, height: int = _HEIGHT, **overrides: object) -> go.Layout:
    """The layout every chart starts from; the page fills in font and colours of the mode."""
    axis = {
        "gridcolor": "var(--grid)",
        "linecolor": "var(--line)",
        "zerolinecolor": "var(--line)",
        "tickfont": {"color": "var(--muted)", "size": 12},
        "title": {"font": {"color": "var(--muted)", "size": 13}, "standoff": 10},
        "automargin": True,
        "fixedrange": True,
    }
    base = go.Layout(
        template=None,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8, "pad": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": "var(--ink)", "size": 13},
        hoverlabel={
            "bgcolor": "var(--surface)",
            "bordercolor": "var(--line)",
            "font": {"color": "var(--ink)", "size": 13},
            "align": "left",
            "namelength": 0,
        },
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"color": "var(--ink)", "size": 13},
            "bgcolor": "rgba(0,0,0,0)",
        },
        xaxis=axis,
        yaxis=axis,
        dragmode=False,
    )
    return base.update(overrides)
