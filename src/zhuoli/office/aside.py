"""Work that may go wrong badly is done aside: in a process of its own, with bounds of memory and time.

A picture can be made to crash the library that decodes it, and a paper to take for ever. The process gets no
environment (so no key of ours), may write no file, and is killed when its time is over. It runs as the same user on
the same machine: this bounds what an accident or a bomb can do; it is not a jail.
"""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, cast

_LENGTH = struct.Struct(">Q")
MOST = 256 * 1024 * 1024
"""Bytes of one answer; more is taken for nonsense."""


class AsideFailed(Exception):
    """The process died, ran out of its time or memory, or answered nonsense; nothing is known of why."""


class Aside:
    """A process that answers one question after the other; a new one is begun when the last one has died.

    ``module`` calls ``serve`` when it is run with ``-m``. Not for use by several threads at once.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Aside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, question: bytes, seconds: float) -> bytes:
        """Return the answer to a question.

        Raises:
            AsideFailed: there was none within ``seconds``.
        """
        process = self._running()
        killer = threading.Timer(seconds, process.kill)
        killer.start()
        try:
            _write(cast(BinaryIO, process.stdin), question)
            return _read(cast(BinaryIO, process.stdout))
        except (OSError, EOFError) as error:
            self.close()
            raise AsideFailed(self._module) from error
        finally:
            killer.cancel()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-I", "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
            )
        return self._process


def serve(answer: Callable[[bytes], bytes], *, memory: int) -> None:
    """Answer questions on standard input until it ends; ``memory`` bounds the address space (bytes)."""
    bounds = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0))
    for kind, most in bounds:
        resource.setrlimit(kind, (most, most))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            question = _read(source)
        except EOFError:
            return
        _write(target, answer(question))


def _write(target: BinaryIO, data: bytes) -> None:
    target.write(_LENGTH.pack(len(data)))
    target.write(data)
    target.flush()


def _read(source: BinaryIO) -> bytes:
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > MOST:
        raise EOFError
    data = source.read(length)
    if len(data) < length:
        raise EOFError
    return data
