"""linkedin-analyzer: messages.csv into an Excel sheet."""

import json
import sys
from pathlib import Path

from linkedin_analyzer.cleaners.messages import clean_messages

result = clean_messages(Path(sys.argv[1]), Path(sys.argv[2]) / "messages.xlsx")
if not result.success:
    raise SystemExit(result.error)
print(json.dumps({"rows": result.rows_processed}))
