"""The published database in the programs people use: `python -m benchmarks.clients [FOLDER]`.

Installs each client into a virtual environment of its own (kept in FOLDER when one is named, so
that a second run is quick), and lets it read the database of the sample while runs go on that
publish anew. Prints a line a client; leaves with 1 when one of them could not read it.
"""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

QUERY = "SELECT count(*) AS n FROM leaderboard JOIN sender_metrics USING (identity_id) WHERE scope = 'all'"
_COUNT = f"con.execute({QUERY!r}).fetchone()[0]"
_OPEN = "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True)"

# name → (what pip installs, the program that prints the count)
PYTHON = {
    "Python duckdb 1.5": (["duckdb>=1.5,<1.6"], f"{_OPEN}; print({_COUNT})"),
    "Python duckdb 2.0": (["duckdb>=2.0,<2.1"], f"{_OPEN}; print({_COUNT})"),
    "Polars": (
        ["duckdb>=1.5,<1.6", "polars", "pyarrow"],
        f"{_OPEN}; import polars as pl; print(pl.read_database({QUERY!r}, con).item())",
    ),
    "pandas": (
        ["duckdb>=1.5,<1.6", "pandas"],
        f"{_OPEN}; print(con.sql({QUERY!r}).df()['n'][0])",
    ),
    "SQLAlchemy": (
        ["duckdb>=1.5,<1.6", "duckdb-engine", "sqlalchemy<2.1"],
        (
            "import sys; from sqlalchemy import create_engine, text, inspect\n"
            "engine = create_engine(f'duckdb:///{sys.argv[1]}', connect_args={'read_only': True})\n"
            "assert 'messages' in inspect(engine).get_table_names()\n"
            f"print(engine.connect().execute(text({QUERY!r})).scalar())"
        ),
    ),
    "pandas over SQLAlchemy": (
        ["duckdb>=1.5,<1.6", "duckdb-engine", "sqlalchemy<2.1", "pandas"],
        (
            "import sys, pandas; from sqlalchemy import create_engine, text\n"
            "engine = create_engine(f'duckdb:///{sys.argv[1]}', connect_args={'read_only': True})\n"
            f"print(pandas.read_sql(text({QUERY!r}), engine.connect())['n'][0])"
        ),
    ),
}


def environment(folder: Path, packages: list[str]) -> Path:
    """The bin folder of a virtual environment with these packages."""
    name = "-".join("".join(c for c in package if c.isalnum()) for package in packages)
    place = folder / name
    if not (place / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", *packages], check=True)
        (place / "done").touch()
    return place / "bin"


def mememeter(home: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments, "--home", str(home)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@contextmanager
def runs_going_on(home: Path) -> Iterator[tuple[list[int], Callable[[], bool]]]:
    """Runs that publish one after the other; the list holds how many ended so far.

    And whether they still go on: none failed.
    """
    over, published = threading.Event(), [0]

    def work() -> None:
        while not over.is_set():
            kept = 20 + published[0] % 5
            (home / "mememeter.toml").write_text(f"[run]\nreports_kept = {kept}\n", "utf-8")
            try:
                mememeter(home, "run", "--engine", "plain", "--quiet")
            except subprocess.CalledProcessError as error:
                print(f"a run failed: {error.stderr}", flush=True)
                return
            published[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield published, thread.is_alive
    finally:
        over.set()
        thread.join()


def command_line(folder: Path, database: Path) -> str:
    """DuckDB's own program, as from its download page."""
    duckdb = environment(folder, ["duckdb-cli>=1.5,<1.6"]) / "duckdb"
    command = [duckdb, "-readonly", "-csv", "-noheader", database, QUERY]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def harlequin(folder: Path, database: Path) -> str:
    """On a terminal of its own: the tables are listed, and the adapter's connection counts."""
    place = environment(folder, ["harlequin"])
    screen = _on_a_terminal([str(place / "harlequin"), "--read-only", str(database)], "mememeter")
    if "mememeter" not in screen:
        return f"nothing of the database on the screen: {screen[-300:]!r}"
    code = (
        "import sys; from harlequin_duckdb import DuckDbAdapter\n"
        "con = DuckDbAdapter((sys.argv[1],), read_only=True).connect()\n"
        f"print(con.execute({QUERY!r}).fetchall()[0][0])"
    )
    return subprocess.run(
        [place / "python", "-c", code, database], check=True, capture_output=True, text=True
    ).stdout.strip()


def _on_a_terminal(command: list[str], wanted: str, patience: float = 60) -> str:
    process, terminal = pty.fork()
    if process == 0:
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
        os.execv(command[0], command)
    seen, deadline = b"", time.monotonic() + patience
    try:
        while time.monotonic() < deadline and wanted.encode() not in seen:
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 65536)
    except OSError:  # it ended
        pass
    os.kill(process, 15)
    os.waitpid(process, 0)
    os.close(terminal)
    return seen.decode(errors="replace")


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        home = Path(scratch) / "home"
        mememeter(home, "run", "--engine", "plain", "--quiet")
        database = home / "mememeter.duckdb"
        wanted = mememeter(home, "sql", QUERY, "--format", "csv").split()[1]
        clients = {
            "DuckDB command line 1.5": lambda: command_line(folder, database),
            "Harlequin": lambda: harlequin(folder, database),
        }
        for name, (packages, code) in PYTHON.items():
            place = environment(folder, packages) / "python"
            clients[name] = lambda place=place, code=code: subprocess.run(
                [place, "-c", code, database], check=True, capture_output=True, text=True
            ).stdout.strip()
        with runs_going_on(home) as (published, is_at_work):
            for name, count in clients.items():
                before = published[0]
                try:
                    # Until a publish came between two looks.
                    counts = {count()}
                    while published[0] == before and is_at_work():
                        counts.add(count())
                except subprocess.CalledProcessError as error:
                    counts = {error.stderr.strip().splitlines()[-1]}
                ok = counts == {wanted}
                wrong += not ok
                print(
                    f"{name:<26} {'reads it' if ok else f'WRONG: {counts}, not {wanted}'}"
                    f" ({published[0] - before} publishes meanwhile)",
                    flush=True,
                )
            wrong += not is_at_work()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
