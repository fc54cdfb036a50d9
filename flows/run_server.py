"""Prefect's API for the length of one run: `python -m flows.run_server SOCKET`.

Started by `flows.server.server_of_run`, which hands over a listening socket and holds the other
end of standard input: when that ends, however the run ended, the server does. It has no UI, and
registers no block types, which only somebody who makes a block needs.
"""

from __future__ import annotations

import os
import socket
import sys

from flows.tied import end_with_the_other

# No UI, and nothing that plans runs. Not marked as a temporary one, as Prefect marks its own: those
# never sweep old runs out of the database.
ENVIRONMENT = {
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}


def main(handle: int) -> None:
    """Serve until standard input ends."""
    os.environ.update(ENVIRONMENT)
    end_with_the_other()
    import uvicorn  # noqa: PLC0415  with Prefect, seconds: the watch above starts first
    from prefect.server.api.server import create_app  # noqa: PLC0415

    config = uvicorn.Config(create_app, factory=True, lifespan="on", log_level="error")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
