"""datasketch: groups of near-copies by MinHash of word pairs and LSH."""

import json
import sys
from itertools import pairwise
from pathlib import Path

from datasketch import MinHash, MinHashLSH

lsh = MinHashLSH(threshold=0.5, num_perm=64)
rows = grouped = 0
with Path(sys.argv[1]).open(encoding="utf-8") as file:
    for line in file:
        words = json.loads(line)["text"].lower().split()
        rows += 1
        if len(words) < 12:
            continue
        sketch = MinHash(num_perm=64)
        sketch.update_batch([f"{a} {b}".encode() for a, b in pairwise(words)])
        if lsh.query(sketch):
            grouped += 1
        else:
            lsh.insert(str(rows), sketch)
print(json.dumps({"rows": rows, "grouped": grouped}))
