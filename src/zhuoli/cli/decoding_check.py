"""The checks of ``./zhuoli check`` of evidence: which bounds hold for the process that decodes it, and what finds faces and plates."""

from __future__ import annotations

from collections.abc import Iterator

from zhuoli.cli.check import Finding
from zhuoli.core.text import Text
from zhuoli.evidence import Unreadable
from zhuoli.evidence.reader import bounds, lacking

_BOUNDS = {
    "memory": Text("内存", "memory"),
    "time": Text("时间", "time"),
    "files": Text("不写文件", "no file written"),
    "network": Text("没有网络", "no network"),
    "calls": Text("不起别的程序、不开连接", "no other program, no connection"),
}


def decoding() -> Iterator[Finding]:
    """Videos are decoded in a process of their own; which of its bounds this machine grants."""
    try:
        held = bounds()
    except Unreadable:
        yield Finding(
            name="decoding",
            status="failure",
            message=Text("看视频的进程起不来", "the process that decodes videos does not begin"),
            remedy=Text(
                "删掉 .venv，再运行一次 ./zhuoli；还不行，看内存够不够。",
                "Remove .venv and start ./zhuoli again; if that does not help look at the memory.",
            ),
        )
        return
    found: dict[str, str | int | float | bool | None] = {name: bool(getattr(held, name)) for name in _BOUNDS}
    holds = [words for name, words in _BOUNDS.items() if found[name]]
    lacks = [words for name, words in _BOUNDS.items() if not found[name]]
    message = Text(
        "看视频的进程受限：" + "、".join(each.zh for each in holds),
        "decoding of videos is bounded: " + ", ".join(each.en for each in holds),
    )
    if not lacks:
        yield Finding(name="decoding", status="ok", message=message, detail=found)
        return
    # Without a network namespace the filter of system calls still keeps it from connecting, and the other way round.
    kept = found["memory"] and found["time"] and (found["network"] or found["calls"])
    yield Finding(
        name="decoding",
        status="note" if kept else "warning",
        message=Text(
            message.zh + "；这台机器不给：" + "、".join(each.zh for each in lacks),
            message.en + "; this machine does not grant: " + ", ".join(each.en for each in lacks),
        ),
        remedy=Text(
            "在容器里运行的，允许用户命名空间和 seccomp；或者把 ./zhuoli worker 放到单独的用户、单独的机器上。",
            "In a container allow user namespaces and seccomp, or run ./zhuoli worker as a user or on a machine of its own.",
        ),
        detail=found,
    )


def blurring() -> Iterator[Finding]:
    """Which detectors of faces and plates are there; without one no copy is made, rather than an unblurred one."""
    try:
        lacks = lacking()
    except Unreadable:
        lacks = ("zhuoli.evidence.child",)
    if lacks:
        yield Finding(
            name="blurring",
            status="failure",
            message=Text(
                f"打码要用的文件不在，或者读不了：{'、'.join(lacks)}。少了它就不做副本",
                f"what blurring needs is not there, or cannot be loaded: {', '.join(lacks)}. Without it no copy is made",
            ),
            remedy=Text("删掉 .venv，再运行一次 ./zhuoli。", "Remove .venv and start ./zhuoli again."),
            detail={"lacks": " ".join(lacks)},
        )
        return
    yield Finding(
        name="blurring",
        status="ok",
        message=Text(
            "打码：人脸用 CenterFace 找，号牌用 HyperLPR 的检测模型和颜色规则找；只找位置，不认人，不读号",
            "blurring: faces are found by CenterFace, plates by HyperLPR's detector and a rule of colours; nobody is recognised, no plate is read",
        ),
        detail={"faces": "CenterFace", "plates": "HyperLPR"},
    )
