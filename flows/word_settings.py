"""`[words]` and `[thresholds]` of mememeter.toml: what the user calls a pitch, and from when on."""

from __future__ import annotations

from dataclasses import dataclass

from flows.setting import at_least, setting, unknown
from transforms.errors import UsageError

# category → phrases, as pairs: settings are compared and hashed by what they print.
Phrases = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of your own, by language and category; they count like the built-in rules.

    pitch: sells, to you. fine: never a pitch. help: helps you. Or the name of any built-in
    category: call_to_action, own_offer, value_claim, discount_or_free_offer, price, urgency,
    audience_ask, newsletter, compliment, need, opt_out_request, requested, private, … A phrase is
    whole words of three letters or more; a number in it stands for any number.
    """

    en: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (),
        "English: category = [phrases].",
        example={
            "pitch": ("quick sync", "our cohort"),
            "help": ("feel free to reuse",),
            "fine": ("standup",),
        },
    )
    de: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (), "German: category = [phrases].", example={"pitch": ("unverbindlich austauschen",)}
    )
    es: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (), "Spanish: category = [phrases].", example={"pitch": ("sesión estratégica",)}
    )
    fr: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (), "French: category = [phrases].", example={"pitch": ("audit offert",)}
    )
    pt: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (), "Portuguese: category = [phrases].", example={"pitch": ("sessão estratégica",)}
    )
    any: tuple[tuple[str, tuple[str, ...]], ...] = setting(
        (), "In each of these languages: category = [phrases].", example={"pitch": ("AcmeCloud",)}
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on flags are set and advice is given."""

    unfollow_score: int = setting(
        40, "Lower end of the score from which to unfollow.", check=at_least(0)
    )
    unfollow_flags: int = setting(2, "Flagged behaviours that it takes besides.", check=at_least(1))
    watch_score: int = setting(40, "Score from which to watch somebody.", check=at_least(0))
    newsletters: int = setting(
        2, "Newsletters nobody asked for from which to unsubscribe.", check=at_least(1)
    )
    follow_ups: int = setting(
        3, "Follow-ups on silence, but the first, from which to mute.", check=at_least(1)
    )
    kept_pitching: int = setting(
        2, "Pitches nobody asked for from which to mute, wherever in a thread.", check=at_least(1)
    )


def phrases_by_category(value: object, where: str) -> Phrases:
    """The phrases of one language, checked; raises UsageError that says which is wrong, and why."""
    # Polars takes a while to import, and most people have no words of their own.
    from transforms.text.lexicon import CATEGORIES  # noqa: PLC0415
    from transforms.text.own_words import LEAST_LETTERS, problems  # noqa: PLC0415

    if not isinstance(value, dict):
        raise UsageError(
            f"{where} is {value!r}", hint='it has to be like { pitch = ["quick sync"] }'
        )
    found = {}
    for category, phrases in value.items():
        if category not in CATEGORIES:
            raise unknown(where, "category", category, CATEGORIES)
        listed = [phrases] if isinstance(phrases, str) else phrases
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise UsageError(
                f"{where}.{category} is {phrases!r}", hint="it has to be a list of text"
            )
        for phrase, problem in zip(listed, problems(listed), strict=True):
            if problem:
                raise UsageError(
                    f"{where}.{category} has {phrase!r}, and {problem}",
                    hint=f"a phrase has {LEAST_LETTERS} letters or more besides links and numbers, "
                    "or it would be found everywhere",
                )
        found[category] = tuple(listed)
    return tuple(sorted(found.items()))
