"""From messages and posts to one row of measurements each.

`prepare_messages` cleans every text once, tells its language and puts the message into its
thread; `message_metrics` evaluates the metrics of grain "message" (`transforms/metrics/`) on
that. Posts go the same way with the columns of a thread null. Nothing here reads or writes.

Columns of the prepared frame, one row per message, sorted by conversation_id, thread_ordinal
(posts: one row per post, sorted by post_id, with `post_id` in place of `message_id`; columns
marked † are null there):

    message_id, conversation_id†, platform, kind, subject†, text     as in the table
    sender_id            who wrote it; for a post its author
    sent_at              when; for a post posted_at
    is_from_owner        null when nobody knows who wrote it
    is_invitation        kind == "invitation"
    participants†        people who wrote or were written to in the thread, the owner included
    recipient_id†        the only other person of a two-person thread; null in groups
    sender_name, recipient_name†      display names of the two, null when unknown
    clean                the text without quotes, signature, HTML, emoji; URLs, e-mails, phones,
                         prices, numbers and mentions as <url>, <booking> (a scheduling link),
                         <email>, <phone>, <price>, <number>, <mention>; null without text, and
                         for a repost (somebody else's words)
    language             en, de, es, fr, pt, other; null without text and where nobody can tell
    thread_ordinal†      1.. over all messages of the thread, by (sent_at, message_id)
    message_ordinal†     1.. over the messages of this person in the thread
    utterance_id†        message_id of the first message of the utterance: messages of one person,
                         nobody else between them, each at most 2 minutes after the one before
    utterance_at†        when that utterance began
    utterance_ordinal†   1.. over the utterances of this person in the thread
    turn_id†             message_id of the first message of the turn: a run of messages by one
                         person until somebody else writes, however long that takes
    utterance_in_turn†   1.. over the utterances of the turn: 1 opens the thread or answers at
                         once, 2 and more follow up on silence
    opening†             the person's first utterance in the thread, or the first utterance of
                         anybody after 180 days in which nobody wrote there
    previous_turn_id†    turn_id of the turn before, always somebody else's; null at the start
    previous_partner_id†, previous_partner_message_id†, previous_partner_at†
                         who wrote it; its last message, and when that was sent
    previous_partner_text†  clean texts of that turn joined by newlines; null without text
    hours_since_partner† from previous_partner_at to utterance_at
    hours_since_own†     from the person's previous utterance in the thread to this one; null at
                         their first
    partner_wrote_before†      somebody else wrote in this thread before the utterance
    partner_ever_wrote_before† the same over all two-person threads with that person
    owner_wrote_before†  the owner wrote in this thread, or in any two-person thread with the
                         sender, before the utterance; for the owner's own messages as above
    connected_on†        day the owner and the other person connected; null when they are not
    invited_by†          owner or them: who asked for the connection
    hours_since_connecting†    from the start of connected_on (UTC) to utterance_at, never below
                         0; null when unknown or more than a day before the connection
    shared_words†        content words of the message that somebody else used in the thread
                         within the 90 days before the utterance; 0 when nobody did, null
                         without text

Optional columns that `message_metrics` reads when they are there (null otherwise):
template_id, template_recipients, template_senders.
"""

from __future__ import annotations
