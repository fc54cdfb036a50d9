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
    tokens               clean with single spaces around every token (`text/sentences.py`)
    content              its distinct content words, as a list of hashes (`text/content.py`)
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

from collections.abc import Sequence

import polars as pl

from transforms import threads
from transforms.metrics import metrics_of
from transforms.parts import whole_threads
from transforms.spec import Metric, Table
from transforms.tables import MESSAGE_METRICS, POST_METRICS
from transforms.text import cleaning, content, features, language, sentences
from transforms.text.lexicon import Rule

_RUNNING_MATTER = pl.duration(days=90)
ROWS_AT_ONCE = 125_000


def _with_text(frame: pl.DataFrame, thread: str) -> pl.DataFrame:
    """Adds clean, tokens, language and content; every distinct text is cleaned once."""
    texts = frame.select("text").drop_nulls().unique(maintain_order=True)
    texts = pl.concat([texts, cleaning.clean_with_numbers(texts["text"])], how="horizontal")
    texts = texts.with_columns(tokens=sentences.tokenised(texts["clean"]))
    frame = frame.join(texts, on="text", how="left", maintain_order="left")
    frame = frame.with_columns(
        language=language.languages(frame.select("sender_id", "tokens", thread_id=thread))
    )
    written = frame.select("text", "tokens", "numbers", "language").unique(
        ["text", "language"], maintain_order=True
    )
    written = written.with_columns(
        content=content.content_words(
            written.select("language", "numbers", words=pl.col("tokens").str.to_lowercase())
        )
    )
    return frame.drop("numbers").join(
        written.select("text", "language", "content"),
        on=["text", "language"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def _shared_words(ordered: pl.DataFrame) -> pl.DataFrame:
    """message_id, shared_words: content words somebody else used in the 90 days before.

    Politeness and routine ("thanks", "next week") are no matter and do not count.
    """
    used = (
        ordered.lazy()
        .select(
            "conversation_id",
            "sender_id",
            "sent_at",
            "utterance_at",
            "content",
            row=pl.int_range(pl.len(), dtype=pl.UInt32),
            writers=pl.col("sender_id").n_unique().over("conversation_id"),
        )
        .filter(pl.col("writers") > 1)
        .explode("content", empty_as_null=False, keep_nulls=False)
        .filter(~content.is_small_change(pl.col("content")))
        .select(
            "row",
            "sender_id",
            "sent_at",
            "utterance_at",
            # One number instead of two columns: a stable sort by it keeps the order of the thread.
            word=pl.struct("conversation_id", "content").hash(),
        )
        .sort("word", maintain_order=True)
    )
    same_word = pl.col("word").eq(pl.col("word").shift(1)).fill_null(value=False)
    other_person = pl.col("sender_id").ne_missing(pl.col("sender_id").shift(1))
    long_ago = pl.lit(0).cast(pl.Datetime("us", "UTC"))
    # When somebody else last used the word: at the row above, or when that was so there.
    other_at = (
        pl.when(~same_word)
        .then(long_ago)
        .when(other_person)
        .then(pl.col("sent_at").shift(1))
        .forward_fill()
    )
    shared = (
        used.with_columns(other_at=other_at)
        .filter(
            (pl.col("other_at") < pl.col("utterance_at"))
            & (pl.col("utterance_at") - pl.col("other_at") <= _RUNNING_MATTER)
        )
        .group_by("row")
        .agg(shared_words=pl.len().cast(pl.Int32))
        .collect()
    )
    return (
        ordered.select("message_id")
        .with_row_index("row")
        .join(shared, on="row")
        .select("message_id", "shared_words")
    )


_MESSAGE_COLUMNS = (
    *("message_id", "conversation_id", "platform", "kind", "subject", "text"),
    *("sender_id", "sent_at", "is_from_owner", "is_invitation", "participants", "recipient_id"),
    *("sender_name", "recipient_name", "clean", "tokens", "content", "language"),
    *("thread_ordinal", "message_ordinal", "utterance_id", "utterance_at", "utterance_ordinal"),
    *("turn_id", "utterance_in_turn", "opening", "previous_turn_id", "previous_partner_id"),
    *("previous_partner_message_id", "previous_partner_at"),
    *("hours_since_partner", "hours_since_own", "partner_wrote_before"),
    *("partner_ever_wrote_before", "owner_wrote_before", "connected_on", "invited_by"),
    *("hours_since_connecting", "shared_words"),
)
_THREAD_SCHEMA: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "participants": pl.UInt32(),
    "recipient_id": pl.String(),
    "recipient_name": pl.String(),
    "thread_ordinal": pl.Int64(),
    "message_ordinal": pl.Int64(),
    "utterance_id": pl.String(),
    "utterance_at": pl.Datetime("us", "UTC"),
    "utterance_ordinal": pl.Int64(),
    "turn_id": pl.String(),
    "utterance_in_turn": pl.Int64(),
    "opening": pl.Boolean(),
    "previous_turn_id": pl.String(),
    "previous_partner_id": pl.String(),
    "previous_partner_message_id": pl.String(),
    "previous_partner_at": pl.Datetime("us", "UTC"),
    "hours_since_partner": pl.Float64(),
    "hours_since_own": pl.Float64(),
    "partner_wrote_before": pl.Boolean(),
    "partner_ever_wrote_before": pl.Boolean(),
    "owner_wrote_before": pl.Boolean(),
    "connected_on": pl.Date(),
    "invited_by": pl.String(),
    "hours_since_connecting": pl.Float64(),
    "shared_words": pl.Int32(),
}
_OPTIONAL: dict[str, pl.DataType] = {
    "template_id": pl.String(),
    "template_recipients": pl.Int64(),
    "template_senders": pl.Int64(),
}


def _names(people: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    return people.select(pl.col("person_id").alias(key), pl.col("display_name").alias(name))


def prepare_messages(
    messages: pl.DataFrame,
    recipients: pl.DataFrame,
    people: pl.DataFrame,
    connections: pl.DataFrame,
) -> pl.DataFrame:
    """The prepared frame (see the module) of the tables messages, message_recipients, people, connections."""
    ordered = threads.in_threads(
        messages.select(
            "message_id",
            "conversation_id",
            "platform",
            "kind",
            "subject",
            "text",
            "sender_id",
            "sent_at",
            "is_from_owner",
        )
    )
    ordered = _with_text(ordered, "conversation_id")
    ordered = threads.previous_turns(ordered)
    ordered = threads.with_partners(ordered, threads.thread_people(ordered, recipients))
    ordered = threads.with_connections(ordered, connections)
    return (
        ordered.join(
            _names(people, "sender_id", "sender_name"),
            on="sender_id",
            how="left",
            maintain_order="left",
        )
        .join(
            _names(people, "recipient_id", "recipient_name"),
            on="recipient_id",
            how="left",
            maintain_order="left",
        )
        .join(_shared_words(ordered), on="message_id", how="left", maintain_order="left")
        .with_columns(
            is_invitation=pl.col("kind") == "invitation",
            shared_words=pl.when(pl.col("clean").is_not_null()).then(
                pl.col("shared_words").fill_null(0)
            ),
        )
        .select(_MESSAGE_COLUMNS)
        .cast(pl.Schema(_THREAD_SCHEMA))
        .sort("conversation_id", "thread_ordinal")
    )


def prepare_posts(posts: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The prepared frame (see the module) of the tables posts and people; thread columns null."""
    owners = people.select(sender_id="person_id", is_from_owner="is_owner")
    frame = (
        posts.select(
            "post_id",
            "platform",
            "kind",
            # The words of a repost are somebody else's.
            text=pl.when(pl.col("kind") != "repost").then("text"),
            sender_id="author_id",
            sent_at="posted_at",
        )
        .join(owners, on="sender_id", how="left", maintain_order="left")
        .join(
            _names(people, "sender_id", "sender_name"),
            on="sender_id",
            how="left",
            maintain_order="left",
        )
    )
    frame = _with_text(frame, "post_id")
    return (
        frame.with_columns(
            is_invitation=pl.lit(value=False),
            **{name: pl.lit(None, dtype=dtype) for name, dtype in _THREAD_SCHEMA.items()},
        )
        .select(
            "post_id",
            *(n for n in _MESSAGE_COLUMNS if n not in ("message_id", "conversation_id")),
        )
        .sort("post_id")
    )


def texts_for_tone(*prepared: pl.DataFrame) -> pl.Series:
    """Distinct clean English texts of the prepared frames, sorted: what TextBlob has to read."""
    return (
        pl.concat(
            frame.filter(pl.col("language") == "en").select("clean").drop_nulls()
            for frame in prepared
        )
        .unique()
        .sort("clean")["clean"]
    )


def _evaluated(frame: pl.DataFrame, metrics: tuple[Metric, ...]) -> pl.DataFrame:
    """`frame` with one column per metric, each after those it reads."""
    waiting: list[pl.Expr] = []
    made: set[str] = set()
    for metric in metrics:
        if metric.inputs & made:
            frame, waiting, made = frame.with_columns(waiting), [], set()
        if metric.expr is not None:
            waiting.append(metric.expr.cast(metric.column.dtype).alias(metric.name))
            made.add(metric.name)
        else:
            assert metric.compute is not None
            if made:
                frame, waiting, made = frame.with_columns(waiting), [], set()
            value = metric.compute(frame.select(metric.needs))
            frame = frame.with_columns(value.cast(metric.column.dtype).alias(metric.name))
    return frame.with_columns(waiting)


def working_rows(
    prepared: pl.DataFrame, tone: pl.DataFrame, own_rules: Sequence[Rule] = ()
) -> tuple[pl.DataFrame, tuple[Metric, ...]]:
    """The frame that the metrics of a row are read from, and those metrics; the rest it has."""
    prepared = prepared.with_columns(
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in _OPTIONAL.items()
        if name not in prepared.columns
    )
    texts = features.of_texts(prepared, own_rules)
    known = set(texts.columns)
    of_text: list[Metric] = []
    of_row: list[Metric] = []
    for metric in metrics_of("message"):
        if metric.inputs <= known:
            of_text.append(metric)
            known.add(metric.name)
        else:
            of_row.append(metric)
    texts = _evaluated(texts, tuple(of_text))
    # Only what rows still need goes with them: a hundred columns of every text would not fit.
    needed = {name for metric in of_row for name in metric.inputs}.union(
        features.NEEDED_BY_ROWS, (metric.name for metric in of_text)
    )
    texts = texts.select(name for name in texts.columns if name in needed)
    return features.of_rows(prepared, texts, tone, own_rules), tuple(of_row)


def _measured(
    prepared: pl.DataFrame, tone: pl.DataFrame, table: Table, own_rules: Sequence[Rule]
) -> pl.DataFrame:
    (key,) = table.key
    rows, of_row = working_rows(prepared, tone, own_rules)
    rows = _evaluated(rows, of_row)
    return rows.select(key, *(metric.name for metric in metrics_of("message")))


def message_metrics(
    prepared: pl.DataFrame, tone: pl.DataFrame, own_rules: Sequence[Rule] = ()
) -> pl.DataFrame:
    """The table message_metrics.

    `tone` has clean, polarity, subjectivity per distinct text; `own_rules` are the user's own
    words (`own_words.own_rules`).
    """
    # A hundred working columns of all texts at once would not fit: some threads at a time.
    parts = [
        _measured(some, tone, MESSAGE_METRICS, own_rules)
        for some in whole_threads(prepared, ROWS_AT_ONCE)
    ]
    return MESSAGE_METRICS.conform(
        pl.concat(parts or [_measured(prepared, tone, MESSAGE_METRICS, own_rules)])
    )


def post_metrics(
    prepared: pl.DataFrame, tone: pl.DataFrame, own_rules: Sequence[Rule] = ()
) -> pl.DataFrame:
    """The table post_metrics; arguments as of `message_metrics`."""
    return POST_METRICS.conform(_measured(prepared, tone, POST_METRICS, own_rules))
