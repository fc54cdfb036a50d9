"""Working columns that metrics read: of each distinct text, and of each row in its thread.

Of a text (frame `of_texts`; only texts in a supported language):
    text_id, clean, tokens, language
    words                tokens in lower case
    speech               words without quoted passages and hashtags, two spaces around each: what
                         pronouns are counted in
    rules                names of the rules that fire
    says_<category>      whether any rule of the category fires (lexicon.CATEGORIES)
    points_<category>    points of its rules, each capped
    asked                the real questions of the text, joined: no call to action, no backchannel
    n_asked              how many those are

Of a row (frame `of_rows`): the above, and
    readable             the row has text in a supported language
    is_sponsored         kind == "sponsored"
    polarity_of_text, subjectivity_of_text    from the tone frame; English only
    asked_for            the turn before asked for something (category asks_for) and this answers it
    need_before          the turn before stated a need
    uptake_of_turn       Jaccard of content words with the turn before
    asked_shares         content words the questions share with the turn before
    spans_of_text        where the rules fired in the original text
"""

from __future__ import annotations

import polars as pl

from transforms.text import hits, spans
from transforms.text.content import content_words, overlap
from transforms.text.lexicon import CATEGORIES, LANGUAGES, rules_of
from transforms.text.sentences import QUESTION, WORD

# A quoted passage of five words or more: a testimonial, a song title, somebody else's "I".
_QUOTED = r'[“"„«][^”"»\n¶]{20,600}[”"»]'
_HASHTAG = r" # [^ ]+"
_MIN_QUESTION_WORDS = 3
_HOOKS = ("call_to_action", "approach")
_NO_QUESTION = {
    # Boomerasks and hooks: the writer answers, or nobody is meant to.
    "en": r" (?:want to know (?:how|why|what|the)|guess what|you know what|did you know|ready to|sound familiar|isn't it|aren't you|right|who doesn't|why not|what if i told you) ",
    "de": r" (?:wussten sie|wusstest du|bereit für|neugierig|nicht wahr|oder) \?",
    "es": r" (?:sabías que|sabía que|te imaginas|verdad|no) \?",
    "fr": r" (?:saviez-vous|savais-tu|prêt à|n'est-ce pas) ",
    "pt": r" (?:sabia que|já imaginou|né|certo) ",
}


def _asked(texts: pl.DataFrame) -> pl.DataFrame:
    """text_id, asked, n_asked of the texts that ask something."""
    sentences = (
        texts.filter(pl.col("words").str.contains("?", literal=True))
        .select("text_id", "language", sentence=pl.col("words").str.extract_all(QUESTION))
        .explode("sentence", empty_as_null=False, keep_nulls=False)
        .filter(pl.col("sentence").str.count_matches(WORD) >= _MIN_QUESTION_WORDS)
        .with_columns(sentence=" ¶" + pl.col("sentence") + " ¶ ")
    )
    kept = []
    for language in LANGUAGES:
        hooks = "|".join(r.pattern for r in rules_of(language) if r.category in _HOOKS)
        kept.append(
            sentences.filter(
                (pl.col("language") == language)
                & ~pl.col("sentence").str.contains(hooks)
                & ~pl.col("sentence").str.contains(_NO_QUESTION[language])
            )
        )
    return (
        pl.concat(kept)
        .group_by("text_id", maintain_order=True)
        .agg(asked=pl.col("sentence").str.join(""), n_asked=pl.len().cast(pl.Int32))
    )


def of_texts(prepared: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct text in a supported language, with its working columns."""
    texts = (
        prepared.select("clean", "tokens", "language")
        .filter(pl.col("clean").is_not_null() & pl.col("language").is_in(LANGUAGES))
        .unique(maintain_order=True)
        .with_row_index("text_id")
        .with_columns(words=pl.col("tokens").str.to_lowercase())
    )
    found = hits.hits(texts)
    return (
        texts.join(hits.by_category(found), on="text_id", how="left", maintain_order="left")
        .join(
            found.group_by("text_id").agg(rules=pl.col("rule").sort()),
            on="text_id",
            how="left",
            maintain_order="left",
        )
        .join(_asked(texts), on="text_id", how="left", maintain_order="left")
        .with_columns(pl.col(f"says_{category}").fill_null(value=False) for category in CATEGORIES)
        .with_columns(pl.col(f"points_{category}").fill_null(0.0) for category in CATEGORIES)
        .with_columns(
            pl.col("n_asked").fill_null(0),
            pl.col("rules").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            speech=pl.col("words")
            .str.replace_all(_QUOTED, " ")
            .str.replace_all(_HASHTAG, " ")
            .str.replace_all(" ", "  ", literal=True),
        )
    )


def _turn_facts(rows: pl.DataFrame) -> pl.DataFrame:
    """What each turn asked for and needed, keyed as the turn before another one."""
    return (
        rows.filter(pl.col("turn_id").is_not_null())
        .group_by("turn_id")
        .agg(
            pl.col("says_asks_for").any().alias("turn_asks"),
            pl.col("says_need").any().alias("need_before"),
        )
        .rename({"turn_id": "previous_turn_id"})
    )


def _taken_up(rows: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Key, uptake_of_turn and asked_shares of the rows that answer a turn."""
    words = content_words(texts)
    answers = rows.filter(pl.col("previous_turn_id").is_not_null() & pl.col("readable"))
    turns = (
        rows.filter(pl.col("text_id").is_not_null())
        .select(previous_turn_id="turn_id", text_id="text_id")
        .join(words, on="text_id")
        .select("previous_turn_id", "word")
        .unique()
    )
    numbered = (
        pl.concat([answers.select("previous_turn_id"), turns.select("previous_turn_id")])
        .unique(maintain_order=True)
        .with_row_index("right", offset=texts.height)
    )
    both = pl.concat(
        [words, turns.join(numbered, on="previous_turn_id").select(text_id="right", word="word")]
    )
    pairs = answers.join(numbered, on="previous_turn_id", maintain_order="left").select(
        left="text_id", right="right"
    )
    compared = overlap(both, pairs.unique(maintain_order=True))
    asked = content_words(
        texts.filter(pl.col("asked").is_not_null()).select("text_id", "language", words="asked")
    )
    shared = overlap(
        pl.concat([asked, both.filter(pl.col("text_id") >= texts.height)]),
        pairs.unique(maintain_order=True),
    )
    return (
        numbered.join(compared, on="right")
        .join(
            shared.select("left", "right", asked_shares="shared"), on=["left", "right"], how="left"
        )
        .select(
            "previous_turn_id",
            text_id="left",
            uptake_of_turn="jaccard",
            asked_shares=pl.col("asked_shares").fill_null(0),
        )
    )


def of_rows(prepared: pl.DataFrame, texts: pl.DataFrame, tone: pl.DataFrame) -> pl.DataFrame:
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
    return (
        rows.join(_turn_facts(rows), on="previous_turn_id", how="left", maintain_order="left")
        .join(
            _taken_up(rows, texts),
            on=["previous_turn_id", "text_id"],
            how="left",
            maintain_order="left",
        )
        .join(
            tone.select("clean", polarity_of_text="polarity", subjectivity_of_text="subjectivity"),
            on="clean",
            how="left",
            maintain_order="left",
        )
        .join(spans.of_rows(rows), on=["text", "text_id"], how="left", maintain_order="left")
        .with_columns(
            pl.col("need_before").fill_null(value=False),
            asked_for=(pl.col("turn_asks") & answers_at_once).fill_null(value=False),
        )
    )
