"""Work that may go wrong badly is done aside: in a process of its own, with bounds of memory and time.

A picture can be made to crash the library that decodes it, and a paper to take for ever. The process gets no
environment (so no key of ours), may write no file, has no network and starts no program where the system grants that
(``zhuoli.office.confine``), and is killed when its time is over. It runs as the same user on the same machine: this
bounds what an accident or a bomb can do; it is not a jail.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

import zhuoli
from zhuoli.office.confine import confine

_LENGTH = struct.Struct(">Q")
_ROOT = str(Path(zhuoli.__file__).parents[1])
_BEGIN = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
"""Isolated from the surroundings, and yet the same code as ours: other copies may be installed."""
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

    def ask(self, question: bytes, seconds: float, *, lend: int | None = None) -> bytes:
        """Return the answer to a question; ``lend`` is a descriptor that a process begun for it may read.

        A process that was lent one is of no use for another and ends with its answer.

        Raises:
            AsideFailed: there was none within ``seconds``.
        """
        if lend is not None:
            self.close()
        process = self._running(lend)
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
            if lend is not None:
                self.close()

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

    def _running(self, lend: int | None) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-I",
                    "-c",
                    _BEGIN,
                    _ROOT,
                    self._module,
                    *([] if lend is None else [str(lend)]),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
                pass_fds=() if lend is None else (lend,),
            )
        return self._process


def serve(answer: Callable[[bytes], bytes], *, memory: int, seconds: int = 0) -> None:
    """Answer questions on standard input until it ends.

    ``memory`` bounds the address space (bytes), ``seconds`` the processor time of the process (0: not bounded).
    """
    confine(memory=memory, seconds=seconds)
    answer_all(answer)


def answer_all(answer: Callable[[bytes], bytes]) -> None:
    """Answer questions on standard input until it ends; the process was confined before."""
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
