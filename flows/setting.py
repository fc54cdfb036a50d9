"""One key of mememeter.toml: its default, its explanation, and what values it takes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any

from transforms.errors import UsageError

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


def unknown(where: str, what: str, name: str, known: Iterable[str]) -> UsageError:
    """An error that names the nearest of the known ones, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
    return UsageError(f"{where}: unknown {what} {name!r}", hint=hint)
