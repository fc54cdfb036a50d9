"""The page `benchmarks/evaluation.md`: every figure of an evaluation, with the command behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.evaluation.fairness import MOST_POINTS, Group
from benchmarks.evaluation.figures import Figure
from benchmarks.evaluation.lines import line_of
from benchmarks.evaluation.reproduction import CHECKS
from transforms.catalogue import with_between

if TYPE_CHECKING:
    from benchmarks.evaluation.generalisation import Told

PAGE = Path(__file__).parents[1] / "evaluation.md"
README = Path(__file__).parents[2] / "README.md"
# Writers whose threads came when most rules were there.
_STRANGERS = "defhij"
MARKS = ("<!-- accuracy:begin -->", "<!-- accuracy:end -->")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def of_figures(figures: Iterable[Figure], accepted: dict[str, Figure]) -> str:
    """Figure, value with 95 % interval, cases, line, aim."""
    return table(
        ("figure", "value (95 %)", "cases", "line", "aim"),
        [
            (
                figure.name,
                figure.shown(),
                figure.cases,
                f"{line_of(accepted[figure.name]):.3f}" if figure.name in accepted else "",
                ""
                if figure.aim is None
                else f"{'≤' if figure.better == 'low' else '≥'} {figure.aim:g}",
            )
            for figure in figures
        ],
    )


def of_fairness(groups: Iterable[Group]) -> str:
    return table(
        (
            "pairs of the same content",
            "pairs scored",
            f"median difference of the score (≤ {MOST_POINTS:g})",
            "largest",
            "median difference of the pitch probability, points",
            "innocents accused, first and second",
            "pitchers found, first and second",
        ),
        [
            (
                group.name,
                group.pairs,
                f"{group.median_points:.2f}",
                f"{group.most_points:.1f}",
                f"{group.pitch_points:.1f}",
                f"{group.accused[0]} and {group.accused[1]} of {group.innocents}",
                f"{group.found[0]} and {group.found[1]}",
            )
            for group in groups
        ],
    )


def of_reproduction() -> str:
    rows = []
    for check in CHECKS.values():
        found, expected = check.found(), check.expected
        rows.append(
            (
                check.row,
                check.what,
                f"{expected:.4g}",
                "" if check.published is None else f"{check.published:.4g}",
                f"{found:.4g}",
                "yes" if check.holds(found) else "**no**",
            )
        )
    return table(("row", "figure", "reference", "published of the whole", "found", "holds"), rows)


def of_agreement(alphas: dict[str, tuple[float, int]]) -> str:
    return table(
        ("label", "Krippendorff's α", "cases", "scored"),
        [
            (
                label,
                "no variation" if alpha != alpha else f"{alpha:.3f}",  # noqa: PLR0124
                cases,
                "no" if alpha < 0.667 else "yes",
            )
            for label, (alpha, cases) in alphas.items()
        ],
    )


def write(sections: Iterable[tuple[str, str, str]], day: dt.date) -> None:
    """(heading, text, body) of every section → the page."""
    parts = [
        f"# Evaluation of {day.isoformat()}\n",
        (
            "Written by `make evaluate`; do not edit. Intervals are 95 %, from draws of whole senders (threads) or texts (public sets). "
            "Figures of the developed part of the threads and of the public sets were seen while the rules were made; "
            "the figures that were not are called so. A *line* is the last accepted figure less two standard errors, and CI fails below it; an *aim* is what we want.\n"
        ),
    ]
    for heading, text, body in sections:
        parts.append(f"## {heading}\n\n{text}\n\n{body}\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def with_accuracy(document: str, rows: Iterable[Sequence[object]]) -> str:
    """The document with the rows as a table between its two marks; raises DeclarationError without."""
    body = table(
        ("question", "measured on", "precision", "recall", "area under the ROC curve"), rows
    )
    return with_between(document, body, *MARKS)


def accuracy(accepted: dict[str, Figure], unseen: Iterable[Told]) -> list[Sequence[object]]:
    """Rows for the README: of texts that the fit did not see first, then the accepted figures."""
    rows: list[Sequence[object]] = [
        (
            "a pitch nobody asked for",
            f"{one.part}, by a fit that saw no thread of the writer",
            *(f"{value:.2f}" for value in (one.precision, one.recall, one.auc)),
        )
        for one in unseen
        if one.left_out == "writer of threads"
        and one.part in ("threads", *(f"threads of {writer}" for writer in _STRANGERS))
    ]
    for question, part, name in (
        ("somebody to mute or unsubscribe from", "the same threads, seen", "sender"),
        ("advertising", "comments on YouTube, seen", "youtube_comments"),
        ("advertising", "SMS, seen", "sms"),
        ("advertising", "posts on X, seen", "x_posts"),
    ):
        values = (accepted[f"{name}.{what}"].value for what in ("precision", "recall", "auc"))
        rows.append((question, part, *(f"{value:.2f}" for value in values)))
    return rows
