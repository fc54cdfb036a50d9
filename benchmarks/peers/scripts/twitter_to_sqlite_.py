"""twitter-to-sqlite: `twitter-to-sqlite import`, as its command line does it."""

import json
import sqlite3
import sys
from pathlib import Path

from twitter_to_sqlite.cli import cli

database = Path(sys.argv[2]) / "twitter.db"
cli(["import", str(database), sys.argv[1]], standalone_mode=False)
with sqlite3.connect(database) as connection:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    count = "SELECT count(*) FROM archive_tweet"
    rows = connection.execute(count).fetchone()[0] if "archive_tweet" in tables else 0
print(json.dumps({"rows": rows}))
