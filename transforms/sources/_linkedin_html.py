"""What a reader sees of the HTML in LinkedIn exports: sponsored messages and long articles."""

from __future__ import annotations

import html
import re

import polars as pl

# Python refuses to make a number of more digits (3.11), and no character has such a number.
_NO_NUMBER = re.compile(r"&#[0-9]{4000,};?")


def unescaped(text: str) -> str:
    """The text with HTML's entities as characters; U+FFFD for numbers that stand for none."""
    if "&" not in text:
        return text
    return html.unescape(_NO_NUMBER.sub("\ufffd", text))


def plain(column: str) -> pl.Expr:
    """The text of an HTML cell: tags gone, blocks on lines of their own; null when none is left."""
    # Python knows all of HTML's entities; such cells are few.
    text = (
        pl.col(column)
        .str.replace_all(r"(?is)<(?:style|script)\b.*?</(?:style|script)>", "")
        .str.replace_all(r"(?i)<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote)>", "\n")
        .str.replace_all(r"</?[a-zA-Z!][^>]*>", "")
        .map_elements(unescaped, return_dtype=pl.String)
        .str.replace_all("\u00a0", " ", literal=True)
        .str.replace_all(r"[ \t]*\n[ \t]*", "\n")
        .str.replace_all(r"\n{3,}", "\n\n")
        .str.strip_chars()
    )
    return pl.when(text != "").then(text)
