"""One key of mememeter.toml: its default, its explanation, and what values it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

Check = Callable[[Any], str | None]


def setting(
    default: Any,  # noqa: ANN401  any TOML value
    doc: str,
    *,
    check: Check | None = None,
    example: Any = None,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    metadata = {"doc": doc, "check": check, "example": example}
    return field(default=default, metadata=metadata)


def at_least(low: int) -> Check:
    return lambda value: None if value >= low else f"a number of at least {low}"


def one_of(*values: str) -> Check:
    return lambda value: None if value in values else f"one of {', '.join(filter(None, values))}"
