"""TextBlob alone: the sentiment of every text."""

import json
import sys
from pathlib import Path

from textblob import TextBlob

rows = 0
with Path(sys.argv[1]).open(encoding="utf-8") as file:
    for line in file:
        _ = TextBlob(json.loads(line)["text"]).sentiment
        rows += 1
print(json.dumps({"rows": rows}))
