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
        "match": pl.String,
    }
)
_EXCEPTION_GAP = " ~ "
_LONGEST_SEARCH = 6_000  # characters; measured on a hundred thousand texts in their own order


def without_exceptions(words: pl.Series, rule: Rule) -> pl.Series:
    """The texts that the rule looks at: what its exceptions match is taken out."""
    if rule.exception is None:
        return words
    return words.str.replace_all(rule.exception, _EXCEPTION_GAP)


def fires(words: pl.Series, rule: Rule) -> pl.Series:
    """How often the rule fires in each tokenised text (0 where the text is null)."""
    return without_exceptions(words, rule).str.count_matches(rule.pattern).fill_null(0)


def _searches(rules: Sequence[Rule]) -> dict[str, list[str]]:
    """Category → patterns that together find every text in which any of its rules may fire.

    As few as the engine can take: where one outgrows its cache of states, texts with a long tail
    of words take fifty times as long.
    """
    searches: dict[str, list[list[str]]] = {}
    for rule in rules:
        groups = searches.setdefault(rule.category, [[]])
        if sum(map(len, groups[-1])) + len(rule.pattern) > _LONGEST_SEARCH:
            groups.append([])
        groups[-1].append(rule.pattern)
    return {
        category: ["|".join(group) for group in groups if group]
        for category, groups in searches.items()
    }


def _candidates(words: pl.DataFrame, rules: Sequence[Rule]) -> dict[str, pl.DataFrame]:
    """Category → the texts in which any of its rules may fire (exceptions not looked at)."""
    # One select: Polars spreads its expressions over the cores.
    masks = words.select(
        pl.any_horizontal(pl.col("words").str.contains(search) for search in searches).alias(
            category
        )
        for category, searches in _searches(rules).items()
    )
    return {category: words.filter(masks[category]) for category in masks.columns}


def _fired(rows: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """text_id, points and first match of the texts in `rows` on which the rule fires."""
    matches = (
        rows.filter(pl.col("words").str.contains(rule.pattern))
        .with_columns(found=pl.col("words").str.extract_all(rule.pattern))
        .select(
            "text_id",
            points=(pl.col("found").list.len().cast(pl.Float64) * rule.weight).clip(
                upper_bound=rule.cap
            ),
            match=pl.col("found").list.first().str.strip_chars(" "),
        )
    )
    return matches.with_columns(
        language=pl.lit(rule.language), category=pl.lit(rule.category), rule=pl.lit(rule.name)
    ).select(HIT_SCHEMA.names())


def hits(texts: pl.DataFrame, own_rules: Iterable[Rule] = ()) -> pl.DataFrame:
    """One row per text and rule that fires: text_id, language, category, rule, points, match.

    `texts` has text_id, language and words (`sentences.tokenised`, lower case). Texts in a
    language without a lexicon have no row. `points` is weight × matches, capped by the rule;
    `match` is the first thing that fired, in tokens.
    """
    extra = tuple(own_rules)
    parts: list[pl.DataFrame] = []
    for (language,), group in texts.group_by("language", maintain_order=True):
        rules = (*rules_of(str(language)), *(r for r in extra if r.language == language))
        candidates = _candidates(group.select("text_id", "words"), rules)
        for category, rows in candidates.items():
            if rows.is_empty():
                continue
            seen: dict[str | None, pl.DataFrame] = {None: rows}
            for rule in (rule for rule in rules if rule.category == category):
                if rule.exception not in seen:
                    seen[rule.exception] = rows.with_columns(
                        words=without_exceptions(rows["words"], rule)
                    )
                parts.append(_fired(seen[rule.exception], rule))
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
