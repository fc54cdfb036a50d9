"""The traps of evidence.md §15: what looks like a pronoun or a pitch and is none, or the reverse."""

from __future__ import annotations

import pytest

from tests.transforms.measuring import (
    ANCHORS,
    Row,
    Said,
    measure_texts,
    measure_thread,
    measure_threads,
    measured_at_once,
)

# --- pronouns: text, language, expected (first singular, first plural, second) -------------------

PRONOUNS = {
    "the country in capitals": ("They moved to the US last year", "en", (0, 0, 0)),
    "the country twice": ("The US and the US Army are not the same", "en", (0, 0, 0)),
    "the country with points": ("They moved to the U.S. last year", "en", (0, 0, 0)),
    "us in lower case": ("They told us about it", "en", (0, 1, 0)),
    "US in an all-caps sentence": ("THEY TOLD US ABOUT IT", "en", (0, 1, 0)),
    "country and pronoun": ("They told us about the US", "en", (0, 1, 0)),
    "capitals in the next sentence only": ("HELLO EVERYBODY! They left the US.", "en", (0, 0, 0)),
    "mine the noun": ("They closed the gold mine in the north", "en", (0, 0, 0)),
    "mine the pronoun": ("That bag of yours is like mine", "en", (1, 0, 1)),
    "Roman one, type": ("It is a Type I error", "en", (0, 0, 0)),
    "Roman one, phase": ("The Phase I trial was a success", "en", (0, 0, 0)),
    "Roman one, war": ("It was before World War I, they said", "en", (0, 0, 0)),
    "i.e.": ("The second one, i.e. the red one", "en", (0, 0, 0)),
    "I/O": ("The I/O of that disk is slow", "en", (0, 0, 0)),
    "iOS": ("The app is on iOS and Android", "en", (0, 0, 0)),
    "iPhone, iPad": ("The iPhone is on the iPad box", "en", (0, 0, 0)),
    "i in a list": ("They have to (i) sign and (ii) send it", "en", (0, 0, 0)),
    "curly apostrophe": ("I\u2019m sure that I\u2019ll go", "en", (2, 0, 0)),
    "straight apostrophe": ("I'm sure that I'll go", "en", (2, 0, 0)),
    "no apostrophe": ("Im sure that ive seen it", "en", (2, 0, 0)),
    "contraction counts once": ("I've said that we're there and you're not", "en", (1, 1, 1)),
    "ID and IT": ("The ID is with IT in the office", "en", (0, 0, 0)),
    "ME the illness": ("She has had ME/CFS for a year", "en", (0, 0, 0)),
    "ME the state": ("They live in Portland, ME 04101", "en", (0, 0, 0)),
    "quoted testimonial": (
        'A client wrote "I love what they did for me and my team" about it',
        "en",
        (0, 0, 0),
    ),
    "a hashtag is no pronoun": ("The walk for #me and #we is today", "en", (0, 0, 0)),
    "the device line": ("They are here\nSent from my iPhone", "en", (0, 0, 0)),
    "quoted mail": ("They are here\n> I said that my book is mine", "en", (0, 0, 0)),
    "forwarded mail": ("See this\nBegin forwarded message:\nI me my", "en", (0, 0, 0)),
    "Spanish mi in English text": ("They sang mi casa in the bar", "en", (0, 0, 0)),
    "neighbours all count": ("I I I me me my", "en", (6, 0, 0)),
    "U is you, UK is not": ("The UK is where u are", "en", (0, 0, 1)),
    "German I mean": ("Das ist, ich meine, nicht so schön wie das andere", "de", (1, 0, 0)),
    "German sie and ihr": ("Das hat sie mit ihr und ihrem Bruder gemacht", "de", (0, 0, 0)),
    "German Sie within": ("Das haben Sie mit Ihrem Bruder gemacht", "de", (0, 0, 2)),
    "German Sie at the start": ("Sie sind nicht da. Ihr Bruder auch nicht.", "de", (0, 0, 0)),
    "German du, dir": ("Ich habe dir gesagt, dass du mein Freund bist", "de", (2, 0, 2)),
    "German uns": ("Wir haben uns mit unserem Auto verfahren", "de", (0, 3, 0)),
    "Spanish drops the subject": ("Soy de Madrid y tengo un perro", "es", (2, 0, 0)),
    "Spanish usted": ("¿Cómo está usted? Nos gusta su casa y tu perro", "es", (0, 1, 2)),
    "French elision": ("J'ai dit que tu m'as vu avec ma sœur", "fr", (3, 0, 1)),
    "French vous": ("Nous avons vu votre maison et vous êtes partis", "fr", (0, 1, 2)),
    "Portuguese drops the subject": ("Sou de Lisboa e tenho um cão", "pt", (2, 0, 0)),
    "Portuguese seu is ambiguous": ("O seu carro e você na nossa casa", "pt", (0, 1, 1)),
    "Portuguese a gente": ("A gente gosta muito do bairro", "pt", (0, 1, 0)),
}


@pytest.mark.parametrize(("text", "language", "expected"), PRONOUNS.values(), ids=PRONOUNS.keys())
def test_pronouns(text: str, language: str, expected: tuple[int, int, int]) -> None:
    cases = tuple(case for case, told, _ in PRONOUNS.values() if told == language)
    row = measured_at_once(cases, language)[text]
    assert row["language"] == language
    found = tuple(
        row[name] for name in ("first_person_singular", "first_person_plural", "second_person")
    )
    assert found == expected


# --- pitches: what is none ---------------------------------------------------------------------

HARMLESS = {
    "feel free": "Feel free to call me whenever you like, my door is open.",
    "free on Tuesday": "Are you free on Tuesday for lunch with us?",
    "call it": "I would call it a day, it is late now.",
    "call the plumber": "Could you call the plumber now? The kitchen is wet again.",
    "right now": "I cannot talk right now, I am on the train.",
    "a discount in discussion": "The shop gave her a discount because the box was damaged.",
    "price in discussion": "House prices here are absurd, ours went up by a third.",
    "own company when asked": "I work at a small bakery, we make bread.",
    "job seeker": (
        "Hi, I am looking for a job as a nurse and saw the opening at your clinic. "
        "Could I send you my CV?"
    ),
    "job seeker in distress": (
        "Unfortunately I lost my job and I am desperately looking for work. "
        "Do you know of any openings in your team?"
    ),
    "helpful introduction": "Happy to introduce you to a designer, no strings attached.",
    "a gift of a template": "Here is the spreadsheet I use, take it, it is yours.",
    "thanks for the call": "Thanks for the call yesterday, it was good to talk.",
    "the news": "Did you see the article about the bridge in the paper today?",
    "birthday": "Happy birthday! Have a great day with your family.",
    "names that are words": "Will and Mark and Hope are rich in friends, Grant may come.",
    "an interview for research": "Would you answer five questions for my thesis on bees?",
    "party invitation": "We are having a party on Saturday, bring the kids, call if you are late.",
    "a link to the news": "This made me laugh: https://news.example.com/cat-on-roof",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_first_message_that_is_no_pitch(text: str) -> None:
    row = measured_at_once(tuple(HARMLESS.values()), "en")[text]
    assert row["is_pitch"] is False
    assert row["is_unprompted_pitch"] is False


def test_nor_is_it_one_between_people_who_talk() -> None:
    talk = (Said(ANCHORS["en"]), Said("Yes, what a rainy week it has been.", "me", 1))
    threads = measure_threads([(*talk, Said(text, "her", 2)) for text in HARMLESS.values()])
    assert [
        case for case, rows in zip(HARMLESS, threads, strict=True) if rows[-1]["is_pitch"]
    ] == []


NOT_SAID = {
    "feel free": ("Feel free to come along with the kids", "discount_or_free_offer"),
    "free on Tuesday": ("Are you free on Tuesday afternoon?", "discount_or_free_offer"),
    "free time": ("In my free time I read about birds", "discount_or_free_offer"),
    "call it a day": ("They call it a day at five", "call_to_action"),
    "what they call": ("What do you call this bird?", "call_to_action"),
    "now": ("They live in Ghent now", "urgency"),
    "right now": ("It is raining right now", "urgency"),
    "your services": ("Are your services open on Sunday?", "own_offer"),
    "they help": ("They help their neighbours with the shopping", "value_claim"),
    "follow the path": ("Follow the path to the lake", "audience_ask"),
    "a year is no price": ("In 2021 there were 12 of them", "price"),
    "ticker": ("They talk about $SOL all day", "price"),
    "introduce myself": ("Let me introduce myself: they call me Al", "help"),
    "friend is looking": ("My friend is looking for clients", "seeks_clients"),
    "are you looking": ("Are you looking for a new job?", "seeks_job"),
    "dog walk": ("I am looking for my dog in the park", "seeks_talent"),
    "raising a child": ("Raising a child in the city is hard", "seeks_investor"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "category"), NOT_SAID.values(), ids=NOT_SAID.keys())
def test_a_word_alone_is_no_category(text: str, category: str) -> None:
    metric = {"help": "gives_help"}.get(category, category)
    cases = tuple(case for case, _ in NOT_SAID.values())
    assert measured_at_once(cases, "en")[text][metric] is False


# --- pitches: what is one ----------------------------------------------------------------------

PITCHES = {
    "plain": (
        "Hi Owen, we help agencies get 30 more leads a month. "
        "Book a call here: https://calendly.com/maria/30min"
    ),
    "not selling anything": (
        "I'm not selling anything! We help founders grow their revenue, "
        "do you have 15 minutes for a quick call this week?"
    ),
    "free audit is bait": (
        "We help shops sell more. Grab your free audit today: https://acme.com/audit"
    ),
    "obfuscated domain": (
        "Check out our new coaching program at bestcoach dot com, only $99 this week, book a call!"
    ),
    "shortener": "Our course is 50% off until Friday, sign up now: https://bit.ly/3xYz",
    "emoji phone": "We offer web design services for only $199 📞 +1 555 010 0199, call me today!",
    "recruiter to a stranger": (
        "I'm a recruiter at Acme and you'd be a great fit for our client. "
        "Are you open to a quick call this week?"
    ),
    "German": (
        "Wir helfen Unternehmen, mehr Kunden zu gewinnen. "
        "Haben Sie Zeit für ein kurzes, unverbindliches Gespräch?"
    ),
    "Spanish": (
        "Ayudamos a empresas a conseguir más clientes. "
        "¿Podemos agendar una llamada esta semana? Con 20% de descuento."
    ),
    "French": (
        "Nous aidons les entreprises à trouver plus de clients. "
        "Seriez-vous disponible pour un appel rapide, sans engagement ?"
    ),
    "Portuguese": (
        "Ajudamos empresas a conseguir mais clientes. "
        "Podemos agendar uma chamada rápida, sem compromisso?"
    ),
}


@pytest.mark.parametrize("text", PITCHES.values(), ids=PITCHES.keys())
def test_a_first_message_that_is_a_pitch(text: str) -> None:
    row = measured_at_once(tuple(PITCHES.values()))[text]
    assert row["is_pitch"] is True
    assert row["is_prompted"] is False
    assert row["is_unprompted_pitch"] is True
    assert row["gives_help"] is False


# --- direction: what was asked for is no unprompted pitch ---------------------------------------

PITCH = PITCHES["plain"]
REQUESTS = {
    "link": "Could you send me the link to your calendar?",
    "price": "How much would it cost?",
    "more": "Sounds interesting, please tell me more about it.",
    "yes": "Yes, let's talk, send me your calendar.",
    "number": "What's your phone number?",
}


def last(*thread: Said) -> Row:
    return measure_thread(*thread)[-1]


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_what_was_asked_for_is_no_unprompted_pitch(request_: str) -> None:
    row = last(Said(request_, "me"), Said(PITCH, "her", 2))
    assert row["is_prompted"] is True
    assert row["is_unprompted_pitch"] is False


def test_the_same_words_unasked_are_one() -> None:
    row = last(Said("Nice to meet you, what a storm last night.", "me"), Said(PITCH, "her", 2))
    assert (row["is_prompted"], row["is_unprompted_pitch"]) == (False, True)


def test_a_calendar_sent_after_yes_is_no_pitch() -> None:
    thread = (
        Said("Do you have time to talk about the panel in June?"),
        Said("Yes, sure. Can you send me a time?", "me", 3),
        Said("Here you go: https://calendly.com/maria/30min", "her", 4),
    )
    row = last(*thread)
    assert row["scheduling_link"] is True
    assert (row["is_prompted"], row["is_unprompted_pitch"]) == (True, False)


def test_a_matter_both_wrote_about_is_running() -> None:
    row = last(
        Said("The brochure for the hospital needs a new illustration.", "me"),
        Said(
            "The hospital brochure with the illustration is $400, book a slot: cal.com/m", "her", 9
        ),
    )
    assert (row["is_prompted"], row["is_unprompted_pitch"]) == (True, False)


def test_a_matter_of_long_ago_is_not_running() -> None:
    row = last(
        Said("The brochure for the hospital needs a new illustration.", "me"),
        Said(
            "Any hospital brochure with illustration: $400, book a call: cal.com/m", "her", 24 * 91
        ),
    )
    assert row["is_prompted"] is False


def test_a_request_answered_in_one_breath_covers_what_follows_in_the_same_turn_only_at_once() -> (
    None
):
    rows = measure_thread(
        Said("What's your phone number?", "me"),
        Said("Sure, it is +49 30 1234567.", "her", 1),
        Said("We help agencies get leads. Book a demo for $49 now!", "her", 24 * 9),
    )
    assert [row["is_prompted"] for row in rows] == [False, True, False]


def test_a_job_ad_on_demand_and_a_hiring_post() -> None:
    text = "We are hiring a nurse for our team in Ghent, apply at https://acme.com/jobs"
    row = measure_texts([text])[0]
    assert (row["seeks_talent"], row["offers_job"], row["seeks_job"]) == (True, True, False)


def test_asking_for_money_for_oneself_is_a_pitch_and_for_charity_is_told_by_words_too() -> None:
    """Known limit: the rules do not know what is a charity (metrics.md: no rule that names one)."""
    row = measure_texts(["The bake sale for the school is on Sunday, bring your children."])[0]
    assert row["is_pitch"] is False


MERGED = (
    ("{Hi|Hello} Owen, nice to meet you here", True),
    ("Hi {{first_name}}, nice to meet you here", True),
    ("Hi , nice to meet you here", True),
    ("Dear [Name], nice to meet you here", True),
    ("Hi Robert, nice to meet you here", True),
    ("Hi Owen, nice to meet you here", False),
    ("Hi Owne, nice to meet you here", False),
    ("Hi OWEN, nice to meet you here", False),
    ("Hi there, nice to meet you here", False),
    ("Hi everyone, nice to meet you here", False),
    ("Nice to meet you here, Robert was right", False),
)


@pytest.mark.parametrize(("text", "failed"), MERGED)
def test_mail_merge_gone_wrong(text: str, *, failed: bool) -> None:
    cases = tuple(case for case, _ in MERGED)
    assert measured_at_once(cases, "en")[text]["merge_field_failure"] is failed
