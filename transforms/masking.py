"""Texts with everything that a mail merge fills in taken out, so that copies look alike.

The recipient's and the sender's names, companies, titles and places (as `people` has them),
weekdays and months become placeholders; URLs, numbers, prices, e-mails are placeholders
already (`text/cleaning.py`). The greeting at the top and the name at the end are dropped.
A masked text is its lower-case tokens joined by single spaces.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

WORD = r"<[a-z]+>|[\p{L}\p{N}]+(?:'[\p{L}]+)?"
_CHUNK = 50_000

# Which field of a person masks as what; a word that is in several fields masks as the first.
_FIELDS = {
    "display_name": "<name>",
    "handle": "<name>",
    "company": "<company>",
    "position": "<title>",
    "location": "<place>",
}
_SLOTS = dict(enumerate(dict.fromkeys(_FIELDS.values())))
# Little words and legal forms inside names, companies and titles say nothing about anybody.
_LITTLE = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "so",
        "the",
        "to",
        "us",
        "we",
        "with",
        "you",
        "your",
        "i",
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "ag",
        "co",
        "corp",
        "company",
        "group",
        "sa",
        "sl",
        "srl",
        "der",
        "die",
        "das",
        "und",
        "für",
        "von",
        "im",
        "in",
        "am",
        "an",
        "bei",
        "de",
        "la",
        "el",
        "los",
        "las",
        "y",
        "en",
        "para",
        "por",
        "con",
        "del",
        "le",
        "les",
        "et",
        "du",
        "des",
        "au",
        "aux",
        "pour",
        "à",
        "chez",
        "e",
        "da",
        "do",
        "das",
        "dos",
        "em",
        "no",
        "na",
        "com",
    ]
)
_DATES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "janvier",
        "février",
        "mars",
        "avril",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "segunda",
        "terça",
        "quarta",
        "quinta",
        "sexta",
        "janeiro",
        "fevereiro",
        "março",
        "maio",
        "junho",
        "julho",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ]
)
_HELLO = (
    r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|guten (?:tag|morgen|abend)|liebe[rs]?"
    r"|sehr geehrte[rs]?|moin|servus|grüezi|hola|buenas|buenos días|buenas tardes|estimad[oa]s?|querid[oa]s?"
    r"|bonjour|bonsoir|salut|cher|chère|olá|oi|ola|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]s?"
)
_GREETING_LINE = rf"(?i)^(?:{_HELLO})\b[^\n,!.:?]{{0,40}}(?:[,!.:\n]|\s-\s)\s*"
_GREETING = rf"^(?:(?:{_HELLO}|there) )*(?:<name> )+|^(?:{_HELLO}) (?:there )?"
_SIGN_OFF = (
    r"(?: (?:best|kind|warm|warmest|regards|wishes|cheers|thanks|sincerely|yours|viele|beste|liebe|grüße|gruß|saludos"
    r"|abrazo|cordialement|abraços))*(?: <name>)+$"
)


def masked(
    prepared: pl.DataFrame, people: pl.DataFrame, recipients: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Masked texts in chunks, in the order of `prepared`: message_id, masked, masked_tokens.

    Messages without text are left out. `prepared` needs message_id, sender_id and clean;
    `recipients` is MESSAGE_RECIPIENTS, `people` PEOPLE.
    """
    texts = prepared.filter(pl.col("clean").is_not_null()).select(
        "message_id", "sender_id", "clean"
    )
    words = _slot_words(people)
    for chunk in texts.iter_slices(_CHUNK):
        yield _mask(chunk, words, recipients)


def mask_posts(posts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The same for posts, which nobody receives: post_id, sender_id, masked, masked_tokens."""
    texts = posts.filter(pl.col("clean").is_not_null())
    for chunk in texts.iter_slices(_CHUNK):
        tokens = chunk.select("post_id", pl.col("sender_id").fill_null(""), _tokens("clean"))
        yield tokens.select(
            "post_id", "sender_id", masked=pl.col("token").list.join(" ")
        ).with_columns(_count())


def _mask(chunk: pl.DataFrame, words: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    rows = chunk.with_row_index("row").with_columns(
        pl.col("clean").str.replace(_GREETING_LINE, "").alias("clean")
    )
    readers = (
        rows.select("row", "message_id").join(recipients, "message_id").select("row", "person_id")
    )
    writers = rows.select("row", person_id="sender_id")
    present = pl.concat([readers, writers]).drop_nulls().join(words, "person_id")
    slots = (
        present.group_by("row", "token")
        .agg(pl.col("rank").min())
        .with_columns(slot=pl.col("rank").replace_strict(_SLOTS, return_dtype=pl.String))
    )
    tokens = rows.select("row", _tokens("clean")).explode("token", empty_as_null=False)
    lines = (
        tokens.join(slots, ["row", "token"], "left", maintain_order="left")
        .with_columns(
            pl.coalesce(
                "slot",
                pl.when(pl.col("token").is_in(sorted(_DATES))).then(pl.lit("<date>")),
                "token",
            ).alias("token")
        )
        .filter(
            ~(
                pl.col("token").str.starts_with("<")
                & (pl.col("token") == pl.col("token").shift())
                & (pl.col("row") == pl.col("row").shift())
            ).fill_null(value=False)
        )
        .group_by("row", maintain_order=True)
        .agg(pl.col("token").str.join(" ").alias("masked"))
    )
    return (
        rows.select("row", "message_id")
        .join(lines, "row", "left", maintain_order="left")
        .select(
            "message_id",
            pl.col("masked").fill_null("").str.replace(_GREETING, "").str.replace(_SIGN_OFF, ""),
        )
        .with_columns(_count())
    )


def _tokens(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().str.extract_all(WORD).alias("token")


def _count() -> pl.Expr:
    is_empty = pl.col("masked") == ""
    return (
        pl.when(is_empty)
        .then(0)
        .otherwise(pl.col("masked").str.count_matches(" ", literal=True) + 1)
        .cast(pl.Int32)
        .alias("masked_tokens")
    )


def _slot_words(people: pl.DataFrame) -> pl.DataFrame:
    """person_id, token, rank: the words of a person's name, company, title and place."""
    ranks = {slot: rank for rank, slot in _SLOTS.items()}
    return pl.concat(
        people.select(
            "person_id",
            _tokens(field),
            pl.lit(ranks[slot], dtype=pl.UInt8).alias("rank"),
        ).explode("token", empty_as_null=False)
        for field, slot in _FIELDS.items()
    ).filter((pl.col("token").str.len_chars() > 1) & ~pl.col("token").is_in(sorted(_LITTLE)))
