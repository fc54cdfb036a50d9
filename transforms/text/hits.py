"""Where the rules of the lexicons fire: each is tried on the texts that hold one of its words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from transforms.text.lexicon import CATEGORIES, Rule, rules_among
from transforms.text.literals import Searches, searches

HIT_SCHEMA = pl.Schema(
    {
        "text_id": pl.UInt32,
        "language": pl.String,
        "category": pl.String,
        "rule": pl.String,
        "points": pl.Float64,
        "match": pl.String,
    }
)
_EXCEPTION_GAP = " ~ "


def without_exceptions(words: pl.Series, rule: Rule) -> pl.Series:
    """The texts that the rule looks at: what its exceptions match is taken out."""
    if rule.exception is None:
        return words
    return words.str.replace_all(rule.exception, _EXCEPTION_GAP)


def fires(words: pl.Series, rule: Rule) -> pl.Series:
    """How often the rule fires in each tokenised text (0 where the text is null)."""
    return without_exceptions(words, rule).str.count_matches(rule.pattern).fill_null(0)


@cache
def _searches(rules: tuple[Rule, ...]) -> Searches:
    """Finds the candidates of the rules and, after these, of their exceptions."""
    return searches((*(rule.pattern for rule in rules), *_exceptions(rules)))


def _exceptions(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.exception for rule in rules if rule.exception))


def any_fires(words: pl.Series, rules: tuple[Rule, ...]) -> pl.Series:
    """Whether any of the rules matches each tokenised text, exceptions not looked at."""
    matches = [pl.Series(dtype=pl.UInt32)]
    for number, rows in searches(rule.pattern for rule in rules).candidates(words).items():
        matches.append(rows.filter(words.gather(rows).str.contains(rules[number].pattern)))
    found = pl.repeat(value=False, n=words.len(), eager=True, dtype=pl.Boolean)
    return found.scatter(pl.concat(matches), True)  # noqa: FBT003  the name differs between versions


def _fired(ids: pl.DataFrame, words: pl.Series, rows: pl.Series, rule: Rule) -> pl.LazyFrame:
    """The hits of one rule in its candidates, from which its exceptions were taken out."""
    return (
        ids[rows]
        .with_columns(words=words.gather(rows))
        .lazy()
        .filter(pl.col("words").str.contains(rule.pattern))
        .with_columns(found=pl.col("words").str.extract_all(rule.pattern))
        .select(
            "text_id",
            language=pl.lit(rule.language),
            category=pl.lit(rule.category),
            rule=pl.lit(rule.name),
            points=(pl.col("found").list.len().cast(pl.Float64) * rule.weight).clip(
                upper_bound=rule.cap
            ),
            match=pl.col("found").list.first().str.strip_chars(" "),
        )
    )


def _hits(texts: pl.DataFrame, rules: tuple[Rule, ...]) -> list[pl.DataFrame]:
    """The hits of each rule of one language, those with the same exceptions together."""
    words = texts["words"]
    candidates = _searches(rules).candidates(words)
    excepted: dict[str | None, pl.Series] = {None: words}
    for number, exception in enumerate(_exceptions(rules), start=len(rules)):
        rows = candidates.pop(number, None)
        excepted[exception] = (
            words
            if rows is None
            else words.clone().scatter(
                rows, words.gather(rows).str.replace_all(exception, _EXCEPTION_GAP)
            )
        )
    # Polars works through one small frame on one core, and through several at once on all.
    return pl.collect_all(
        [
            _fired(texts.select("text_id"), excepted[rules[number].exception], rows, rules[number])
            for number, rows in candidates.items()
        ]
    )


def hits(texts: pl.DataFrame, own_rules: Iterable[Rule] = ()) -> pl.DataFrame:
    """One row per text and rule that fires: text_id, language, category, rule, points, match.

    `texts` has text_id, language and words (`sentences.tokenised`, lower case). Texts in a
    language without a lexicon have no row. `points` is weight × matches, capped by the rule;
    `match` is the first thing that fired, in tokens.
    """
    extra = tuple(own_rules)
    parts: list[pl.DataFrame] = []
    for (language,), group in texts.group_by("language", maintain_order=True):
        parts += _hits(group, rules_among(str(language), extra))
    return pl.concat(parts).cast(HIT_SCHEMA) if parts else HIT_SCHEMA.to_frame()


def by_category(found: pl.DataFrame, texts: int) -> pl.DataFrame:
    """For text ids 0 to `texts` - 1 in order: `says_<category>` and `points_<category>`."""
    sums = found.group_by("category", "text_id").agg(pl.col("points").sum())
    columns: list[pl.Series] = []
    for category in CATEGORIES:
        own = sums.filter(pl.col("category") == category)
        says = pl.repeat(value=False, n=texts, eager=True, dtype=pl.Boolean)
        points = pl.zeros(texts, dtype=pl.Float64, eager=True)
        if not own.is_empty():
            says = says.scatter(own["text_id"], True)  # noqa: FBT003  the name differs between versions
            points = points.scatter(own["text_id"], own["points"])
        columns += [says.alias(f"says_{category}"), points.alias(f"points_{category}")]
    return pl.DataFrame(columns)
