"""The server or the worker of a demonstration, as a process that ends with the one that began it.

``python -m zhuoli.demo.child serve HOST PORT`` or ``… worker``. Standard input is a pipe from the parent: when the
parent is gone, even killed, the pipe ends and so does this process. Whatever is left over after that is left by the
next start to find: a port that is still taken for a moment.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

GRACE = 5.0
"""Seconds to finish what is being done."""


def main(arguments: list[str]) -> None:
    """Run what is named in the arguments until the parent is gone or a signal ends it."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    if arguments[0] == "serve":
        from zhuoli.cli.serve import run_server

        run_server(arguments[1], int(arguments[2]), workers=1, threads=4)
    else:
        from zhuoli.cli.worker import worker

        worker.main(args=[], prog_name="worker", standalone_mode=False)


def _follow_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
