"""What a sender did, beside the score."""

from __future__ import annotations

import polars as pl

from transforms.intervals import wilson
from transforms.reference import REFERENCE
from transforms.spec import Metric

_LEAST = REFERENCE["flags"]
_OBJECTS = ("clients", "talent", "job", "partner", "investor", "advice", "intro")


def _count(
    name: str, label: str, doc: str, source: str = "definition", unit: str = "count"
) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit=unit,
        kind="integer",
        low=0,
        grain="sender",
        expr=pl.col(name),
        doc=doc,
        source=source,
    )


COUNTS = (
    _count("conversations", "Threads", "Threads they wrote in."),
    _count(
        "utterances",
        "Utterances",
        "Utterances and posts whose text was measured.",
        "evidence.md §3 B3",
    ),
    _count(
        "words", "Words", "Words in messages and posts whose language is supported.", unit="words"
    ),
    _count(
        "unmeasured",
        "Not measured",
        "Messages with text and posts in languages that are not supported.",
    ),
    _count(
        "openings", "Openings", "Openings: first utterances in a thread, or after 180 silent days."
    ),
    _count(
        "pitched_openings",
        "Pitched openings",
        "Openings with an unprompted pitch in the first two utterances.",
        "evidence.md §5 D3",
    ),
    _count(
        "unprompted_pitches",
        "Unprompted pitches",
        "Utterances with an unprompted pitch.",
        "evidence.md §5 D1",
    ),
    _count(
        "newsletters",
        "Newsletters",
        "Newsletters; no sign-up is visible in the thread.",
        "evidence.md §6 E2",
    ),
    _count(
        "promotional_utterances",
        "Promotional utterances",
        "Unprompted pitches and newsletters.",
        "evidence.md §6 E2",
    ),
    _count(
        "contacts",
        "Contact details thrown in",
        "Utterances with contact details nobody asked for.",
        "evidence.md §5 D2",
    ),
    _count(
        "unanswered_follow_ups",
        "Unanswered follow-ups",
        "Follow-ups on silence, the first of each silence free.",
        "evidence.md §3 B10",
    ),
    _count(
        "after_opt_out",
        "After being asked to stop",
        "Promotional or chasing utterances after a request to stop.",
        "evidence.md §6 E3",
    ),
    _count(
        "helps", "Help given", "Utterances that give help and pitch nothing.", "evidence.md §8 G1"
    ),
    _count(
        "needs_answered",
        "Needs answered",
        "Needs of others that they answered with help.",
        "evidence.md §8 G3",
    ),
    _count(
        "follow_up_questions",
        "Follow-up questions",
        "Answers that ask further about what was said.",
        "evidence.md §3 B5",
    ),
    _count(
        "questions_received",
        "Questions received",
        "Real questions put to them in threads of two.",
        "evidence.md §3 B9",
    ),
    _count(
        "questions_answered",
        "Questions answered",
        "Of those, how many they answered within two weeks.",
        "evidence.md §3 B9",
    ),
)
_ENDS = wilson(pl.col("questions_answered"), pl.col("questions_received"))
_UNASKED = "nobody asked them anything in a thread of two"
RATES = tuple(
    Metric(
        name=name,
        label=label,
        unit="share",
        low=0,
        high=1,
        grain="sender",
        null_when=null_when,
        expr=expr,
        doc=doc,
        source=source,
    )
    for name, label, expr, null_when, doc, source in (
        (
            "reply_rate",
            "Reply rate",
            pl.when(pl.col("questions_received") > 0).then(
                pl.col("questions_answered") / pl.col("questions_received")
            ),
            _UNASKED,
            "Questions they answered out of questions put to them.",
            "evidence.md §3 B9",
        ),
        (
            "reply_rate_low",
            "Reply rate, lower end",
            _ENDS[0],
            _UNASKED,
            "Lower end of its 90 % interval (Wilson).",
            "Wilson 1927",
        ),
        (
            "reply_rate_high",
            "Reply rate, upper end",
            _ENDS[1],
            _UNASKED,
            "Upper end of its 90 % interval (Wilson).",
            "Wilson 1927",
        ),
        (
            "talk_share",
            "Share of the words, median",
            pl.col("talk_share"),
            "no thread of two is long enough",
            "Median over threads of two of their share of the words.",
            "evidence.md §3 B1",
        ),
        (
            "question_rate",
            "Question rate",
            pl.when(pl.col("measured_turns") > 0).then(
                pl.col("asking_turns") / pl.col("measured_turns")
            ),
            "no text was measured",
            "Turns with a real question out of all turns; shown, never scored: who pitches asks as many.",
            "evidence.md §3 B4 (AUC .51)",
        ),
        (
            "highest_pitch_probability",
            "Highest pitch probability",
            pl.col("highest_pitch_probability"),
            "no text was measured",
            "Probability that their most pitch-like message is a pitch.",
            "metrics.md, message grain",
        ),
    )
)
PRONOUN_RATE = Metric(
    name="pronoun_rate",
    label="I, me, my per 100 words",
    unit="",
    low=0,
    high=100,
    grain="sender",
    null_when=f"under {_LEAST['pronoun_words']} words or {_LEAST['pronoun_conversations']} threads, where it says nothing",
    expr=pl.when(
        (pl.col("words") >= _LEAST["pronoun_words"])
        & (pl.col("conversations") >= _LEAST["pronoun_conversations"])
    ).then(100 * pl.col("first_person_singular") / pl.col("words")),
    doc="First-person-singular pronouns per 100 words; shown, never scored: it tracks distress and status, not self-interest.",
    source="evidence.md §2 A1; Carey et al. 2015",
)
HOURS = tuple(
    Metric(
        name=name,
        label=label,
        unit="hours",
        low=0,
        grain="sender",
        null_when=null_when,
        expr=pl.col(name),
        doc=doc,
        source=source,
    )
    for name, label, null_when, doc, source in (
        (
            "first_pitch_hours",
            "Hours to the first pitch, median",
            "they pitched nothing unprompted",
            "Median over threads of the hours from connecting to the first unprompted pitch.",
            "evidence.md §5 D3",
        ),
        (
            "reply_hours",
            "Hours to reply, median",
            "under half of the questions put to them were answered",
            "Median over threads of the hours by which half of the questions are answered.",
            "evidence.md §3 B9",
        ),
    )
)
COMPLIMENT_THEN_PITCH = Metric(
    name="compliment_then_pitch",
    label="Compliment, then pitch",
    unit="",
    kind="boolean",
    grain="sender",
    expr=pl.col("compliment_then_pitch").fill_null(value=False),
    doc="In some thread a generic compliment came just before an unprompted pitch.",
    source="evidence.md §5 D4",
)
LABELS = tuple(
    Metric(
        name=name,
        label=label,
        unit="",
        kind="text",
        values=values,
        grain="sender",
        null_when=null_when,
        expr=pl.col(name),
        doc=doc,
        source=source,
    )
    for name, label, values, null_when, doc, source in (
        (
            "language",
            "Language",
            (),
            "nothing they wrote has a language that can be told",
            "Language most of their measured words are in.",
            "evidence.md §14",
        ),
        (
            "seeks",
            "Looks for",
            _OBJECTS,
            "they say of nothing that they look for it",
            "What they most often say they look for, over both platforms.",
            "evidence.md §9",
        ),
        (
            "offers",
            "Offers",
            _OBJECTS,
            "they say of nothing that they offer it",
            "What they most often say they offer, over both platforms.",
            "evidence.md §9",
        ),
    )
)
