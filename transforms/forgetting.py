"""Records without the people whom the user had forgotten, known by keyed hashes only.

What counts is who somebody is: a person key, or a name where a record has no key. A name that
nobody else bore when it was forgotten counts alone, so that a changed address brings nobody
back, and is blotted out wherever others wrote it. Threads between the owner and that person go
whole, in whatever name a later export shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

import polars as pl
import polars_hash as plh

from transforms.identify import content_id, stable_id
from transforms.spec import Batch, Reject

# What `export_members.ignored_why` says of a row that is left out for this reason.
REASON = "about a person you had forgotten"
BLOT = "[forgotten]"

KINDS = ("key", "name", "own_name", "handle", "thread", "message")

_SEPARATOR = "\x1f"
_WORD = r"[\p{L}\p{N}]+"
_NO_WORD = r"[^\p{L}\p{N}]+"
_ADDRESS = r"(?i)(@|linkedin\.com/in/|(?:x|twitter)\.com/)"
_SLUG = r"([\p{L}\p{N}_.%~-]+)"
# Columns that identify and are no text: what they name goes with its row.
_NOT_TEXT = frozenset(
    ("export_id", "member", "platform", "kind", "direction", "folder", "conversation_key", "post_key",
     "reply_to_post_key", "person_key", "sender_key", "author_key", "actor_key")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The hashes by kind, the key they were made with, and how many words the own names have."""

    secret: str
    hashes: Mapping[str, frozenset[str]]
    words: frozenset[int]

    def __bool__(self) -> bool:
        return any(self.hashes.values())

    def matching(self, values: pl.Series, kind: str) -> pl.Series:
        """Those of the values that are forgotten, once each."""
        known = self.hashes.get(kind, frozenset())
        distinct = values.drop_nulls().unique().alias("value")
        if not known or distinct.is_empty():
            return distinct.clear()
        return (
            distinct.to_frame()
            .filter(hashed(self.secret, kind, pl.col("value")).is_in(list(known)))
            .to_series()
        )


def hashed(secret: str, kind: str, value: pl.Expr) -> pl.Expr:
    """The keyed hash of each value; without the key nobody can try names against it."""
    joined = pl.concat_str([pl.lit(secret), pl.lit(kind), value], separator=_SEPARATOR)
    return plh.concat_str(joined).chash.blake3().str.head(32)


def plain_name(name: str | pl.Expr) -> pl.Expr:
    """A name as its words alone, in lower case: titles' dots and double blanks make no other."""
    column = pl.col(name) if isinstance(name, str) else name
    return column.str.to_lowercase().str.extract_all(_WORD).list.join(" ")


def without_forgotten(batch: Batch, forgotten: Forgotten) -> Batch:
    """The batch without forgotten people; rows left out are counted under `REASON`."""
    if not forgotten:
        return batch
    records = clean_records(batch.records, forgotten)
    before, after = _rows(batch.records), _rows(records)
    ignored = dict(batch.ignored)
    if len(before) > len(after):
        ignored[REASON] = ignored.get(REASON, 0) + len(before) - len(after)
    rejects = pl.DataFrame(
        {"excerpt": [r.excerpt for r in batch.rejects], "reason": [r.reason for r in batch.rejects]},
        schema={"excerpt": pl.String, "reason": pl.String},
    )  # fmt: skip
    return replace(
        batch,
        records=records,
        rejects=tuple(
            Reject(reject.row_number, row["reason"], row["excerpt"])
            for reject, row in zip(
                batch.rejects, _clean_rejects(rejects, forgotten).iter_rows(named=True), strict=True
            )
        ),
        ignored=ignored,
    )


def _rows(records: Mapping[str, pl.DataFrame]) -> set[int]:
    return {number for frame in records.values() for number in frame["row_number"]}


def clean_records(
    records: Mapping[str, pl.DataFrame], forgotten: Forgotten
) -> dict[str, pl.DataFrame]:
    """Record tables (and rejects) without forgotten people, and without their names in texts."""
    return {
        name: blot_out(_CLEANERS.get(name, _kept)(frame, forgotten), forgotten)
        for name, frame in records.items()
    }


def _kept(frame: pl.DataFrame, _: Forgotten) -> pl.DataFrame:
    return frame


def _is_person(frame: pl.DataFrame, forgotten: Forgotten, key: str, name: str | None) -> pl.Expr:
    """Whether the person in two columns of a record is forgotten; never null.

    A key of a table of another tool may be but a handle or a name (`_table_people.py`).
    """
    keys = forgotten.matching(frame[key], "key").implode()
    by_handle = r"^x:@(.+)$"
    handles = forgotten.matching(frame[key].str.extract(by_handle), "handle").implode()
    found = pl.col(key).is_in(keys).fill_null(value=False) | (
        pl.col(key).str.extract(by_handle).is_in(handles).fill_null(value=False)
    )
    if name is None:
        return found
    is_bare = pl.col(key).str.contains(r"^\w+:name/").fill_null(value=True)
    return found | _is_named(frame, forgotten, is_bare, name)


def _is_named(frame: pl.DataFrame, forgotten: Forgotten, is_bare: pl.Expr, name: str) -> pl.Expr:
    """Whether a name alone says that: always for an own name, else where there is no key."""
    names = frame.select(pl.col(name).unique().drop_nulls()).with_columns(
        plain_name(name).alias("plain")
    )

    def known(kind: str) -> pl.Expr:
        plain = forgotten.matching(names["plain"], kind)
        bearers = names.filter(pl.col("plain").is_in(plain.implode()))[name]
        return pl.col(name).is_in(bearers.implode()).fill_null(value=False)

    return known("own_name") | (is_bare & known("name"))


def _clean_messages(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    told = frame.with_columns(stable_id("c", "platform", "conversation_key").alias("_thread"))
    threads = forgotten.matching(told["_thread"], "thread").implode()
    keys = forgotten.matching(frame["recipient_keys"].explode(), "key").implode()
    is_addressed = (
        pl.col("recipient_keys")
        .list.eval(pl.element().is_in(keys))
        .list.any()
        .fill_null(value=False)
    )
    alone = pl.col("recipient_keys").list.len().fill_null(1) <= 1
    left_out = (
        pl.col("_thread").is_in(threads)
        | _is_person(frame, forgotten, "sender_key", "sender_name")
        | (is_addressed & alone)
        | _is_named(frame, forgotten, pl.col("recipient_keys").is_null(), "recipient_names")
    )
    kept = told.filter(~left_out)
    if forgotten.hashes.get("message") and kept.height:
        said = kept.with_columns(pl.col("_thread").alias("conversation_id")).select(
            content_id().alias("_said")
        )["_said"]
        kept = kept.filter(~said.is_in(forgotten.matching(said, "message").implode()))
    others = pl.col("recipient_keys").list.filter(~pl.element().is_in(keys))
    return kept.drop("_thread").with_columns(
        pl.when(is_addressed).then(others).otherwise("recipient_keys").alias("recipient_keys")
    )


def _clean_people(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    handles = frame.select(pl.col("handle").str.to_lowercase())["handle"]
    known = forgotten.matching(handles, "handle").implode()
    named = pl.col("handle").str.to_lowercase().is_in(known).fill_null(value=False)
    is_them = named | _is_person(frame, forgotten, "person_key", "display_name")
    return frame.filter(~is_them | pl.col("is_owner"))


def _clean_connections(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    return frame.filter(~_is_person(frame, forgotten, "person_key", "display_name"))


def _clean_posts(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    is_them = ~pl.col("by_owner") & _is_person(frame, forgotten, "author_key", "author_name")
    answered = _is_person(frame, forgotten, "reply_to_person_key", None)
    return frame.filter(~is_them).with_columns(
        pl.when(~answered).then("reply_to_person_key").alias("reply_to_person_key")
    )


def _clean_interactions(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    is_them = ~pl.col("by_owner") & _is_person(frame, forgotten, "actor_key", "actor_name")
    return frame.filter(~is_them)


def _clean_rejects(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    """A refused row that names somebody may be theirs: nothing of it is left but why in general.

    The reason may quote a cell, and in a row that has slipped any cell may hold what they wrote.
    """
    blotted = blot_out(frame, forgotten)
    names_them = (frame["excerpt"] != blotted["excerpt"]) | (frame["reason"] != blotted["reason"])
    return blotted.with_columns(
        pl.when(names_them).then(pl.lit(BLOT)).otherwise("excerpt").alias("excerpt"),
        pl.when(names_them)
        .then(pl.col("reason").str.replace(r"(?s):.*", ""))
        .otherwise("reason")
        .alias("reason"),
    )


_CLEANERS = {
    "rejects": _clean_rejects,
    "message_records": _clean_messages,
    "person_records": _clean_people,
    "connection_records": _clean_connections,
    "post_records": _clean_posts,
    "interaction_records": _clean_interactions,
}


def blot_out(frame: pl.DataFrame, forgotten: Forgotten) -> pl.DataFrame:
    """The frame with forgotten names and handles replaced in everything that is text."""
    columns = [
        name for name, kind in frame.schema.items() if kind == pl.String and name not in _NOT_TEXT
    ]
    return frame.with_columns(
        pattern for name in columns if (pattern := _blotted(frame[name], forgotten)) is not None
    )


def _blotted(texts: pl.Series, forgotten: Forgotten) -> pl.Expr | None:
    """The column without names and handles; None where it holds none."""
    distinct = texts.drop_nulls().unique()
    column = pl.col(texts.name)
    names = _names_in(distinct, forgotten)
    handles = _handles_in(distinct, forgotten)
    for handle in handles:
        column = column.str.replace_all(f"{_ADDRESS}{re.escape(handle)}\\b", f"${{1}}{BLOT}")
    for name in names:
        words = _NO_WORD.join(re.escape(word) for word in name.split(" "))
        column = column.str.replace_all(rf"(?i)\b{words}\b", BLOT)
    return column if names or handles else None


def _names_in(texts: pl.Series, forgotten: Forgotten) -> list[str]:
    """Own names (as words in lower case) that any of the texts holds, longest first."""
    if not forgotten.words or texts.is_empty():
        return []
    words = (
        texts.alias("word").to_frame().with_row_index("text")
        .with_columns(pl.col("word").str.to_lowercase().str.extract_all(_WORD))
        .explode("word")
    )  # fmt: skip
    found: set[str] = set()
    for count in sorted(forgotten.words):
        following = [pl.col("word").shift(-step) for step in range(count)]
        runs = words.select(
            pl.concat_str(following, separator=" ").alias("run"),
            (pl.col("text").shift(1 - count) == pl.col("text")).alias("is_one_text"),
        ).filter("is_one_text")
        found.update(forgotten.matching(runs["run"], "own_name"))
    return sorted(found, key=lambda name: (-len(name), name))


def _handles_in(texts: pl.Series, forgotten: Forgotten) -> list[str]:
    """Handles and profile slugs, as written, that any of the texts gives as an address."""
    if not forgotten.hashes.get("handle"):
        return []
    written = (
        texts.str.extract_all(_ADDRESS + _SLUG).explode().drop_nulls()
        .str.replace(_ADDRESS, "").str.strip_chars_end(".").unique()
    )  # fmt: skip
    plain = pl.DataFrame(
        {"written": written, "plain": [unquote(slug).lower() for slug in written]},
        schema={"written": pl.String, "plain": pl.String},
    )
    known = forgotten.matching(plain["plain"], "handle").implode()
    return plain.filter(pl.col("plain").is_in(known))["written"].sort().to_list()


def entries(secret: str, values: Mapping[str, Iterable[str]]) -> list[tuple[str, str, int]]:
    """Rows (kind, hash, words) of forgotten.csv for clear values by kind; names may be as shown."""
    rows: set[tuple[str, str, int]] = set()
    for kind, given in values.items():
        frame = pl.DataFrame({"value": sorted(set(given))}, schema={"value": pl.String})
        if kind in {"name", "own_name"}:
            frame = frame.with_columns(plain_name("value"))
        elif kind == "handle":
            frame = frame.with_columns(pl.col("value").str.to_lowercase())
        frame = frame.filter(pl.col("value") != "").with_columns(
            hashed(secret, kind, pl.col("value")).alias("hash")
        )
        for value, digest in frame.iter_rows():
            rows.add((kind, digest, len(value.split(" ")) if kind == "own_name" else 0))
    return sorted(rows)
