"""Prefect's empty database, made once per installation: `python -m flows.prefect_database`.

A server that finds none creates it through all of Prefect's migrations, three seconds on every
first run in a home. The set-up leaves an empty one beside the libraries, and each home begins
with a copy. Without it, or after Prefect's version changed, everything works and takes longer.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from flows.home import FILE_MODE

DATABASE = "prefect.db"


def template() -> Path:
    """Where the set-up leaves it: a file per version of Prefect."""
    return Path(sys.prefix) / "share" / "mememeter" / f"prefect-{version('prefect')}.db"


def lend_database(folder: Path, empty: Path | None = None) -> None:
    """Put a copy of the empty database into Prefect's folder, unless it has one or there is none."""
    target = folder / DATABASE
    source = empty or template()
    if target.exists() or not source.exists():
        return
    part = folder / f".{DATABASE}.part"
    shutil.copyfile(source, part)
    part.chmod(FILE_MODE)
    part.replace(target)


def make_template(target: Path | None = None) -> Path:
    """Let Prefect create its database, and leave it as one closed file; returns where."""
    target = target or template()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": folder,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }
        subprocess.run(
            [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
            check=True, capture_output=True, env=environment,
        )  # fmt: skip
        with closing(sqlite3.connect(Path(folder) / DATABASE)) as made:
            made.execute("VACUUM INTO ?", [str(part)])
    part.replace(target)
    return target


if __name__ == "__main__":
    make_template()
