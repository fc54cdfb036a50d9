"""Where the rules of the lexicons fire: first by category, then rule by rule, on few texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from transforms.text.lexicon import CATEGORIES, Rule, rules_of

HIT_SCHEMA = pl.Schema(
    {
        "text_id": pl.UInt32,
        "language": pl.String,
        "category": pl.String,
        "rule": pl.String,
        "points": pl.Float64,
    }
)
_EXCEPTION_GAP = " ~ "


def fires(words: pl.Series, rule: Rule) -> pl.Series:
    """How often the rule fires in each tokenised text (0 where the text is null)."""
    if rule.exception is not None:
        words = words.str.replace_all(rule.exception, _EXCEPTION_GAP)
    return words.str.count_matches(rule.pattern).fill_null(0)


def _candidates(words: pl.DataFrame, rules: Sequence[Rule]) -> dict[str, pl.DataFrame]:
    """Category → the texts in which any of its rules may fire (exceptions not looked at)."""
    by_category: dict[str, list[str]] = {}
    for rule in rules:
        by_category.setdefault(rule.category, []).append(rule.pattern)
    # One select: Polars spreads its expressions over the cores.
    found = words.select(
        pl.col("words").str.contains("|".join(patterns)).alias(category)
        for category, patterns in by_category.items()
    )
    return {category: words.filter(found[category]) for category in by_category}


def hits(texts: pl.DataFrame, own_rules: Iterable[Rule] = ()) -> pl.DataFrame:
    """One row per text and rule that fires: text_id, language, category, rule, points.

    `texts` has text_id, language and words (`sentences.tokenised`, lower case). Texts in a
    language without a lexicon have no row. `points` is weight × matches, capped by the rule.
    """
    extra = tuple(own_rules)
    parts: list[pl.DataFrame] = []
    for (language,), group in texts.group_by("language", maintain_order=True):
        rules = (*rules_of(str(language)), *(r for r in extra if r.language == language))
        candidates = _candidates(group.select("text_id", "words"), rules)
        for rule in rules:
            rows = candidates[rule.category]
            if rows.is_empty():
                continue
            count = fires(rows["words"], rule)
            fired = count > 0
            parts.append(
                pl.DataFrame(
                    {
                        "text_id": rows["text_id"].filter(fired),
                        "points": (count.filter(fired).cast(pl.Float64) * rule.weight).clip(
                            upper_bound=rule.cap
                        ),
                    }
                ).with_columns(
                    language=pl.lit(str(language)),
                    category=pl.lit(rule.category),
                    rule=pl.lit(rule.name),
                )
            )
    if not parts:
        return pl.DataFrame(schema=HIT_SCHEMA)
    return pl.concat(part.select(HIT_SCHEMA.names()) for part in parts).cast(HIT_SCHEMA)


def by_category(found: pl.DataFrame) -> pl.DataFrame:
    """One row per text with a hit: `says_<category>` and `points_<category>` for all categories."""
    return found.group_by("text_id").agg(
        *(
            (pl.col("category") == category).any().alias(f"says_{category}")
            for category in CATEGORIES
        ),
        *(
            pl.col("points")
            .filter(pl.col("category") == category)
            .sum()
            .alias(f"points_{category}")
            for category in CATEGORIES
        ),
    )
