"""chat-miner: a WhatsApp chat into a frame."""

import json
import sys

from chatminer.chatparsers import WhatsAppParser

parser = WhatsAppParser(sys.argv[1])
parser.parse_file()
print(json.dumps({"rows": len(parser.parsed_messages.get_df())}))
