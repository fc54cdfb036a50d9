"""Everything the evaluation measures, and the sections of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from benchmarks.evaluation import (
    agreement,
    fairness,
    generalisation,
    gold,
    hit_table,
    known_groups,
    lines,
    page,
    reproduction,
    talks,
    threads,
)
from benchmarks.evaluation.figures import Figure

DEVELOP = gold.FOLDER / "develop"


@dataclass(frozen=True)
class Measured:
    """One run: all figures, and what is needed for the page beside them."""

    public: list[Figure]
    own: list[Figure]
    alphas: dict[str, tuple[float, int]]
    groups: list[fairness.Group]
    rules: list[dict[str, object]]
    problems: list[str]
    kinds: pl.DataFrame

    @property
    def figures(self) -> list[Figure]:
        return [*self.public, *self.own]


def absent() -> str | None:
    """What is missing for an evaluation, in words; None when all is there."""
    for folder in (known_groups.DATASETS, DEVELOP):
        if not folder.is_dir():
            return f"{folder.name} is not there. Hint: the public sets lie beside the repository, in ../shared/datasets"
    return None


def measured() -> Measured:
    """Runs everything but the fit."""
    public = [figure for name in known_groups.SETS for figure in known_groups.evaluate(name)]
    public += [*talks.persuaders(), talks.one_way_calls()]
    own = gold.load(DEVELOP)
    second = gold.load_readings(DEVELOP / "second")
    alphas = agreement.agreement(own, second)
    rules, found = hit_table.table()
    groups = fairness.groups()
    problems = hit_table.problems(rules, found)
    problems += [
        f"{group.name}: the two sides are not treated alike"
        for group in groups
        if not group.is_fair
    ]
    problems += [
        f"{check.what} is not reproduced"
        for check in reproduction.CHECKS.values()
        if not check.holds(check.found())
    ]
    return Measured(
        public,
        threads.figures(own, second, agreement.unscored(alphas)),
        alphas,
        groups,
        rules,
        problems,
        threads.by_hard_kind(own, second),
    )


def sections(found: Measured) -> Iterator[tuple[str, str, str]]:
    """Heading, text and body of each section of the page."""
    accepted = lines.accepted()
    yield (
        "Threads of our own, developed part",
        (
            "`python -m benchmarks.evaluation`, threads in `data/gold/develop`. `pitch`: is this message a pitch nobody asked for; "
            "`sender`: is this a Me-Me-Me sender (advice unfollow, unsubscribe or mute); `innocent.accused`: share of the others who got such advice."
        ),
        page.of_figures(found.own, accepted),
    )
    yield (
        "Agreement of two readers",
        (
            "The second reader saw neither the first labels nor the rules. What is below .667 is not scored; the figures called `pitch` "
            "score `pitch and unprompted`, both labels on one message."
        ),
        page.of_agreement(found.alphas),
    )
    yield (
        "What makes a thread hard",
        "Developed part: messages of the person, pitches nobody asked for among them, found, wrongly flagged; whether the person was accused.",
        page.table(
            ("language", "hard", "messages", "pitches", "found", "wrongly", "Me-Me-Me", "accused"),
            found.kinds.select(
                "language_of_thread",
                "hard",
                "messages",
                "pitches",
                "found",
                "wrongly",
                "verdict",
                "accused",
            ).iter_rows(),
        ),
    )
    yield (
        "Public sets",
        (
            "`python -m benchmarks.evaluation.known_groups` and `talks.py`: one model for all, nothing tuned per set. The visible parts of these sets were used to fit it; "
            "figures with a set left out are in the next table."
        ),
        page.of_figures(found.public, accepted),
    )
    yield (
        "What was left out of the fit",
        (
            "`python -m benchmarks.evaluation.fit --write`: what a fit says of texts it did not see. A *person*: every sender of threads, and every text "
            "of a public set, by a fit on four fifths of the others. A *writer of threads*: everything they wrote, by a fit on the other writers and the sets; "
            "rules that fire on nothing seen have no weight there. A *set*: all of it. Rules were written by people who had read threads of writers "
            "a, b and c, and while those of f could be read, so that the figures of d and e are the honest ones. Messages on which the readers differ are left out; thresholds as fitted."
        ),
        generalisation.table(generalisation.kept()),
    )
    yield (
        "Fairness",
        "Pairs in `benchmarks/evaluation/personas.toml`.",
        page.of_fairness(found.groups),
    )
    yield (
        "Reproduction",
        (
            "`python -m benchmarks.evaluation.reproduction`; rows of the table of published figures. "
            "Rows 2, 3, 13 and 15 are formulas and libraries this project does not use."
        ),
        page.of_reproduction(),
    )
    rules = {str(row["rule"]) for row in found.rules}
    yield (
        "Rules",
        f"{len(rules)} rules in `benchmarks/evaluation/hit_table.csv`: hits on their own examples, on advertising, on other texts.",
        "\n".join(f"- {problem}" for problem in found.problems)
        or "None is dead, wrong or a twin of another.",
    )
