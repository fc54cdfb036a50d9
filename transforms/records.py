"""The record tables: what a reader hands over, and what the store keeps.

One shape for every export format. A record is as read, with types and canonical keys but
without judgement: who is the same person, which of two copies wins, and what is a duplicate
is decided later, in `people.py` and `merge.py`, over all exports at once.

Keys. A person key is `linkedin:in/<slug>` (slug percent-decoded, lower case, no slash) or
`x:<numeric id>`; it is null when the export names nobody ("LinkedIn Member"). Actions of the
export's owner leave the key null and set `by_owner`, when the file itself does not say who
the owner is. `member` and `row_number` say where a record came from; the reader of the file
adds `export_id` and `member`.
"""

from __future__ import annotations

from transforms.spec import Column, Table

_PROVENANCE = (
    Column(name="export_id", kind="text", doc="The export this record was read from."),
    Column(name="member", kind="text", doc="The file inside the export it was read from."),
    Column(
        name="row_number",
        kind="integer",
        low=1,
        doc="Row within the member, from 1, header and preamble not counted.",
    ),
)

_PLATFORM = Column(name="platform", kind="text", values=("linkedin", "x"), doc="Where it happened.")

MESSAGES = Table(
    name="message_records",
    grain="message as one export shows it",
    doc="Direct and group messages, invitation notes and sponsored messages as read.",
    key=("export_id", "member", "row_number"),
    columns=(
        *_PROVENANCE,
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("dm", "group_dm", "invitation", "sponsored"),
            doc="What sort of message; a reader that cannot tell dm from group_dm says dm.",
        ),
        Column(
            name="conversation_key",
            kind="text",
            doc="The platform's own thread id; for an invitation `invitation:<inviter>:<invitee>`.",
        ),
        Column(
            name="conversation_title",
            kind="text",
            null_when="the thread has no title",
            doc="The thread's title as exported.",
        ),
        Column(
            name="by_owner",
            kind="boolean",
            null_when="the file does not say it",
            doc="True when the file itself says the export's owner sent it.",
        ),
        Column(
            name="sender_key",
            kind="text",
            null_when="the export does not identify the sender",
            doc="Canonical person key of the sender.",
        ),
        Column(
            name="sender_name",
            kind="text",
            null_when="the export gives no name",
            doc="The sender's name as exported.",
        ),
        Column(
            name="recipient_keys",
            kind="texts",
            null_when="the export lists no recipient ids",
            doc="Canonical person keys of the recipients.",
        ),
        Column(
            name="recipient_names",
            kind="text",
            null_when="the export lists no recipient names",
            doc="The recipients' names exactly as exported, joined by ', ' (names contain ', ' too).",
        ),
        Column(name="sent_at", kind="timestamp", doc="When it was sent."),
        Column(
            name="subject", kind="text", null_when="there is no subject", doc="The subject line."
        ),
        Column(
            name="text",
            kind="text",
            null_when="the message has no text, only an attachment",
            doc="The message as exported, decoded; sponsored HTML is reduced to its text.",
        ),
        Column(
            name="has_attachment",
            kind="boolean",
            null_when="this era does not say",
            doc="Whether a file, picture or link card came with it.",
        ),
        Column(
            name="folder",
            kind="text",
            null_when="the platform has no folders",
            doc="INBOX, ARCHIVE, SPAM: where it lies, which says nothing about its direction.",
        ),
    ),
)

PEOPLE = Table(
    name="person_records",
    grain="one observation of a person's name, handle or profile",
    doc="What exports say about people: the owner's profile, connections, mentioned handles.",
    key=("export_id", "member", "row_number"),
    columns=(
        *_PROVENANCE,
        _PLATFORM,
        Column(name="is_owner", kind="boolean", doc="True when this is the export's own account."),
        Column(
            name="person_key",
            kind="text",
            null_when="the file gives a name but no id or URL",
            doc="Canonical person key.",
        ),
        *(
            Column(name=name, kind="text", null_when="the export does not say", doc=doc)
            for name, doc in (
                ("display_name", "The person's name as shown."),
                ("handle", "Their handle, without the at sign."),
                ("profile_url", "Address of their profile, as exported."),
                ("headline", "The line under their name, or the bio."),
                ("company", "The company they name."),
                ("position", "The position they name."),
                ("industry", "The industry they name."),
                ("location", "The place they name."),
            )
        ),
        Column(
            name="links",
            kind="texts",
            null_when="the export lists none",
            doc="Websites and handles elsewhere, as evidence to join platforms.",
        ),
        Column(
            name="observed_at",
            kind="timestamp",
            null_when="the file carries no time",
            doc="When the export saw this.",
        ),
    ),
)

CONNECTIONS = Table(
    name="connection_records",
    grain="connection, follow or invitation as one export shows it",
    doc="Who is connected to the owner, follows them, or invited whom.",
    key=("export_id", "member", "row_number"),
    columns=(
        *_PROVENANCE,
        _PLATFORM,
        Column(
            name="direction",
            kind="text",
            values=("connected", "follower", "following", "invitation_in", "invitation_out"),
            doc="What ties them; invitation_in means they invited the owner.",
        ),
        Column(
            name="person_key",
            kind="text",
            null_when="the profile is closed (a date and nothing else) or has no URL",
            doc="Canonical person key of the other person.",
        ),
        Column(
            name="display_name",
            kind="text",
            null_when="the export gives none",
            doc="The other person's name.",
        ),
        Column(
            name="connected_on",
            kind="date",
            null_when="the export gives no date",
            doc="Day of the connection or follow, as exported.",
        ),
        Column(
            name="invited_at",
            kind="timestamp",
            null_when="it is not an invitation",
            doc="When the invitation was sent (LinkedIn states no zone; taken as UTC).",
        ),
    ),
)

POSTS = Table(
    name="post_records",
    grain="post, reply, comment or repost as one export shows it",
    doc="Public posts as read.",
    key=("export_id", "member", "row_number"),
    columns=(
        *_PROVENANCE,
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("post", "reply", "comment", "repost", "quote"),
            doc="What sort of post; the text of a repost is somebody else's.",
        ),
        Column(name="post_key", kind="text", doc="The platform's own id or URL of the post."),
        Column(name="by_owner", kind="boolean", doc="True when it is by the export's owner."),
        Column(
            name="author_key",
            kind="text",
            null_when="it is by the owner, or unknown",
            doc="Canonical person key of the author.",
        ),
        Column(
            name="author_name",
            kind="text",
            null_when="the export does not say",
            doc="The author's name.",
        ),
        Column(name="posted_at", kind="timestamp", doc="When it was posted."),
        Column(
            name="text",
            kind="text",
            null_when="there is no text, only media",
            doc="The text as exported, unescaped once, links expanded where the export expands them.",
        ),
        Column(name="url", kind="text", null_when="the export gives none", doc="Its address."),
        Column(
            name="reply_to_post_key",
            kind="text",
            null_when="it answers nothing known",
            doc="The post it answers or comments on.",
        ),
        Column(
            name="reply_to_person_key",
            kind="text",
            null_when="it answers nobody known",
            doc="The person it answers.",
        ),
    ),
)

INTERACTIONS = Table(
    name="interaction_records",
    grain="like, reaction, follow, endorsement, recommendation or comment as one export shows it",
    doc="Small public acts as read.",
    key=("export_id", "member", "row_number"),
    columns=(
        *_PROVENANCE,
        _PLATFORM,
        Column(
            name="kind",
            kind="text",
            values=("like", "reaction", "follow", "endorsement", "recommendation", "comment"),
            doc="What was done.",
        ),
        Column(name="by_owner", kind="boolean", doc="True when the export's owner did it."),
        Column(
            name="actor_key",
            kind="text",
            null_when="it was the owner, or somebody without a URL",
            doc="Canonical person key of who did it.",
        ),
        Column(
            name="actor_name",
            kind="text",
            null_when="the export does not say",
            doc="Name of who did it.",
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

RECORD_TABLES: dict[str, Table] = {
    table.name: table for table in (MESSAGES, PEOPLE, CONNECTIONS, POSTS, INTERACTIONS)
}
