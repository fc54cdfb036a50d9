"""Empath: its categories of words of every text."""

import json
import sys
from pathlib import Path

from empath import Empath

lexicon = Empath()
rows = 0
with Path(sys.argv[1]).open(encoding="utf-8") as file:
    for line in file:
        lexicon.analyze(json.loads(line)["text"], normalize=True)
        rows += 1
print(json.dumps({"rows": rows}))
