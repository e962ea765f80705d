"""Runs server and worker, and the city's life if wanted, beside each other until one ends or somebody wants to stop."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType

GRACE = 8.0
"""Seconds that a process has to end by itself before it is killed."""
MOST_LIVES = 5
"""So often the city's life is begun again before its ending counts as a failure."""
READY = 30.0
"""Seconds within which the server must answer."""


class Stop(BaseException):
    """Somebody wants to stop (Ctrl-C, or a signal to end).

    No ``Exception``: whoever takes whatever goes wrong for a failed attempt (the worker, around a capability) must let it through.
    """


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into ``Stop`` within the block; a second one has no further effect."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for each in kinds:
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in kinds}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Running:
    """Server and worker as processes; leaving the block ends them, by their own ids.

    With ``pace`` (commands a minute, 0: real pace) the city lives on in a third one. If that alone ends, it is begun
    again a few times: nothing that matters is in it, every command of its is in the ledger or is not.
    """

    def __init__(self, host: str, port: int, log: Path, pace: int | None = None) -> None:
        self._host, self._port, self._log, self._pace = host, port, log, pace
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lives = 0

    def __enter__(self) -> Running:
        self._log.write_bytes(b"")
        self._begin("serve", self._host, str(self._port))
        self._begin("worker")
        return self

    def live(self) -> None:
        """Let the city go on, if that is wanted; called once the server answers."""
        if self._pace is not None:
            self._lives += 1
            self._begin("live", str(self._pace))

    def _begin(self, name: str, *arguments: str) -> None:
        with self._log.open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "zhuoli.cli.demo_child", name, *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the parent alone, which ends them in order
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + GRACE
        for process in self._processes.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def wait_until_ready(self) -> str:
        """Wait for the first answer of the server; return what went wrong, or an empty text."""
        until = time.monotonic() + READY
        while time.monotonic() < until:
            ended = self.ended()
            if ended:
                return f"{ended} ended"
            try:
                connection = http.client.HTTPConnection(self._host, self._port, timeout=5)
                connection.request("GET", "/healthz")
                status = connection.getresponse().status
                connection.close()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            return "" if status < 500 else f"HTTP {status}"
        return f"no answer in {READY:.0f} s"

    def watch(self) -> str:
        """Wait until one of the processes ends; return its name."""
        while True:
            ended = self.ended()
            if ended == "live" and self._lives < MOST_LIVES:
                self._close("live")
                self.live()
            elif ended:
                return ended
            time.sleep(0.5)

    def _close(self, name: str) -> None:
        """Let go of a process that has ended."""
        process = self._processes.pop(name)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def ended(self) -> str:
        """Return the name of a process that has ended, or an empty text."""
        return next((name for name, process in self._processes.items() if process.poll() is not None), "")

    def last_words(self, lines: int = 12) -> str:
        """Return the end of what the processes have written."""
        try:
            text = self._log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
