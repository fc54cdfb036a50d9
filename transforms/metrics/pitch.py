"""Pitches: twelve categories of words, what surrounds them, and what both make probable."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT, if_readable
from transforms.spec import Metric
from transforms.text.columns import added
from transforms.text.lexicon import PITCH_CATEGORIES
from transforms.text.pitch_model import pitch_model

_SOURCE = "evidence.md §5, D1"
_MODEL = pitch_model()

_LABELS = {
    "contact_phone": ("Phone number", "Gives a phone number, or a short code to write to."),
    "contact_email": ("E-mail address", "Gives an e-mail address."),
    "contact_link": ("Link", "Has a link, or says where one is."),
    "scheduling_link": ("Scheduling link", "Has a link to the writer's calendar."),
    "price": ("Price", "Names a price or a tariff."),
    "discount_or_free_offer": (
        "Discount or free offer",
        "Offers a discount, something free as a bait, or a prize.",
    ),
    "call_to_action": ("Call to action", "Asks for a call, a click, a purchase or an answer."),
    "urgency": ("Urgency", "Says that time or supply is short."),
    "opt_out_wording": ("Opt-out wording", "Says how to unsubscribe or why one receives it."),
    "value_claim": ("Value claim", "Says what the writer does for clients or what one gains."),
    "own_offer": ("Own offer", "Names the writer's own product, service, role or event."),
    "audience_ask": ("Asks for an audience", "Asks to follow, subscribe, watch, like or share."),
}

CATEGORIES = tuple(
    Metric(
        name=category,
        label=_LABELS[category][0],
        unit="",
        kind="boolean",
        grain="message",
        null_when=NO_TEXT,
        expr=pl.col(f"says_{category}"),
        doc=_LABELS[category][1],
        source=_SOURCE,
    )
    for category in PITCH_CATEGORIES
)

CONTACT_COUNT = Metric(
    name="contact_count",
    label="Contacts given",
    unit="count",
    kind="count",
    low=0,
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("words").str.count_matches(" <(?:url|booking|email|phone)>"),
    doc="Links, e-mail addresses and phone numbers outside of the signature.",
    source="evidence.md §5, D2",
)
_CONTACTS = ("contact_phone", "contact_email", "contact_link")


def _capped(category: str) -> pl.Expr:
    entry = _MODEL.categories[category]
    return pl.col(f"points_{category}").clip(upper_bound=entry.cap) * entry.sign


_SHORT_WORDS = 8
_MAX_DOUBLINGS = 4
DOUBLINGS = (pl.col("n_words").clip(1) / _SHORT_WORDS).log(2).clip(0, _MAX_DOUBLINGS)
_POINTS = (
    added(_capped(category) for category in _CONTACTS).clip(upper_bound=_MODEL.contact_cap)
    + added(_capped(category) for category in _MODEL.categories if category not in _CONTACTS)
    + (pl.col("points_pitch") - pl.col("points_fine"))
    + _MODEL.length_weight * DOUBLINGS
)
PITCH_POINTS = Metric(
    name="pitch_points",
    label="Points for words",
    unit="points",
    grain="message",
    null_when=NO_TEXT,
    expr=_POINTS,
    doc="Capped weights of the words alone, in log-odds of a pitch; negative where they speak against one.",
    source="pitch_model.toml; evidence.md §5, D1",
)

_THREAD = pl.col("turn_id").is_not_null()
_STRANGER = ~pl.col("partner_ever_wrote_before")
_JUST_CONNECTED_HOURS = 96  # three days, and the day of the connection has no hour
_SILENT_HOURS = 24
_LONG_THREAD = 10
_OLD_DAYS = 60
_MINUTES = 0.5  # half an hour: a talk, not a letter
_RUNNING_WORDS = 2
_PITCH_LIKE = 2.0  # two rules of ordinary weight

# Two shared words, and the other had a say in it: what only answers the writer's own bait
# ("What are you working on?") is no matter of theirs.
_RUNNING_MATTER = (pl.col("shared_words") >= _RUNNING_WORDS) & pl.col("has_asked")
_PITCHED_BEFORE = pl.col("own_points_before") >= _PITCH_LIKE
_KINDS_OF_CONTACT = pl.sum_horizontal(
    pl.col(name).cast(pl.Int32) for name in (*_CONTACTS, "scheduling_link")
)
CONTEXT = {
    "first_words": (pl.col("utterance_ordinal") == 1) & _STRANGER,
    "just_connected": (pl.col("hours_since_connecting") <= _JUST_CONNECTED_HOURS) & _STRANGER,
    "follows_silence": (pl.col("utterance_in_turn") > 1)
    & (pl.col("hours_since_own") >= _SILENT_HOURS),
    "same_words_to_others": pl.col("template_recipients") > 1,
    "sponsored": pl.col("is_sponsored"),
    "after_own_pitch": _PITCHED_BEFORE & (pl.col("utterance_in_turn") > 1),
    "after_a_no": pl.col("refused_before"),
    "keeps_at_it": _PITCHED_BEFORE
    & ~pl.col("asked_for")
    & ~pl.col("question_before")
    & (pl.col("utterance_in_turn") == 1),
    "answers_request": pl.col("asked_for"),
    "answers_question": pl.col("question_before"),
    "running_matter": _RUNNING_MATTER,
    "other_wrote_before": pl.col("partner_ever_wrote_before"),
    "long_thread": pl.col("thread_ordinal") > _LONG_THREAD,
    "group": pl.col("participants") > 2,  # noqa: PLR2004
    "card": (pl.col("utterance_ordinal") == 1) & _STRANGER & (_KINDS_OF_CONTACT > 1),
    "direct": _THREAD,
    "other_began": pl.col("other_began"),
    "unanswered": pl.col("unanswered"),
    "old_acquaintance": pl.col("days_in_thread") > _OLD_DAYS,
    "within_minutes": (pl.col("hours_since_partner") <= _MINUTES)
    & (pl.col("utterance_in_turn") == 1),
}

CONTEXT_POINTS = Metric(
    name="context_points",
    label="Points for context",
    unit="points",
    grain="message",
    null_when=f"{NO_TEXT}, or it is a post, which has no thread around it",
    expr=pl.when(pl.col("readable") & _THREAD).then(
        added(
            pl.when(CONTEXT[name]).then(points).otherwise(0.0)
            for name, points in _MODEL.context.items()
        )
    ),
    doc="What surrounds the message (first words, just connected, an answer, a running matter), in log-odds of a pitch.",
    source="pitch_model.toml; metrics.md: context alone reaches AUC .83",
)
PITCH_PROBABILITY = Metric(
    name="pitch_probability",
    label="Probability of a pitch",
    unit="probability",
    low=0,
    high=1,
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        1
        / (
            1
            + (
                -(
                    _MODEL.intercept
                    + pl.col("pitch_points")
                    + pl.col("context_points").fill_null(0.0)
                )
            ).exp()
        )
    ),
    doc="Logistic function of the points for words and context: what stays uncertain is shown, not flagged.",
    source="pitch_model.toml, fitted on all sets together",
)

# Phone, e-mail and link are one reason: together they are a business card, not yet a pitch.
_N_OFFERS = pl.sum_horizontal(
    *(
        pl.col(category).cast(pl.Int32)
        for category in PITCH_CATEGORIES
        if category not in _CONTACTS
    ),
    pl.col("says_pitch").cast(pl.Int32),
)
_N_CATEGORIES = pl.any_horizontal(_CONTACTS).cast(pl.Int32) + _N_OFFERS
# Asking for work is not selling: a plea for a job counts only with an offer of one's own around it.
_ASKS_FOR_JOB = pl.col("seeks_job") & ~(
    pl.col("value_claim")
    | pl.col("price")
    | pl.col("discount_or_free_offer")
    | pl.col("audience_ask")
)
_PUBLIC = pl.col("turn_id").is_null()
# "We are hiring" on a public page is an announcement; in a stranger's inbox it is a pitch.
_PUBLIC_JOB_AD = (
    _PUBLIC
    & pl.col("offers_job")
    & ~(pl.col("price") | pl.col("discount_or_free_offer") | pl.col("audience_ask"))
)

# What `is_pitch` asks for besides the probability. Public: the fit of the thresholds reads them.
TWO_CATEGORIES = _N_CATEGORIES >= 2  # noqa: PLR2004
RULED_OUT = pl.col("says_fine") | _ASKS_FOR_JOB | _PUBLIC_JOB_AD | (_PUBLIC & (_N_OFFERS == 0))
_floor = pl.when(_PUBLIC).then(_MODEL.floor_public).otherwise(_MODEL.floor)
_flag = pl.when(_PUBLIC).then(_MODEL.flag_public).otherwise(_MODEL.flag)

IS_PITCH = Metric(
    name="is_pitch",
    label="Pitch",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        (
            (TWO_CATEGORIES & (pl.col("pitch_probability") >= _floor))
            | (pl.col("pitch_probability") >= _flag)
        )
        & ~RULED_OUT
    ),
    doc="Promotes the writer's own offer: two distinct categories that the context does not speak against, or a high probability. Asking for a job is none; what says a user's own word for fine is none.",
    source="evidence.md §5: two categories, false positives .5 %; labels.md",
)
CALLED_FOR = pl.col("asked_for") | _RUNNING_MATTER
IS_PROMPTED = Metric(
    name="is_prompted",
    label="Asked for, or a running matter",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=if_readable(
        (CALLED_FOR | (pl.col("is_newsletter") & pl.col("signed_up"))).fill_null(value=False)
    ),
    doc="Answers a turn that asked for something, or shares two content words with what the other wrote within 90 days, or is a newsletter the other signed up for in the thread.",
    source="metrics.md, running matter",
)
IS_UNPROMPTED_PITCH = Metric(
    name="is_unprompted_pitch",
    label="Pitch nobody asked for",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    expr=pl.col("is_pitch") & ~pl.col("is_prompted"),
    doc="A pitch that neither answers a request nor takes up a running matter.",
    source="labels.md",
)
