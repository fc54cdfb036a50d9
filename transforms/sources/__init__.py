"""The export formats, one file each. The folder is walked; nothing is registered twice."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from transforms.spec import Source


@cache
def all_sources() -> tuple[Source, ...]:
    """Every export format declared in this folder, by file name. `_`-modules are helpers."""
    names = sorted(i.name for i in pkgutil.iter_modules(__path__) if not i.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}").SOURCE for name in names)
