"""Which characters of the original text fired which rule.

Rules read the tokenised text; a reader sees the original. So each rule that fired is looked for
again in the text as it was sent, with a pattern that allows for what tokenising took away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import polars as pl

from transforms.spec import SPAN
from transforms.text import cleaning
from transforms.text.lexicon import LANGUAGES, WORDING, Rule, rules_of

# White space, ASCII punctuation, general punctuation, variation selectors, pictographs.
_MARKS = r"\s\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E\x{2010}-\x{2060}\x{FE0F}\x{1F000}-\x{1FAFF}«»¿¡"
_ASCII_MARK = r"[\s\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E]"
_BETWEEN = f"[{_MARKS}]*?"
# Characters, more than a message may have: a text of links without an end takes time by the square.
_LONGEST = 10_000
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


def _characters_before(column: str, byte: pl.Expr) -> pl.Expr:
    """Characters (code points) before a byte offset; null where that is null."""
    head = pl.col(column).cast(pl.Binary).bin.slice(0, byte).cast(pl.String)
    return pl.when(byte.is_not_null()).then(head.str.len_chars())


def _literally(fired: pl.DataFrame) -> pl.DataFrame:
    """Adds start and stop where the match stands in the text as it is, capitals apart."""
    # A space before and after, so that "call" is not found in "recall"; every ASCII mark becomes
    # a space, one byte for one, so that places stay what they are.
    at = pl.col("lower").str.find(
        " " + pl.col("match").str.replace_all(_ASCII_MARK, " ") + " ", literal=True
    )
    before = _characters_before("lower", at)
    return fired.with_columns(start=before, stop=before + pl.col("match").str.len_chars())


def _loosely(fired: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The same for matches with placeholders, line breaks or spaced punctuation in them.

    What cannot be shown at all (letters in decomposed form, HTML between the words, what stands
    beyond the first 10,000 characters) is shown as the whole text.
    """
    body = cleaning.cut(fired["text"].str.slice(0, _LONGEST))
    if rule.unless:
        body = body.str.replace_all(rf"(?i)(?:{_loose('|'.join(rule.unless))})", "~")
    found = body.str.extract(original_pattern(rule)).str.strip_chars()
    fired = fired.with_columns(found=found)
    at = pl.col("text").str.find(pl.col("found"), literal=True)
    before = _characters_before("text", at)
    return fired.with_columns(
        start=before.fill_null(0),
        stop=pl.coalesce(before + pl.col("found").str.len_chars(), pl.col("text").str.len_chars()),
    )


def of_rows(rows: pl.DataFrame, own_rules: Sequence[Rule] = ()) -> pl.DataFrame:
    """text, text_id, spans_of_text (rule, start, stop in characters) of each distinct text with text_id.

    An empty list where no rule fired.
    """
    texts = (
        rows.select("text", "text_id", "language", "hits")
        .filter(pl.col("text_id").is_not_null())
        .unique(["text", "text_id"], maintain_order=True)
        .with_row_index("row")
    )
    fired = (
        texts.filter(pl.col("hits").is_not_null())
        .with_columns(
            lower=" " + pl.col("text").str.to_lowercase().str.replace_all(_ASCII_MARK, " ") + " "
        )
        .explode("hits", empty_as_null=False, keep_nulls=False)
        .unnest("hits")
        .select("row", "language", "rule", "text", "lower", "match")
    )
    located = _literally(fired)
    columns = ("row", "rule", "start", "stop")
    parts = [located.filter(pl.col("start").is_not_null()).select(columns)]
    known = (*own_rules, *(rule for language in LANGUAGES for rule in rules_of(language)))
    rules = {(rule.language, rule.name): rule for rule in known}
    hidden = located.filter(pl.col("start").is_null())
    # A single word that cannot be found as it was read is not shown.
    hidden = hidden.filter(~pl.col("rule").is_in(WORDING))
    for (lang, name), group in hidden.group_by("language", "rule", maintain_order=True):
        parts.append(_loosely(group, rules[str(lang), str(name)]).select(columns))
    listed = (
        pl.concat(parts)
        .cast({"start": pl.Int32, "stop": pl.Int32})
        .sort("row", "start", "stop", "rule")
        .group_by("row", maintain_order=True)
        .agg(spans_of_text=pl.struct("rule", "start", "stop"))
    )
    return texts.join(listed, on="row", how="left", maintain_order="left").select(
        "text",
        "text_id",
        pl.col("spans_of_text").cast(pl.List(SPAN)).fill_null(pl.lit([], dtype=pl.List(SPAN))),
    )
