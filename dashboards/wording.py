"""The words for what is measured: kind, factual, about what was done and never about who.

Every label a reader sees for an advice, a block or a rule comes from here or from the metric
declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ADVICE_ORDER = ("unfollow", "unsubscribe", "mute", "watch", "thank", "none")

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "unfollow": "Unfollow",
        "unsubscribe": "Unsubscribe",
        "mute": "Mute",
        "watch": "Watch",
        "thank": "Thank",
        "none": "Nothing to do",
    }
)

ADVICE_MEANING: Mapping[str, str] = MappingProxyType(
    {
        "unfollow": "connected or followed, with a high score and several flags",
        "unsubscribe": "newsletters nobody asked for, or a request to stop that was ignored",
        "mute": "a cold pitch, a mass text, or follow-up after follow-up",
        "watch": "a high score, without a flag that settles it",
        "thank": "gave help or listened, and has no flag",
        "none": "nothing stands out, or too little to say",
    }
)

# Why an advice is another than it was, by cause of advice_changes; the usual one goes unsaid.
CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "new messages": "",
        "method": ", by the method, not by anything they wrote",
        "comparison": ", by comparison with others' new messages",
        "your word": ", by your word or settings",
    }
)

# Advice that asks for something to be done, as an instruction.
TO_DEAL_WITH: Mapping[str, str] = MappingProxyType(
    {"unfollow": "unfollow", "unsubscribe": "unsubscribe", "mute": "mute"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How the first sentence says it of one person of many, of several, of the only one; a label."""

    one: str
    many: str
    of_one: str
    label: str


# By column of overview.sql and member of `seen` in people.sql.
FINDINGS: Mapping[str, Finding] = MappingProxyType(
    {
        "self_focused": Finding(
            "mostly talks about themselves",
            "mostly talk about themselves",
            "mostly talked about themselves",
            "mostly own topics",
        ),
        "pitched_early": Finding(
            "pitched within a day of connecting",
            "pitched within a day of connecting",
            "pitched within a day of connecting",
            "pitched within a day",
        ),
        "flooding": Finding(
            "sent three or more promotions nobody asked for",
            "sent three or more promotions nobody asked for",
            "sent three or more promotions nobody asked for",
            "three promotions or more",
        ),
    }
)

# Where none of these is seen, and there is somebody to deal with.
REASON_TO_ACT = Finding(
    "gave a reason to act", "gave a reason to act", "gave a reason to act", "a reason to act"
)

# Where nobody needs dealing with, and somebody scores high all the same.
REASON_TO_WATCH = Finding(
    "scores high enough to watch",
    "score high enough to watch",
    "scores high enough to watch",
    "a reason to watch",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its short name, its title, why it is not there, what it holds."""

    short: str
    title: str
    absent: str
    holds: str


PARTS: Mapping[str, Section] = MappingProxyType(
    {
        "answer": Section("Answer", "The answer", "", ""),
        "changes": Section("New", "What is new", "", ""),
        "ranking": Section(
            "Ranking",
            "The ranking",
            "Nobody else wrote in these exports.",
            "Everybody who wrote, with what was seen and what one could do about it.",
        ),
        "good": Section(
            "Good company",
            "Good company",
            "No message was recognised as help given or a question taken up. That says more about "
            "what an export holds than about people.",
            "Who listens, who helps, who gave without asking, in their own words.",
        ),
        "room": Section(
            "The room",
            "The room",
            "It takes at least one opening, thread or post of somebody that can be measured.",
            "Everybody by how much they talk of themselves and how much they sell.",
        ),
        "words": Section(
            "Same words",
            "Same words to everyone",
            "No text came more than once.",
            "Texts that reached you twice, with what was filled in for you marked.",
        ),
        "flood": Section(
            "Flood",
            "The flood",
            "No promotional message was recognised.",
            "Promotional messages by week, and what came after “please stop”.",
        ),
        "mirror": Section(
            "Mirror",
            "The mirror",
            "The exports do not say who you are. Name yourself in mememeter.toml; "
            "mememeter doctor says how.",
            "You on the same scale, and whose questions you left unanswered.",
        ),
        "seeking": Section(
            "Seeking",
            "Who is in the room",
            "It takes five people who seek or offer the same.",
            "What people seek and offer, by industry and place.",
        ),
        "method": Section("Method", "How this was measured", "", ""),
    }
)

STATES: Mapping[str, str] = MappingProxyType(
    {
        "scored": "Scored",
        "facts only": "Facts only",
        "not scored": "Not scored",
    }
)

PLATFORMS: Mapping[str, str] = MappingProxyType({"linkedin": "LinkedIn", "x": "X"})

# Short enough for the axis of a waterfall at 360 pixels.
BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "pitch_timing": "Pitching early",
        "same_message": "Same words to many",
        "flood": "Promotions per week",
        "cards": "Contact cards",
        "one_way_talk": "One-way talk",
        "ricochet": "In and out of groups",
        "self_topic": "Own topics",
        "gives": "Giving",
        "listens": "Listening",
        "floor": "Kept within 0–100",
    }
)

BLOCK_ORDER = tuple(BLOCKS)

HANDLING: Mapping[str, str] = MappingProxyType(
    {
        "read": "read",
        "ignored": "left out by a named rule",
        "unknown": "unknown to this version",
        "failed": "could not be read",
    }
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "dm": "Direct messages",
        "group_dm": "Group",
        "invitation": "Invitation",
        "sponsored": "Sponsored message",
        "post": "Post",
        "reply": "Reply",
        "comment": "Comment",
        "repost": "Repost",
        "quote": "Quote",
    }
)

GRAINS: Mapping[str, str] = MappingProxyType(
    {
        "sender": "Per person",
        "conversation": "Per thread and person",
        "message": "Per message and post",
    }
)


def plural(count: float, one: str, many: str | None = None) -> str:
    """The noun that goes with the count: `one` for exactly 1, else `many` (`one` + s)."""
    return one if count == 1 else many or f"{one}s"
