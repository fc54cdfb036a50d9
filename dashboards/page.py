"""One page that needs nothing and lets nothing in: scripts and styles inside, and the policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

# What Plotly and Tabulator do themselves, found by running them under the policy: an empty
# <style>, style="", the style that keeps images pixelated, and that of <b> in a hover text
# (static/vendor/README.md).
_EMPTY = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
_PIXELATED = "sha256-AR/cKIZjWPcPmBUPDA6oti9XBiTbJvz0Cro2J1VzzS8="

_BOLD = "sha256-wkY2X5hecQzbhnFCqvTpwrUJ1f4X8LH5WFjYUzv1wmU="

VENDOR_SCRIPTS = ("vendor/plotly-cartesian.min.js", "vendor/tabulator.min.js")
OWN_SCRIPTS = (
    "js/core.js",
    "js/charts.js",
    "js/ranking.js",
    "js/person.js",
    "js/threads.js",
    "js/found.js",
    "js/app.js",
)
LICENCES = {
    "plotly.js 4.1.1": "vendor/plotly.LICENSE",
    "Tabulator 6.5.3": "vendor/tabulator.LICENSE",
}
STYLES = ("vendor/tabulator.min.css", "report.css")

_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_ENDS_ELEMENT = re.compile(r"</(script|style)|<!--", re.IGNORECASE)


@cache
def static(name: str) -> str:
    """A script or style of ours or of the vendors, ready to stand inside its element.

    Raises ValueError when it holds what would end the element: it would be cut off there.
    """
    text = (resources.files("dashboards") / "static" / name).read_text(encoding="utf-8")
    # A browser reads \r\n as \n, and the hash is of what it reads.
    text = _SOURCE_MAP.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _ENDS_ELEMENT.search(text):
        raise ValueError(f"{name} holds </script, </style or <!-- and cannot be put into a page")
    return text


def own_script() -> str:
    """Our scripts as one, in a scope of its own."""
    body = "\n".join(static(name) for name in OWN_SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}\n}})();'


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The Content-Security-Policy that lets exactly these scripts and styles run."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src-elem {' '.join(map(_hash, styles))} '{_EMPTY}'",
            f"style-src-attr 'unsafe-hashes' '{_EMPTY}' '{_PIXELATED}' '{_BOLD}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
