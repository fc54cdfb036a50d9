"""The process that forks a child per run; see `nursery.py`."""

from __future__ import annotations

import errno
import json
import math
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

# What a run imports late, so that no child has to.
import flows.commands.run
import flows.pipeline
import flows.published
import flows.summary  # noqa: F401
from benchmarks.reliability.nursery import Accident
from flows import cli, state, steps
from transforms.text import language, tone

_CHANGES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link",
}  # fmt: skip
_NEEDS_SPACE = {"open", "os.mkdir", "os.link"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _serve() -> None:
    # Plain Python, half of what a small run takes; Polars' threads must not start before a fork.
    language._identifier()  # noqa: SLF001
    tone._signs()  # noqa: SLF001
    if "short-page" in sys.argv:
        steps.render_report = lambda *_, **__: "<!doctype html><html></html>"  # type: ignore[assignment]
    for line in sys.stdin:
        order = json.loads(line)
        arguments = order.pop("arguments")
        accident = Accident(**order)
        ours, theirs = os.pipe()
        with tempfile.TemporaryFile() as counted:
            start = time.perf_counter()
            child = os.fork()
            if child == 0:
                os.close(ours)
                os.dup2(theirs, 1)
                os.dup2(theirs, 2)
                os._exit(_meet(accident, arguments, cli.run_cli, counted.fileno()))
            os.close(theirs)
            output, stages = _listen(child, ours, accident, start)
            os.close(ours)
            _, status = os.waitpid(child, 0)
            answer = {
                "code": os.waitstatus_to_exitcode(status),
                "changes": os.fstat(counted.fileno()).st_size,
                "seconds": time.perf_counter() - start,
                "output": output,
                "stages": stages,
            }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _listen(
    child: int, pipe: int, accident: Accident, start: float
) -> tuple[str, list[tuple[str, float]]]:
    """All that a run says, and its stages; it is killed meanwhile when its moment comes."""
    said, stages, counted = b"", [], 0
    moment = math.inf
    if accident.kill_after is not None and accident.kill_stage is None:
        moment = start + accident.kill_after
    while True:
        left = moment - time.perf_counter()
        if left <= 0 or not select.select([pipe], [], [], min(left, 3600))[0]:
            os.kill(child, signal.SIGKILL)
            moment = math.inf
            continue
        more = os.read(pipe, 65536)
        if not more:
            return said.decode(errors="replace"), stages
        said += more
        told = [line for line in said.decode(errors="replace").splitlines() if line.endswith(" …")]
        for name in told[counted:]:
            stages.append((name.removesuffix(" …"), time.perf_counter() - start))
            if accident.kill_stage == stages[-1][0] and accident.kill_after is not None:
                moment = time.perf_counter() + accident.kill_after
        counted = len(told)


def _meet(accident: Accident, arguments: list[str], run_cli: Any, counter: int) -> int:  # noqa: ANN401
    os.umask(accident.umask)
    if accident.largest_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (accident.largest_file,) * 2)
    if accident.user is not None:
        os.setgroups([])
        os.setgid(accident.user)
        os.setuid(accident.user)
    if accident.clock:
        _set_clock(accident.clock)
    sys.addaudithook(_hook(accident, counter))
    try:
        code: int = run_cli(arguments)
    except BaseException:  # noqa: BLE001  as the interpreter would show it
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _hook(accident: Accident, counter: int) -> Any:  # noqa: ANN401
    made = 0

    def hook(event: str, values: tuple[Any, ...]) -> None:
        nonlocal made
        if event == "open":
            if not values[2] & _WRITES or values[0] in {os.devnull, None}:
                return
        elif event not in _CHANGES:
            return
        made += 1
        os.write(counter, b".")
        if made == accident.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if made == accident.vanish_at and accident.vanish is not None:
            Path(accident.vanish).unlink()
        if accident.read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(values[0]))
        if accident.full_at is not None and made >= accident.full_at and event in _NEEDS_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(values[0]))

    return hook


def _set_clock(seconds: float) -> None:
    right = state.now
    state.now = lambda: right() + timedelta(seconds=seconds)


if __name__ == "__main__":
    _serve()
