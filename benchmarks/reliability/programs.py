"""Other people's programs on the published database, as code for a process of its own.

Each takes the database's path as its argument.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Prints the messages it sees when it opened the file, and again when it is told to.
HOLDS_IT_OPEN = """
import duckdb, sys
c = duckdb.connect(sys.argv[1], read_only=True)
count = lambda: c.execute("SELECT count(*) FROM messages").fetchone()[0]
print(count(), flush=True)
for _ in sys.stdin:
    print(count(), flush=True)
"""

# Leaves a log of changes beside the file that fits no other file.
WRITES_AND_DIES = """
import duckdb, os, sys
c = duckdb.connect(sys.argv[1])
c.execute("SET checkpoint_threshold = '1TB'")
c.execute("CREATE TABLE mine AS FROM range(9)")
print("done", flush=True)
os._exit(1)
"""

# Opens the file for writing, and writes into what it opened when it is told to, published anew or not.
WRITES_LATER = """
import duckdb, sys
c = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
try:
    c.execute("CREATE TABLE mine AS FROM range(9)")
    c.close()
except duckdb.Error as error:
    print(type(error).__name__)
"""

# Opens, reads and closes database and page as fast as it can, from "watch" to "stop".
READS_ALL_THE_TIME = """
import duckdb, json, pathlib, select, sys
def look(database, page):
    c = duckdb.connect(database, read_only=True)
    messages = c.execute("SELECT count(*) FROM messages").fetchone()[0]
    c.execute("FROM runs").fetchall()
    c.close()
    assert messages, "no message"
    end = pathlib.Path(page).read_bytes()[-20:]
    assert b"</html>" in end, f"a page that ends in {end!r}"
def attempt(*paths):
    try:
        look(*paths)
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")
for order in sys.stdin:
    paths, opened, failures = json.loads(order), 0, []
    while not select.select([sys.stdin], [], [], 0.005)[0]:
        attempt(*paths)
        opened += 1
    sys.stdin.readline()
    attempt(*paths)
    print(json.dumps({"opened": opened + 1, "failures": failures}), flush=True)
"""


def program(code: str, *arguments: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
