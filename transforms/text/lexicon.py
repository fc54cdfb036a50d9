"""The rules: data files of one language each, read, checked and compiled here.

A rule is a name, a category, patterns, a weight, a cap, and sentences it must and must not fire
on. Patterns are written against the tokenised text (`sentences.tokenised`, lower case): words
with single spaces between them, punctuation as tokens of its own, placeholders as words. They
match whole words; `{name}` stands for a macro of the file. `accents_optional` reads a chat without
accents as well, and `[spellings]` says how else a letter or mark of the patterns is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from transforms.errors import DeclarationError
from transforms.text import learned

LANGUAGES = ("en", "de", "es", "fr", "pt")

# The twelve categories of a pitch (metrics.md). Two distinct ones make one.
PITCH_CATEGORIES = (
    "contact_phone",
    "contact_email",
    "contact_link",
    "scheduling_link",
    "price",
    "discount_or_free_offer",
    "call_to_action",
    "urgency",
    "opt_out_wording",
    "value_claim",
    "own_offer",
    "audience_ask",
)
# Only a user's own words are of these (`own_words.py`): what is a pitch to them, and what never is.
OWN_CATEGORIES = ("pitch", "fine")
# Single words with learned weights (`wording.py`): typical of pitches, and of letters that are none.
FOR_WORDING, AGAINST_WORDING = WORDING = ("pitch_wording", "plain_wording")
OBJECTS = ("clients", "talent", "job", "partner", "investor", "advice", "intro")

CATEGORIES = (
    *PITCH_CATEGORIES,
    "approach",  # how strangers with an offer begin: "came across your profile"
    "chaser",  # coming back on silence: "just bumping this up"
    "requested",  # says itself that it was asked for: "as discussed"
    "private",  # friends and family: "see you at dinner"
    "compliment",
    "help",
    "gives",  # a deed, a door opened, feedback: help that is there and not only offered
    "need",
    "asks_for",  # wants something from the reader that then is no pitch: "what would it cost?"
    "acknowledgement",
    "opt_out_request",
    "signs_up",  # wants the newsletter: "could you add me to your list?"
    "confirms_opt_out",  # heeds one: "sorry, I have taken you off the list"
    "newsletter",
    "merge_failure",
    "corporate_we",
    *(f"seeks_{what}" for what in OBJECTS),
    *(f"offers_{what}" for what in OBJECTS),
    *OWN_CATEGORIES,
    *WORDING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One named rule of one language. `weight` is its points per match, `cap` their maximum.

    What a pattern of `unless` matches is taken out of the text before the rule looks.
    """

    name: str
    language: str
    category: str
    patterns: tuple[str, ...]
    weight: float
    cap: float
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...] = ()
    unless: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        problem = (
            "its category is unknown"
            if self.category not in CATEGORIES
            else "it has no pattern"
            if not self.patterns
            else "it has no example"
            if not self.examples
            else "its cap is below its weight"
            if self.cap < self.weight
            else ""
        )
        if problem:
            raise DeclarationError(
                f"rule {self.language}.{self.name}: {problem}",
                hint=f"see transforms/text/lexicons/{self.language}.toml",
            )

    @property
    def key(self) -> str:
        return f"{self.language}.{self.name}"

    @property
    def pattern(self) -> str:
        """What the tokenised text must contain."""
        return f" (?:{'|'.join(self.patterns)}) "

    def weighing(self, weight: float) -> Rule:
        """The rule with another weight and as many matches that count."""
        counted = self.cap / self.weight if self.weight else 1.0
        return replace(self, weight=weight, cap=weight * counted)

    @property
    def exception(self) -> str | None:
        return f" (?:{'|'.join(self.unless)}) " if self.unless else None


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in macros:
            raise DeclarationError(
                f"pattern {pattern!r} uses an unknown macro {name!r}",
                hint=f"known macros: {', '.join(sorted(macros))}",
            )
        return f"(?:{macros[name]})"

    # A macro may use macros, which use macros; {2,3} is a repetition and stays.
    for _ in range(3):
        pattern = re.sub(r"\{([a-z_]+)\}", value, pattern)
    return pattern


_BARE_LETTERS = {
    accented: f"[{accented}{bare}]"
    for accented, bare in zip("àáâãäèéêëìíîïòóôõöùúûüçñ", "aaaaaeeeeiiiiooooouuuucn", strict=True)
}
_AS_IT_IS = r"\\.|\[[^\]]*\]|<[a-z]+>|\{[0-9,]+\}"


def _spelt(pattern: str, spellings: Mapping[str, str]) -> str:
    """The pattern with each letter that has other spellings put in all of them."""
    letters = "".join(map(re.escape, spellings))
    if not letters:
        return pattern
    return re.sub(
        f"{_AS_IT_IS}|[{letters}]",
        lambda match: spellings.get(match.group(), match.group()),
        pattern,
    )


def parse_lexicon(text: str) -> tuple[Rule, ...]:
    """The rules of one lexicon file."""
    data = tomllib.loads(text)
    macros, spellings = data.get("macros", {}), data.get("spellings", {})
    if data.get("accents_optional", False):
        spellings = _BARE_LETTERS | spellings

    def written(patterns: Iterable[str]) -> tuple[str, ...]:
        return tuple(_spelt(_expand(pattern, macros), spellings) for pattern in patterns)

    return tuple(
        Rule(
            name=rule["name"],
            language=data["language"],
            category=rule["category"],
            patterns=written(rule["patterns"]),
            unless=written(rule.get("unless", ())),
            weight=float(rule.get("weight", 1.0)),
            cap=float(rule.get("cap", rule.get("weight", 1.0))),
            examples=tuple(rule["examples"]),
            counter_examples=tuple(rule.get("counter_examples", ())),
        )
        for rule in data["rule"]
    )


@cache
def rules_of(language: str) -> tuple[Rule, ...]:
    """The rules of a supported language with their fitted weights, where they have any."""
    fitted = learned.weights()
    return tuple(
        rule
        if fitted is None or rule.key not in fitted.rules
        else rule.weighing(fitted.rules[rule.key])
        for rule in _written(language)
    )


def rules_among(
    language: str, own_rules: Iterable[Rule], categories: Collection[str] = CATEGORIES
) -> tuple[Rule, ...]:
    """The built-in rules of a language and the user's own of it, of these categories."""
    own = (rule for rule in own_rules if rule.language == language)
    return tuple(rule for rule in (*rules_of(language), *own) if rule.category in categories)


def hand_weights() -> dict[str, float]:
    """Rule key → its weight in the lexicon, of every language."""
    return {rule.key: rule.weight for language in LANGUAGES for rule in _written(language)}


@cache
def _written(language: str) -> tuple[Rule, ...]:
    """The rules as their files say: the language's own and the language-free ones."""
    folder = resources.files("transforms.text") / "lexicons"
    shared = (folder / "any.toml").read_text(encoding="utf-8")
    own = (folder / f"{language}.toml").read_text(encoding="utf-8")
    rules = parse_lexicon(own) + tuple(
        replace(rule, language=language) for rule in parse_lexicon(shared)
    )
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeclarationError(
            f"lexicon {language!r} declares {', '.join(twice)} twice", hint="rename one of them"
        )
    return rules
