"""Which language a person writes in a thread: a vote of function words, a model where that fails.

A language is told per person and thread (posts: per post) on at most 600 letters, never per
message: short messages are hopeless, and people seldom switch. Source: evidence.md §14.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

import polars as pl

from transforms.text.lexicon import LANGUAGES
from transforms.text.sentences import WORD

OTHER = "other"
SAMPLE_LETTERS = 400
MIN_WORDS = 3

# Frequent words that are no words of the other four. Shared ones ("die", "que", "para") are left
# out unless they are rare in the other language.
_FUNCTION_WORDS = {
    "en": "the and you your for with that this have are what would i i'm it's is it of to from about be my we our just can if"
    " do how not they been there which their could has at on so thanks thank please i've don't when who any more us or by let hope",
    "de": "der das und ist nicht ich du sie wir mit für auf dem den die ein eine einen von zu auch wie aber oder bei nach noch"
    " wenn dass habe haben sind kann dir mir dich euch ihr ihre ihren schon gerne danke hallo im zum zur sehr",
    "es": "el los las y muy pero está más hola gracias usted también estoy con una por para es en del lo se qué como tu nos tengo"
    " puedo si mi al sobre hay",
    "fr": "le les des et est pas vous pour dans une sur avec qui ce votre nous c'est mais plus ou très bonjour merci j'ai"
    " cette êtes suis aux du vos mon d'un notre chez être",
    "pt": "os do em um uma não é você com mais na seu sua muito obrigado obrigada olá isso está são ao dos das eu meu minha"
    " também para por as pelo pela nos se de que",
}
_MIN_VOTES = 3
_MIN_COVERAGE = 0.15
_MARGIN = 1.6
# Below this the full model is no evidence of an unsupported language: on pairs of words it is
# right in 71 of 100 cases, on sentences in 99 (evidence.md §14).
_MIN_LETTERS_FOR_OTHER = 25
_OTHER_MARGIN = 1.5


def _votes(samples: pl.Series, language: str) -> pl.Series:
    words = _FUNCTION_WORDS[language].split()
    # A word takes the space before it only, so that neighbours count both.
    pattern = rf" (?:{'|'.join(words)})(?: |$)"
    return samples.str.replace_all(" ", "  ", literal=True).str.count_matches(pattern)


class _Identifier(Protocol):
    """The one method of py3langid that is used: (language, probability), best first."""

    def rank(self, instance: str) -> list[tuple[str, float]]: ...


@cache
def _identifier() -> _Identifier:
    # Imported late: it loads a 4 MB model, which most runs on clear text never need.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


def _model_decision(sample: str) -> str:
    ranking = _identifier().rank(sample)
    top, top_share = ranking[0]
    best, best_share = next((name, share) for name, share in ranking if name in LANGUAGES)
    is_other = (
        top not in LANGUAGES
        and top_share >= _OTHER_MARGIN * best_share
        and len(sample) >= _MIN_LETTERS_FOR_OTHER
    )
    return OTHER if is_other else str(best)


def tell(samples: pl.Series) -> pl.Series:
    """The language of each sample (tokenised): one of LANGUAGES, `other`, or null.

    Null where the sample is null or has fewer than three words.
    """
    samples = samples.str.head(SAMPLE_LETTERS).str.to_lowercase()
    table = pl.DataFrame(
        {
            "sample": samples,
            "words": samples.str.count_matches(WORD),
            "foreign": samples.str.count_matches(r"[\p{L}&&[^\p{Latin}]]"),
            **{language: _votes(samples, language) for language in LANGUAGES},
        }
    )
    votes = pl.concat_list(LANGUAGES)
    best = votes.list.max()
    second = votes.list.sort(descending=True).list.get(1)
    winner = pl.lit(list(LANGUAGES)).list.get(votes.list.arg_max())
    # Chinese has no spaces to count words by; a third of the characters is enough to know.
    foreign_script = (pl.col("foreign") >= MIN_WORDS) & (
        pl.col("foreign") * 3 >= pl.col("sample").str.len_chars()
    )
    decided = (
        (best >= _MIN_VOTES)
        & (best >= _MARGIN * second)
        & (best >= _MIN_COVERAGE * pl.col("words"))
    )
    table = table.with_columns(
        language=pl.when(foreign_script)
        .then(pl.lit(OTHER))
        .when(pl.col("words") < MIN_WORDS)
        .then(None)
        .when(decided)
        .then(winner),
        is_open=~foreign_script & (pl.col("words") >= MIN_WORDS) & ~decided,
    )
    # The rare path, of a few samples in a thousand. Not as an expression: Polars evaluates parts of
    # a column at once, and each thread would load the model for itself.
    rows = table["is_open"].arg_true()
    return table["language"].scatter(rows, _decide_open(table["sample"].gather(rows)))


def _decide_open(samples: pl.Series) -> pl.Series:
    plain = samples.str.replace_all(r"<\w+>|[¶\n]", " ")
    return pl.Series([_model_decision(text) for text in plain], dtype=pl.String)


def languages(texts: pl.DataFrame) -> pl.Series:
    """The language of each row of `texts`: sender_id, thread_id, tokens, in order of time.

    Told from all that a person wrote in a thread. Where that is too short it is the language
    the person mostly writes elsewhere, else the one the thread is mostly in, else null. Null
    also where there is no text.
    """
    keys = ["sender_id", "thread_id"]
    # 600 letters are reached within a few messages; the rest need not be joined.
    groups = (
        texts.lazy()
        .filter(pl.col("tokens").is_not_null())
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("tokens").head(12).str.head(SAMPLE_LETTERS).str.join("").alias("sample"),
            pl.len().alias("n"),
        )
        .collect()
    )
    groups = groups.with_columns(language=tell(groups["sample"]))
    known = groups.filter(pl.col("language").is_not_null())

    def mostly(key: str) -> pl.DataFrame:
        return (
            known.filter(pl.col(key).is_not_null())
            .group_by(key, "language")
            .agg(pl.col("n").sum())
            .sort(key, "n", "language", descending=[False, True, False])
            .unique(key, keep="first", maintain_order=True)
            .select(key, pl.col("language").alias(f"language_of_{key}"))
        )

    told = (
        groups.join(mostly("sender_id"), on="sender_id", how="left", maintain_order="left")
        .join(mostly("thread_id"), on="thread_id", how="left", maintain_order="left")
        .select(
            *keys,
            pl.coalesce("language", "language_of_sender_id", "language_of_thread_id").alias(
                "language"
            ),
        )
    )
    return (
        texts.select(*keys, "tokens")
        .join(told, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .select(pl.when(pl.col("tokens").is_not_null()).then("language").alias("language"))[
            "language"
        ]
    )
