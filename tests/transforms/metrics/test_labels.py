"""The four labels beside the pitch: praise that fits anybody, help, text for many, real questions."""

from __future__ import annotations

import pytest

from tests.transforms.measuring import Said, measure_texts, measure_thread, measured_at_once

PRAISE = {
    "en": {
        "Hi Priya, I came across your impressive background and think you could be a great fit "
        "for a Data Engineer role in Tulsa, $80/hr.": True,
        "I was reading your blog and really enjoyed it!": True,
        "You are one of the top 10 minds in our field.": True,
        "Your feed is simply gold, we love what you do.": True,
        "You have such a beautiful soul, my dear.": True,
        "I loved your talk about bees, especially the part where the queen got lost.": False,
        "Your answer on thread 4711 saved my evening, the index was missing.": False,
        "Have a lovely day and give my love to your mother.": False,
        "We would love your feedback on the roof.": False,
        "Nice to meet you, it was a great day for all of us.": False,
    },
    "de": {
        "Ihr Werdegang ist wirklich beeindruckend.": True,
        "Hut ab, was Sie da aufgebaut haben.": True,
        "Ihr Vortrag über die Bienen hat mir besonders wegen der 14 Beispiele gefallen.": False,
    },
    "es": {
        "Me encanta lo que haces, eres una inspiración.": True,
        "Te he visto en la feria.": False,
    },
    "fr": {"J'adore ce que vous faites.": True, "Je vous ai vu dans la ville.": False},
    "pt": {"Adoro o que você faz, é uma inspiração.": True, "Já te vi na feira da vila.": False},
}
QUESTIONS = {
    "Where did you put the keys of the shed?": True,
    "what are my chances and what do you charge": True,
    "I was never sick. What are my chances and what do you charge": True,
    "Is it 310 or 130 jars that you need?": True,
    "Could the door be on the other side?": True,
    "Tues or Weds?": False,
    "Would Tuesday at 10 or Wednesday morning be good?": False,
    "May I send you the form?": False,
    "Shall I hold the two seats for you?": False,
    "Did you get a chance to look at it?": False,
    "Are you still there, my friend?": False,
    "What a day that was, and how lovely the garden is.": False,
    "When the rain stops we can go on with the roof.": False,
}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [(language, text, value) for language, rows in PRAISE.items() for text, value in rows.items()],
)
def test_praise_that_fits_anybody(language: str, text: str, *, value: bool) -> None:
    row = measured_at_once(tuple(PRAISE[language]), language)[text]
    assert row["language"] == language
    assert row["generic_compliment"] is value


@pytest.mark.parametrize(("text", "value"), QUESTIONS.items())
def test_a_question_that_wants_to_know(text: str, *, value: bool) -> None:
    assert (measured_at_once(tuple(QUESTIONS), "en")[text]["genuine_questions"] > 0) is value


def test_who_has_sold_asks_to_sell() -> None:
    pitch = "We help companies like yours get more leads. Book a free demo of our platform."
    asks = "How many people work in your office these days?"
    sold = measure_thread(Said(pitch), Said("We are on holiday.", "me", 2), Said(asks, "her", 9))
    talked = measure_thread(
        Said("The roof leaks."), Said("Here too.", "me", 2), Said(asks, "her", 9)
    )
    assert sold[2]["genuine_questions"] == 0
    assert talked[2]["genuine_questions"] == 1
    asked = measure_thread(
        Said(pitch), Said("Who would that be for?", "me", 2), Said(asks, "her", 9)
    )
    assert asked[2]["genuine_questions"] == 1


def test_link_after_link_into_silence_is_a_series() -> None:
    def morning(day: int) -> Said:
        words = ("fog", "frost", "hail", "rain", "snow")[day]
        return Said(
            f"The {words} over the hills at six: https://example.org/{words}", "her", 24.0 * day
        )

    rows = measure_thread(*(morning(day) for day in range(4)))
    assert [row["is_newsletter"] for row in rows] == [False, False, True, True]
    answered = measure_thread(
        morning(0), Said("Lovely!", "me", 2), morning(1), morning(2), morning(3)
    )
    assert [row["is_newsletter"] for row in answered] == [False, False, False, False, True]
    at_once = measure_thread(*(morning(day)._replace(hours=day / 10) for day in range(4)))
    assert not any(row["is_newsletter"] for row in at_once)
    in_a_group = measure_thread(
        Said("Good morning.", "him", -9), *(morning(day) for day in range(4))
    )
    assert not any(row["is_newsletter"] for row in in_a_group)


def test_a_newsletter_that_was_signed_up_for_is_wanted_until_it_is_not() -> None:
    letter = Said(
        "Rails & Rivers, issue 12: two clocks. Read it here: https://example.org/12", "her", 400
    )
    chat = Said("What a storm that was last night.", "me", 1)
    wants = Said("Could you add me to your monthly letter?", "me", 1)
    stops = Said("Please take me off your list.", "me", 300)
    for before, wanted in (
        ([chat], False),
        ([wants], True),
        ([wants, letter._replace(hours=200), stops], False),
    ):
        row = measure_thread(Said("Thanks for the note.", "her"), *before, letter)[-1]
        assert row["is_newsletter"] is True
        assert row["is_prompted"] is wanted, before


def test_words_for_many_are_out_of_place_to_one() -> None:
    text = "Dear customers and friends, the new dates of the market are here: https://example.org/dates"
    alone = measure_thread(Said(text))
    group = measure_thread(Said("Good morning.", "him", -9), Said(text))
    assert alone[0]["is_newsletter"] is True
    assert group[1]["is_newsletter"] is False


def test_help_is_there_and_sells_nothing() -> None:
    texts = {
        "You can have mine, if you like, I have no use for it.": True,
        "In Ghent it is Wouter, I asked him and he expects your mail.": True,
        "Example two is your best example, four is weak because you are the hero of it.": True,
        "No charge for the first month of our platform, book a demo: https://example.org/demo": False,
        "The charge was ten and they paid it.": False,
    }
    rows = measure_texts(texts, language="en")
    assert [row["gives_help"] for row in rows] == list(texts.values())
