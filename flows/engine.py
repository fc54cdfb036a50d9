"""Prefect's surroundings, set before it is first imported.

Wherever the user stands, Prefect writes below the home only, sends nothing anywhere and keeps
quiet. A standing server is used when PREFECT_API_URL names one, or when `mememeter schedule`
runs one for this home; else a run starts one for itself (`flows.server`).
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import MutableMapping
from pathlib import Path

from flows.home import Home, make_folder
from flows.prefect_database import lend_database

LOOPBACK = "127.0.0.1"

_ALWAYS = {
    # A tool that reads private messages reports to nobody.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}

_UNLESS_SET = {
    # The default of 20 s is missed on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_CLI_PROMPT": "false",
    # Prefect forgets what happened after a week, and by default no run, ever: it would only grow.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 86_400),
}


def configure_prefect(
    home: Home, environment: MutableMapping[str, str] | None = None
) -> MutableMapping[str, str]:
    """Set what Prefect reads from the environment when it is imported; returns the environment."""
    values = os.environ if environment is None else environment
    folder = make_folder(home.work / "prefect")
    lend_database(folder)
    values["PREFECT_HOME"] = str(folder)
    values["PREFECT_PROFILES_PATH"] = str(folder / "profiles.toml")
    values.update(_ALWAYS)
    for name, value in _UNLESS_SET.items():
        values.setdefault(name, value)
    if "PREFECT_API_URL" not in values and (address := standing_server(home)):
        values["PREFECT_API_URL"] = address
    return values


def address_file(home: Home) -> Path:
    """Where `mememeter schedule` notes the server it runs for this home."""
    return home.work / "server.json"


def standing_server(home: Home) -> str | None:
    """The API address of the server that `mememeter schedule` runs for this home, if it answers."""
    try:
        address = json.loads(address_file(home).read_bytes())["api"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if isinstance(address, str) and is_answering(address) else None


def is_answering(address: str) -> bool:
    """Whether a Prefect API answers there; only this machine is ever asked."""
    if not address.startswith(f"http://{LOOPBACK}:"):
        return False
    # A proxy from the environment has no business between two processes of one machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, ValueError):
        return False
