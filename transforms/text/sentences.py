"""The form of a text that rules and counts read: lower case, one space around every token.

`Thanks, I'm in! See <url>` becomes ` ¶ thanks , i'm in ! see <url> ¶ `. A word is then a space,
the word and a space, so that patterns need no word boundaries: those are slow outside of ASCII.
`¶` marks both ends, a line break is a token. Hyphens and apostrophes inside a word stay; `#` is a token.
"""

from __future__ import annotations

import polars as pl

from transforms.text.columns import change_where

# Points that end no sentence. Taken out, so that "e.g. this" and "Node.js" stay what they are.
_POINTED = (
    (r"(?i)(?-u:\b)u\.s\.(?:a\.)?", "USA"),
    (r"(?i)(?-u:\b)([a-z])\.([a-z])\.(?:([a-z])\.)?", "${1}${2}${3}"),
    (r"(?i)(?-u:\b)(mr|mrs|ms|dr|prof|vs|approx|bzw|sra?|dra?|evtl|ggf)\.", "${1}"),
    (r"(?i)(?-u:\b)(node|vue|next|react|asp|d3|three)\.(js|net)(?-u:\b)", "${1}${2}"),
)
_PUNCTUATION = r"([^\p{L}\p{M}\p{N}'_\- \n]|\.\.\.)"
# "FREE>tone" are two words; "<url>" is one.
_PLACEHOLDER = r" < (url|booking|email|phone|price|number|mention) > "
_EDGE_MARK = r" ['\-]+|['\-]+ "

WORD = r" [\p{L}\p{N}]"
SENTENCE = r" [\p{L}\p{N}<][^.!?…\n¶]*"
QUESTION = r" [\p{L}\p{N}<][^.!?…\n¶]* \?"
START = r" [¶.!?…\n:;]"


def _without_points(texts: pl.Series) -> pl.Series:
    for pattern, kept in _POINTED:
        texts = texts.str.replace_all(pattern, kept)
    return texts


def _together(texts: pl.Series) -> pl.Series:
    for _ in range(2):  # neighbours share a space
        texts = texts.str.replace_all(_PLACEHOLDER, " <${1}> ")
    return texts


def tokenised(clean: pl.Series) -> pl.Series:
    """Cleaned texts with every token between single spaces, in their own case; null stays null."""
    texts = change_where(clean, "|".join(pattern for pattern, _ in _POINTED), _without_points)
    texts = texts.str.replace_all("\n", " \n ", literal=True)
    texts = texts.str.replace_all(_PUNCTUATION, " ${1} ")
    texts = " ¶ " + texts + " ¶ "
    texts = texts.str.replace_all("  +", " ")
    texts = change_where(texts, "<", _together)
    texts = change_where(texts, _EDGE_MARK, lambda t: t.str.replace_all(_EDGE_MARK, " "))
    return texts.str.replace_all("  +", " ")
