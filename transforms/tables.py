"""The published tables: grain, key and described columns, in the order they are built.

What users and their SQL rely on (`contract.md`). Metric tables are not spelled out here:
their columns are the metrics themselves (`transforms/metrics/`).
"""

from __future__ import annotations

from transforms.metrics import metrics_of
from transforms.spec import Column, Table

_PLATFORM = Column(name="platform", kind="text", values=("linkedin", "x"), doc="Where it happened.")
_SCOPE = Column(
    name="scope",
    kind="text",
    values=("all", "linkedin", "x"),
    doc="Which platforms the row is about; all joins them.",
)
_IDENTITY = Column(
    name="identity_id", kind="text", doc="A person joined over platforms; see people.identity_id."
)
ADVICE = ("unfollow", "unsubscribe", "mute", "watch", "none", "thank")
STATES = ("scored", "facts only", "not scored")


def _count(name: str, doc: str, unit: str = "rows", null_when: str | None = None) -> Column:
    return Column(name=name, kind="integer", unit=unit, low=0, doc=doc, null_when=null_when)


def _interval(
    name: str, what: str, high: float | None, null_when: str | None
) -> tuple[Column, Column]:
    return tuple(  # type: ignore[return-value]
        Column(
            name=f"{name}_{end}",
            kind="real",
            low=0,
            high=high,
            null_when=null_when,
            doc=f"{'Lower' if end == 'low' else 'Upper'} end of the 90 % interval of {what}.",
        )
        for end in ("low", "high")
    )


RUNS = Table(
    name="runs",
    grain="run that published",
    doc="When the database was built and by what.",
    key=("run_id",),
    columns=(
        Column(name="run_id", kind="text", doc="Identifier of the run."),
        Column(name="started_at", kind="timestamp", doc="When the run began."),
        Column(
            name="finished_at",
            kind="timestamp",
            null_when="the run did not finish",
            doc="When its result was ready to be published.",
        ),
        Column(
            name="status",
            kind="text",
            values=("published", "failed", "interrupted"),
            doc="How the run ended.",
        ),
        _count("messages_new", "Messages this run added."),
        _count("posts_new", "Posts this run added."),
        Column(name="metrics_version", kind="text", doc="Version of the metric declarations used."),
        Column(
            name="message",
            kind="text",
            null_when="the run went well",
            doc="What went wrong, in words.",
        ),
    ),
)

EXPORTS = Table(
    name="exports",
    grain="export file or folder",
    doc="Everything that was ever ingested.",
    key=("export_id",),
    columns=(
        Column(name="export_id", kind="text", doc="Identifier: from the content's SHA-256."),
        Column(name="file_name", kind="text", doc="Name of the file or folder, without its path."),
        Column(name="sha256", kind="text", doc="SHA-256 of the content."),
        Column(name="source", kind="text", doc="Which reader read it."),
        Column(name="platform", kind="text", values=("linkedin", "x"), doc="Whose export it is."),
        Column(name="first_seen_at", kind="timestamp", doc="When it was ingested."),
        Column(
            name="as_of",
            kind="timestamp",
            null_when="nothing in it carries a time",
            doc="Newest event in it: how old the export is.",
        ),
        _count("rows_read", "Rows read in all members."),
        _count("rows_stored", "Rows that added a record."),
        _count("rows_duplicate", "Rows that were already known from this or another export."),
        _count("rows_rejected", "Rows refused; see rejects."),
        _count("rows_ignored", "Rows left out by a named rule; see export_members.ignored_why."),
        Column(
            name="owner_id",
            kind="text",
            null_when="the owner could not be told",
            doc="person_id of whose export this is.",
        ),
    ),
)

EXPORT_MEMBERS = Table(
    name="export_members",
    grain="file in an export",
    doc="What became of every file in every export.",
    key=("export_id", "member"),
    columns=(
        Column(name="export_id", kind="text", doc="The export it lies in."),
        Column(name="member", kind="text", doc="Path inside the export."),
        Column(
            name="handling",
            kind="text",
            values=("read", "ignored", "unknown", "failed"),
            doc="Read, ignored by a named rule, unknown to this version, or not readable.",
        ),
        Column(
            name="reason",
            kind="text",
            null_when="it was read to its end",
            doc="Why it was ignored, or what is wrong with it.",
        ),
        _count("rows_read", "Rows read."),
        _count(
            "rows_declared",
            "Rows the export's own manifest declares.",
            null_when="the export has no manifest or it does not list this file",
        ),
        _count("rows_stored", "Rows that added a record."),
        _count("rows_duplicate", "Rows that were already known."),
        _count("rows_rejected", "Rows refused; see rejects."),
        _count("rows_ignored", "Rows left out by a named rule."),
        Column(
            name="ignored_why",
            kind="text",
            null_when="no row was ignored",
            doc="Each rule with the number of rows it left out.",
        ),
        Column(
            name="repairs",
            kind="text",
            null_when="nothing was repaired",
            doc="Each repair of damaged text or dates with the number of rows.",
        ),
        Column(
            name="unknown_fields",
            kind="text",
            null_when="every field is known",
            doc="Fields in the file that this version does not know.",
        ),
    ),
)

REJECTS = Table(
    name="rejects",
    grain="refused row",
    doc="Every row that could not be read, and why.",
    key=("export_id", "member", "row_number"),
    columns=(
        Column(name="export_id", kind="text", doc="The export it lies in."),
        Column(name="member", kind="text", doc="The file it lies in."),
        Column(name="row_number", kind="integer", low=1, doc="Row within the file, from 1."),
        Column(name="reason", kind="text", doc="Why the row was refused."),
        Column(name="excerpt", kind="text", doc="How the row begins, at most 200 characters."),
    ),
)

PEOPLE = Table(
    name="people",
    grain="person per platform",
    doc="Everybody who wrote, was written to, or is connected.",
    key=("person_id",),
    columns=(
        Column(name="person_id", kind="text", doc="Stable identifier on one platform."),
        _IDENTITY,
        _PLATFORM,
        Column(
            name="display_name",
            kind="text",
            null_when="no export names them",
            doc="The newest name seen.",
        ),
        Column(
            name="handle",
            kind="text",
            null_when="none is known",
            doc="Their handle or profile slug.",
        ),
        Column(
            name="profile_url",
            kind="text",
            null_when="none is known",
            doc="Address of their profile.",
        ),
        Column(name="is_owner", kind="boolean", doc="True for the person whose exports these are."),
        Column(name="headline", kind="text", null_when="no export says", doc="Headline or bio."),
        Column(name="company", kind="text", null_when="no export says", doc="Company they name."),
        Column(name="position", kind="text", null_when="no export says", doc="Position they name."),
        Column(name="industry", kind="text", null_when="no export says", doc="Industry they name."),
        Column(name="location", kind="text", null_when="no export says", doc="Place they name."),
        Column(
            name="connected_on",
            kind="date",
            null_when="they are not connected, or undated",
            doc="Day they connected with the owner.",
        ),
        Column(
            name="invited_by",
            kind="text",
            values=("owner", "them"),
            null_when="no invitation is in the exports",
            doc="Who asked for the connection.",
        ),
        Column(
            name="first_seen_at",
            kind="timestamp",
            null_when="nothing dated involves them",
            doc="First dated event that involves them.",
        ),
        Column(
            name="last_seen_at",
            kind="timestamp",
            null_when="nothing dated involves them",
            doc="Last dated event that involves them.",
        ),
    ),
)

PERSON_ALIASES = Table(
    name="person_aliases",
    grain="id, URL or name a person had",
    doc="Every name, handle and profile address a person was seen under.",
    key=("person_id", "kind", "alias"),
    columns=(
        Column(name="person_id", kind="text", doc="The person."),
        Column(name="alias", kind="text", doc="The id, URL, handle or name."),
        Column(
            name="kind",
            kind="text",
            values=("key", "name", "handle", "url"),
            doc="What sort of alias it is.",
        ),
        Column(
            name="first_seen_at",
            kind="timestamp",
            null_when="the exports do not date it",
            doc="First dated event under this alias.",
        ),
    ),
)

CONNECTIONS = Table(
    name="connections",
    grain="person × tie",
    doc="Who is connected to the owner, follows them or is followed.",
    key=("person_id", "direction"),
    columns=(
        Column(name="person_id", kind="text", doc="The other person."),
        Column(
            name="direction",
            kind="text",
            values=("connected", "follower", "following", "invitation_in", "invitation_out"),
            doc="What ties them; invitation_in means they invited the owner.",
        ),
        Column(
            name="connected_on",
            kind="date",
            null_when="the export gives no date",
            doc="Day of the connection, follow or invitation.",
        ),
        Column(
            name="invited_by",
            kind="text",
            values=("owner", "them"),
            null_when="no invitation is in the exports",
            doc="Who asked for the connection.",
        ),
    ),
)

CONVERSATIONS = Table(
    name="conversations",
    grain="thread",
    doc="Direct and group threads, invitations and sponsored messages.",
    key=("conversation_id",),
    columns=(
        Column(name="conversation_id", kind="text", doc="Stable identifier of the thread."),
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("dm", "group_dm", "invitation", "sponsored"),
            doc="What sort of thread.",
        ),
        Column(name="title", kind="text", null_when="it has none", doc="Title as exported."),
        _count(
            "participants", "People who wrote or were written to, the owner included.", "people"
        ),
        _count("messages", "Messages in it.", "count"),
        Column(name="started_at", kind="timestamp", doc="When its first known message was sent."),
        Column(
            name="last_message_at", kind="timestamp", doc="When its last known message was sent."
        ),
    ),
)

MESSAGES = Table(
    name="messages",
    grain="message",
    doc="Every message, once, however many exports hold it.",
    key=("message_id",),
    columns=(
        Column(
            name="message_id",
            kind="text",
            doc="Stable identifier: thread, second, text and occurrence.",
        ),
        Column(name="conversation_id", kind="text", doc="The thread it is in."),
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("dm", "group_dm", "invitation", "sponsored"),
            doc="What sort of message.",
        ),
        Column(
            name="sender_id",
            kind="text",
            null_when="no export says who sent it",
            doc="person_id of the sender.",
        ),
        Column(name="sent_at", kind="timestamp", doc="When it was sent."),
        Column(name="subject", kind="text", null_when="there is none", doc="Subject line."),
        Column(
            name="text",
            kind="text",
            null_when="it has no text, only an attachment",
            doc="The message as exported, decoded and otherwise unaltered.",
        ),
        Column(
            name="is_from_owner",
            kind="boolean",
            null_when="no export says who sent it",
            doc="True when the owner sent it.",
        ),
        Column(
            name="has_attachment",
            kind="boolean",
            null_when="no export of it says",
            doc="Whether a file, picture or link card came with it.",
        ),
        Column(name="export_id", kind="text", doc="The export whose copy was kept."),
    ),
)

MESSAGE_RECIPIENTS = Table(
    name="message_recipients",
    grain="message × recipient",
    doc="Who a message was sent to.",
    key=("message_id", "person_id"),
    columns=(
        Column(name="message_id", kind="text", doc="The message."),
        Column(name="person_id", kind="text", doc="Who received it."),
    ),
)

INTERACTIONS = Table(
    name="interactions",
    grain="like, reaction, endorsement, recommendation or comment",
    doc="Small public acts of and towards the owner.",
    key=("interaction_id",),
    columns=(
        Column(name="interaction_id", kind="text", doc="Stable identifier of the act."),
        Column(
            name="kind",
            kind="text",
            values=("like", "reaction", "endorsement", "recommendation", "comment"),
            doc="What was done.",
        ),
        Column(
            name="actor_id",
            kind="text",
            null_when="the export does not identify them",
            doc="person_id of who did it.",
        ),
        Column(
            name="target_url",
            kind="text",
            null_when="the export gives none",
            doc="What it was done to.",
        ),
        Column(
            name="detail",
            kind="text",
            null_when="there is none",
            doc="Which reaction, which skill, or the text of a recommendation.",
        ),
        Column(
            name="occurred_at",
            kind="timestamp",
            null_when="the export gives no time",
            doc="When it was done.",
        ),
    ),
)

POSTS = Table(
    name="posts",
    grain="post",
    doc="Public posts, replies, comments, reposts and quotes, once each.",
    key=("post_id",),
    columns=(
        Column(name="post_id", kind="text", doc="Stable identifier of the post."),
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("post", "reply", "comment", "repost", "quote"),
            doc="What sort of post; the text of a repost is somebody else's.",
        ),
        Column(
            name="author_id",
            kind="text",
            null_when="no export says who wrote it",
            doc="person_id of the author.",
        ),
        Column(name="posted_at", kind="timestamp", doc="When it was posted."),
        Column(
            name="text", kind="text", null_when="there is only media", doc="The text as exported."
        ),
        Column(name="url", kind="text", null_when="the export gives none", doc="Its address."),
        Column(
            name="reply_to_post_id",
            kind="text",
            null_when="it answers nothing known",
            doc="post_id of the post it answers; that post need not be in the exports.",
        ),
        Column(
            name="reply_to_person_id",
            kind="text",
            null_when="it answers nobody known",
            doc="person_id of whom it answers.",
        ),
        Column(name="export_id", kind="text", doc="The export whose copy was kept."),
    ),
)

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
        _IDENTITY,
        _SCOPE,
        _count("messages", "Messages they sent.", "count"),
        _count("posts", "Posts of theirs in the exports.", "count"),
        Column(
            name="self_focus_index",
            kind="real",
            unit="index",
            low=0,
            high=100,
            null_when="no block of it can be measured",
            doc="Self-focus blocks over their own measurable caps, without offsets.",
        ),
        Column(
            name="pitch_index",
            kind="real",
            unit="index",
            low=0,
            high=100,
            null_when="no block of it can be measured",
            doc="Pitch blocks over their own measurable caps, without offsets.",
        ),
        Column(
            name="me_score",
            kind="real",
            unit="score",
            low=0,
            high=100,
            null_when=_UNSCORED,
            doc="Points of all blocks less the offsets for giving and listening.",
        ),
        *_interval("me_score", "the score", 100, _UNSCORED),
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
        _IDENTITY,
        _SCOPE,
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
            doc="Most points the block can give (negative for an offset).",
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
        *_interval("rate", "the rate", None, "the block cannot be measured from these exports"),
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
            _IDENTITY,
            Column(name=f"{noun}_on", kind="date", doc=f"First day of the {noun}, UTC."),
            _count("messages", "Messages they sent.", "count"),
            _count("posts", "Posts of theirs.", "count"),
            _count("words", "Words in both.", "words"),
            _count("promotional_messages", "Unprompted pitches and newsletters.", "count"),
            _count("threads", "Threads they wrote in.", "count"),
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
        _IDENTITY,
        Column(name="behaviour", kind="text", doc="Which behaviour the flag states."),
        Column(name="statement", kind="text", doc="The sentence, with its numbers and interval."),
        _count("k", "Times it was seen.", "count"),
        _count("n", "Out of how many opportunities.", "count"),
        *_interval("rate", "k out of n (Wilson)", 1, "it is an event, not a rate"),
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
        _count("senders", "People who sent it.", "people"),
        _count("recipients", "People who received it.", "people"),
        _count("messages", "Messages made from it.", "count"),
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

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RUNS,
        EXPORTS,
        EXPORT_MEMBERS,
        REJECTS,
        PEOPLE,
        PERSON_ALIASES,
        CONNECTIONS,
        CONVERSATIONS,
        MESSAGES,
        MESSAGE_RECIPIENTS,
        INTERACTIONS,
        POSTS,
        MESSAGE_METRICS,
        POST_METRICS,
        CONVERSATION_METRICS,
        SENDER_METRICS,
        SENDER_BLOCKS,
        SENDER_WEEKLY,
        SENDER_MONTHLY,
        FLAGS,
        TEMPLATES,
        TEMPLATE_MEMBERS,
        CLUSTERS,
        METRIC_CATALOGUE,
    )
}
