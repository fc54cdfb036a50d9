"""The step to 10⁹ messages, reckoned from what was measured: pure arithmetic, no constants of taste
but those at the top, which the page prints beside the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MESSAGES = 1_000_000_000
ARCHIVE_MESSAGES = 10_000  # of one donor's archive, several years of a busy inbox
NIGHT_HOURS = 8
EURO_PER_CORE_HOUR = 0.04  # a rented core with 4 GiB, an assumption
EURO_PER_GB_MONTH = 0.02  # object storage, an assumption
WORKER_GIB = 4.0
TABLES_PER_ARCHIVE = 9


@dataclass(frozen=True)
class Plan:
    """What 10⁹ messages need, as far as what was measured goes on in a straight line."""

    archives: int
    fixed_cpu_seconds: float  # per archive
    cpu_seconds_per_million: float
    core_hours: float
    workers: int  # for one night
    euro: float
    store_tb: float
    database_tb: float
    pooled_gb: float
    partitions: int
    euro_per_month: float
    pool_hours: float | None
    engine_hours: float
    home_limit: int  # messages of one home in a worker's memory
    gib_per_million: float


def slope(sizes: Mapping[int, float]) -> tuple[float, float]:
    """Value at nothing and per message, through the smallest and the largest size."""
    small, large = min(sizes), max(sizes)
    if small == large:
        return 0.0, sizes[large] / large
    rise = (sizes[large] - sizes[small]) / (large - small)
    return sizes[small] - rise * small, rise


def cold(pipeline: Mapping[str, Any], what: str) -> dict[int, float]:
    return {size["messages"]: size["runs"]["cold"][what] for size in pipeline["sizes"]}


def plan(
    pipeline: Mapping[str, Any],
    per_message: Mapping[str, float],
    whole: Mapping[str, Any],
    scaling: Mapping[str, Any],
) -> Plan:
    """From the JSON of benchmarks.pipeline, .stored_bytes and .cohort (both parts)."""
    _, per_cpu = slope(cold(pipeline, "cpu_seconds"))
    base_gib, per_gib = slope(cold(pipeline, "gib"))
    archives = MESSAGES // ARCHIVE_MESSAGES
    # One process alone: its wall time is processor time, and the start is shared by all archives.
    each = scaling["1"]["processes"] / scaling["archives"]
    fixed = max(0.0, each - per_cpu * scaling["messages_each"])
    workers_speedup = scaling["speedup"]["workers"]
    efficiency = workers_speedup / max(int(key) for key in scaling if key.isdecimal())
    hours = (archives * fixed + MESSAGES * per_cpu) / 3600
    rented = hours / efficiency
    engine = max(0.0, scaling["engine_each"])
    again = whole.get("again_seconds")
    pooled = whole["pooled_bytes"] / (whole["archives"] * whole["messages_each"])
    return Plan(
        archives=archives,
        fixed_cpu_seconds=fixed,
        cpu_seconds_per_million=per_cpu * 1e6,
        core_hours=hours,
        workers=-int(-rented // NIGHT_HOURS),
        euro=rented * EURO_PER_CORE_HOUR,
        store_tb=per_message["store"] * MESSAGES / 1e12,
        database_tb=per_message["database"] * MESSAGES / 1e12,
        pooled_gb=pooled * MESSAGES / 1e9,
        partitions=archives * TABLES_PER_ARCHIVE,
        euro_per_month=(per_message["store"] + pooled) * MESSAGES / 1e9 * EURO_PER_GB_MONTH,
        pool_hours=None if again is None else again / whole["archives"] * archives / 3600,
        engine_hours=engine * archives / 3600,
        home_limit=int((WORKER_GIB - base_gib) / per_gib) if per_gib > 0 else 0,
        gib_per_million=per_gib * 1e6,
    )
