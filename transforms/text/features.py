"""Working columns that metrics read: of each distinct text, and of each row in its thread.

Of a text (frame `of_texts`; only texts in a supported language):
    text_id, clean, tokens, language
    words                tokens in lower case
    speech               words without quoted passages and hashtags, two spaces around each: what
                         pronouns are counted in
    hits                 the rules that fire, each with the first thing that fired it, and the words of weight
    says_<category>      whether any rule of the category fires (lexicon.CATEGORIES)
    points_<category>    points of its rules, each capped
    selling_points       points of the categories that sell, contacts apart
    asked                the real questions of the text, joined: no call to action, no backchannel
    n_asked              how many those are
    n_real               how many sentences want to know something, marked as questions or not
    praise               the clauses with a compliment, capitals kept: a list; null without one

Of a row (frame `of_rows`): the above, and
    readable             the row has text in a supported language
    is_sponsored         kind == "sponsored"
    polarity_of_text, subjectivity_of_text    from the tone frame; English only
    asked_for            the turn before asked for something (category asks_for) and this answers it
    question_before      the turn before asked a real question and this answers it
    refused_before       the turn before asked to be left alone
    has_asked            somebody else asked for something or about something earlier in the
                         thread, or began it
    other_began          somebody else wrote the first message of the thread
    signed_up            somebody else asked for the newsletter earlier in the thread, and has not
                         asked to stop since
    unanswered           nobody else wrote in the thread after it
    days_in_thread       since the first message of the thread
    own_points_before    most selling_points of the person's earlier messages in the thread
    links_before         earlier messages of the turn, all by the same person, that hold a contact
    uptake_of_turn       Jaccard of the utterance's content words with those of the turn before
    asked_shares         content words the questions share with the turn before
    spans_of_text        where the rules fired in the original text
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from transforms.text import hits, spans, wording
from transforms.text.asking import asked
from transforms.text.columns import added
from transforms.text.content import content_words, is_small_change, jaccard
from transforms.text.lexicon import LANGUAGES, Rule, rules_among
from transforms.text.sentences import SENTENCE

_SELLING = (
    "discount_or_free_offer",
    "call_to_action",
    "urgency",
    "value_claim",
    "own_offer",
    "audience_ask",
    "approach",
    "pitch",
)
NEEDED_BY_ROWS = frozenset(
    (
        *("text_id", "clean", "language", "hits", "asked", "n_asked", "selling_points"),
        *("says_asks_for", "says_opt_out_request", "says_signs_up"),
    )
)
# A quoted passage of five words or more: a testimonial, a song title, somebody else's "I".
_QUOTED = r'[“"„«][^”"»\n¶]{20,600}[”"»]'
_CLAUSE = (
    r" (?:[;()–—-]|but|so|aber|und ich|und wir|pero|así que|y creo|mais|et je|et nous|mas|e eu|e acho"
    r"|,? ?and (?:i|I|we|We|think|thought|believe|would|wanted|could|feel|felt|noticed|wondered|you'd|you would)) "
)
_HASHTAG = r" # [^ ]+"


def _praise(texts: pl.DataFrame, own_rules: Sequence[Rule]) -> pl.DataFrame:
    """text_id, praise of the texts with a compliment: the clauses that hold one."""
    sentences = (
        texts.filter("says_compliment")
        .select("text_id", "language", sentence=pl.col("tokens").str.extract_all(SENTENCE))
        .explode("sentence", empty_as_null=False, keep_nulls=False)
        # What comes after "and I think you could" is no longer about what was praised.
        .with_columns(sentence=(" " + pl.col("sentence") + " ").str.replace_all(_CLAUSE, " ¶ ¶ "))
        .with_columns(sentence=pl.col("sentence").str.split(" ¶ ¶ "))
        .explode("sentence", empty_as_null=False, keep_nulls=False)
        .with_columns(sentence=" ¶ " + pl.col("sentence").str.strip_chars(" ") + " ")
    )
    lower = sentences["sentence"].str.to_lowercase()
    praising = pl.repeat(value=False, n=lower.len(), eager=True, dtype=pl.Boolean)
    for language in LANGUAGES:
        own = sentences["language"] == language
        praise = hits.any_fires(
            lower.filter(own), rules_among(language, own_rules, ("compliment",))
        )
        praising = praising.scatter(own.arg_true(), praise)
    return (
        sentences.filter(praising)
        .group_by("text_id", maintain_order=True)
        .agg(praise=pl.col("sentence"))
    )


def of_texts(prepared: pl.DataFrame, own_rules: Sequence[Rule] = ()) -> pl.DataFrame:
    """One row per distinct text in a supported language, with its working columns."""
    texts = (
        prepared.select("clean", "tokens", "language")
        .filter(pl.col("clean").is_not_null() & pl.col("language").is_in(LANGUAGES))
        .unique(maintain_order=True)
        .with_row_index("text_id")
        .with_columns(words=pl.col("tokens").str.to_lowercase())
    )
    found = pl.concat([hits.hits(texts, own_rules), wording.hits(texts)])
    fired = (
        found.filter(pl.col("match").is_not_null())
        .sort("text_id", "rule", "match")
        .group_by("text_id", maintain_order=True)
        .agg(hits=pl.struct("rule", "match"))
    )
    texts = pl.concat([texts, hits.by_category(found, texts.height)], how="horizontal")
    return (
        texts.join(fired, on="text_id", how="left", maintain_order="left")
        .join(asked(texts, own_rules), on="text_id", how="left", maintain_order="left")
        .join(_praise(texts, own_rules), on="text_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("n_asked", "n_real").fill_null(0),
            selling_points=added(pl.col(f"points_{category}") for category in _SELLING),
            speech=pl.col("words")
            .str.replace_all(_QUOTED, " ")
            .str.replace_all(_HASHTAG, " ")
            .str.replace_all(" ", "  ", literal=True),
        )
    )


def _turn_facts(rows: pl.DataFrame) -> pl.DataFrame:
    """What the turn before each turn said, and whether anybody else has asked by then.

    turn_id, turn_asks, turn_questions, refused_before, has_asked, other_began, unanswered.
    """
    turns = (
        rows.filter(pl.col("turn_id").is_not_null())
        .sort("conversation_id", "thread_ordinal")
        .group_by("turn_id", maintain_order=True)
        .agg(
            pl.col("conversation_id", "sender_id").first(),
            # "Please take me off your list" asks for nothing that could be sold.
            (pl.col("says_asks_for") & ~pl.col("says_opt_out_request")).any().alias("asks"),
            (pl.col("n_asked") > 0).any().alias("questions"),
            pl.col("says_opt_out_request").any().fill_null(value=False).alias("refuses"),
            (pl.col("says_signs_up") & ~pl.col("says_opt_out_request"))
            .any()
            .fill_null(value=False)
            .alias("signs_up"),
        )
    )
    thread, person = "conversation_id", ["conversation_id", "sender_id"]
    # Whoever begins a thread wants something, too.
    begins = pl.int_range(pl.len()).over(thread) == 0
    # A column, because a window inside of a window is taken over the inner one's rows.
    turns = turns.with_columns(
        wants=(pl.col("asks") | pl.col("questions") | begins).fill_null(begins).cast(pl.Int32)
    )
    wanted = pl.col("wants").cum_sum()
    by_others = {
        name: pl.col(name).cum_sum().over(thread) - pl.col(name).cum_sum().over(person)
        for name in ("signs_up", "refuses")
    }
    wanted_by_others = wanted.over(thread) - wanted.over(person)
    return turns.select(
        "turn_id",
        turn_asks=pl.col("asks").shift(1).over(thread),
        turn_questions=pl.col("questions").shift(1).over(thread),
        refused_before=pl.col("refuses").shift(1).over(thread).fill_null(value=False),
        has_asked=wanted_by_others > 0,
        signed_up=by_others["signs_up"] > by_others["refuses"],
        other_began=pl.col("sender_id").ne_missing(pl.col("sender_id").first().over(thread)),
        # Turns alternate: somebody else wrote afterwards unless this is the last.
        unanswered=pl.int_range(pl.len()).over(thread) == pl.len().over(thread) - 1,
    )


def _own_points_before(rows: pl.DataFrame) -> pl.DataFrame:
    """message_id, own_points_before, links_before."""
    holds = (pl.col("contact_count") > 0).fill_null(value=False).cast(pl.Int32)
    return (
        rows.filter(pl.col("turn_id").is_not_null())
        .sort("conversation_id", "thread_ordinal")
        .select(
            "message_id",
            own_points_before=pl.col("selling_points")
            .fill_null(0.0)
            .cum_max()
            .shift(1)
            .over("conversation_id", "sender_id"),
            links_before=holds.cum_sum().over("turn_id") - holds,
        )
    )


def _taken_up(rows: pl.DataFrame) -> pl.DataFrame:
    """message_id, uptake_of_turn and asked_shares of the rows that answer a turn with words."""
    turns = (
        rows.filter(pl.col("content").is_not_null() & pl.col("turn_id").is_not_null())
        .group_by("turn_id", maintain_order=True)
        .agg(pl.col("content").explode(empty_as_null=False, keep_nulls=False).unique())
        .select(previous_turn_id="turn_id", said="content")
    )
    answers = rows.filter(pl.col("readable")).join(
        turns, on="previous_turn_id", maintain_order="left"
    )
    questions = answers.filter(pl.col("asked").is_not_null())
    questions = questions.with_columns(
        of_questions=content_words(questions.select("language", words="asked"))
    ).select(
        "message_id",
        asked_shares=pl.col("of_questions")
        .list.set_intersection("said")
        .list.eval(pl.element().filter(~is_small_change(pl.element())))
        .list.len(),
    )
    # An answer in three short messages takes up as much as in one.
    several = (
        answers.filter(
            pl.col("content").is_not_null()
            & pl.col("utterance_id").is_not_null()
            & (pl.len().over("utterance_id") > 1)
        )
        .group_by("utterance_id", maintain_order=True)
        .agg(whole=pl.col("content").explode(empty_as_null=False, keep_nulls=False).unique())
    )
    answers = answers.join(several, on="utterance_id", how="left", maintain_order="left")
    return answers.select(
        "message_id",
        uptake_of_turn=pl.when(pl.col("content").is_not_null()).then(
            jaccard(pl.coalesce("whole", "content"), pl.col("said"))
        ),
    ).join(questions, on="message_id", how="left", maintain_order="left")


def of_rows(
    prepared: pl.DataFrame,
    texts: pl.DataFrame,
    tone: pl.DataFrame,
    own_rules: Sequence[Rule] = (),
) -> pl.DataFrame:
    """`prepared` with the columns of its text and of its place in the thread."""
    own = [name for name in texts.columns if name not in prepared.columns]
    rows = prepared.join(
        texts.select("clean", "language", *own),
        on=["clean", "language"],
        how="left",
        maintain_order="left",
    ).with_columns(
        readable=pl.col("text_id").is_not_null(), is_sponsored=pl.col("kind") == "sponsored"
    )
    answers_at_once = pl.col("utterance_in_turn") == 1
    if "message_id" not in rows.columns:  # posts have no thread
        rows = rows.with_columns(message_id="post_id", conversation_id="post_id")
    return (
        rows.join(_turn_facts(rows), on="turn_id", how="left", maintain_order="left")
        .join(_own_points_before(rows), on="message_id", how="left", maintain_order="left")
        .join(_taken_up(rows), on="message_id", how="left", maintain_order="left")
        .join(
            tone.select("clean", polarity_of_text="polarity", subjectivity_of_text="subjectivity"),
            on="clean",
            how="left",
            maintain_order="left",
        )
        .join(
            spans.of_rows(rows, own_rules),
            on=["text", "text_id"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            asked_for=(pl.col("turn_asks") & answers_at_once).fill_null(value=False),
            question_before=(pl.col("turn_questions") & answers_at_once).fill_null(value=False),
            days_in_thread=(
                pl.col("sent_at") - pl.col("sent_at").min().over("conversation_id")
            ).dt.total_days(),
        )
    )
