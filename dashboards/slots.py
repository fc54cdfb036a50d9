"""A text that went to many, as one recipient saw it, with what was filled in for them marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# A piece of text and what it is: None for the words that stay, a slot such as "company", or VARIES.
Piece = tuple[str, str | None]

VARIES = "varies"
_TOKEN = re.compile(r"https?://\S+|[^\W_]+(?:['’][^\W_]+)*")
_SLOT = re.compile(r"<([a-z]+)>")
_ALIKE = 0.5
_MOST_TOKENS = 600  # comparing takes the square of it


def filled_in(masked: str, example: str | None) -> list[Piece]:
    """The example in pieces, aligned with the masked text word by word.

    What a slot stands for has its name; what is in neither the mask nor a slot varies from copy to
    copy. Without an example that resembles the mask: the masked text, its slots marked.
    """
    wanted = masked.split()
    found = list(_TOKEN.finditer(example or ""))
    words = [match.group().lower().replace("’", "'") for match in found]
    if example is None or max(len(words), len(wanted)) > _MOST_TOKENS:
        return _of_mask(masked)
    matcher = SequenceMatcher(None, wanted, words, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _of_mask(masked)
    pieces: list[Piece] = []
    done = 0
    for what, a_start, a_end, start, end in matcher.get_opcodes():
        if start == end or what == "equal":
            continue
        names = _SLOT.findall(" ".join(wanted[a_start:a_end]))
        pieces.append((example[done : found[start].start()], None))
        done = found[end - 1].end()
        pieces.append((example[found[start].start() : done], ", ".join(names) or VARIES))
    pieces.append((example[done:], None))
    return [piece for piece in pieces if piece[0]]


def _of_mask(masked: str) -> list[Piece]:
    pieces = re.split(r"(<[a-z]+>)", masked)
    return [
        (piece[1:-1], piece[1:-1]) if place % 2 else (piece, None)
        for place, piece in enumerate(pieces)
        if piece
    ]
