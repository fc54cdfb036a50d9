"""Texts and threads made by hand, measured: one row of `message_metrics` per message, as a dict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from transforms import measure
from transforms.tables import CONNECTIONS, MESSAGE_RECIPIENTS, MESSAGES, PEOPLE
from transforms.text import cleaning, sentences
from transforms.text.lexicon import Rule
from transforms.text.tone import score_texts

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
Row = dict[str, Any]


class Said(NamedTuple):
    """One message: `hours` after START. "me" is the owner, "her" a stranger."""

    text: str | None
    who: str = "her"
    hours: float = 0.0
    kind: str = "dm"
    template_recipients: int | None = None


Thread = Sequence[Said]
NAMES = {"me": "Owen Black", "her": "Maria Silva", "him": "Tom Weber"}


def _frame(table: Any, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [{name: row.get(name) for name in table.schema} for row in rows], schema=table.schema
    )


def _person(number: int, who: str) -> str:
    # Everybody but the owner is somebody else in each thread.
    return "me" if who == "me" else f"{who}-{number}"


def prepared_threads(
    threads: Sequence[Thread],
    *,
    connected_on: date | None = None,
    names: Mapping[str, str | None] = NAMES,
) -> pl.DataFrame:
    """The prepared frame of the threads; message_id is `<thread>.<message>` in the order given."""
    messages, recipients, connections, people = [], [], [], {"me": names["me"]}
    for number, thread in enumerate(threads):
        members = {"me", "her", *(said.who for said in thread)}
        people |= {_person(number, who): names[who] for who in sorted(members)}
        connections += [
            {
                "platform": "linkedin",
                "direction": "connected",
                "person_id": _person(number, "her"),
                "connected_on": connected_on,
            }
        ] * (connected_on is not None)
        for position, said in enumerate(thread):
            key = f"{number:04}.{position:03}"
            messages.append(
                {
                    "message_id": key,
                    "conversation_id": f"{number:04}",
                    "platform": "linkedin",
                    "kind": said.kind,
                    "sender_id": _person(number, said.who),
                    "is_from_owner": said.who == "me",
                    "sent_at": START + timedelta(hours=said.hours),
                    "text": said.text,
                }
            )
            recipients += [
                {"message_id": key, "person_id": _person(number, who)}
                for who in sorted(members - {said.who})
            ]
    return measure.prepare_messages(
        _frame(MESSAGES, messages),
        _frame(MESSAGE_RECIPIENTS, recipients),
        _frame(
            PEOPLE,
            [
                {"person_id": person, "display_name": name, "is_owner": person == "me"}
                for person, name in people.items()
            ],
        ),
        _frame(CONNECTIONS, connections),
    )


def measure_threads(
    threads: Sequence[Thread],
    *,
    connected_on: date | None = None,
    names: Mapping[str, str | None] = NAMES,
    own_rules: Sequence[Rule] = (),
) -> list[list[Row]]:
    """For each thread, in the order given, its messages with all metrics of grain message."""
    prepared = prepared_threads(threads, connected_on=connected_on, names=names)
    told = pl.DataFrame(
        [
            (f"{n:04}.{position:03}", said.template_recipients)
            for n, thread in enumerate(threads)
            for position, said in enumerate(thread)
        ],
        schema={"message_id": pl.String, "template_recipients": pl.Int64},
        orient="row",
    )
    prepared = prepared.join(told, on="message_id", how="left", maintain_order="left").with_columns(
        template_id=pl.when(pl.col("template_recipients").is_not_null()).then(pl.lit("template-1"))
    )
    distinct = measure.texts_for_tone(prepared)
    scores = score_texts(distinct.to_list())
    tone = pl.DataFrame(
        {
            "clean": distinct,
            "polarity": [score[0] for score in scores],
            "subjectivity": [score[1] for score in scores],
        },
        schema={"clean": pl.String, "polarity": pl.Float64, "subjectivity": pl.Float64},
    )
    measured = measure.message_metrics(prepared, tone, own_rules)
    rows = {row["message_id"]: row for row in measured.to_dicts()}
    return [
        [rows[f"{n:04}.{position:03}"] for position in range(len(thread))]
        for n, thread in enumerate(threads)
    ]


def measure_thread(*thread: Said, **more: Any) -> list[Row]:
    """The messages of one thread with all metrics of grain message."""
    return measure_threads([thread], **more)[0]


def measure_texts(texts: Iterable[str | None], *, language: str | None = None) -> list[Row]:
    """Each text as the only message of a stranger, with all metrics of grain message.

    With `language` each is followed by a message whose language nobody can mistake, so that short
    texts are read in that language too.
    """
    anchor = () if language is None else (Said(ANCHORS[language], "her", 500.0),)
    return [rows[0] for rows in measure_threads([(Said(text), *anchor) for text in texts])]


@cache
def measured_at_once(texts: tuple[str, ...], language: str | None = None) -> dict[str, Row]:
    """`measure_texts` of a whole table of cases, once: text → its metrics."""
    return dict(zip(texts, measure_texts(texts, language=language), strict=True))


ANCHORS = {
    "en": "The weather has been what it is in this part of the world and they are not happy about it.",
    "de": "Das Wetter ist hier nicht so schön und die Leute sind auch nicht mehr sehr froh darüber.",
    "es": "El tiempo aquí no es muy bueno y los vecinos también están un poco tristes por las lluvias.",
    "fr": "Le temps n'est pas très beau dans cette région et les gens sont un peu tristes avec la pluie.",
    "pt": "O tempo não está muito bom na região e os vizinhos também estão um pouco tristes com a chuva.",
}


def cleaned(*texts: str | None) -> list[str | None]:
    return cleaning.clean(pl.Series("text", texts, dtype=pl.String)).to_list()


def tokens(text: str) -> str:
    """The lower-case tokenised form in which rules read a text."""
    clean = cleaning.clean(pl.Series("text", [text], dtype=pl.String))
    return str(sentences.tokenised(clean).str.to_lowercase().item())
