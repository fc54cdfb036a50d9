"""Many people's archives as data for research: what leaves a home, and under which names.

A pooled table is a published one with the donor in front, the context of its rows beside it,
ids as keyed hashes, moments as days, and without a word that anybody wrote or could be found
by. Its columns are derived from the declarations: what is not known to be a measurement, a
label of a closed list or an id does not leave.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl
import polars_hash as plh

from transforms import tables
from transforms.catalogue import value_range
from transforms.identify import ID_LENGTH
from transforms.spec import Column, Table
from transforms.tables.common import count

# Texts that are no list of values in their declaration, and still labels of this program's own.
_LABELS = frozenset({"behaviour", "language"})
_NOT_NUMBERS = frozenset({"text", "texts", "spans"})

DONOR = Column(
    name="donor_id", kind="text", doc="Whose archive it is: a keyed hash of the archive's name."
)
_VERSIONS = (
    Column(name="program_version", kind="text", doc="Version of the program that measured."),
    Column(name="metrics_version", kind="text", doc="Hash of everything a metric rests on."),
    Column(name="reference_version", kind="text", doc="Hash of priors, thresholds and lexicons."),
)
DONORS = Table(
    name="donors",
    grain="archive",
    doc="What was read of each archive, and with which versions it was measured.",
    key=("donor_id",),
    columns=(
        DONOR,
        Column(
            name="owner_id",
            kind="text",
            null_when="no export of the archive says whose it is",
            doc="The owner's identity_id; the same in two rows means one person donated twice.",
        ),
        Column(name="sources", kind="text", doc="Export formats it holds, joined by plus signs."),
        count("exports", "Exports read.", "count"),
        count("rows_read", "Rows read in all their files."),
        count("rows_rejected", "Rows refused, with a reason in the archive's own home."),
        count("people", "People in it, the owner included.", "people"),
        count("messages", "Messages in it.", "count"),
        count("posts", "Posts in it.", "count"),
        Column(
            name="first_on",
            kind="date",
            null_when="it holds neither messages nor posts",
            doc="Day of its first message or post, UTC.",
        ),
        Column(
            name="last_on",
            kind="date",
            null_when="it holds neither messages nor posts",
            doc="Day of its last message or post, UTC.",
        ),
        *_VERSIONS,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """With what a donor's archive was measured."""

    program_version: str
    metrics_version: str
    reference_version: str


@dataclass(frozen=True, slots=True)
class _Context:
    """Columns that say what a row is about, looked up by a key of it in another table."""

    table: Table
    key: str
    columns: tuple[str, ...]


_CONTEXT: Mapping[str, _Context] = {
    "message_metrics": _Context(
        tables.MESSAGES,
        "message_id",
        ("conversation_id", "sender_id", "platform", "kind", "is_from_owner", "sent_at"),
    ),
    "post_metrics": _Context(
        tables.POSTS,
        "post_id",
        ("author_id", "platform", "kind", "posted_at", "reply_to_person_id"),
    ),
    "conversation_metrics": _Context(
        tables.CONVERSATIONS,
        "conversation_id",
        ("platform", "kind", "participants", "messages", "started_at", "last_message_at"),
    ),
}
_SOURCES = (
    tables.SENDER_METRICS,
    tables.SENDER_BLOCKS,
    tables.SENDER_WEEKLY,
    tables.SENDER_MONTHLY,
    tables.FLAGS,
    tables.CONVERSATION_METRICS,
    tables.MESSAGE_METRICS,
    tables.POST_METRICS,
)


def _leaves(column: Column) -> bool:
    return (
        column.kind not in _NOT_NUMBERS
        or bool(column.values)
        or column.name in _LABELS
        or _is_id(column)
    )


def _is_id(column: Column) -> bool:
    return column.kind == "text" and column.name.endswith("_id")


def _pooled_column(column: Column) -> Column:
    if column.kind == "timestamp":
        name = f"{column.name.removesuffix('_at')}_on"
        return dataclasses.replace(column, name=name, kind="date", doc=f"Day (UTC): {column.doc}")
    if _is_id(column):
        return dataclasses.replace(column, doc=f"{column.doc} As a keyed hash.")
    return column


def _context_columns(context: _Context, table: Table) -> tuple[Column, ...]:
    own = {column.name for column in table.columns}
    return tuple(
        column
        for column in context.table.columns
        if column.name in context.columns and column.name not in own
    )


def _pooled_table(source: Table) -> Table:
    context = _CONTEXT.get(source.name)
    added = _context_columns(context, source) if context else ()
    is_sender = any(column.name == "identity_id" for column in source.columns)
    owner = (
        Column(name="is_donor", kind="boolean", doc="True for the person whose archive it is."),
    )
    return dataclasses.replace(
        source,
        grain=f"donor × {source.grain}",
        key=("donor_id", *source.key),
        columns=(
            DONOR,
            *(_pooled_column(column) for column in (*source.columns, *added) if _leaves(column)),
            *(owner if is_sender else ()),
        ),
    )


POOLED: Mapping[str, Table] = {
    table.name: table for table in (DONORS, *(_pooled_table(source) for source in _SOURCES))
}


def keyed(column: str, key: str, scope: str | pl.Expr = "") -> pl.Expr:
    """The ids of a column as hashes nobody can make without the key; null stays null.

    BLAKE3 of key, scope and id: it has no length extension, so the key in front makes a MAC.
    """
    said = pl.concat_str([pl.lit(key), scope if isinstance(scope, pl.Expr) else pl.lit(scope), pl.col(column)], separator="\x1f")  # fmt: skip
    digest = plh.concat_str(said).chash.blake3().str.head(ID_LENGTH)
    prefix = pl.col(column).str.extract(r"^([a-z]+_)").fill_null("")
    return pl.when(pl.col(column).is_not_null()).then(prefix + digest).alias(column)


def pooled(
    content: Mapping[str, pl.DataFrame], donor_id: str, key: str, versions: Versions
) -> dict[str, pl.DataFrame]:
    """Every pooled table of one donor, from the published tables of their home.

    An id is hashed with the key alone where the platform made it, so that a person, thread or
    message met in two archives is one; who is known by name only stays apart in each archive.
    """
    people = content["people"]
    by_name = people.filter(pl.all_horizontal(pl.col("profile_url", "handle").is_null()))
    nameless = pl.concat([by_name["person_id"], by_name["identity_id"]]).implode()
    owners = people.filter("is_owner")["identity_id"].unique().sort()
    result = {}
    for source in _SOURCES:
        frame = content[source.name]
        if context := _CONTEXT.get(source.name):
            added = [column.name for column in _context_columns(context, source)]
            frame = frame.join(
                content[context.table.name].select(context.key, *added), context.key, "left"
            )
        if "identity_id" in frame.columns:
            frame = frame.with_columns(is_donor=pl.col("identity_id").is_in(owners.implode()))
        result[source.name] = _conformed(frame, POOLED[source.name], donor_id, key, nameless)
    donors = _donor_row(content, owners).with_columns(
        **{name: pl.lit(value) for name, value in dataclasses.asdict(versions).items()}
    )
    result[DONORS.name] = _conformed(donors, DONORS, donor_id, key, nameless)
    return result


def _conformed(
    frame: pl.DataFrame, table: Table, donor_id: str, key: str, nameless: pl.Series
) -> pl.DataFrame:
    moments = {
        name: f"{name.removesuffix('_at')}_on"
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime)
    }
    frame = frame.with_columns(pl.col(*moments).dt.date()) if moments else frame
    frame = frame.rename(moments).with_columns(donor_id=pl.lit(donor_id))
    ids = [
        keyed(name, key, pl.when(pl.col(name).is_in(nameless)).then(pl.lit(donor_id)).otherwise(pl.lit("")))
        for name in (column.name for column in table.columns if _is_id(column))
        if name != DONOR.name
    ]  # fmt: skip
    return table.conform(frame.with_columns(ids).select(table.schema.names()))


def _donor_row(content: Mapping[str, pl.DataFrame], owners: pl.Series) -> pl.DataFrame:
    exports = content["exports"]
    days = pl.concat(
        [content["messages"].select(at="sent_at"), content["posts"].select(at="posted_at")]
    )["at"]
    return pl.DataFrame(
        {
            "owner_id": pl.Series(owners.to_list()[:1] or [None], dtype=pl.String),
            "sources": ["+".join(exports["source"].unique().sort())],
            "exports": [exports.height],
            "rows_read": [exports["rows_read"].sum()],
            "rows_rejected": [exports["rows_rejected"].sum()],
            "people": [content["people"].height],
            "messages": [content["messages"].height],
            "posts": [content["posts"].height],
            "first_on": pl.Series([days.min()], dtype=pl.Datetime("us", "UTC")).dt.date(),
            "last_on": pl.Series([days.max()], dtype=pl.Datetime("us", "UTC")).dt.date(),
        }
    )


def codebook() -> pl.DataFrame:
    """One row per pooled column: what it means, in what unit and range, and when it is null."""
    rows = [
        {
            "table": table.name,
            "column": column.name,
            "kind": column.kind,
            "unit": column.unit,
            "range": value_range(column),
            "null_when": column.null_when or "never",
            "meaning": column.doc,
        }
        for table in POOLED.values()
        for column in table.columns
    ]
    return pl.DataFrame(rows)


def codebook_text(versions: Versions, donors: int) -> str:
    """The codebook for readers, as Markdown."""
    return "\n".join(_codebook_lines(versions, donors)) + "\n"


def _codebook_lines(versions: Versions, donors: int) -> Iterator[str]:
    yield "# Codebook"
    yield ""
    yield (
        f"Pooled from {donors:,} archives. Program {versions.program_version}, metrics "
        f"{versions.metrics_version}, reference data {versions.reference_version}."
    )
    yield ""
    yield (
        "No table holds a name, an address or a word of a message. Ids are keyed hashes: the same "
        "person met in two archives has one id where the platform gave one, and people known by "
        "name only stay apart. Moments are days in UTC. Ends of intervals (`_low`, `_high`) are "
        "of 90 %. A null is never a zero: each column says what it means."
    )
    for table in POOLED.values():
        yield from ("", f"## {table.name}", "")
        yield f"{table.comment} Key: {', '.join(table.key)}."
        yield from ("", "| column | kind | meaning, unit, range, null rule |", "|---|---|---|")
        for column in table.columns:
            meaning = column.comment.replace("|", "\\|").replace("<", "&lt;")
            yield f"| `{column.name}` | {column.kind} | {meaning} |"
