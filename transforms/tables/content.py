"""Who said what to whom: people, threads, messages, posts and small public acts."""

from __future__ import annotations

from transforms.spec import Column, Table
from transforms.tables.common import IDENTITY, PLATFORM, count

PEOPLE = Table(
    name="people",
    grain="person per platform",
    doc="Everybody who wrote, was written to, or is connected.",
    key=("person_id",),
    columns=(
        Column(name="person_id", kind="text", doc="Stable identifier on one platform."),
        IDENTITY,
        PLATFORM,
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
        PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("dm", "group_dm", "invitation", "sponsored"),
            doc="What sort of thread.",
        ),
        Column(name="title", kind="text", null_when="it has none", doc="Title as exported."),
        count("participants", "People who wrote or were written to, the owner included.", "people"),
        count("messages", "Messages in it.", "count"),
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
        PLATFORM,
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
    grain="like, reaction, follow, endorsement, recommendation or comment",
    doc="Small public acts of and towards the owner.",
    key=("interaction_id",),
    columns=(
        Column(name="interaction_id", kind="text", doc="Stable identifier of the act."),
        Column(
            name="kind",
            kind="text",
            values=("like", "reaction", "follow", "endorsement", "recommendation", "comment"),
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
            doc="Which reaction, skill or company, or the text of a recommendation.",
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
        PLATFORM,
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
