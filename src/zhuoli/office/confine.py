"""Takes from a process what decoding does not need: memory without end, time, files, the network, other programs.

Each bound is asked for and its answer kept, because a machine may not grant it: a container may forbid namespaces, and
the filter of system calls is known for two kinds of processor. ``./zhuoli check`` tells which ones hold here.

Linux: setrlimit(2), unshare(2), prctl(2) with PR_SET_NO_NEW_PRIVS, and seccomp(2) filters (classic BPF,
Documentation/userspace-api/seccomp_filter.rst of the kernel).
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys

import msgspec

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000

_MACHINES: dict[str, tuple[int, dict[str, int]]] = {
    # AUDIT_ARCH_… of linux/audit.h, and numbers of system calls of the kernel's tables.
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "bind": 49,
            "execve": 59,
            "kill": 62,
            "ptrace": 101,
            "mount": 165,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "bpf": 321,
            "execveat": 322,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "mount": 40,
            "ptrace": 117,
            "kill": 129,
            "socket": 198,
            "bind": 200,
            "connect": 203,
            "execve": 221,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "bpf": 280,
            "execveat": 281,
            "io_uring_setup": 425,
        },
    ),
}


class Bounds(msgspec.Struct, frozen=True, array_like=True):
    """Which bounds hold: of address space, of processor time, no file written, no network, system calls refused."""

    memory: bool
    time: bool
    files: bool
    network: bool
    calls: bool


def confine(*, memory: int, seconds: int = 0) -> Bounds:
    """Bound this process for good: ``memory`` in bytes of address space, ``seconds`` of processor time (0: none).

    Must be called before the process has more than one thread, or the namespace is refused.
    """
    network = _alone()
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
    )
    held = [_limit(kind, most) if most or kind == resource.RLIMIT_FSIZE else False for kind, most in limits]
    _limit(resource.RLIMIT_CORE, 0)
    return Bounds(memory=held[0], time=held[1], files=held[2], network=network, calls=_filter())


def _limit(kind: int, most: int) -> bool:
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        return False
    return True


def _alone() -> bool:
    """Leave the network: a namespace of its own has no way out of it."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
    except (AttributeError, OSError):
        return False


def _filter() -> bool:
    """Refuse the system calls that nobody who decodes needs; they answer “not permitted”."""
    known = _MACHINES.get(platform.machine())
    if known is None or not sys.platform.startswith("linux"):
        return False
    program = _program(*known)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.c_char_p(head), 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def _program(audit: int, calls: dict[str, int]) -> bytes:
    """Return the filter: another machine's calls end the process, those listed are refused, all others pass."""

    def step(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    numbers = sorted(calls.values())
    lines = [
        step(_LOAD, 0, 0, 4),
        step(_EQUAL, 1, 0, audit),
        step(_RETURN, 0, 0, _KILL),
        step(_LOAD, 0, 0, 0),
    ]
    lines += [step(_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    lines += [step(_RETURN, 0, 0, _ALLOW), step(_RETURN, 0, 0, _REFUSE)]
    return b"".join(lines)
