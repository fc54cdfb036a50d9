"""A worked example of every metric of a message: texts by hand, values on paper."""

from __future__ import annotations

from datetime import date
from math import exp
from typing import Any

import pytest

from tests.transforms.measuring import Said, measure_thread, measured_at_once
from transforms.metrics import metrics_of
from transforms.text.pitch_model import pitch_model

# metric → text → value. All texts are read as English, each the first message of a stranger.
EXAMPLES: dict[str, dict[str, Any]] = {
    "language": {"We met in the park.": "en"},
    "n_words": {
        "We met in the park.": 5,
        "I'm well-known, it's 10 € at https://example.org 😀": 4,
        "Hello!": 1,
    },
    "n_sentences": {
        "We met in the park.": 1,
        "Hi Owen! Are you there? Yes...\nGood": 4,
        "They sell e.g. bread. It is good": 2,
        "See https://example.org/a.b?c=d for it": 1,
    },
    "first_person_singular": {"I think my dog likes me, I'm glad": 4, "They met in the park": 0},
    "first_person_plural": {"We like our dog, let's keep it with us": 4, "They left the US": 0},
    "second_person": {"You and your dog, are you there?": 3, "They met in the park": 0},
    "corporate_we": {
        "We help companies grow": 1,
        "Our team of experts builds it": 1,
        "We should meet on Sunday": 0,
        "Our son is ill": 0,
    },
    "self_subject_sentences": {
        "I wrote a book. It is long. Well, I'm glad.": 2,
        "Excited to announce a new book! Founded three companies.": 2,
        "They met. The dog I saw was big.": 0,
    },
    "questions": {"Really? How did it go? I see.": 2, "Really?!?": 1, "It is so.": 0},
    "genuine_questions": {
        "How did the move to Ghent go?": 1,
        "Really?": 0,
        "Would you be open to a quick call this week?": 0,
        "Interested?": 0,
    },
    "acknowledgement": {"Thanks, that makes sense.": True, "The dog is big.": False},
    "polarity": {"LOVE this!!!": pytest.approx(0.98, abs=0.005), "They met in the park": None},
    "subjectivity": {"LOVE this!!!": pytest.approx(0.60), "They met in the park": None},
    "contact_phone": {"Ring +49 30 1234567": True, "It was in 2021": False},
    "contact_email": {"Write to maria@example.org": True, "See you @ five": False},
    "contact_link": {"See https://example.org/a": True, "It runs on Node.js": False},
    "scheduling_link": {"Here: calendly.com/maria/30min": True, "https://example.org": False},
    "price": {"It is only $49": True, "It was in 2021": False},
    "discount_or_free_offer": {
        "Get 50% off this week": True,
        "Book your free consultation": True,
        "Feel free to come": False,
    },
    "call_to_action": {"Book a call with me": True, "They call it a day": False},
    "urgency": {"Only 3 spots left!": True, "They live there now": False},
    "opt_out_wording": {"Reply STOP to unsubscribe": True, "The bus will stop here": False},
    "value_claim": {"We help companies get more leads": True, "They met in the park": False},
    "own_offer": {"Check out my new course": True, "Our platform is live": True, "Your dog": False},
    "audience_ask": {
        "Please follow my page": True,
        "Check out my channel": True,
        "Follow the path to the lake": False,
    },
    "is_pitch": {
        "We help companies get more leads. Book a call: calendly.com/maria": True,
        "They met in the park": False,
    },
    "is_prompted": {"We help companies get more leads. Book a call: calendly.com/maria": False},
    "is_unprompted_pitch": {
        "We help companies get more leads. Book a call: calendly.com/maria": True,
        "They met in the park": False,
    },
    "generic_compliment": {
        "I love your profile!": True,
        "Impressed by your work at Acme.": True,
        "Impressed by your 2019 paper on bees.": False,
        "The bus is late": False,
    },
    "gives_help": {
        "Happy to introduce you to a friend who knows bees.": True,
        "Happy to help, book a call for only $49: calendly.com/maria": False,
        "Get your free consultation today": False,
        "Can you help me?": False,
    },
    "states_need": {"I need help with my tax form": True, "The bus is late": False},
    "contact_count": {
        "See https://example.org and write to maria@example.org or +49 30 1234567": 3,
        "https://example.org https://example.com calendly.com/maria": 3,
        "They met in the park": 0,
    },
    "merge_field_failure": {
        "Hi {{first_name}}, they met in the park": True,
        "Hi Owen, they met in the park": False,
    },
    "opt_out_request": {"Please stop writing to me": False},
    "confirms_opt_out": {"Sorry for the bother, I took you off the list": True, "They met": False},
    "asks_for_something": {"Could you send me your price list?": True, "They met": False},
    "is_newsletter": {
        "Issue #12 of our weekly newsletter: all about bees, hives, honey and wax, and what "
        "to do with them in May. View in browser. You are receiving this email because you "
        "signed up. Unsubscribe here: https://example.org/u": True,
        "They met in the park": False,
    },
    "seeks_clients": {"I am looking for new clients": True, "The clients left": False},
    "seeks_talent": {"We are hiring a nurse": True, "The nurse left": False},
    "seeks_job": {"I'm looking for a new job": True, "My sister is looking for a job": False},
    "seeks_partner": {"Looking for a co-founder": True, "My partner is ill": False},
    "seeks_investor": {"We are raising a seed round": True, "The bank is closed": False},
    "seeks_advice": {"I'd love your advice on it": True, "The dog is big": False},
    "seeks_intro": {"Could you introduce me to her?": True, "The book's introduction": False},
    "offers_clients": {"I have a client for you": True, "The clients left": False},
    "offers_talent": {"I know a great designer who is looking": True, "The dog": False},
    "offers_job": {"There is an opening in our team": True, "I need a job": False},
    "offers_partner": {"Happy to collaborate": True, "My partner is ill": False},
    "offers_investor": {"We invest in early startups": True, "The bank is closed": False},
    "offers_advice": {"Happy to mentor you": True, "I need advice": False},
    "offers_intro": {"I can introduce you to Ana": True, "Can you introduce me?": False},
}  # fmt: skip
TABLE = [(metric, text, value) for metric, rows in EXAMPLES.items() for text, value in rows.items()]
# In a thread, below.
IN_A_THREAD = {
    "follow_up_question", "uptake", "pitch_points", "context_points", "pitch_probability",
    "template_id", "spans",
}  # fmt: skip


@pytest.mark.parametrize(("metric", "text", "value"), TABLE)
def test_a_worked_example(metric: str, text: str, value: object) -> None:
    texts = tuple(sorted({text for _, text, _ in TABLE}))
    assert measured_at_once(texts, "en")[text][metric] == value


def test_every_metric_has_its_example_and_every_flag_both_sides() -> None:
    assert EXAMPLES.keys() | IN_A_THREAD == {metric.name for metric in metrics_of("message")}
    # These two need a thread for one of their sides, see below.
    flags = {m.name for m in metrics_of("message") if m.kind == "boolean"} & EXAMPLES.keys()
    for name in flags - {"is_prompted", "opt_out_request"}:
        assert set(EXAMPLES[name].values()) == {True, False}, name


def test_without_text_every_metric_is_null() -> None:
    (row,) = measure_thread(Said(None))
    assert {value for name, value in row.items() if name != "message_id"} == {None}


STORM = "We moved to Ghent in May because of the storm damage to our roof."


def test_follow_up_question_builds_on_what_the_other_said() -> None:
    for text, expected in {
        "How bad was the storm damage in the end?": True,  # shares storm, damage
        "What made you choose it?": True,  # points back
        "Do they have good bread in Norway?": False,  # changes the subject
        "The storm damage was bad here too.": False,  # asks nothing
        "Would you be open to a quick call about roof repair this week?": False,  # sells
    }.items():
        row = measure_thread(Said(STORM, "me"), Said(text, "her", 1))[1]
        assert row["follow_up_question"] is expected, text


def test_follow_up_question_needs_somebody_who_spoke_before() -> None:
    rows = measure_thread(Said("How bad was the storm damage?"), Said("And the roof?", "her", 1))
    assert [row["follow_up_question"] for row in rows] == [False, False]


def test_uptake_is_the_jaccard_similarity_of_content_words() -> None:
    # Content words: {bees, hives, garden} and {bees, garden, honey}: two of four.
    rows = measure_thread(
        Said("The bees and the hives are in the garden", "me"),
        Said("Are the bees in your garden for the honey?", "her", 1),
        Said("The weather is what it is", "me", 2),
    )
    assert [row["uptake"] for row in rows] == [None, pytest.approx(0.5), 0.0]


def test_uptake_reads_the_whole_turn_before() -> None:
    rows = measure_thread(
        Said("The bees are here", "me"),
        Said("The hives are there", "me", 1),
        Said("The bees have hives", "her", 2),
    )
    assert rows[2]["uptake"] == pytest.approx(1.0)


def test_uptake_needs_words_to_take_up() -> None:
    rows = measure_thread(Said(None, "me"), Said("The bees are here", "her", 1))
    assert [row["uptake"] for row in rows] == [None, None]


PITCH = "We help companies get more leads. Book a call: calendly.com/maria"


def test_is_prompted_when_asked_and_when_the_matter_runs() -> None:
    chat = "What a storm that was last night, the roof is gone."
    for before, words, expected in (
        ("What does it cost?", PITCH, True),
        (chat, PITCH, False),
        (chat, "The storm and the roof: we repair both, $400, book a call now", True),
    ):
        row = measure_thread(Said(before, "me"), Said(words, "her", 1))[1]
        assert row["is_prompted"] is expected, before
        assert row["is_unprompted_pitch"] is (row["is_pitch"] and not expected)


def test_one_shared_word_is_no_running_matter_and_neither_are_one_s_own() -> None:
    one = measure_thread(Said("The storm was loud", "me"), Said("A storm of new offers", "her", 1))
    own = measure_thread(Said("The storm and the roof"), Said("The storm and the roof", "her", 99))
    assert one[1]["is_prompted"] is False
    assert own[1]["is_prompted"] is False


def test_opt_out_request_answers_somebody() -> None:
    rows = measure_thread(
        Said("Please stop writing to me"),
        Said(PITCH, "me", 1),
        Said("No thanks, please remove me from your list", "her", 2),
        Said("Ok, have a nice day with your dog", "me", 3),
    )
    assert [row["opt_out_request"] for row in rows] == [False, False, True, False]


def test_a_sponsored_message_is_a_newsletter() -> None:
    (row,) = measure_thread(Said("They met in the park and had a nice day", kind="sponsored"))
    assert row["is_newsletter"] is True


def test_merge_field_failure_by_name_is_told_at_the_opening_only() -> None:
    rows = measure_thread(
        Said("Hi Robert, they met in the park"), Said("Hi Robert, they met in the park", "her", 1)
    )
    assert [row["merge_field_failure"] for row in rows] == [True, False]


def test_merge_field_failure_needs_a_known_name() -> None:
    names = {"me": None, "her": "Maria Silva"}
    (row,) = measure_thread(Said("Hi Robert, they met in the park"), names=names)
    assert row["merge_field_failure"] is False


def test_template_id_is_handed_on() -> None:
    rows = measure_thread(Said(STORM, template_recipients=7), Said(STORM, "her", 1))
    assert [row["template_id"] for row in rows] == ["template-1", None]


# --- points and probability --------------------------------------------------------------------


def test_pitch_points_are_the_words_alone() -> None:
    first, later = (
        measure_thread(Said(PITCH))[0],
        measure_thread(Said(STORM), Said(STORM, "me", 1), Said(PITCH, "her", 2))[2],
    )
    assert first["pitch_points"] == later["pitch_points"] > 0
    assert measure_thread(Said("They are in the barn"))[0]["pitch_points"] == 0


def test_three_contacts_are_one_reason() -> None:
    """A business card is no pitch by itself: all three together weigh no more than their one cap."""
    card = (
        "The number is +49 30 1234567, the address maria@example.org, the page https://example.org"
    )
    row = measured_at_once((card,), "en")[card]
    assert row["contact_phone"]
    assert row["contact_email"]
    assert row["contact_link"]
    assert 0 < row["pitch_points"] <= pitch_model().contact_cap + 0.5


PLAIN = "They met in the park with all the dogs of the town"
REFUSAL = "No thanks, please remove me from your list."
CONTEXT: dict[str, tuple[tuple[Said, ...], dict[str, Any]]] = {
    "first_words": ((Said(PLAIN),), {}),
    "first_words just_connected": ((Said(PLAIN),), {"connected_on": date(2025, 3, 2)}),
    "first_words same_words_to_others": ((Said(PLAIN, template_recipients=5),), {}),
    "first_words card": (
        (Said("The number is +49 30 1234567, the address maria@example.org"),),
        {},
    ),
    "first_words sponsored": ((Said(PLAIN, kind="sponsored"),), {}),
    "": ((Said(PLAIN), Said(PLAIN, "her", 23)), {}),
    "follows_silence": ((Said(PLAIN), Said(PLAIN, "her", 24)), {}),
    "other_began other_wrote_before": ((Said(STORM, "me"), Said(PLAIN, "her", 49)), {}),
    "other_began other_wrote_before answers_request": (
        (Said("Please send me the link to your page.", "me"), Said(PLAIN, "her", 5)),
        {},
    ),
    "other_began other_wrote_before answers_question": (
        (Said("Was the storm as bad in Norway?", "me"), Said(PLAIN, "her", 5)),
        {},
    ),
    "other_began other_wrote_before running_matter": (
        (Said("The dogs of the town are back.", "me"), Said(PLAIN, "her", 5)),
        {},
    ),
    "other_began other_wrote_before group": ((Said(STORM, "him"), Said(PLAIN, "her", 5)), {}),
    "after_own_pitch": ((Said(PITCH), Said(PLAIN, "her", 5)), {}),
    "other_wrote_before keeps_at_it": (
        (Said(PITCH), Said(STORM, "me", 1), Said(PLAIN, "her", 5)),
        {},
    ),
    "other_wrote_before keeps_at_it after_a_no": (
        (Said(PITCH), Said(REFUSAL, "me", 1), Said(PLAIN, "her", 5)),
        {},
    ),
    "other_wrote_before long_thread": (
        (
            *(Said(STORM, ("her", "me")[n % 2], n) for n in range(10)),
            Said(PLAIN, "her", 11),
        ),
        {},
    ),
    "other_began other_wrote_before old_acquaintance": (
        (Said(STORM, "me"), Said(PLAIN, "her", 61 * 24)),
        {},
    ),
    "other_began other_wrote_before within_minutes": (
        (Said(STORM, "me"), Said(PLAIN, "her", 0.5)),
        {},
    ),
}  # fmt: skip
# What is true of the last message of every thread.
ALWAYS = ("direct", "unanswered")


def test_every_context_has_its_case() -> None:
    told = {name for names in CONTEXT for name in names.split()}
    assert pitch_model().context.keys() == told | {*ALWAYS}


@pytest.mark.parametrize("names", CONTEXT)
def test_context_points_follow_what_surrounds_the_message(names: str) -> None:
    thread, more = CONTEXT[names]
    row = measure_thread(*thread, **more)[-1]
    points = pitch_model().context
    expected = sum(points[name] for name in (*names.split(), *ALWAYS))
    assert row["context_points"] == pytest.approx(expected)


def test_what_was_answered_is_not_unanswered() -> None:
    first, last = measure_thread(Said(PLAIN), Said(STORM, "me", 49))
    points = pitch_model().context
    assert first["context_points"] == pytest.approx(points["first_words"] + points["direct"])
    assert last["context_points"] == pytest.approx(
        sum(points[name] for name in ("other_wrote_before", "other_began", *ALWAYS))
    )


def test_pitch_probability_is_the_logistic_of_all_points() -> None:
    rows = measure_thread(Said(PITCH), Said(STORM, "me", 1), Said("The roof is fine", "her", 2))
    for row in rows:
        total = pitch_model().intercept + row["pitch_points"] + row["context_points"]
        assert row["pitch_probability"] == pytest.approx(1 / (1 + exp(-total)))
    assert rows[0]["pitch_probability"] > 0.9
    # Whoever has just pitched is believed less; whoever has not, and answers, is no pitcher.
    assert rows[2]["pitch_probability"] < pitch_model().floor
    talk = (
        Said(STORM),
        Said("And the roof, is it mended?", "me", 1),
        Said("The roof is fine", "her", 2),
    )
    assert all(row["pitch_probability"] < 0.1 for row in measure_thread(*talk))


# --- spans -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "shown"),
    [
        ("It is only $49 for you", "amount_of_money", "$49"),
        ("😀😀 Só: see https://example.org/a?b=c now", "link", "https://example.org/a?b=c"),
        ("Hi! Ring +49 30 1234567.", "phone_number", "+49 30 1234567"),
        ("e\u0301 Write to maria@example.org", "email_address", "maria@example.org"),
        ("Here: calendly.com/maria/30min", "booking_link", "calendly.com/maria/30min"),
        ("Hi {{first_name}}, hello", "template_slot", "{{first_name}}"),
    ],
)
def test_spans_are_characters_of_the_text_as_it_was_sent(text: str, rule: str, shown: str) -> None:
    row = measured_at_once((text,), "en")[text]
    (span,) = [span for span in row["spans"] if span["rule"] == rule]
    assert text[span["start"] : span["stop"]] == shown


def test_spans_name_exactly_what_fired() -> None:
    row = measured_at_once(("The dog is in the big garden",), "en")["The dog is in the big garden"]
    assert row["spans"] == []


def test_spans_are_not_in_what_was_cut_off() -> None:
    text = "> only $49\nIt was $59 for them"
    (span,) = [
        s for s in measured_at_once((text,), "en")[text]["spans"] if s["rule"] == "amount_of_money"
    ]
    assert text[span["start"] : span["stop"]] == "$59"
