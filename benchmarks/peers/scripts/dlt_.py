"""dlt: messages.csv as one Arrow table into DuckDB, its fastest way in."""

import json
import os
import sys
from pathlib import Path

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["HOME"] = sys.argv[2]

import dlt
import duckdb
from pyarrow import csv

table = csv.read_csv(sys.argv[1], parse_options=csv.ParseOptions(newlines_in_values=True))
target = Path(sys.argv[2]) / "dlt.duckdb"
pipeline = dlt.pipeline(
    "messages", destination=dlt.destinations.duckdb(str(target)), dataset_name="inbox",
    pipelines_dir=sys.argv[2],
)  # fmt: skip
pipeline.run(table, table_name="messages")
with duckdb.connect(str(target)) as database:
    rows = database.execute("SELECT count(*) FROM inbox.messages").fetchone()[0]
print(json.dumps({"rows": rows}))
