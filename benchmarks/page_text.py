"""The page of the benchmarks from their results: pure, JSON in, Markdown out.

Each result is {"command", "measured_on", "commit", "others", "seconds", "found" or "said"}, `others`
being the cores that other work used meanwhile; a part that was not measured says how it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks import plan as planned

Result = Mapping[str, Any]
Results = Mapping[str, Result]

OTHERS_CORES = 0.25  # what a machine at rest does by itself is less

HEAD = """# How fast, and how far

Written by `python -m benchmarks.page`; nothing in here is typed by hand. Whole processes from start to end, wall seconds
unless it says otherwise, memory of all processes together (pages that two of them share count twice). Every part names its command;
run it and compare. A part that was measured while the machine had other work says so: its times are not figures.
"""


def render(results: Results, machine: Mapping[str, str]) -> str:
    """The whole page."""
    parts: Iterable[Iterator[str]] = (
        _machine(machine),
        _pipeline(results.get("pipeline")),
        _repeats(results.get("repeats")),
        _floors(results.get("pipeline")),
        _speeds(results),
        _peers(results.get("peers")),
        _engine(results.get("engine")),
        _cohort(results.get("cohort"), results.get("scaling")),
        _plan(results),
    )
    return HEAD + "".join(f"\n{line}".rstrip(" ") for part in parts for line in part) + "\n"


def _section(title: str, *results: Result | None, command: str = "") -> Iterator[str]:
    yield f"\n## {title}\n"
    for result in results:
        if result is None:
            yield f"Not measured yet: `{command}`."
        else:
            others = f" **Others used {result['others']} cores meanwhile: no figures.**"
            yield (
                f"`{result['command']}` on {result['measured_on']}, commit {result['commit']}, "
                f"in {result['seconds']:.0f} s.{others if is_busy(result) else ''}"
            )


def is_busy(result: Result) -> bool:
    """Whether somebody else used the machine while this was measured."""
    return bool(result["others"] > OTHERS_CORES)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---'] + ['---:'] * (len(head) - 1))}|"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"


def _machine(machine: Mapping[str, str]) -> Iterator[str]:
    yield from _table(("machine", ""), machine.items())


_RUNS = {
    "cold": "first run",
    "unchanged": "the same input again",
    "new": "1,000 messages more",
    "prefect": "first run, with Prefect's own server",
}


def _pipeline(result: Result | None) -> Iterator[str]:
    yield from _section(
        "From zip to published database and report", result,
        command="python -m benchmarks.page --only pipeline",
    )  # fmt: skip
    if result:
        yield from _runs(result["found"])
        found = result["found"]
        yield f"\n`mememeter --help`, median of 5: {found['help_seconds']} s."
        if len(found["sizes"]) > 1:
            small, large = found["sizes"][0], found["sizes"][-1]
            each = [s["runs"]["cold"]["seconds"] / s["messages"] for s in (small, large)]
            yield (
                f"A message of {large['messages']:,} costs {each[1] / each[0]:.2f} times one of "
                f"{small['messages']:,}."
            )


def _runs(found: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for size in found["sizes"]:
        for name, what in _RUNS.items():
            if run := size["runs"].get(name):
                rate = (
                    ""
                    if name in {"unchanged", "new"}
                    else f"{size['messages'] / run['seconds']:,.0f}"
                )
                rows.append((
                    f"{size['messages']:,} messages, {what}", f"{run['seconds']:.2f}",
                    f"{run['cpu_seconds']:.2f}", f"{run['gib']:.2f}", rate,
                ))  # fmt: skip
    head = ("distinct texts" if not found["sizes"][0]["repeats"] else "texts that repeat",
            "s", "s of processors", "GiB", "messages/s")  # fmt: skip
    yield from _table(head, rows)
    times = found["sizes"][0]["times"]
    yield f"\nFirst runs: the median of {times}." if times > 1 else "\nEach run once."


def _repeats(result: Result | None) -> Iterator[str]:
    yield from _section(
        "The same with texts that repeat, as campaigns and courtesies do", result,
        command="python -m benchmarks.page --only repeats",
    )  # fmt: skip
    if result:
        yield from _runs(result["found"])


def _floors(result: Result | None) -> Iterator[str]:
    sizes = [
        size for size in (result or {"found": {"sizes": []}})["found"]["sizes"] if size["floors"]
    ]
    if not sizes:
        return
    size = sizes[-1]
    yield f"\n## Beside bare loops, at {size['messages']:,} messages\n"
    yield (
        "What Polars, DuckDB and zlib need for the least that any program would do there (`benchmarks/floors.py` says what), "
        "and what the stage of a first run takes."
    )
    yield from _table(
        ("stage", "s", "bare s", "times"),
        ((n, f"{f['seconds']:.2f}", f"{f['bare_seconds']:.2f}", f["times"]) for n, f in size["floors"].items()),
    )  # fmt: skip
    yield "\nAll stages of that run:"
    stages = [s for s in size["runs"]["cold"]["stages"] if s["seconds"] >= 0.05]
    yield from _table(
        ("stage", "s", "s of processors"),
        ((s["stage"], f"{s['seconds']:.2f}", f"{s['cpu_seconds']:.2f}") for s in stages),
    )


SPEEDS = {
    "tone_speed": "Tone",
    "text_speed": "Messages measured",
    "score_speed": "Threads and senders",
    "read_speed": "Reading",
    "report_speed": "The report",
}


def _speeds(results: Results) -> Iterator[str]:
    yield "\n## Single parts\n"
    yield "What each of these commands prints:"
    for name, title in SPEEDS.items():
        result = results.get(name)
        if result:
            busy = f" # others used {result['others']} cores: no figures" if is_busy(result) else ""
            yield f"\n{title}, {result['measured_on']}, commit {result['commit']}:\n\n```"
            yield f"$ {result['command']}{busy}"
            yield f"{result['said'].rstrip()}\n```"
        else:
            yield f"\n{title}: not measured yet: `python -m benchmarks.page --only {name}`."


def _peers(result: Result | None) -> Iterator[str]:
    yield from _section("Beside others", result, command="python -m benchmarks.page --only peers")
    if not result:
        return
    found = result["found"]
    messages = found["messages"]
    yield (
        f"\n{messages:,} messages of the sample generator, for each in its own format; each in an environment of its own with the "
        f"versions of `benchmarks/peers/peers.toml`. Share: rows given back of rows in the file. Median of {found['times']}; what "
        "takes over half a minute ran once."
    )
    rows = []
    for row in found["peers"]:
        ours = row["ours"]
        own = (f"{ours['rows'] / messages:.0%}", f"{ours['seconds']:.2f}", f"{ours['gib']:.2f}")
        if "why" in row:
            theirs = (f"not run: {row['why']}", "", "")
        else:
            theirs = (f"{row['rows'] / messages:.0%}", f"{row['seconds']:.2f}", f"{row['gib']:.2f}")
        what = f"{' '.join(row['packages'])}: {row['does']}"
        rows.append((what, *theirs, row["our_job"], *own))
    head = ("peer", "share", "s", "GiB", "ours", "share", "s", "GiB")
    yield from _table(head, rows)
    yield (
        "\ntwitter-to-sqlite knows the file names of 2021: of an archive of today it reads no posts. HPI reads the first part of an "
        "archive that comes in parts."
    )


def _engine(result: Result | None) -> Iterator[str]:
    yield from _section(
        "What Prefect costs", result, command="python -m benchmarks.page --only engine"
    )
    if not result:
        return
    found = result["found"]["engine"]
    yield from _table(
        ("", "s", "s of processors"),
        ((row["what"].strip(), f"{row['seconds']:.2f}", f"{row['cpu_seconds']:.2f}") for row in found.values()),
    )  # fmt: skip
    own, standing = (found[n]["seconds"] - found["plain"]["seconds"] for n in ("own", "standing"))
    yield (
        f"\nSo the engine adds {own:.1f} s to a first run, and {standing:.1f} s with a server that stands (`mememeter schedule`, or any "
        "that PREFECT_API_URL names). The run's own server starts while Prefect is imported, begins with the empty database that "
        "the set-up made instead of some hundred migrations, and registers no block types. A night with nothing new starts no engine."
    )


def _cohort(whole: Result | None, scaling: Result | None) -> Iterator[str]:
    command = "python -m benchmarks.page --only cohort scaling"
    yield from _section("Many archives, on a cluster", whole, scaling, command=command)
    if whole:
        found = whole["found"]["whole"]
        there, here = found["there"], found["here"]
        killed = there["killed_after"]
        yield (
            f"\n{found['archives']:,} archives of different owners, {found['messages_each']} messages each, {found['broken']} of them "
            f"broken: pooled by {here['processes']} processes of one machine in {here['seconds']:.0f} s, and by a Dask scheduler with "
            f"{there['workers']} workers in {there['seconds']:.0f} s"
            + (
                f", one of which was killed with -9 after {killed} archives and not replaced."
                if killed
                else "."
            )
        )
        rows = ", ".join(f"{count:,} {name}" for name, count in found["rows"].items())
        states = ", ".join(f"{count:,} {state}" for state, count in found["states"].items())
        yield f"Both pools are equal, table by table, row by row: {rows}. Archives: {states}."
        if "again_seconds" in found:
            yield f"Pooled again with nothing new: {found['again_seconds']:.1f} s."
    if scaling:
        found = scaling["found"]["scaling"]
        counts = [key for key in found if key.isdecimal()]
        yield f"\nScaling, {found['archives']} such archives, from nothing:"
        yield from _table(
            ("by", "processes, s", "workers of a cluster, s"),
            ((count, found[count]["processes"], found[count]["workers"]) for count in counts),
        )
        speedup = found["speedup"]
        yield (
            f"\nFrom {counts[0]} to {counts[-1]}: {speedup['processes']} times with processes, {speedup['workers']} times with workers. "
            f"The engine costs {found['engine_start']:.1f} s to start (Prefect's server, and Prefect and the program in every worker) "
            f"and {found['engine_each']:.3f} s per archive."
        )


_NEEDED = ("pipeline", "bytes", "cohort", "scaling")


def _plan(results: Results) -> Iterator[str]:
    yield from _section(
        "The step to a thousand million messages", results.get("bytes"),
        command="python -m benchmarks.page --only bytes",
    )  # fmt: skip
    missing = [name for name in _NEEDED if name not in results]
    if missing:
        yield f"\nReckoned when {', '.join(missing)} is measured: `python -m benchmarks.page`."
        return
    found = {name: results[name]["found"] for name in _NEEDED}
    p = planned.plan(
        found["pipeline"], found["bytes"]["per_message"], found["cohort"]["whole"],
        found["scaling"]["scaling"],
    )  # fmt: skip
    yield (
        f"\nReckoned by `benchmarks/plan.py` from the tables above, as straight lines: {planned.MESSAGES:,} messages are "
        f"{p.archives:,} archives of {planned.ARCHIVE_MESSAGES:,}, pooled by `mememeter cohort` on a cluster. Assumed, not measured: "
        f"{planned.EURO_PER_CORE_HOUR} € for an hour of a core with {planned.WORKER_GIB:.0f} GiB, {planned.EURO_PER_GB_MONTH} € for a "
        "GB and month."
    )
    each = ", ".join(f"{name} {size:.0f}" for name, size in found["bytes"]["per_message"].items())
    yield f"Bytes per message, at {found['bytes']['messages']:,} distinct texts: {each}.\n"
    pool = "not measured" if p.pool_hours is None else f"{p.pool_hours:.1f} h, one process"
    yield from _table(("what", "figure", "from"), (
        ("processor time", f"{p.core_hours:,.0f} core hours",
         f"{p.fixed_cpu_seconds:.2f} s per archive + {p.cpu_seconds_per_million:.0f} s per million messages"),
        ("workers for one night", f"{p.workers:,} of one core", f"{planned.NIGHT_HOURS} h, at the efficiency of two workers"),
        ("cost of a first run", f"{p.euro:,.0f} €", "all of it once; after that only archives that changed"),
        ("store", f"{p.store_tb:.2f} TB", "everything read, Parquet"),
        ("databases, if one is published per home", f"{p.database_tb:.2f} TB", "a cohort publishes none"),
        ("pooled tables", f"{p.pooled_gb:,.0f} GB", "no text; from archives of few messages, so too many rather than too few"),
        ("storage of store and pool", f"{p.euro_per_month:,.0f} € a month", ""),
        ("partitions", f"{p.partitions:,} files", f"up to {planned.TABLES_PER_ARCHIVE} per archive"),
        ("pooling", pool, "notes read, partitions joined, per archive as measured"),
    ))  # fmt: skip
    yield "\nWhere it would break, first things first:\n"
    yield (
        f"1. **The one Prefect server.** Every archive is a task run that reports to it, and its SQLite takes one writer: "
        f"{p.engine_hours:,.0f} h of {p.archives:,} archives at what the engine costs one worker each. With more than a few workers it "
        "is what they wait for: a server on PostgreSQL, or a task run per hundred archives."
    )
    yield (
        f"2. **The pool.** One process joins {p.partitions:,} small files, table by table, and names all of them at once ({pool}): first "
        "the number of open files and the plan of one scan, then time. Partitions would be merged by the first letters of the donor id."
    )
    yield (
        f"3. **One very large home.** A build holds the messages of one home in memory, {p.gib_per_million:.2f} GiB per million: "
        f"a worker of {planned.WORKER_GIB:.0f} GiB ends at about {p.home_limit:,} messages of one person. Nobody writes as much; a company's "
        "shared inbox would."
    )
    yield "4. **The folder everybody sees.** Workers share paths: a network file system, which has to take a rename as one step."
