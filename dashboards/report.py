"""The whole report: frames in, one HTML string out.

The same frames and facts give the same bytes. Nothing here reads a clock, a file of the user or
the network; what the page shows of strangers is escaped by the templates or goes through
`dashboards.format`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
import plotly.graph_objects as go
import polars as pl

from dashboards import format as fmt
from dashboards import page, theme, wording
from dashboards.answer import answer, tally
from dashboards.charts.clusters import plot_clusters
from dashboards.charts.flood import plot_flood
from dashboards.charts.mirror import plot_mirror
from dashboards.charts.months import plot_months
from dashboards.charts.points import plot_points, waterfall
from dashboards.charts.room import MAX_POINTS, plot_room
from dashboards.payload import Packed, columns, pack, pack_report
from dashboards.redact import redact_frames
from dashboards.slots import filled_in

BYTES_OF_PAGE = 7_500_000
FIRST_SCREEN = 8
STATIC_ROWS = 50

# What the ranking, the room and the head of a person's page read; the rest stays out of the page.
_PEOPLE = (
    "identity_id", "name", "platforms", "messages", "posts", "advice", "advice_reason", "state",
    "state_reason", "me_score", "me_score_low", "me_score_high", "rank", "self_focus_index",
    "pitch_index", "flags", "reason", "handle", "profile_url", "headline", "connected_on",
    "invited_by", "pitched_at", "pitch_number", "pitch_in_invitation", "points_measurable",
    "measured", "seen",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the report says about its own making; the caller knows, the frames do not."""

    generated_at: dt.datetime
    version: str = ""
    is_sample: bool = False
    redact: bool = False
    warnings: tuple[str, ...] = ()


def render_report(
    frames: Mapping[str, pl.DataFrame],
    *,
    generated_at: dt.datetime,
    version: str = "",
    is_sample: bool = False,
    redact: bool = False,
    warnings: Sequence[str] = (),
) -> str:
    """The page as HTML, at most some 8 MB.

    `frames` are the results of `dashboards.queries.report_queries()` by stem. `redact` leaves
    initials for names and no text. `warnings` are sentences to show on top, as of a failed run.
    """
    facts = Facts(
        generated_at=generated_at,
        version=version,
        is_sample=is_sample,
        redact=redact,
        warnings=tuple(warnings if not redact else _counted(warnings)),
    )
    tables = redact_frames(frames) if redact else dict(frames)
    figures = draw(tables)
    packed_figures = pack(figures)
    shown = present(tables, figures)
    scripts = [*map(page.static, page.VENDOR_SCRIPTS), page.own_script()]
    style = "\n".join((theme.css_variables(), *map(page.static, page.STYLES)))
    context = {
        "facts": facts,
        "fixed": STATIC_ROWS,
        **tables_for_template(tables),
        "charts": sorted(figures),
        "present": shown,
        "absent": [key for key, part in wording.PARTS.items() if part.absent and key not in shown],
        "packed_figures": packed_figures,
        "packed_own": pack(columns(tables["own_messages"])),
        "policy": page.policy(scripts, [style]),
        "scripts": scripts,
        "licences": {name: page.static(path) for name, path in page.LICENCES.items()},
        "style": style,
    }
    template = _environment().get_template("report.html.jinja")
    nothing = Packed("", (), 0, 1)
    without = template.render(
        **context, packed=nothing, page_facts=page_facts(tables, nothing, redact=redact)
    )
    packed = pack_report(*carried(tables), budget=BYTES_OF_PAGE - len(without.encode("utf-8")))
    return template.render(
        **context, packed=packed, page_facts=page_facts(tables, packed, redact=redact)
    )


def _counted(warnings: Sequence[str]) -> list[str]:
    """That there are warnings; what they say names files of the owner."""
    count = len(warnings)
    return [f"{count} {wording.plural(count, 'problem')} met while reading, left out here."] * bool(
        count
    )


def draw(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Every chart of the report that has something to show, by name, as Plotly's JSON."""
    figures: dict[str, go.Figure] = {
        "points": plot_points(waterfall(tables["blocks"].clear()), None)
    }
    if _placed(tables["people"]):
        figures["room"] = plot_room(tables["people"])
    if tables["flood"]["promotional_messages"].sum():
        figures["flood"] = plot_flood(tables["flood"])
    if tables["mirror"].height:
        figures["mirror"] = plot_mirror(tables["mirror"])
    if tables["mirror_months"].height:
        figures["months"] = plot_months(tables["mirror_months"])
    if tables["clusters"].height:
        figures["clusters"] = plot_clusters(tables["clusters"])
    return {name: figure.to_plotly_json() for name, figure in figures.items()}


def present(tables: Mapping[str, pl.DataFrame], figures: Mapping[str, Any]) -> list[str]:
    """The parts of the report that have something to say, in its order."""
    has = {
        "changes": tables["runs"].height > 1,
        "ranking": tables["people"].height > 0,
        "good": tables["good_company"].height > 0,
        "words": tables["templates"].height > 0,
        "mirror": tables["mirror"].height + tables["unanswered"].height > 0,
        "seeking": tables["clusters"].height > 0,
    }
    drawn = {name: name in figures for name in ("room", "flood")}
    return [key for key in wording.PARTS if {**has, **drawn}.get(key, True)]


def carried(tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """What is packed into the page: everybody, and the details of each by position."""
    people = tables["people"].sort("position")
    templates = tables["template_senders"].join(
        people.select("identity_id", "position"), on="identity_id", how="inner"
    )
    return people.select(_PEOPLE), {
        "blocks": waterfall(tables["blocks"]).drop("fill", "rate", "reliability", "k", "n"),
        "flags": tables["flags"],
        "messages": tables["messages"],
        "templates": templates.select("position", "template_id")
        .unique()
        .sort("position", "template_id"),
    }


def page_facts(tables: Mapping[str, pl.DataFrame], packed: Packed, *, redact: bool) -> str:
    """Labels and counts for the scripts of the page, as JSON."""
    rules = tables["catalogue"].filter(pl.col("grain") == "message")
    return fmt.script_json(
        {
            "advice": dict(wording.ADVICE),
            "adviceOrder": list(wording.ADVICE_ORDER),
            "blocks": dict(wording.BLOCKS),
            "carried": packed.carried,
            "chunk": packed.chunk_of,
            "chunks": len(packed.details),
            "kinds": dict(wording.KINDS),
            "platforms": dict(wording.PLATFORMS),
            "redacted": redact,
            "rules": dict(zip(rules["name"], rules["label"], strict=True)),
            "states": dict(wording.STATES),
            "texts": _shared_texts(tables),
        }
    )


def _shared_texts(tables: Mapping[str, pl.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    shared: dict[str, list[dict[str, Any]]] = {}
    shown = tables["template_senders"].filter(
        pl.col("template_id").is_in(tables["templates"]["template_id"].to_list())
    )
    for row in shown.iter_rows(named=True):
        shared.setdefault(row["template_id"], []).append(
            {
                "id": row["identity_id"],
                "name": row["name"],
                "owner": row["is_owner"],
                "messages": row["messages"],
            }
        )
    return shared


def tables_for_template(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Rows and counts of every section, ready for the template."""
    people = tables["people"].sort("position")
    overview = tables["overview"].row(0, named=True)
    rows = {
        stem: tables[stem].to_dicts()
        for stem in (
            "good_company", "templates", "flood", "flood_senders", "mirror", "mirror_months",
            "clusters", "changes", "list_changes", "runs", "exports", "members", "rejects", "unscored",
        )
    }  # fmt: skip
    first = people.filter(pl.col("advice").is_in(wording.TO_DEAL_WITH.keys())).head(FIRST_SCREEN)
    first_rows = first.to_dicts()
    advised = dict(people.group_by("advice").len().iter_rows())
    senders = tables["template_senders"].partition_by("template_id", as_dict=True)
    return {
        **rows,
        "overview": overview,
        "answer": answer(overview, advised, first_rows[0] if first_rows else None),
        "tally": tally(advised),
        "first": first_rows,
        "few": people.height <= FIRST_SCREEN,
        "top": people.head(STATIC_ROWS).to_dicts(),
        "people_total": people.height,
        "placed": _placed(people),
        "drawn": min(_placed(people), MAX_POINTS),
        "template_senders": {key: frame.to_dicts() for (key,), frame in senders.items()},
        "owes": tables["unanswered"].filter(pl.col("direction") == "me").to_dicts(),
        "owed": tables["unanswered"].filter(pl.col("direction") == "them").to_dicts(),
        "metrics": {
            grain: part.to_dicts()
            for (grain,), part in tables["catalogue"]
            .partition_by("grain", as_dict=True, maintain_order=True)
            .items()
        },
        # Somebody with a name can be thanked.
        "thanked": sorted(rows["good_company"], key=lambda row: row["name"] is None)[:4],
        "known": set(people["identity_id"].to_list()),
        "scored_above": _scored_above(tables),
        "flood_from": tables["flood_senders"]["first_at"].min(),
        "flood_to": tables["flood_senders"]["last_at"].max(),
        "wording": wording,
    }


def _scored_above(tables: Mapping[str, pl.DataFrame]) -> int | None:
    """How many have a higher score than the owner; null when the owner has none."""
    own = tables["mirror"]["me_score"].drop_nulls()
    return None if own.is_empty() else int((tables["people"]["me_score"] > own[0]).sum())


def _placed(people: pl.DataFrame) -> int:
    return people.filter(
        pl.col("self_focus_index").is_not_null() & pl.col("pitch_index").is_not_null()
    ).height


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("dashboards"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "num": fmt.number,
        "day": fmt.day,
        "iso": fmt.iso,
        "shown_name": fmt.shown_name,
        "filled_in": lambda row: filled_in(row["masked_text"], row["example"]),
    }
    environment.globals["plural"] = wording.plural
    return environment
