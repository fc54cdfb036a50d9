"""Sentences whose subject is the writer."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, count_by_language
from transforms.spec import Metric

_DISCOURSE = {
    "en": r"and|but|so|or|well|yes|no|yeah|oh|ok|okay|hi|hello|hey|thanks|also|actually|honestly|then|now|[^ .!?]+ ,|,|-|\"|'|\(|um|uh|anyway|sorry|maybe|personally|still|however|otherwise|therefore|unfortunately|for example|currently|obviously|while|though|although|even though|since|just|cos|yea|anyways|right|today",
    "de": r"und|aber|also|ja|nein|ach|hallo|danke|auch|,|-|\"|dann|nun|oder",
    "es": r"y|pero|pues|sí|no|bueno|hola|gracias|también|entonces|,|-|\"|¡|¿",
    "fr": r"et|mais|oui|non|bon|bonjour|merci|aussi|alors|,|-|\"|ah",
    "pt": r"e|mas|então|sim|não|bom|olá|oi|obrigado|também|,|-|\"",
}
_SUBJECT = {
    "en": r"i|i'm|i've|i'd|i'll|im|ive",
    "de": r"ich",
    "es": r"yo|soy|estoy|tengo|he|voy|quiero|puedo|creo|busco|necesito|trabajo|ofrezco|me",
    "fr": r"je|j'[^ ]+|moi",
    "pt": r"eu|sou|estou|tenho|vou|quero|posso|acho|busco|preciso|trabalho|ofereço",
}
# LinkedIn and X English leaves the "I am" out.
_DROPPED_SUBJECT = (
    r"(?:(?:so|very|super|really|truly|absolutely|beyond|just|always|incredibly|also|currently|finally|officially) )*"
    r"(?:(?:excited|thrilled|proud|honou?red|happy|pleased|delighted|humbled|grateful|blessed|stoked|glad|privileged) (?:to|that|about|for|and)"
    r"|(?:founded|built|launched|helped|created|wrote|published|spoke|led|grew|scaled|sold|raised|closed|hired|joined|started|finished|completed|graduated|earned|won|hit|crossed|reached|bought|invested|mentored|coached|advised|posted|shared|turned|quit|left|moved|made|got|spent|worked|learned) [^ ]+"
    r"|(?:looking for|seeking|hiring|building|working on|writing about|sharing|speaking at|starting|hosting|launching|celebrating|helping|thinking about|reflecting on|passionate about|been (?:working|building|thinking)|would love|can't wait|cannot wait))"
)
_START = r" [¶.!?…\n]"


def _starting_with(subject: str, discourse: str) -> str:
    return rf"{_START} (?:(?:{discourse}) ){{0,3}}(?:{subject}) "


EXPLICIT = {
    language: _starting_with(subject, _DISCOURSE[language])
    for language, subject in _SUBJECT.items()
}
_PATTERNS = {
    **EXPLICIT,
    "en": _starting_with(f"{_SUBJECT['en']}|{_DROPPED_SUBJECT}", _DISCOURSE["en"]),
}


def _self_subject_sentences(frame: pl.DataFrame) -> pl.Series:
    return count_by_language(frame, "words", _PATTERNS)


SELF_SUBJECT_SENTENCES = Metric(
    name="self_subject_sentences",
    label="Sentences about oneself",
    unit="sentences",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    compute=_self_subject_sentences,
    needs=("language", "words"),
    doc="Sentences that begin, after at most three small words, with I, or in English with a dropped I as in 'Excited to announce'.",
    source="evidence.md §2, A4: precision .98, recall .86 on UD English EWT without the dropped subject",
)
