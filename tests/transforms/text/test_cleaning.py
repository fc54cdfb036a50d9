"""What is left of a text before anything is counted (evidence.md §1), and what changes nothing."""

from __future__ import annotations

import pytest

from tests.transforms.measuring import Row, cleaned, measure_texts

BODY = "Are you free to talk about the garden on Tuesday?"

OTHER_PEOPLES_WORDS = {
    "quoted line": ("> I wrote this\nYes, that works.", "Yes, that works."),
    "nested quotes": (">> one\n> two\nYes.", "Yes."),
    "outlook": ("Yes.\n-----Original Message-----\nFrom: Tom\nI me my", "Yes."),
    "reply line": ("Yes.\n\nOn Mon, Mar 3, 2025 at 9:00 Tom Weber wrote:\n> I me my", "Yes."),
    "german reply": ("Ja.\n\nAm 03.03.2025 um 09:00 schrieb Tom Weber:\n> ich", "Ja."),
    "spanish reply": ("Sí.\n\nEl lun, 3 mar 2025, Tom escribió:\n> yo", "Sí."),
    "french reply": ("Oui.\n\nLe lun. 3 mars 2025 à 9:00, Tom a écrit :\n> je", "Oui."),
    "portuguese reply": ("Sim.\n\nEm seg., 3 de mar. de 2025, Tom escreveu:\n> eu", "Sim."),
    "forwarded": ("See below.\nBegin forwarded message:\nI me my", "See below."),
    "mail header": ("See below.\nFrom: Tom\nSent: Monday\nI me my", "See below."),
}


@pytest.mark.parametrize(
    ("text", "left"), OTHER_PEOPLES_WORDS.values(), ids=OTHER_PEOPLES_WORDS.keys()
)
def test_quoted_and_forwarded_text_is_cut_off(text: str, left: str) -> None:
    assert cleaned(text) == [left]


@pytest.mark.parametrize(
    "signature",
    [
        "\n-- \nMaria Silva\nHead of Sales\n+49 30 1234567\nwww.acme.test",
        "\n--\nMaria Silva, my company, our mission",
        "\nSent from my iPhone",
        "\nGesendet von meinem iPhone",
        "\nEnvoyé de mon iPhone",
        "\nBest regards,\nMaria Silva\nAcme GmbH\n+49 30 1234567",
        "\nKind regards\nMaria",
        "\nViele Grüße\nMaria Silva",
        "\nSaludos,\nMaría",
        "\nCordialement,\nMarie Dupont",
        "\nAbraços,\nMaria",
    ],
)
def test_a_signature_is_not_said(signature: str) -> None:
    assert cleaned(BODY + signature) == [BODY]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Thanks,\nbut how much would it cost?", "a question is no signature"),
        ("Fine.\nBest,\nMaria\nP.S. Bring the book", "a postscript is part of the message"),
        ("Fine.\nCheers,\nMaria\nReply STOP to unsubscribe", "an opt-out line is part of it"),
        ("Regards to your mother from all of us", "no line of its own"),
    ],
)
def test_what_only_looks_like_a_signature_stays(text: str, why: str) -> None:
    assert cleaned(text) == [text], why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a?b=c&d=e now", "see <url> now"),
        ("see https://example.org/a.", "see <url> ."),
        ("see www.example.org", "see <url>"),
        ("see example.com for it", "see <url> for it"),
        ("https://lnkd.in/abc and https://t.co/x and bit.ly/3xYz", "<url> and <url> and <url>"),
        ("write to example dot com", "write to <url>"),
        ("https://calendly.com/maria/30min", "<booking>"),
        ("book at cal.com/maria today", "book at <booking> today"),
        ("https://meetings.hubspot.com/maria", "<booking>"),
        ("mail maria.silva+x@acme.co.uk please", "mail <email> please"),
        ("mail maria [at] acme [dot] com please", "mail <email> please"),
        ("call +44 20 7946 0958 today", "call <phone> today"),
        ("call 555-123-4567 today", "call <phone> today"),
        ("call 030 1234567 today", "call <phone> today"),
        ("call (030) 123 4567 today", "call <phone> today"),
        ("only $49 for you", "only <price> for you"),
        ("only 120 € for you", "only <price> for you"),
        ("it is £1,000 or 1.200,50 EUR", "it is <price> or <price>"),
        ("it was $2.5k a month", "it was <price> a month"),
        ("we were 12 in 2021", "we were <number> in <number>"),
        ("thanks @maria_s for it", "thanks <mention> for it"),
    ],
)
def test_what_is_no_word_becomes_a_typed_placeholder(text: str, expected: str) -> None:
    assert cleaned(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Node.js is fine, e.g. here",
        "see you @ five",
        "I like it.Because it is good",
        "3rd place",
        "What does A/B mean?",
    ],
)
def test_ordinary_words_become_no_placeholder(text: str) -> None:
    assert cleaned(text) == [text]


def test_a_hashtag_keeps_its_word() -> None:
    assert cleaned("glad about #gardening today") == ["glad about #gardening today"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nice 😀😀 one", "Nice one"),
        ("Nice 👩🏽‍💻🇩🇪 one", "Nice one"),
        ("1️⃣ first", "<number> first"),
        ("Good :) one", "Good one"),
        ("I <3 gardens", "I gardens"),
        ("😀", None),
        ("I\u2019m here", "I'm here"),
        ("I\u2018m and I\u02bcm and I`m", "I'm and I'm and I'm"),
        ("Cafe\u0301", "Café"),
        ("zero\u200bwidth and\u00a0space", "zerowidth and space"),
        ("soft\u00adhyphen", "softhyphen"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  a   b \n\n\n c ", "a b\nc"),
        ("", None),
        ("   \n ", None),
        (None, None),
    ],
)
def test_characters_are_made_comparable(text: str | None, expected: str | None) -> None:
    assert cleaned(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Hello <b>Maria</b></p>", "Hello Maria"),
        ("one<br/>two", "one\ntwo"),
        ("Tom &amp; Ana aren&#39;t here&nbsp;now", "Tom & Ana aren't here now"),
        ("<style>p {color: red}</style>Hello Maria", "Hello Maria"),
        ("5 < 6 and 7 > 2", "<number> < <number> and <number> > <number>"),
    ],
)
def test_html_is_taken_off_and_entities_are_read(text: str, expected: str) -> None:
    assert cleaned(text) == [expected]


def test_a_text_is_cleaned_the_same_alone_and_among_others() -> None:
    texts = [row[0] for row in OTHER_PEOPLES_WORDS.values()] + [BODY, None, "I\u2019m @maria"]
    assert cleaned(*texts) == [cleaned(text)[0] for text in texts]


# --- metamorphic: what is added changes no count ------------------------------------------------

TEXTS = (
    "I loved reading your article about bees. Would you join our club in May?",
    "We help companies sell more. Book a call with me, it is only $49!",
    "Happy to introduce you to my friend Tom, no strings attached.",
    "Thanks, that is very kind of you. How did the move go?",
)
COUNTS = (
    "language", "n_words", "n_sentences", "first_person_singular", "first_person_plural",
    "corporate_we", "second_person", "self_subject_sentences", "questions", "genuine_questions",
    "contact_count", "is_pitch", "pitch_points", "gives_help", "states_need",
    "generic_compliment", "is_newsletter", "polarity", "subjectivity",
)  # fmt: skip
ADDITIONS = {
    "delimited signature": "{}\n-- \nMaria Silva\nI run my own company\n+49 30 1234567\nacme.com",
    "sign-off": "{}\nBest regards,\nMaria Silva\nCEO, Acme GmbH\nmaria@acme.com",
    "device line": "{}\nSent from my iPhone",
    "quoted reply": "{}\n\nOn Mon, Mar 3, 2025 at 9:00 AM Tom Weber wrote:\n> I sell my course for $9",
    "quoted lines": "> We offer our service, call me: +49 30 1234567\n{}",
    "forwarded": "{}\n---- Forwarded message ----\nI sell my course, buy now: https://acme.com",
    "emoji": "{} 😀🎉👩🏽‍💻",
    "white space": "  {}\n\n\n",
}


def _counts(row: Row) -> Row:
    return {name: row[name] for name in COUNTS}


@pytest.mark.parametrize("addition", ADDITIONS.values(), ids=ADDITIONS.keys())
def test_what_is_not_said_changes_no_count(addition: str) -> None:
    plain = measure_texts(TEXTS)
    dressed = measure_texts(addition.format(text) for text in TEXTS)
    assert [_counts(row) for row in dressed] == [_counts(row) for row in plain]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("https://acme.com/bees", "https://acme.com/bees?utm_source=li&utm_campaign=me-my-mine"),
        ("https://acme.com/bees", "https://lnkd.in/eXy12AbC"),
        ("https://calendly.com/maria", "https://calendly.com/maria/30min?month=2025-03&name=me"),
        ("maria@acme.com", "maria.silva+news@mail.acme.co.uk"),
    ],
)
def test_the_inside_of_an_address_changes_no_count(short: str, long: str) -> None:
    one, other = measure_texts(f"I wrote about bees for you, see {link}" for link in (short, long))
    assert _counts(one) == _counts(other)
    assert one["contact_count"] == 1
