"""Prefect's API for the length of one run: `python -m flows.run_server SOCKET`.

Started by `flows.server.server_of_run`, which hands over a listening socket and holds the other
end of standard input: when that ends, however the run ended, the server does. It has no UI, and
registers no block types, which only somebody who makes a block needs.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time

# How Prefect itself marks a server that a flow starts for itself: no UI, no scheduler.
ENVIRONMENT = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}
_STOP_SECONDS = 15.0


def main(handle: int) -> None:
    """Serve until standard input ends."""
    os.environ.update(ENVIRONMENT)
    threading.Thread(target=_end_with_input, daemon=True).start()
    import uvicorn  # noqa: PLC0415  with Prefect, seconds: the watch above starts first
    from prefect.server.api.server import create_app  # noqa: PLC0415

    config = uvicorn.Config(create_app, factory=True, lifespan="on", log_level="error")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_STOP_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
