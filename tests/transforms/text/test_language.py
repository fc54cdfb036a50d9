"""Which language a text is in: five, "other", or nobody can tell."""

from __future__ import annotations

import polars as pl
import pytest

from tests.transforms.measuring import (
    ANCHORS,
    Said,
    cleaned,
    measure_texts,
    measure_thread,
    measure_threads,
)
from transforms.metrics import metrics_of
from transforms.text import language, sentences

TEXTS = {
    "en": [
        "Thanks for connecting, I hope you are well.",
        "We would like to talk to you about the project.",
        "Are you going to the conference in May?",
        "im not sure what u mean by that",
        "Quick question about your latest article on beekeeping",
    ],
    "de": [
        "Vielen Dank für die Vernetzung, ich hoffe, es geht dir gut.",
        "Wir würden gerne mit Ihnen über das Projekt sprechen.",
        "Hast du am Dienstag kurz Zeit für ein Gespräch?",
        "Kurze Frage zu deinem Artikel über Bienenzucht",
    ],
    "es": [
        "Gracias por conectar, espero que estés muy bien.",
        "Nos gustaría hablar con usted sobre el proyecto.",
        "¿Tienes tiempo el martes para una llamada?",
        "Busco trabajo como ingeniera en la ciudad de Madrid",
    ],
    "fr": [
        "Merci pour la connexion, j'espère que vous allez bien.",
        "Nous aimerions vous parler du projet.",
        "Avez-vous le temps mardi pour un appel ?",
        "Je cherche un emploi dans la région de Lyon",
    ],
    "pt": [
        "Obrigado pela conexão, espero que você esteja bem.",
        "Gostaríamos de falar com você sobre o projeto.",
        "Você tem tempo na terça-feira para uma conversa?",
        "Estou à procura de emprego na região de Lisboa",
    ],
    "other": [
        "Merhaba, nasılsınız? Sizinle çalışmak istiyorum, görüşmek üzere.",
        "Ciao, come stai? Vorrei parlarti del nostro nuovo progetto appena possibile.",
        "Grazie mille per avermi aggiunto alla tua rete, spero di sentirti presto.",
        "こんにちは、お元気ですか。よろしくお願いします。",
        "Здравствуйте, спасибо за сообщение, буду рад сотрудничеству.",
        "Cześć, dziękuję za wiadomość, chętnie porozmawiam o tym projekcie.",
        "Beste Tom, bedankt voor je bericht, ik hoop dat het goed met je gaat.",
        "مرحبا كيف حالك اليوم يا صديقي",
    ],
}
ROWS = [(text, name) for name, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_sentence_is_told(text: str, expected: str) -> None:
    samples = sentences.tokenised(pl.Series("text", cleaned(text), dtype=pl.String))
    assert language.tell(samples.str.to_lowercase()).to_list() == [expected]


@pytest.mark.parametrize("text", ["Hi", "Hello Tom", "https://example.org 123", "😀😀", "", None])
def test_nobody_can_tell_from_under_three_words(text: str | None) -> None:
    row = measure_texts([text])[0]
    assert row["language"] is None


def test_links_and_names_of_others_say_nothing_about_the_language() -> None:
    row = measure_texts(
        ["Danke dir! https://www.the-and-you-for-with.com/this/that @the_you @and_for Bis bald."]
    )[0]
    assert row["language"] == "de"


def test_a_short_text_takes_the_language_of_its_writer_in_the_thread() -> None:
    for name, anchor in ANCHORS.items():
        short, long = measure_thread(Said("OK!"), Said(anchor, "her", 1))
        assert (short["language"], long["language"]) == (name, name)


def test_who_writes_too_little_takes_the_language_of_the_thread() -> None:
    row = measure_thread(Said("OK!"), Said(ANCHORS["de"], "him", 1), Said("Super", "her", 2))
    assert [r["language"] for r in row] == ["de", "de", "de"]


def test_two_people_may_write_two_languages_in_one_thread() -> None:
    rows = measure_thread(Said(ANCHORS["es"]), Said(ANCHORS["en"], "me", 1), Said("Vale", "her", 2))
    assert [r["language"] for r in rows] == ["es", "en", "es"]


def test_the_language_elsewhere_comes_before_the_language_of_the_thread() -> None:
    there, here = measure_threads(
        [[Said(ANCHORS["pt"], "me")], [Said(ANCHORS["fr"]), Said("OK!", "me", 1)]]
    )
    assert there[0]["language"] == "pt"
    assert [row["language"] for row in here] == ["fr", "pt"]


@pytest.mark.parametrize("text", TEXTS["other"])
def test_in_an_unsupported_language_every_other_metric_is_null(text: str) -> None:
    row = measure_texts([text])[0]
    told = {name: value for name, value in row.items() if value is not None}
    assert told == {"message_id": "0000.000", "language": "other"}
    assert {metric.name for metric in metrics_of("message")} < row.keys()


def test_no_text_has_no_language_even_among_others() -> None:
    rows = measure_thread(Said(ANCHORS["en"]), Said(None, "her", 1), Said("😀", "her", 2))
    assert [row["language"] for row in rows] == ["en", None, None]
    assert rows[1]["n_words"] is None
    assert rows[2]["n_words"] is None


def test_only_the_beginning_is_read() -> None:
    english = " the and you your for with that this have are what would"
    german = " der das und ist nicht ich du sie wir mit für auf dem den"
    sample = pl.Series([english * 20 + german * 200])
    assert language.tell(sample).to_list() == ["en"]


def test_the_model_is_asked_once_about_many_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(samples: pl.Series) -> pl.Series:
        asked.append(samples.len())
        return pl.Series(["fr"] * samples.len(), dtype=pl.String)

    monkeypatch.setattr(language, "_decide_open", counting)
    clear = " the contract is not with you and that is what we would have . "
    samples = [" zug bahn strasse berg ", *[clear] * 20_000, None, " see wald wiese tal "]

    told = language.tell(pl.Series(samples))

    assert asked == [2]
    assert told.to_list() == ["fr", *["en"] * 20_000, None, "fr"]
