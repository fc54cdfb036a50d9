"""How a run ended, in words: for the terminal, Prefect and whoever reads the log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.job import NOTHING_NEW, PUBLISHED, Outcome
from transforms.errors import Problem

_CHANGES = {
    "first run": "this is the first run",
    "published files": "the published files were gone or altered",
    "exports": "there are new exports",
    "config": "mememeter.toml changed",
    "verdicts": "your verdicts changed",
    "forgotten": "you had somebody forgotten",
    "code": "the program changed",
    "reference data": "the method changed: reference data or a library with numbers of its own",
}


def summary_lines(outcome: Outcome) -> list[str]:
    """The run in a few lines, without a word anybody wrote."""
    if outcome.status == NOTHING_NEW:
        lines = [f"Nothing new: all {outcome.exports_known} exports were read before."]
    elif outcome.status == PUBLISHED:
        why = "; ".join(_CHANGES[change] for change in outcome.changes)
        exports = len(outcome.exports_new) + outcome.exports_known
        counted = (
            f"{outcome.messages:,} messages ({outcome.messages_new:,} new) and "
            f"{outcome.posts:,} posts ({outcome.posts_new:,} new) from {exports} exports."
        )
        lines = [f"Published, because {why}.", counted]
    else:
        lines = [f"The run {outcome.status}: {outcome.message}"]
    if outcome.is_sample:
        lines.append(
            "This is the bundled sample, an invented person. Put your own exports into the inbox; "
            "`mememeter doctor` says how to get them."
        )
    lines += [f"Problem with {problem_line(problem)}" for problem in outcome.problems]
    return lines


def problem_line(problem: dict[str, str]) -> str:
    return Problem(**problem).line


def summary_markdown(outcome: Outcome, answer: Sequence[str]) -> str:
    """For Prefect: the answer as a paragraph each, then the run as a list."""
    said = [_escaped(" ".join(line.split())) for line in answer]
    run = [f"- {' '.join(line.split())}" for line in summary_lines(outcome)]
    return "\n\n".join([*said, "\n".join(run)])


def digest_markdown(news: Sequence[str]) -> list[str]:
    """The digest as a list under a heading; nothing where there is no news."""
    return ["", "## What changed", "", *(f"- {line}" for line in news), ""] if news else []


def escaped_digest(news: Sequence[str]) -> str:
    """The same for Prefect, which shows Markdown as a page."""
    return "\n".join(digest_markdown([_escaped(line) for line in news]))


def _escaped(text: str) -> str:
    """The text with nothing in it that Markdown or HTML would obey: it holds a stranger's name."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~&-])", r"\\\1", text)
