"""Which sentences of a text ask something, and which of those want to know.

A question mark is no question yet: hooks ("ready to scale?"), calls to action, choices of slots
("Tuesday or Wednesday?"), offers ("may I send it?") and chasers have one too, and a hurried "what
do you charge" has none.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from transforms.text import hits
from transforms.text.lexicon import LANGUAGES, Rule, rules_among
from transforms.text.sentences import QUESTION, WORD

_MIN_WORDS = 3
_HOOKS = ("call_to_action", "approach", "pitch")
_NO_QUESTION = {
    # Boomerasks and hooks: the writer answers, or nobody is meant to.
    "en": r" (?:want to know (?:how|why|what|the)|guess what|you know what|did you know|ready to|sound familiar|isn't it|aren't you|right|who doesn't|why not|what if i told you) ",
    "de": r" (?:wussten sie|wusstest du|bereit für|neugierig|nicht wahr|oder) \?",
    "es": r" (?:sabías que|sabía que|te imaginas|verdad|no) \?",
    "fr": r" (?:saviez-vous|savais-tu|prêt à|n'est-ce pas) ",
    "pt": r" (?:sabia que|já imaginou|né|certo) ",
}
_DAYS = {
    "en": "mon|tues?|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|morning|afternoon|evening|weekend|am|pm",
    "de": "mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|vormittag|nachmittag|abend|uhr",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo|hoy|mañana|tarde|noche|horas?",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain|matin|midi|soir|après-midi|heures?",
    "pt": "segunda|terça|quarta|quinta|sexta|sábado|domingo|hoje|amanhã|manhã|tarde|noite|horas?",
}
_OR = {"en": "or", "de": "oder", "es": "o", "fr": "ou", "pt": "ou"}
# What the writer offers to do next asks for a yes, not for an answer.
_OFFERS = {
    "en": r" (?:may|can|could|shall|should) (?:i|we) (?:[^ ]+ )?(?:send|share|show|hold|book|put|pencil|reserve|sign|arrange|set|drop|pop|forward|email|e-mail|mail|give|add|keep|schedule|count|tempt|interest|help) ",
    "de": r" (?:darf|dürfen|soll|sollen|kann) (?:ich|wir) (?:[^ ]+ ){1,8}(?:schicken|senden|zeigen|zusenden|reservieren|buchen|eintragen|vormerken|anrufen|vorstellen|weiterleiten) ",
    "es": r" (?:puedo|podemos|te|le|os|les) (?:[^ ]+ )?(?:enviar|enviarte|enviarle|mandar|mandarte|envío|mando|enseño|enseñarte|mostrarte|reservo|reservarte|apunto|apuntarte|llamo|llamarte) ",
    "fr": r" (?:puis-je|je peux|pouvons-nous|je|on) (?:[^ ]+ )?(?:envoyer|envoie|montrer|montre|réserver|réserve|inscrire|inscris|présenter|transmettre|appeler|appelle) ",
    "pt": r" (?:posso|podemos|te|lhe) (?:[^ ]+ )?(?:enviar|enviar-te|envio|mandar|mando|mostrar|mostro|reservar|reservo|ligar|ligo|apresentar) ",
}
# Chasing asks for a reaction.
_CHASES = {
    "en": r" (?:did you (?:ever )?(?:get (?:a chance|to|around|round)|watch|upvote|vote|receive|manage)|have you had (?:a chance|a moment|a look|time)|are you (?:still )?there|circling back|any thoughts|(?:just|quick) (?:checking|follow|bump)[^ ]*) ",
    "de": r" (?:hast du|haben sie) (?:schon |bereits )?(?:[^ ]+ )?(?:gelegenheit|zeit gehabt|gesehen|bekommen|erhalten) ",
    "es": r" (?:pudiste|has podido|pudo|ha podido|recibiste|recibió|has visto|viste) ",
    "fr": r" (?:avez-vous|as-tu|vous avez|tu as) (?:[^ ]+ ){0,2}(?:pu|reçu|eu le temps) ",
    "pt": r" (?:conseguiu|conseguiste|recebeu|recebeste|teve tempo|chegou a ver) ",
}
# Only at the start of a sentence, and followed as in a question.
_UNMARKED = {
    "en": r"(?:what|where|when|why|how|which|who)(?: (?:is|are|was|were|do|does|did|would|should|can|could|will|have|has|much|many|long|often|about|kind|time)|'s|'re) |(?:do|did|does|are|have|has|can|could|would|will) (?:you|u|they|he|she|anyone|anybody|somebody|someone) |(?:is|are|was) (?:it|that|this|there|your|the) |(?:any|no) (?:news|word|update|idea|chance) ",
    "de": r"(?:was|wo|wann|warum|wieso|wie|welche[rs]?|wer) (?:ist|sind|war|hast|haben|kann|kannst|können|soll|sollte|machst|macht|machen|kostet|kosten|viel|viele|lange|oft|geht|läuft|sieht) |(?:hast|kannst|könntest|weißt|wissen|haben|können|könnten) (?:du|sie|ihr) ",
    "es": r"(?:qué|dónde|cuándo|por qué|cómo|cuál|cuánto|cuánta|quién) [^ ]+ ",
    "fr": r"(?:est-ce que|qu'est-ce|quand est-ce|comment (?:ça|vous|tu|est)|combien|pourquoi) ",
    "pt": r"(?:quanto|onde|quando|por que|como|qual|quem) (?:é|está|foi|custa|são|você|vocês|fica|vai) ",
}
_BARE = r"[.!\n:¶] (?:SAID)[^.!?\n¶]* [.\n¶]"


def _slots(language: str) -> str:
    when = rf"(?:{_DAYS[language]}|[0-9]+(?:am|pm|st|nd|rd|th|h)?|<number>)"
    days = _DAYS[language]
    either = _OR[language]
    return (
        rf" (?:{days}) (?:[^ ]+ ){{0,5}}{either} (?:[^ ]+ ){{0,4}}{when} "
        rf"| {when} (?:[^ ]+ ){{0,4}}{either} (?:[^ ]+ ){{0,4}}(?:{days}) "
    )


def asked(texts: pl.DataFrame, own_rules: Sequence[Rule] = ()) -> pl.DataFrame:
    """text_id, asked, n_asked, n_real of the texts that ask something.

    asked: the questions that are no hook, joined; n_asked: how many; n_real: how many sentences
    want to know something. `texts` has text_id, language and words.
    """
    marked = (
        texts.filter(pl.col("words").str.contains("?", literal=True))
        .select("text_id", "language", sentence=pl.col("words").str.extract_all(QUESTION))
        .explode("sentence", empty_as_null=False, keep_nulls=False)
        .filter(pl.col("sentence").str.count_matches(WORD) >= _MIN_WORDS)
        .with_columns(sentence=" ¶" + pl.col("sentence") + " ¶ ")
    )
    kept, bare = [], []
    for language in LANGUAGES:
        of_language = pl.col("language") == language
        sentence = pl.col("sentence")
        own = marked.filter(of_language & ~sentence.str.contains(_NO_QUESTION[language]))
        kept.append(
            own.filter(
                ~hits.any_fires(own["sentence"], rules_among(language, own_rules, _HOOKS))
            ).with_columns(
                real=~sentence.str.contains(_slots(language))
                & ~sentence.str.contains(_OFFERS[language])
                & ~sentence.str.contains(_CHASES[language])
            )
        )
        pattern = _BARE.replace("SAID", _UNMARKED[language])
        bare.append(
            texts.filter(of_language & pl.col("words").str.contains(pattern)).select(
                "text_id", n_bare=pl.lit(1, dtype=pl.Int32)
            )
        )
    marked = (
        pl.concat(kept)
        .group_by("text_id", maintain_order=True)
        .agg(
            asked=pl.col("sentence").str.join(""),
            n_asked=pl.len().cast(pl.Int32),
            n_marked=pl.col("real").sum().cast(pl.Int32),
        )
    )
    return marked.join(
        pl.concat(bare), "text_id", "full", coalesce=True, maintain_order="left_right"
    ).select(
        "text_id",
        "asked",
        pl.col("n_asked").fill_null(0),
        n_real=pl.col("n_marked").fill_null(0) + pl.col("n_bare").fill_null(0),
    )
