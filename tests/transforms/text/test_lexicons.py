"""The rules of every language, against the sentences they promise to fire on and not to fire on."""

from __future__ import annotations

from collections import Counter
from functools import cache

import polars as pl
import pytest

from tests.transforms.measuring import ANCHORS, measure_texts
from transforms.errors import DeclarationError
from transforms.text import cleaning, hits, sentences
from transforms.text.lexicon import (
    LANGUAGES,
    OBJECTS,
    PITCH_CATEGORIES,
    Rule,
    parse_lexicon,
    rules_of,
)

RULES = {rule.key: rule for language in LANGUAGES for rule in rules_of(language)}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def read(texts: list[str], language: str) -> pl.DataFrame:
    clean = cleaning.clean(pl.Series("text", texts, dtype=pl.String))
    return pl.DataFrame(
        {
            "text_id": pl.int_range(len(texts), dtype=pl.UInt32, eager=True),
            "language": [language] * len(texts),
            "words": sentences.tokenised(clean).str.to_lowercase(),
        }
    )


@cache
def fired(language: str) -> dict[str, frozenset[str]]:
    """Each rule of the language → all sentences of all its rules that it fires on."""
    texts = sorted(
        {text for rule in rules_of(language) for text in (*rule.examples, *rule.counter_examples)}
    )
    found = hits.hits(read(texts, language))
    return {
        rule.name: frozenset(
            texts[number] for number in found.filter(pl.col("rule") == rule.name)["text_id"]
        )
        for rule in rules_of(language)
    }


@every_rule
def test_a_rule_fires_on_its_examples(rule: Rule) -> None:
    assert set(rule.examples) <= fired(rule.language)[rule.name]


@every_rule
def test_a_rule_does_not_fire_on_its_counter_examples(rule: Rule) -> None:
    assert not set(rule.counter_examples) & fired(rule.language)[rule.name]


@every_rule
def test_a_rule_shows_what_it_must_not_fire_on(rule: Rule) -> None:
    assert rule.counter_examples
    assert len(set(rule.examples)) == len(rule.examples)
    assert not set(rule.examples) & set(rule.counter_examples)


@every_rule
def test_no_rule_takes_away(rule: Rule) -> None:
    """What speaks against a pitch is a category with a sign in pitch_model.toml."""
    assert rule.weight >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_rules_of_a_language_look_for_the_same(language: str) -> None:
    """Same category and the same sentences of the whole lexicon: one of the two is superfluous."""
    rules = rules_of(language)
    seen = Counter((rule.category, fired(language)[rule.name]) for rule in rules)
    assert [key for key, times in seen.items() if times > 1] == []
    patterns = Counter((rule.category, p) for rule in rules for p in rule.patterns)
    assert [key for key, times in patterns.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_rules_for_every_kind_of_pitch_praise_help_and_need(
    language: str,
) -> None:
    found = {rule.category for rule in rules_of(language)}
    needed = {"compliment", "help", "gives", "need", "newsletter", "signs_up"}
    assert {*PITCH_CATEGORIES, *needed, "opt_out_request", "confirms_opt_out"} <= found
    assert {f"{way}_{what}" for way in ("seeks", "offers") for what in OBJECTS} <= found


# evidence.md §14, the seeds of each language: a lexicon that does not know them is not done.
SEEDS = {
    "de": {
        "Hast du Zeit für ein kurzes Gespräch?": "call_to_action",
        "Heute mit Rabatt": "discount_or_free_offer",
        "Jetzt kostenlos und unverbindlich testen": "discount_or_free_offer",
        "Nur heute": "urgency",
        "Letzte Chance": "urgency",
        "Wir helfen Unternehmen dabei, zu wachsen": "value_claim",
        "Hier können Sie sich abmelden": "opt_out_wording",
        "Tolles Profil": "compliment",
        "Gerne helfe ich dir": "help",
        "Ich stelle dich ihm gerne vor": "help",
    },
    "es": {
        "¿Podemos agendar una llamada?": "call_to_action",
        "Con un descuento del 20%": "discount_or_free_offer",
        "Solo hoy": "urgency",
        "Plazas limitadas": "urgency",
        "Ayudamos a empresas a crecer": "value_claim",
        "Puedes darte de baja aquí": "opt_out_wording",
        "Gran perfil": "compliment",
        "Encantado de ayudar": "help",
        "Te presento a mi colega": "help",
    },
    "fr": {
        "Seriez-vous disponible pour un appel rapide ?": "call_to_action",
        "Une remise de 20 %": "discount_or_free_offer",
        "Dernière chance": "urgency",
        "Places limitées": "urgency",
        "Nous aidons les entreprises à grandir": "value_claim",
        "Pour vous désabonner, cliquez ici": "opt_out_wording",
        "Beau profil": "compliment",
        "Ravi d'aider": "help",
        "Je peux vous présenter à Anne": "help",
    },
    "pt": {
        "Podemos agendar uma chamada?": "call_to_action",
        "Com desconto de 20%": "discount_or_free_offer",
        "Só hoje": "urgency",
        "Vagas limitadas": "urgency",
        "Ajudamos empresas a crescer": "value_claim",
        "Para cancelar a inscrição, clique aqui": "opt_out_wording",
        "Ótimo perfil": "compliment",
        "Posso ajudar você": "help",
        "Te apresento ao meu colega": "help",
    },
}


@pytest.mark.parametrize("language", SEEDS)
def test_the_seeds_of_the_evidence_are_known(language: str) -> None:
    seeds = list(SEEDS[language])
    found = hits.hits(read(seeds, language))
    said = {
        (seeds[number], category) for number, category in found.select("text_id", "category").rows()
    }
    assert set(SEEDS[language].items()) - said == set()


def test_a_rule_of_one_language_does_not_read_another() -> None:
    german = "Wir helfen Unternehmen"
    found = hits.hits(read([german], "de"))
    assert "value_claim" in found["category"].to_list()
    assert "value_claim" not in hits.hits(read([german], "en"))["category"].to_list()


def test_points_add_up_to_the_cap_of_the_rule() -> None:
    rule = RULES["en.amount_of_money"]
    once, often = read(["It costs $49 each"], "en"), read(["$49 or $59 or $69 or $79 it is"], "en")
    points = [
        hits.hits(texts).filter(pl.col("rule") == rule.name)["points"].item()
        for texts in (once, often)
    ]
    assert points == [rule.weight, rule.cap]


def test_what_an_exception_matches_is_out_of_sight_of_the_rule() -> None:
    (rule,) = parse_lexicon(
        'language = "en"\n[macros]\nfruit = "apples|pears"\n[[rule]]\nname = "fruit"\n'
        'category = "price"\npatterns = ["{fruit}"]\nunless = ["rotten {fruit}"]\n'
        'examples = ["apples"]\ncounter_examples = ["plums"]'
    )
    words = read(["Rotten apples", "Rotten apples and pears", "pears, apples", "plums"], "en")
    # Neighbours share a space: the second of two in a row may be missed, one is enough.
    assert (hits.fires(words["words"], rule) > 0).to_list() == [False, True, True, False]


def test_what_may_be_spelt_otherwise_is_read_in_all_spellings() -> None:
    (rule,) = parse_lexicon(
        'language = "de"\naccents_optional = true\n[spellings]\n"ü" = "[üu]e?"\n"-" = "[- ]?"\n[[rule]]\n'
        'name = "r"\ncategory = "price"\npatterns = ["(?:grün|café) [ü-][^ü]{1,2}", "e-mail"]\nexamples = ["grün"]'
    )
    assert rule.patterns == ("(?:gr[üu]e?n|caf[ée]) [ü-][^ü]{1,2}", "e[- ]?mail")
    words = read(
        ["Grün ü a", "gruen ü a", "GRUN ü a", "cafe ü b", "email", "E mail", "grin ü a"], "de"
    )
    assert (hits.fires(words["words"], rule) > 0).to_list() == [True] * 6 + [False]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('category = "sales"\npatterns = ["a"]\nexamples = ["a"]', "its category is unknown"),
        ('category = "price"\npatterns = []\nexamples = ["a"]', "it has no pattern"),
        ('category = "price"\npatterns = ["a"]\nexamples = []', "it has no example"),
        (
            'category = "price"\npatterns = ["a"]\nexamples = ["a"]\nweight = 2\ncap = 1',
            "its cap is below its weight",
        ),
        ('category = "price"\npatterns = ["{x}"]\nexamples = ["a"]', "unknown macro 'x'"),
    ],
)
def test_a_wrong_rule_is_refused(lines: str, says: str) -> None:
    with pytest.raises(DeclarationError, match=says) as refused:
        parse_lexicon(f'language = "en"\n[[rule]]\nname = "r"\n{lines}')
    assert "Hint: " in str(refused.value)


def test_rules_fire_through_the_whole_measurement_too() -> None:
    """One sentence per language, from the raw text to the metric."""
    for language, text in {
        "en": "We help companies grow",
        "de": "Wir helfen Unternehmen zu wachsen",
        "es": "Ayudamos a empresas a crecer",
        "fr": "Nous aidons les entreprises à grandir",
        "pt": "Ajudamos empresas a crescer",
    }.items():
        said, silent = measure_texts([text, ANCHORS[language]], language=language)
        assert said["language"] == language
        assert said["value_claim"] is True, text
        assert silent["value_claim"] is False, language
