"""The numbers that other systems have given to the same matter: entered once, changed only with a reason."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.refusals import refuse

_SYSTEM = re.compile(r"[a-z0-9_]{1,40}")
_NUMBER = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff()\[\]〔〕【】/_.:#-]{0,63}")
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")


def refer(draft: Draft, command: c.Refer) -> None:
    """Note the number of another system, replace it, or (with an empty number) take it back."""
    office = draft.is_lead or draft.is_dispatcher or draft.is_superior
    joint = draft.actor.kind == "post" and draft.actor.unit in draft.case.joint
    draft.require(office or joint, "offices")
    if not _SYSTEM.fullmatch(command.system):
        raise refuse("unknown_system", system=command.system)
    number = normal_number(command.number)
    previous = draft.case.references.get(command.system, "")
    if number == previous:
        raise refuse("nothing_changes" if number else "bad_number")
    if number:
        check_number(number)
    if previous:
        draft.require_words(command.reason)
    draft.emit(
        e.Referred(
            system=command.system,
            number=number,
            title=command.title,
            previous=previous,
            reason=command.reason,
        )
    )


def check_number(typed: str) -> str:
    """Return a number of another system as it is kept; refuse what cannot be one, and what belongs to a person."""
    number = normal_number(typed)
    if _MOBILE.fullmatch(number) or ric.is_valid(number):
        raise refuse("personal_number")
    if not _NUMBER.fullmatch(number):
        raise refuse("bad_number")
    return number


def normal_number(typed: str) -> str:
    """Return a number as it is kept and compared: narrow signs, capitals, no spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())
