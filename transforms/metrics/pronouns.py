"""Pronouns: shown, never scored (evidence.md §2: I-talk is not narcissism, and pitchers say less I)."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, count_by_language
from transforms.spec import Metric
from transforms.text.sentences import SENTENCE

_SOURCE = "evidence.md §2 and §14"

# The text has two spaces around every word, so neighbours do not share one.
_FIRST_SINGULAR = {
    "en": r" (?:i|me|my|mine|myself|i'm|i've|i'd|i'll|im|ive) ",
    "de": r" (?:ich|mich|mir|mein|meine|meinen|meinem|meiner|meines) ",
    # Spanish and Portuguese drop the subject: frequent verb forms of the first person count too.
    "es": r" (?:yo|me|mí|mi|mis|mío|mía|míos|mías|conmigo|soy|estoy|tengo|he|voy|quiero|puedo|creo|busco|necesito|hago|sé|veo"
    r"|trabajo|ofrezco|ayudo|espero|vivo|pienso|estaba|tenía|fui|hice|quería|quisiera|gustaría) ",
    "fr": r" (?:je|me|moi|mon|ma|mes|mien|mienne|miens|miennes|j'[^ ]+|m'[^ ]+|[^ ]+-(?:je|moi)) ",
    "pt": r" (?:eu|me|mim|meu|minha|meus|minhas|comigo|sou|estou|tenho|vou|faço|quero|posso|acho|busco|preciso|sei|vejo"
    r"|trabalho|ofereço|ajudo|espero|moro|penso|estava|tinha|fui|fiz|queria|gostaria) ",
}
# Not the pronoun: Roman one, i. in a list, I/O, a mine, Maine, the illness ME/CFS, "ich meine".
_NOT_FIRST_SINGULAR = {
    "en": r" (?:type|phase|war|part|chapter|class|stage|level|tier|act|title|volume|category|section|grade|schedule|appendix|article|book|henry|charles|elizabeth|george|james)"
    r"  i  (?:[.,;:!?)¶]|and|or|of|in|trials?|study|studies|errors?|diabetes|<number>|ii|was|is) "
    r"| \(  i  \) | i  /  o | (?:a|the|gold|coal|land|salt|data|this|that|diamond|copper)  mines? "
    r"| me  /  cfs | ,  me  <number> ",
    "de": r" ich  meine ",
    "fr": r" m'sieur ",
}
_FIRST_PLURAL = {
    "en": r" (?:we|us|our|ours|ourselves|we're|we've|we'd|we'll|let's) ",
    "de": r" (?:wir|uns|unser|unsere|unseren|unserem|unserer|unseres) ",
    "es": r" (?:nosotros|nosotras|nos|nuestro|nuestra|nuestros|nuestras|somos|estamos|tenemos|hemos|vamos|ofrecemos|ayudamos|podemos|queremos|buscamos) ",
    "fr": r" (?:nous|notre|nos|nôtre|nôtres) ",
    "pt": r" (?:nós|nos|nosso|nossa|nossos|nossas|conosco|somos|estamos|temos|vamos|oferecemos|ajudamos|podemos|queremos|buscamos) | a  gente ",
}
_SECOND = {
    "en": r" (?:you|your|yours|yourself|yourselves|you're|you've|you'd|you'll|u|ur|ya|y'all) ",
    "de": r" (?:du|dich|dir|dein|deine|deinen|deinem|deiner|deines|euch|euer|eure|euren|eurem|eurer) ",
    "es": r" (?:tú|te|ti|tu|tus|contigo|usted|ustedes|os|vuestro|vuestra|vuestros|vuestras|vosotros|vosotras) ",
    "fr": r" (?:tu|te|t'[^ ]+|toi|ta|tes|vous|votre|vos|vôtre|[^ ]+-(?:tu|toi|vous)) ",
    "pt": r" (?:você|vocês|tu|te|ti|teu|tua|teus|tuas|contigo|vc|vcs) ",
}
# Capitalised in the middle of a sentence it is "you"; at its start it may be she or they.
_GERMAN_FORMAL = r"[^ .!?…\n¶:„\"] (?:Sie|Ihnen|Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihres)(?: |$)"
_MOSTLY_CAPITALS = 0.8


def _first_person_singular(frame: pl.DataFrame) -> pl.Series:
    said = count_by_language(frame, "speech", _FIRST_SINGULAR).cast(pl.Int64)
    other = count_by_language(frame, "speech", _NOT_FIRST_SINGULAR).cast(pl.Int64)
    return (said - other).clip(0)


def country_not_pronoun(tokens: pl.Series) -> pl.Series:
    """How often `US` is the country: all capitals in a sentence that is not mostly in capitals."""
    sentences = (
        tokens.to_frame("tokens")
        .with_row_index("row")
        .filter(pl.col("tokens").str.contains(" US ", literal=True))
        .select("row", sentence=pl.col("tokens").str.extract_all(SENTENCE))
        .explode("sentence", empty_as_null=False, keep_nulls=False)
        # A placeholder says nothing about how its sentence is written. Two spaces, as in speech.
        .with_columns(
            plain=pl.col("sentence")
            .str.replace_all(r"<\w+>", "")
            .str.replace_all(" ", "  ", literal=True)
            + " "
        )
        .filter(
            pl.col("plain").str.count_matches(r"\p{Lu}")
            <= _MOSTLY_CAPITALS * pl.col("plain").str.count_matches(r"\p{L}")
        )
        .group_by("row")
        .agg(n=pl.col("plain").str.count_matches(r" US ").sum().cast(pl.Int64))
    )
    rows = pl.DataFrame({"row": pl.int_range(len(tokens), dtype=pl.UInt32, eager=True)})
    return rows.join(sentences, on="row", how="left", maintain_order="left")["n"].fill_null(0)


def _first_person_plural(frame: pl.DataFrame) -> pl.Series:
    said = count_by_language(frame, "speech", _FIRST_PLURAL).cast(pl.Int64)
    country = country_not_pronoun(frame["tokens"]).zip_with(
        frame["language"] == "en", pl.repeat(0, frame.height, dtype=pl.Int64, eager=True)
    )
    return (said - country).clip(0)


def _second_person(frame: pl.DataFrame) -> pl.Series:
    informal = count_by_language(frame, "speech", _SECOND)
    return informal + count_by_language(frame, "tokens", {"de": _GERMAN_FORMAL})


FIRST_PERSON_SINGULAR = Metric(
    name="first_person_singular",
    label="I, me, my",
    unit="words",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    compute=_first_person_singular,
    needs=("language", "speech"),
    doc="First-person-singular words outside of quotations and hashtags; shown, never scored, never compared between languages.",
    source=_SOURCE,
)
FIRST_PERSON_PLURAL = Metric(
    name="first_person_plural",
    label="We, us, our",
    unit="words",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    compute=_first_person_plural,
    needs=("language", "speech", "tokens"),
    doc="First-person-plural words; US in capitals is the country unless the whole sentence is in capitals.",
    source=_SOURCE,
)
SECOND_PERSON = Metric(
    name="second_person",
    label="You, your",
    unit="words",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    compute=_second_person,
    needs=("language", "speech", "tokens"),
    doc="Second-person words; German Sie and Ihr count in the middle of a sentence only, where the capital tells.",
    source=_SOURCE,
)
CORPORATE_WE = Metric(
    name="corporate_we",
    label="The company we",
    unit="words",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("points_corporate_we"),
    doc="Times that we or our speaks for a firm: close to help, offer, product, service, team, clients.",
    source="evidence.md §2, A2",
)
