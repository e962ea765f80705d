"""Which signing system an office has: what ``ZHUOLI_SIGNING`` says becomes one."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from zhuoli.core.text import Text
from zhuoli.office.handle import Office
from zhuoli.office.one_time_codes import OneTimeCodes
from zhuoli.office.signing import OnPaper, SigningSystem

CODES, OFF = "codes", "off"


class BadSigning(Exception):
    """The setting names no signing system."""

    def __init__(self, setting: str, reason: str) -> None:
        self.code = "bad_signing"
        self.text = Text(
            f"ZHUOLI_SIGNING 写的“{setting}”不能用：{reason}",
            f"ZHUOLI_SIGNING says “{setting}”, which cannot be used: {reason}",
        )
        self.remedy = Text("写法见 docs/operators/signing.md。", "See docs/operators/signing.md.")
        super().__init__(self.text.en)


def signing_system(office: Office, setting: str, *, sends_codes: bool = True) -> SigningSystem:
    """Return the system that a setting names; ``sends_codes`` says whether messages with codes go out at all.

    Raises:
        BadSigning: it names none.
    """
    if setting in ("", CODES):
        return OneTimeCodes(office, sends=sends_codes)
    return signing_factory(setting)(office)


def signing_factory(setting: str) -> Callable[[Office], SigningSystem]:
    """Return what makes the system that a setting names, without making it.

    Raises:
        BadSigning: it names none.
    """
    if setting in ("", CODES):
        return OneTimeCodes
    if setting == OFF:
        return lambda office: OnPaper()
    module, colon, name = setting.partition(":")
    if not colon:
        raise BadSigning(setting, "package.module:factory")
    try:
        made: Callable[[Office], SigningSystem] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadSigning(setting, str(error)) from error
    return made
