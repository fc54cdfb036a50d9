"""What was measured: metrics, scores, flags, templates and clusters.

Metric columns are not spelled out here: they are the metrics themselves (`transforms/metrics/`).
"""

from __future__ import annotations

from transforms.metrics import metrics_of
from transforms.spec import Column, Table
from transforms.tables.common import IDENTITY, SCOPE, count, interval

ADVICE = ("unfollow", "unsubscribe", "mute", "watch", "none", "thank")
STATES = ("scored", "facts only", "not scored")

MESSAGE_METRICS = Table(
    name="message_metrics",
    grain="message",
    doc="What was measured in each message.",
    key=("message_id",),
    columns=(
        Column(name="message_id", kind="text", doc="The message."),
        *(metric.column for metric in metrics_of("message")),
    ),
)

POST_METRICS = Table(
    name="post_metrics",
    grain="post",
    doc="What was measured in each post; context of a thread does not exist there and is null.",
    key=("post_id",),
    columns=(
        Column(name="post_id", kind="text", doc="The post."),
        *(metric.column for metric in metrics_of("message")),
    ),
)

CONVERSATION_METRICS = Table(
    name="conversation_metrics",
    grain="conversation × person",
    doc="How one person behaved in one thread; only people who wrote in it.",
    key=("conversation_id", "person_id"),
    columns=(
        Column(name="conversation_id", kind="text", doc="The thread."),
        Column(name="person_id", kind="text", doc="The person."),
        *(metric.column for metric in metrics_of("conversation")),
    ),
)

_UNSCORED = "the state is not scored or facts only"

SENDER_METRICS = Table(
    name="sender_metrics",
    grain="identity × scope",
    doc="One row per person who wrote: the score and what it rests on.",
    key=("identity_id", "scope"),
    columns=(
        IDENTITY,
        SCOPE,
        count("messages", "Messages they sent.", "count"),
        count("posts", "Posts of theirs in the exports.", "count"),
        Column(
            name="self_focus_index",
            kind="real",
            unit="index",
            low=0,
            high=100,
            null_when="no block of it can be measured",
            doc="Self-focus blocks over their own measurable caps, without offsets.",
        ),
        *interval("self_focus_index", "the index", 100, "no block of it can be measured"),
        Column(
            name="pitch_index",
            kind="real",
            unit="index",
            low=0,
            high=100,
            null_when="no block of it can be measured",
            doc="Pitch blocks over their own measurable caps, without offsets.",
        ),
        *interval("pitch_index", "the index", 100, "no block of it can be measured"),
        Column(
            name="me_score",
            kind="real",
            unit="score",
            low=0,
            high=100,
            null_when=_UNSCORED,
            doc="Points of all blocks less the offsets for giving and listening.",
        ),
        *interval("me_score", "the score", 100, _UNSCORED),
        Column(
            name="points_measurable",
            kind="real",
            unit="points",
            low=0,
            high=100,
            doc="Sum of the caps of the blocks this export can show.",
        ),
        Column(name="state", kind="text", values=STATES, doc="Whether there is enough to score."),
        Column(
            name="state_reason",
            kind="text",
            null_when="the state is scored",
            doc="What is missing for a score, in words.",
        ),
        Column(
            name="rank",
            kind="integer",
            unit="rank",
            low=1,
            null_when=_UNSCORED,
            doc="Rank by the lower end of the score within the scope; the owner has none.",
        ),
        Column(name="advice", kind="text", values=ADVICE, doc="What one could do about it."),
        Column(name="advice_reason", kind="text", doc="Why this advice is given, in words."),
        *(metric.column for metric in metrics_of("sender")),
    ),
)

BLOCKS = (
    "pitch_timing",
    "same_message",
    "flood",
    "cards",
    "one_way_talk",
    "ricochet",
    "self_topic",
    "gives",
    "listens",
    "floor",
)

SENDER_BLOCKS = Table(
    name="sender_blocks",
    grain="identity × scope × block",
    doc="How the score adds up: the points of a sender's rows sum to the score.",
    key=("identity_id", "scope", "block"),
    columns=(
        IDENTITY,
        SCOPE,
        Column(
            name="block",
            kind="text",
            values=BLOCKS,
            doc="The behaviour; floor holds what the clip to 0..100 took.",
        ),
        Column(
            name="cap",
            kind="real",
            unit="points",
            doc="Weight of the block: its most points when all blocks can be measured, more "
            "when some cannot; negative for an offset.",
        ),
        Column(
            name="fill",
            kind="real",
            unit="share",
            low=0,
            high=1,
            null_when="the block cannot be measured from these exports",
            doc="How much of the cap is filled, from the shrunk rate.",
        ),
        Column(
            name="points",
            kind="real",
            unit="points",
            null_when="the block cannot be measured from these exports",
            doc="Points it adds to the score; negative for offsets.",
        ),
        Column(
            name="k",
            kind="real",
            low=0,
            null_when="the block cannot be measured from these exports",
            doc="Times the behaviour was seen.",
        ),
        Column(
            name="n",
            kind="real",
            low=0,
            null_when="the block cannot be measured from these exports",
            doc="Out of how many opportunities (openings, threads, posts or weeks).",
        ),
        Column(
            name="rate",
            kind="real",
            low=0,
            null_when="the block cannot be measured from these exports",
            doc="Shrunk rate of the behaviour: (k + s·mu) / (n + s).",
        ),
        *interval("rate", "the rate", None, "the block cannot be measured from these exports"),
        Column(
            name="reliability",
            kind="real",
            unit="share",
            low=0,
            high=1,
            null_when="the block cannot be measured from these exports",
            doc="n / (n + s): how much the person's own data weigh against the prior.",
        ),
        Column(
            name="explanation",
            kind="text",
            doc="What was counted out of what, or why it cannot be measured, in words.",
        ),
    ),
)


def _period(name: str, noun: str) -> Table:
    return Table(
        name=f"sender_{name}",
        grain=f"identity × {noun} with a message or post",
        doc=f"Activity of each sender by {noun}, for trends.",
        key=("identity_id", f"{noun}_on"),
        columns=(
            IDENTITY,
            Column(name=f"{noun}_on", kind="date", doc=f"First day of the {noun}, UTC."),
            count("messages", "Messages they sent.", "count"),
            count("posts", "Posts of theirs.", "count"),
            count("words", "Words in both.", "words"),
            count("promotional_messages", "Unprompted pitches and newsletters.", "count"),
            count("threads", "Threads they wrote in.", "count"),
        ),
    )


SENDER_WEEKLY = _period("weekly", "week")
SENDER_MONTHLY = _period("monthly", "month")

FLAGS = Table(
    name="flags",
    grain="identity × behaviour",
    doc="What was seen, in sentences with their numbers.",
    key=("identity_id", "behaviour"),
    columns=(
        IDENTITY,
        Column(name="behaviour", kind="text", doc="Which behaviour the flag states."),
        Column(name="statement", kind="text", doc="The sentence, with its numbers and interval."),
        count("k", "Times it was seen.", "count"),
        count("n", "Out of how many opportunities.", "count"),
        *interval("rate", "k out of n (Wilson)", 1, "it is an event, not a rate"),
        Column(name="innocent_explanation", kind="text", doc="One way it could be harmless."),
        Column(name="message_ids", kind="texts", doc="The messages (or posts) it rests on."),
        Column(name="first_seen_at", kind="timestamp", doc="When it was first seen."),
    ),
)

TEMPLATES = Table(
    name="templates",
    grain="template",
    doc="Texts sent to several people, names and numbers masked.",
    key=("template_id",),
    columns=(
        Column(name="template_id", kind="text", doc="Stable identifier: hash of its leader."),
        Column(name="masked_text", kind="text", doc="The leader's text with its slots masked."),
        Column(
            name="kind",
            kind="text",
            values=("campaign", "courtesy"),
            doc="A courtesy has no ask, pitch or link.",
        ),
        count("senders", "People who sent it.", "people"),
        count("recipients", "People who received it.", "people"),
        count("messages", "Messages made from it.", "count"),
        Column(name="first_used_at", kind="timestamp", doc="First message made from it."),
        Column(name="last_used_at", kind="timestamp", doc="Last message made from it."),
    ),
)

TEMPLATE_MEMBERS = Table(
    name="template_members",
    grain="message in a template",
    doc="Which messages were made from which template.",
    key=("template_id", "message_id"),
    columns=(
        Column(name="template_id", kind="text", doc="The template."),
        Column(name="message_id", kind="text", doc="The message."),
        Column(
            name="similarity",
            kind="real",
            unit="share",
            low=0,
            high=1,
            doc="Jaccard similarity of masked word pairs to the leader.",
        ),
    ),
)

CLUSTERS = Table(
    name="clusters",
    grain="direction × object × industry × location",
    doc="What people seek and offer, where five or more share it.",
    key=("direction", "object", "industry", "location"),
    columns=(
        Column(name="direction", kind="text", values=("seeks", "offers"), doc="Seeks or offers."),
        Column(
            name="object",
            kind="text",
            values=("clients", "talent", "job", "partner", "investor", "advice", "intro"),
            doc="What is sought or offered.",
        ),
        Column(name="industry", kind="text", doc="Industry, or 'all'."),
        Column(name="location", kind="text", doc="Place, or 'all'."),
        Column(
            name="people",
            kind="integer",
            unit="people",
            low=5,
            doc="People in the cell, never under five.",
        ),
    ),
)

METRIC_CATALOGUE = Table(
    name="metric_catalogue",
    grain="metric",
    doc="Every metric: meaning, unit, range, null rule and source.",
    key=("grain", "name"),
    columns=(
        Column(name="name", kind="text", doc="Name of the column."),
        Column(name="label", kind="text", doc="Name for people."),
        Column(name="unit", kind="text", doc="Unit, empty for a pure number or a yes/no."),
        Column(
            name="low",
            kind="real",
            null_when="there is no lower bound",
            doc="Lowest possible value.",
        ),
        Column(
            name="high",
            kind="real",
            null_when="there is no upper bound",
            doc="Highest possible value.",
        ),
        Column(
            name="grain",
            kind="text",
            values=("message", "conversation", "sender"),
            doc="What one value is about.",
        ),
        Column(
            name="null_when",
            kind="text",
            null_when="the metric is never null",
            doc="When it is null.",
        ),
        Column(name="doc", kind="text", doc="What it means."),
        Column(name="source", kind="text", doc="Where the definition comes from."),
    ),
)
