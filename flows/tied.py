"""A program that ends with the process that started it, even when that was killed.

    python -m flows.tied prefect server start …

Whoever starts it holds the other end of its standard input and never writes: the kernel closes
that end with the process, however it ends. Otherwise a run or a schedule that was killed would
leave Prefect's server behind, on its port and in its database, until the machine is restarted.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time
from multiprocessing import parent_process

_PATIENCE_SECONDS = 15.0


def end_with_the_other() -> None:
    """From now on the end of standard input ends this process."""
    threading.Thread(target=_watch, daemon=True).start()


def end_with_the_parent() -> None:
    """From now on this worker of a pool ends when the process that made the pool does.

    A worker waits for work at a queue whose other end it holds itself, so it would wait for ever.
    """
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = parent_process()
    assert parent is not None  # nobody but workers calls this
    parent.join()
    os._exit(1)


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_SECONDS)
    os._exit(1)


def main() -> None:
    end_with_the_other()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
