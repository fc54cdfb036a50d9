"""Small hand-made worlds of records: the shortest way to say who wrote what in which export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from transforms.reconcile import Ledger
from transforms.records import RECORD_TABLES

OWNER = "linkedin:in/owner"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def message(text: str | None, sender: str | None = None, **more: Any) -> dict[str, Any]:
    """A message record; `sender` is a slug, "owner" being the owner."""
    return {
        "platform": "linkedin",
        "kind": "dm",
        "conversation_key": "thread-1",
        "sender_key": f"linkedin:in/{sender}" if sender else None,
        "sender_name": sender.title() if sender else "LinkedIn Member",
        "recipient_keys": None if sender is None else ([OWNER] if sender != "owner" else None),
        "sent_at": at("2025-03-01 09:00"),
        "text": text,
        "by_owner": None,
    } | more


def records(**exports: Mapping[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """export name → {record table → rows} as complete record frames."""
    frames = {}
    for name, table in RECORD_TABLES.items():
        rows = [
            {"export_id": export, "member": f"{name}.csv", "row_number": number} | row
            for export, content in exports.items()
            for number, row in enumerate(content.get(name, ()), start=1)
        ]
        frames[name] = pl.DataFrame(
            [{column: row.get(column) for column in table.schema} for row in rows],
            schema=table.schema,
        )
    return frames


def ledger(frames: Mapping[str, pl.DataFrame], *, arrival: list[str] | None = None) -> Ledger:
    """What the store would say of these records: all rows read, none refused."""
    held = pl.concat(
        [frame.select("export_id", "member", "row_number") for frame in frames.values()]
    ).unique()
    members = held.group_by("export_id", "member").agg(pl.len().cast(pl.Int64).alias("rows_read"))
    times = {
        export: at("2025-01-01") if not seen else max(seen)
        for export in held["export_id"].unique().to_list()
        for seen in [
            [
                value
                for name, column in (("message_records", "sent_at"), ("post_records", "posted_at"))
                for value in frames[name].filter(export_id=export)[column].drop_nulls().to_list()
            ]
        ]
    }
    order = arrival or sorted(times)
    exports = pl.DataFrame(
        [
            {
                "export_id": export,
                "file_name": f"{export}.zip",
                "sha256": export,
                "source": "linkedin_archive",
                "platform": "linkedin",
                "first_seen_at": at(f"2026-01-{1 + order.index(export):02d}"),
                "as_of": times[export],
            }
            for export in sorted(times)
        ],
        schema={
            **dict.fromkeys(("export_id", "file_name", "sha256", "source", "platform"), pl.String),
            **dict.fromkeys(("first_seen_at", "as_of"), pl.Datetime("us", "UTC")),
        },
    )
    return Ledger(
        exports=exports,
        members=members.with_columns(
            handling=pl.lit("read"), rows_rejected=pl.lit(0), rows_ignored=pl.lit(0)
        ),
        rejects=pl.DataFrame(
            schema={
                "export_id": pl.String, "member": pl.String, "row_number": pl.Int64,
                "reason": pl.String, "excerpt": pl.String,
            }
        ),
    )  # fmt: skip
