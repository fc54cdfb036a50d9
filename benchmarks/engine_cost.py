"""What Prefect's engine adds to a run: `python -m benchmarks.engine_cost [--times N]`.

The bundled sample, so that the engine is most of it: plainly, with the run's own server, and with
a server that stands. Then the start of a server alone, as Prefect starts one for a flow and as we
do. Wall and processor seconds of whole processes, medians.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.pipeline import CLI, machine
from benchmarks.process import cpu_seconds, measure
from flows import run_server
from flows.engine import configure_prefect, is_answering
from flows.home import Home
from flows.prefect_database import lend_database, make_template, template
from flows.server import server_of_run
from flows.settings import Run

SAMPLE = sorted(Path("data/sample").glob("*.zip"))
_PREFECTS_OWN = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
}


def run_of_sample(home: Path, *arguments: str, **environment: str) -> tuple[float, float]:
    exports = [str(path) for path in SAMPLE]
    done = measure(
        (*CLI, "run", *exports, "--home", str(home), "--quiet", *arguments), **environment
    )
    return done.seconds, done.cpu_seconds


@contextmanager
def standing_server(home: Home) -> Iterator[str]:
    configure_prefect(home.create())
    with server_of_run(home, Run()) as wait:
        wait()
        yield os.environ["PREFECT_API_URL"]


def start_of_server(
    folder: Path, environment: dict[str, str], *, lent: bool
) -> tuple[float, float]:
    """Until Prefect's API answers, in a folder without a database, or with a copy of the empty one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if lent:
        lend_database(folder)
    port = _free_port()
    command = (
        sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on",
    )  # fmt: skip
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT")}
    surroundings |= {"PREFECT_HOME": str(folder), "DO_NOT_TRACK": "1"}
    surroundings |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"} | environment
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=surroundings, start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while not is_answering(f"http://127.0.0.1:{port}/api"):
            if process.poll() is not None:
                raise RuntimeError("Prefect's server did not start")
            time.sleep(0.05)
        found = time.perf_counter() - start, cpu_seconds(process.pid)
        process.terminate()
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def medians(times: int, once: Callable[[int], tuple[float, float]]) -> dict[str, float]:
    runs = [once(number) for number in range(times)]
    wall, cpu = (statistics.median(run[part] for run in runs) for part in (0, 1))
    return {"seconds": round(wall, 2), "cpu_seconds": round(cpu, 2)}


def measured(folder: Path, times: int) -> dict[str, Any]:
    if not template().exists():
        make_template()
    found: dict[str, Any] = {}

    def note(name: str, what: str, once: Callable[[int], tuple[float, float]]) -> None:
        found[name] = {"what": what} | medians(times, once)
        print(
            f"{what:<64} {found[name]['seconds']:>7.2f} s "
            f"{found[name]['cpu_seconds']:>7.2f} s of processors", flush=True,
        )  # fmt: skip

    note("plain", "the sample, plainly",
         lambda n: run_of_sample(folder / f"plain{n}", "--engine", "plain"))  # fmt: skip
    note("own", "  as a Prefect flow, first run, with the run's own server",
         lambda n: run_of_sample(folder / f"own{n}"))  # fmt: skip
    with standing_server(Home(folder / "standing")) as address:
        note("standing", "  as a Prefect flow, with a standing server",
             lambda n: run_of_sample(folder / f"asked{n}", PREFECT_API_URL=address))  # fmt: skip
    for name, what, environment, lent in (
        (
            "server_default",
            "start of a server, as Prefect starts one for a flow",
            _PREFECTS_OWN,
            False,
        ),
        ("server_lent", "  from the empty database of the set-up", _PREFECTS_OWN, True),
        (
            "server_ours",
            "  and without block types, as a run starts it",
            run_server.ENVIRONMENT,
            True,
        ),
    ):
        note(name, what, lambda _, e=environment, copy=lent: start_of_server(  # type: ignore[misc]
            folder / "server", e, lent=copy))  # fmt: skip
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=3, help="runs of each, of which the median")
    parser.add_argument("--json", type=Path, help="a file that keeps everything measured")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "machine": machine(),
            "times": options.times,
            "engine": measured(Path(folder), options.times),
        }
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
