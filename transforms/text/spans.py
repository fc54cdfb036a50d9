"""Which characters of the original text fired which rule.

Rules read the tokenised text; a reader sees the original. So each rule that fired is looked for
again in the text as it was sent, with a pattern that allows for what tokenising took away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

import polars as pl

from transforms.spec import SPAN
from transforms.text import cleaning
from transforms.text.lexicon import LANGUAGES, Rule, rules_of

# White space, ASCII punctuation, general punctuation, variation selectors, pictographs.
_MARKS = r"\s\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E\x{2010}-\x{2060}\x{FE0F}\x{1F000}-\x{1FAFF}«»¿¡"
_BETWEEN = f"[{_MARKS}]*?"
_APOSTROPHE = "['’‘ʼ´`]"
_ELEMENT = re.compile(
    r"(?P<placeholder><\w+>)|(?P<class>\[\^?\]?(?:\\.|[^\]])*\])|(?P<escape>\\.)|(?P<space> )|(?P<quote>')|(?P<end>¶)"
)


def _placeholder(text: str) -> str:
    return f"(?:{cleaning.PLACEHOLDER_PATTERNS.get(text, re.escape(text))})"


def _class(text: str) -> str:
    if "¶" in text and not text.startswith("[^"):
        return f"(?:^|$|{text.replace('¶', '')})"
    return text.replace(" ", r"\s").replace("'", "'’‘ʼ´`")


_REWRITE: Mapping[str, Callable[[str], str]] = {
    "placeholder": _placeholder,
    "class": _class,
    "escape": lambda text: text,
    "space": lambda _: _BETWEEN,
    "quote": lambda _: _APOSTROPHE,
    "end": lambda _: "",
}


def _loose(pattern: str) -> str:
    """A pattern for tokenised text, rewritten for the text as it was sent."""
    return _ELEMENT.sub(lambda match: _REWRITE[match.lastgroup or "escape"](match.group()), pattern)


@cache
def original_pattern(rule: Rule) -> str:
    """The rule's pattern for original text; group 1 is what fired."""
    return rf"(?i)(?:^|[{_MARKS}])((?:{_loose('|'.join(rule.patterns))}))(?:$|[{_MARKS}])"


def _matches(texts: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """row, rule, start, stop of the first match of `rule` in each text that it fired on."""
    body = texts["body"]
    if rule.unless:
        body = body.str.replace_all(rf"(?i)(?:{_loose('|'.join(rule.unless))})", "~")
    found = texts.with_columns(match=body.str.extract(original_pattern(rule)).str.strip_chars())
    at = pl.col("text").str.find(pl.col("match"), literal=True)
    # Bytes to characters: what lies before the match, counted. A match that cannot be shown
    # (letters in decomposed form, HTML between the words) is shown as the whole text.
    before = pl.col("text").cast(pl.Binary).bin.slice(0, at).cast(pl.String).str.len_chars()
    return found.select(
        "row",
        rule=pl.lit(rule.name),
        start=pl.when(at.is_null()).then(0).otherwise(before).cast(pl.Int32),
        stop=pl.when(at.is_null())
        .then(pl.col("text").str.len_chars())
        .otherwise(before + pl.col("match").str.len_chars())
        .cast(pl.Int32),
    )


def of_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """text, text_id, spans_of_text (rule, start, stop in characters) of each distinct text with text_id.

    An empty list where no rule fired.
    """
    texts = (
        rows.select("text", "text_id", "language", "rules")
        .filter(pl.col("text_id").is_not_null())
        .unique(["text", "text_id"], maintain_order=True)
        .with_row_index("row")
    )
    fired = texts.select("row", "language", "rules").explode(
        "rules", empty_as_null=False, keep_nulls=False
    )
    touched = texts.join(fired.select("row").unique(), on="row", how="semi")
    touched = touched.with_columns(body=cleaning.cut(touched["text"])).select("row", "text", "body")
    by_rule = {
        (str(language), str(name)): group.select("row")
        for (language, name), group in fired.group_by("language", "rules", maintain_order=True)
    }
    parts = [
        _matches(touched.join(by_rule[language, rule.name], on="row", maintain_order="left"), rule)
        for language in LANGUAGES
        for rule in rules_of(language)
        if (language, rule.name) in by_rule
    ]
    if parts:
        listed = (
            pl.concat(parts)
            .sort("row", "start", "stop", "rule")
            .group_by("row", maintain_order=True)
            .agg(spans_of_text=pl.struct("rule", "start", "stop"))
        )
    else:
        listed = pl.DataFrame(schema={"row": pl.UInt32, "spans_of_text": pl.List(SPAN)})
    return texts.join(listed, on="row", how="left", maintain_order="left").select(
        "text",
        "text_id",
        pl.col("spans_of_text").cast(pl.List(SPAN)).fill_null(pl.lit([], dtype=pl.List(SPAN))),
    )
