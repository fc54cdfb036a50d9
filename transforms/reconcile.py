"""Where every row of every file went, and what an export has less of than the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from transforms import tables
from transforms.identify import PROVENANCE
from transforms.people import Identities
from transforms.sources import all_sources

SHRUNK_FROM_ROWS = 20
SHRUNK_BELOW = 0.5


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the store knows of its exports, before duplicates are told.

    `exports`: tables.EXPORTS without row sums and owner. `members`: tables.EXPORT_MEMBERS
    without rows_stored, rows_duplicate and rows_before. `rejects`: tables.REJECTS.
    """

    exports: pl.DataFrame
    members: pl.DataFrame
    rejects: pl.DataFrame


def reconcile(
    keyed: Mapping[str, pl.DataFrame], ledger: Ledger, identities: Identities
) -> dict[str, pl.DataFrame]:
    """exports, export_members and rejects, with what each file added and what was known."""
    told = _count_duplicates(keyed, ledger.exports)
    members = ledger.members.join(told, ["export_id", "member"], "left").with_columns(
        pl.col("rows_stored", "rows_duplicate").fill_null(0)
    )
    sums = members.group_by("export_id").agg(
        pl.col("rows_read", "rows_stored", "rows_duplicate", "rows_rejected", "rows_ignored").sum()
    )
    exports = (
        ledger.exports.join(sums, "export_id", "left")
        .with_columns(pl.col(sums.columns[1:]).fill_null(0))
        .join(identities.owners, "export_id", "left")
    )
    before = _rows_before(members, exports)
    return {
        "exports": tables.EXPORTS.conform(exports),
        "export_members": tables.EXPORT_MEMBERS.conform(
            members.join(before, ["export_id", "member"], "left")
        ),
        "rejects": tables.REJECTS.conform(ledger.rejects),
    }


def _rows_before(members: pl.DataFrame, exports: pl.DataFrame) -> pl.DataFrame:
    """(export_id, member, rows_before) of files that hold much less than the export before.

    That is the same owner's previous one with files of that kind, whose parts count together.
    """
    kinds = [
        (source.name, path, member.name)
        for source in all_sources()
        if not source.is_by_content  # two feeds need have nothing to do with each other
        for path in members["member"].unique().to_list()
        if (member := next((m for m in source.members if m.matches(path)), None))
    ]
    kind = pl.DataFrame(
        kinds, schema={"source": pl.String, "member": pl.String, "kind": pl.String}, orient="row"
    )
    of_kind = (
        members.filter(pl.col("handling").is_in(["read", "failed"]))
        .join(exports.select("export_id", "source", "as_of", "owner_id"), "export_id")
        .join(kind, ["source", "member"])
    )
    whose = ["source", "owner_id", "kind"]
    rows = (
        of_kind.group_by(*whose, "export_id", "as_of")
        .agg(pl.col("rows_read").sum().alias("rows"))
        .filter(pl.col("as_of").is_not_null())
        .sort(*whose, "as_of", "export_id")
        .with_columns(pl.col("rows").shift(1).over(whose).alias("rows_before"))
        .filter(
            pl.col("rows_before") >= SHRUNK_FROM_ROWS,
            pl.col("rows") < SHRUNK_BELOW * pl.col("rows_before"),
        )
    )
    return of_kind.join(rows, ["export_id", "kind"]).select("export_id", "member", "rows_before")


def _count_duplicates(records: Mapping[str, pl.DataFrame], exports: pl.DataFrame) -> pl.DataFrame:
    """Per export and member: rows that added a record, and rows that were already known.

    A row is new when any of its records was not in an export ingested before, or earlier in
    this one. Only this split depends on the order of arrival.
    """
    identity = {
        "message_records": ["message_id"],
        "post_records": ["post_id"],
        "interaction_records": ["interaction_id"],
        "connection_records": ["platform", "direction", "person_key", "connected_on", "invited_at"],
    }
    order = exports.select("export_id", "first_seen_at")
    frames = []
    for name, frame in sorted(records.items()):
        keys = identity.get(name) or [c for c in frame.columns if c not in PROVENANCE]
        arrived = frame.select(*PROVENANCE, *(k for k in keys)).join(order, "export_id").sort(
            "first_seen_at", *PROVENANCE
        )  # fmt: skip
        frames.append(
            arrived.select(*PROVENANCE, pl.struct(keys).is_first_distinct().alias("is_new"))
        )
    return (
        pl.concat(frames)
        .group_by(PROVENANCE)
        .agg(pl.col("is_new").any())
        .group_by("export_id", "member")
        .agg(
            pl.col("is_new").sum().cast(pl.Int64).alias("rows_stored"),
            (~pl.col("is_new")).sum().cast(pl.Int64).alias("rows_duplicate"),
        )
        .sort("export_id", "member")
    )
