"""Numbers by unit, dates, and strings from strangers made safe for where they are shown.

Templates escape by themselves (Jinja2, autoescape); what is here is for Plotly, which reads some
HTML in hover texts, and for JSON inside a script element.
"""

from __future__ import annotations

import datetime as dt
import re

import orjson
import polars as pl

# Explicit embeddings, overrides and isolates: they turn the text around them, too.
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
NAMELESS = "Somebody without a name"
_BIDI = re.compile(f"[{BIDI_CONTROLS}]")

_SHARES = frozenset({"share", "probability"})
_WHOLE = frozenset(
    {"count", "words", "sentences", "characters", "rows", "bytes", "people", "rank", "weeks"}
)


def number(value: float | None, unit: str = "count") -> str:
    """The value as people write it for its unit; "–" for null.

    Shares and probabilities become per cent, whole things get thin spaces as separators, and
    scores, points and indices are rounded to whole numbers; the rest has two significant digits.
    """
    if value is None:
        return "–"
    if unit in _SHARES:
        return f"{value * 100:.0f}\u00a0%"
    if unit in _WHOLE or (isinstance(value, int) and unit == ""):
        return f"{value:,.0f}".replace(",", "\u202f")
    if unit in {"score", "index"}:
        return f"{value:.0f}"
    if unit == "points":
        return f"{value:.1f}"
    return f"{value:.2g}"


def day(value: dt.date | dt.datetime | None) -> str:
    """3 Feb 2025, UTC for times; "–" for null."""
    return "–" if value is None else f"{value.day} {value:%b %Y}"


def iso(value: dt.datetime | None) -> str:
    """The time as ISO 8601 in UTC with a Z, for <time datetime>; empty for null."""
    if value is None:
        return ""
    return value.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def plotly_text(expr: pl.Expr, *, width: int = 160) -> pl.Expr:
    """The text cut to `width` characters, escaped for Plotly and isolated from what is around it.

    Plotly turns `<b>`, `<a href>` and entities in hover texts into markup. Bidirectional controls
    are removed and the text is put between isolates, so that it cannot turn its neighbours.
    """
    clean = (
        expr.str.replace_all(_BIDI.pattern, "")
        .str.replace_all(r"[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]+", " ")
        .str.strip_chars()
    )
    cut = (
        pl.when(clean.str.len_chars() > width)
        .then(clean.str.slice(0, width - 1) + "…")
        .otherwise(clean)
    )
    escaped = (
        cut.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
    )
    return pl.format("\u2068{}\u2069", escaped)


def script_json(value: object) -> str:
    """JSON that may stand inside <script>: no character of it can end or open an element."""
    text = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def shown_name(name: str | None) -> str:
    """The name, or words in its place when it is null or has no character that shows."""
    if name and any(character.isprintable() and not character.isspace() for character in name):
        return name
    return NAMELESS


def initials(column: str) -> pl.Expr:
    """The column as first letters of its first and last word, "?" where there is no letter; null stays."""
    expr = pl.col(column).cast(pl.String)
    words = expr.str.extract_all(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*")
    first = words.list.first().str.slice(0, 1)
    last = words.list.last().str.slice(0, 1)
    joined = (
        pl.when(words.list.len() == 0)
        .then(pl.lit("?"))
        .when(words.list.len() == 1)
        .then(pl.format("{}.", first))
        .otherwise(pl.format("{}. {}.", first, last))
    )
    return pl.when(expr.is_not_null()).then(joined).alias(column)
