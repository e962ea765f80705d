"""The server, the worker or the life of a demonstration, as a process that ends with the one that began it.

``python -m zhuoli.cli.demo_child serve HOST PORT``, ``… worker`` or ``… live PACE``. Standard input is a pipe from the parent: when the
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
    elif arguments[0] == "live":
        _live(int(arguments[1]))
    else:
        from zhuoli.cli.worker import worker

        worker.main(args=[], prog_name="worker", standalone_mode=False)


def _live(pace: int) -> None:
    """Let the city go on until a signal ends it; what is being done is finished first. Pages go before it."""
    import django

    os.nice(10)
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    django.setup()
    from zhuoli.demo.live import live

    counts = live(stop, pace=pace)
    print("live:", ", ".join(f"{name} {count}" for name, count in counts.most_common()), flush=True)


def _follow_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
