"""ConvoKit: a corpus from its folder."""

import json
import sys

from convokit import Corpus

print(json.dumps({"rows": len(list(Corpus(filename=sys.argv[1]).iter_utterances()))}))
