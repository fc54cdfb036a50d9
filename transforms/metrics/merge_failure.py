"""Mail merge that went wrong."""

from __future__ import annotations

import polars as pl

from transforms.metrics._common import NO_TEXT
from transforms.spec import Metric
from transforms.text.names import differs

# "Hi , I saw": the name is missing. Looked for in the original, where no emoji was taken out.
_NOBODY = r"^\s*(?i:hi|hello|hey|dear|hallo|liebe|lieber|hola|estimado|estimada|olá|oi|prezado|prezada) +,"
_GREETING = (
    r"^ ¶ (?i:hi|hey|hello|dear|good morning|good afternoon|hallo|liebe|lieber|hola|querido|querida|estimado|estimada|bonjour|cher|chère|salut|olá|oi|caro|cara|prezado|prezada)"
    r" (\p{Lu}[\p{L}'\-]+) (?:[,!.\n]|- )"
)


def _merge_field_failure(frame: pl.DataFrame) -> pl.Series:
    greeted = frame["tokens"].str.extract(_GREETING)
    first_words = frame["opening"].fill_null(value=False)
    wrong = differs(
        pl.DataFrame({"greeted": greeted, "name": frame["recipient_name"]}).select(
            pl.when(first_words).then("greeted").alias("greeted"), "name"
        )
    )
    failed = frame["says_merge_failure"] | wrong | frame["text"].str.contains(_NOBODY)
    return failed.zip_with(
        frame["readable"], pl.repeat(None, frame.height, dtype=pl.Boolean, eager=True)
    )


MERGE_FIELD_FAILURE = Metric(
    name="merge_field_failure",
    label="Mail merge gone wrong",
    unit="",
    kind="boolean",
    grain="message",
    null_when=NO_TEXT,
    compute=_merge_field_failure,
    needs=("text", "tokens", "opening", "recipient_name", "says_merge_failure", "readable"),
    doc="An unfilled slot such as {{first_name}}, a greeting to nobody, or, in an opening, a greeting by a name that is not the recipient's.",
    source="evidence.md §4, C4",
)
