"""Praise that would fit anybody."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric

# What mail merge fills in is no fact: "your work at Acme", "as Head of Sales", the name.
_SLOT = r" (?:at|as|@|with|in|of|from|for|bei|als|in|aus|von|en|chez|de|à|como|na|no|em|da|do) (?:(?:a|the|der|die|el|la|le|o) )?(?:\p{Lu}[^ ]* |of |and |& |de |für |for ){1,6}"
_EVERYBODYS_CAPITALS = (
    r" (?:I|I'[a-z]+|LinkedIn|Linkedin|X|Twitter|Instagram|YouTube|AI|CEO|CTO|COO|CFO|CMO|VP|HR|IT|B2B|B2C|SaaS|PR|SEO|UX|UI|UK|US|USA|EU|QA|ML|CIO|OK|Hi|Hello|Hey|Dear|Great|Love|Thanks"
    r"|Ich|Sie|Ihr|Ihre|Ihren|Ihrem|Profil|Arbeit|Beitrag|Beiträge|Webseite|Website|Werdegang|Erfahrung|Karriere|Unternehmen) "
)
_NAMED = r" \p{Ll}[^ ]*(?: ,)? \p{Lu}[^ ]+ "
_FACT = (
    r" <(?:number|url|price|mention)> | [\"“”„«»] | \d| (?:on|about|with|über|zu|sobre|sur) $"
    r"| (?i:post|article|talk|piece|thread|video|podcast|episode|paper|book|deck|comment|answer|essay|interview|story|presentation|chapter|repo|library|artikel|vortrag|beitrag|artículo|charla|publicación|texte|vidéo|conférence|artigo|palestra)"
    r" (?i:on|about|regarding|where|in which|from|comparing|explaining|über|zu|sobre|acerca|sur|à propos) "
    r"| (?i:the way you|how you|when you|especially|in particular|the part|the bit|the point|the example|the section|your point|your answer|your question|besonders|insbesondere|sobre todo|especialmente|surtout|notamment|especialmente) "
)


def _generic_compliment(frame: pl.DataFrame) -> pl.Series:
    numbered = frame.with_row_index("row")
    sentences = numbered.select("row", "language", sentence="praise").explode(
        "sentence", empty_as_null=False, keep_nulls=False
    )
    plain = (
        pl.col("sentence")
        .str.replace(r"^ ¶ [^ ]+", " ¶ ")
        .str.replace_all(_EVERYBODYS_CAPITALS, " ")
        .str.replace_all(_SLOT, " ")
        .str.replace_all(r" (?i:top|these|the last) (?:<number>|\d+)", " ")
        # A name at the end of the clause is whom it is said to: "Great profile, Maria".
        .str.replace(r"(?: ,)? \p{Lu}[^ ]+ $", " ")
    )
    generic = (
        sentences.with_columns(
            # In German every noun has a capital.
            has_fact=plain.str.contains(_FACT)
            | ((pl.col("language") != "de") & plain.str.contains(_NAMED))
        )
        .group_by("row")
        .agg(generic=~pl.col("has_fact").any())
    )
    return (
        numbered.select("row")
        .join(generic, on="row", how="left", maintain_order="left")["generic"]
        .fill_null(value=False)
    )


GENERIC_COMPLIMENT = Metric(
    name="generic_compliment",
    label="Compliment that fits anybody",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    compute=_generic_compliment,
    needs=("praise", "language"),
    doc="Praises profile, work or posts and names no fact beyond what mail merge fills in (name, company, title).",
    source="evidence.md §5, D4; labels.md",
)
