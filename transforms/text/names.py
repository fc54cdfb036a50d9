"""Whether a greeting names the person it was sent to."""

from __future__ import annotations

import polars as pl

# Short forms that share no beginning with the name. Others ("Alex", "Tim") are prefixes.
_SHORT_FORMS: dict[str, frozenset[str]] = {
    name: frozenset(short.split())
    for name, short in {
        "william": "bill billy will",
        "robert": "bob bobby rob",
        "richard": "dick rick rich",
        "james": "jim jimmy",
        "john": "jack johnny jon",
        "margaret": "peggy maggie meg",
        "elizabeth": "liz beth betty lizzie eliza",
        "edward": "ted ned eddie",
        "theodore": "ted teddy",
        "anthony": "tony",
        "antonio": "tony toni",
        "francisco": "paco pancho",
        "josé": "pepe",
        "jose": "pepe",
        "dolores": "lola",
        "katherine": "kate katie kathy",
        "catherine": "kate katie cathy",
        "alexander": "sasha alex lex sascha",
        "aleksandr": "sasha",
        "henry": "hank harry",
        "charles": "chuck charlie",
        "patricia": "pat trish patty",
        "johannes": "hans hannes",
        "friedrich": "fritz",
        "heinrich": "heinz",
        "barbara": "babs",
        "susan": "sue suzie",
        "sarah": "sally",
        "mary": "molly polly",
        "michael": "mike mick micha",
        "michel": "mike",
        "miguel": "mike",
        "ignacio": "nacho",
        "gabriel": "gabe",
        "jacob": "jake",
        "rebecca": "becky",
    }.items()
}
_NOT_A_NAME = (
    "there all everyone everybody team folks friend friends sir madam colleague colleagues again both you network connection"
    " guys ladies gentlemen community partner neighbour neighbor doctor professor mr mrs ms dr prof herr frau señor señora"
    " monsieur madame senhor senhora alle zusammen leute todos todas tous toutes amigo amiga mate man buddy bro boss love dear"
    " hr people world happy thanks just hope good great morning afternoon evening and from"
)
_NO_NAMES = frozenset(_NOT_A_NAME.split())
_MAX_TYPO = 2
_MIN_PREFIX = 2


def _distance(left: str, right: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def is_same_person(greeted: str, name: str) -> bool:
    """Whether `greeted` may be a way to address somebody called `name`.

    Generous: prefixes, known short forms, hyphenated parts, and two letters of difference pass,
    and so does everything that cannot be compared (other scripts, no name).
    """
    given = greeted.lower()
    parts = [part for part in name.lower().replace("-", " ").replace(".", " ").split() if part]
    if given in _NO_NAMES or not parts or not any(part[0].isascii() for part in parts):
        return True
    candidates = [*parts, "".join(parts), "-".join(parts[:2])]
    return any(
        candidate.startswith(given)
        or (len(candidate) > _MIN_PREFIX and given.startswith(candidate))
        or given in _SHORT_FORMS.get(candidate, ())
        or candidate in _SHORT_FORMS.get(given, ())
        or _distance(given, candidate) <= _MAX_TYPO
        for candidate in candidates
    )


def differs(pairs: pl.DataFrame) -> pl.Series:
    """For each (greeted, name): True where both are known and cannot be the same person."""
    distinct = pairs.drop_nulls().unique(maintain_order=True)
    judged = distinct.with_columns(
        # The rare path: openings whose greeting has a name, each distinct pair once.
        differs=pl.Series(
            [not is_same_person(greeted, name) for greeted, name in distinct.iter_rows()],
            dtype=pl.Boolean,
        )
    )
    return pairs.join(judged, on=["greeted", "name"], how="left", maintain_order="left")[
        "differs"
    ].fill_null(value=False)
