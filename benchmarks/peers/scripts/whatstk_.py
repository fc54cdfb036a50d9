"""whatstk: a WhatsApp chat into a frame."""

import json
import sys

from whatstk import WhatsAppChat

print(json.dumps({"rows": len(WhatsAppChat.from_source(filepath=sys.argv[1]).df)}))
