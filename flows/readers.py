"""Every export format as this home reads it: tables of other tools under the user's mappings."""

from __future__ import annotations

from typing import cast

from flows.settings import Settings
from flows.table_settings import Table
from transforms.sources import all_sources
from transforms.sources import table as tables
from transforms.sources._table_columns import FIELDS, Platform, TableMapping
from transforms.sources._table_dates import Days
from transforms.spec import Source


def readers(settings: Settings, *, guess_tables: bool = True) -> tuple[Source, ...]:
    """The formats; without `guess_tables` a table is told by the mapping that names it only."""
    mappings = [_mapping(table) for table in settings.table]
    mapped = tables.with_mappings(mappings, guess=guess_tables)
    return tuple(mapped if s.name == mapped.name else s for s in all_sources())


def _mapping(table: Table) -> TableMapping:
    said = {name: getattr(table, name) for name in FIELDS if name != "platform"}
    return TableMapping(
        files=table.files,
        platform=cast("Platform | None", table.platform or None),
        days=cast("Days | None", table.dates or None),
        time_zone=table.time_zone or None,
        columns={name: column for name, column in said.items() if column},
    )
