"""What a forgotten person left outside of store and database: old reports, notes, Prefect's memory.

None of it can be rewritten without them, so it goes whole.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from flows.home import Home
from transforms.errors import MememeterError

# Results, log lines and events (which repeat the results) that Prefect keeps; the history of the
# runs stays.
_PREFECT_TABLES = ("artifact", "artifact_collection", "log", "events", "event_resources")


def remove_traces(home: Home, keep: Path) -> None:
    """Take away every report but one, and what stands in `.work/` of names and words."""
    for report in home.reports.glob("*.html"):
        if report not in {keep, home.latest_report}:
            report.unlink()
    for name in ("sql_history", "failure.txt", f"{home.database.name}.wal", "draft.html"):
        (home.work / name).unlink(missing_ok=True)
    for spill in home.work.glob("*.spill"):
        shutil.rmtree(spill, ignore_errors=True)
    database = home.work / "prefect" / "prefect.db"
    if database.exists():
        _empty(database)


def _empty(database: Path) -> None:
    """Delete what Prefect's tables hold of results, down to the bytes, also while it runs."""
    try:
        with sqlite3.connect(database, timeout=60, isolation_level=None) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            present = {
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            }
            for table in _PREFECT_TABLES:
                if table in present:
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608  the names above
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    except sqlite3.Error as error:
        raise MememeterError(
            f"Prefect's memory in {database} could not be emptied: {error}",
            hint="end `mememeter schedule`, delete that folder, and run again",
        ) from error
