"""HPI: my.twitter.archive, every tweet with its time and text."""

import json
import os
import sys
from pathlib import Path

config = Path(sys.argv[2]) / "config"
(config / "my" / "config").mkdir(parents=True)
(config / "my" / "config" / "__init__.py").write_text(
    f"class twitter_archive:\n    export_path = {sys.argv[1]!r}\n", encoding="utf-8"
)
os.environ["MY_CONFIG"] = str(config)
os.environ["HOME"] = sys.argv[2]

from my.twitter import archive  # noqa: E402  after its configuration

rows = sum(1 for tweet in archive.tweets() if tweet.text and tweet.created_at)
print(json.dumps({"rows": rows}))
