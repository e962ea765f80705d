"""The official seal on papers that are issued: the port into which an office plugs its own seal system.

A notice says ``{{case.seal}}`` where its seal belongs. ``ZHUOLI_SEAL`` says which system puts it there: none (shipped: the paper
says that it bears no seal; in the demonstration a mark of no effect) or ``package.module:factory``, a function without arguments that returns
a ``SealSystem``. See docs/operators/signing.md.
"""

from __future__ import annotations

import importlib
from typing import Protocol

import msgspec

from zhuoli.core.text import Text


class ToSeal(msgspec.Struct, frozen=True, kw_only=True):
    """A paper about to be issued: its number, which notice of which case, the unit, the instant (ms UTC), and the SHA-256 (hex) of
    its words in Chinese and English, one after the other, with nothing where the seal will stand.
    """

    number: str
    case: int
    notice: str
    unit: str
    unit_name: Text
    at: int
    sha256: str


class SealSystem(Protocol):
    """A way to put the official seal on papers."""

    def seal(self, paper: ToSeal) -> Text:
        """Return what stands on the paper for its seal, such as the seal's number and where it is verified; what it raises is tried again."""
        ...


class NoSeal:
    """There is no seal system: the paper says so."""

    def seal(self, paper: ToSeal) -> Text:
        """Say that there is none, and where a sealed paper is to be had."""
        return _NONE.format(unit=paper.unit_name)


class DemonstrationSeal:
    """The mark of the demonstration: nobody can take it for a seal."""

    def seal(self, paper: ToSeal) -> Text:
        """Say that it is of no effect."""
        return _DEMO.format(unit=paper.unit_name)


class BadSeal(Exception):
    """The setting names no seal system."""

    def __init__(self, setting: str, reason: str) -> None:
        self.code = "bad_seal_system"
        self.text = Text(
            f"ZHUOLI_SEAL 写的“{setting}”不能用：{reason}",
            f"ZHUOLI_SEAL says “{setting}”, which cannot be used: {reason}",
        )
        self.remedy = Text("写法见 docs/operators/signing.md。", "See docs/operators/signing.md.")
        super().__init__(self.text.en)


def seal_system(setting: str, *, demo: bool) -> SealSystem:
    """Return the system that a setting names; without one none, or the demonstration's mark.

    Raises:
        BadSeal: it names none.
    """
    if not setting:
        return DemonstrationSeal() if demo else NoSeal()
    module, colon, name = setting.partition(":")
    if not colon:
        raise BadSeal(setting, "package.module:factory")
    try:
        made: SealSystem = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BadSeal(setting, str(error)) from error
    return made


_NONE = Text(
    "（这一份没有加盖公章；需要盖章的，向{unit}索取）",
    "(This copy bears no official seal; for a sealed one ask {unit}.)",
)
_DEMO = Text("〔演示用章 · {unit} · 没有效力〕", "[Demonstration seal · {unit} · of no effect]")
