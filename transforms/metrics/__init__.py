"""The metrics, one file per behaviour. The folder is walked; nothing is registered twice.

A metric is a module-level `Metric(…)`. `metrics_of(grain)` returns them in dependency order,
so an expression may read the columns of the metrics it needs.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from graphlib import CycleError, TopologicalSorter

from transforms.errors import DeclarationError
from transforms.spec import Grain, Metric


@cache
def all_metrics() -> tuple[Metric, ...]:
    """Every metric declared in this folder, in dependency order within its grain."""
    found: dict[tuple[str, str], Metric] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for value in vars(module).values():
            for metric in value if isinstance(value, tuple) else (value,):
                if not isinstance(metric, Metric):
                    continue
                key = (metric.grain, metric.name)
                if found.setdefault(key, metric) is not metric:
                    raise DeclarationError(
                        f"metric {metric.name!r} is declared twice at grain {metric.grain}",
                        hint=f"one of them is in transforms/metrics/{info.name}.py",
                    )
    return tuple(
        m for grain in ("message", "conversation", "sender") for m in _ordered(found, grain)
    )


def _ordered(found: dict[tuple[str, str], Metric], grain: str) -> list[Metric]:
    own = {name: metric for (g, name), metric in found.items() if g == grain}
    graph = {
        name: sorted(metric.inputs & own.keys() - {name}) for name, metric in sorted(own.items())
    }
    try:
        return [own[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise DeclarationError(
            f"metrics of grain {grain} depend on each other in a circle: {error.args[1]}",
            hint="break the circle with a working column",
        ) from error


def metrics_of(grain: Grain) -> tuple[Metric, ...]:
    """The metrics of one grain, each after the metrics it reads."""
    return tuple(metric for metric in all_metrics() if metric.grain == grain)
