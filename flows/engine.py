"""Prefect's surroundings, set before it is first imported.

Wherever the user stands, Prefect writes below the home only, sends nothing anywhere and keeps
quiet; a standing server is used when PREFECT_API_URL names one, and only then.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from flows.home import Home, make_folder

_ALWAYS = {
    # A tool that reads private messages reports to nobody.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}

_UNLESS_SET = {
    # The default of 20 s is missed on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_CLI_PROMPT": "false",
}


def configure_prefect(
    home: Home, environment: MutableMapping[str, str] | None = None
) -> MutableMapping[str, str]:
    """Set what Prefect reads from the environment when it is imported; returns the environment."""
    values = os.environ if environment is None else environment
    folder = make_folder(home.work / "prefect")
    values["PREFECT_HOME"] = str(folder)
    values["PREFECT_PROFILES_PATH"] = str(folder / "profiles.toml")
    values.update(_ALWAYS)
    for name, value in _UNLESS_SET.items():
        values.setdefault(name, value)
    return values
