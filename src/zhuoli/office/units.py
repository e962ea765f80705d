"""Changing a unit: what it is called, what stands above it, where it serves, its telephone, whether it is at work.

The directory is made with the change before anything is written, so that no change can break it; who changed what, from
what to what, is recorded in the chain of acts.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from django.db import transaction

from zhuoli.core.text import Text
from zhuoli.office import acts
from zhuoli.office.access import above
from zhuoli.office.acts import By
from zhuoli.office.directory import CHANGED, BadDirectory, FrozenDirectory, load_directory
from zhuoli.office.errors import OfficeError
from zhuoli.places.units import OfficeUnit
from zhuoli.store.models import CaseRecord, TaskRecord, Unit

MOST_NAME = 80
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{1,18}[0-9]")
_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")
"""A mobile number is somebody's own: it is not shown to everybody as a unit's."""
NAMES = ("name_zh", "name_en", "short_zh", "short_en")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as it is to be."""

    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    superior: str
    territory: str
    phone: str
    active: bool


class Wrong(OfficeError):
    """What is wrong with one field of a unit."""

    def __init__(self, field: str, text: Text, remedy: Text) -> None:
        super().__init__("unit_wrong", text, remedy)
        self.field = field


def wanted_of(unit: OfficeUnit) -> Wanted:
    """Return a unit as it is."""
    return Wanted(**{name: getattr(unit, name) for name in Wanted.__struct_fields__})


def change(unit: str, wanted: Wanted, by: By, ruler: str, now: int) -> dict[str, Any]:
    """Change a unit as the administrator of ``ruler`` (the unit itself or one above); return what has changed.

    Raises:
        Wrong: a field cannot be so.
        OfficeError: the units would no longer hold together.
    """
    directory = load_directory(fresh=True)
    before = wanted_of(directory.units[unit])
    changed = {
        name: [getattr(before, name), getattr(wanted, name)]
        for name in Wanted.__struct_fields__
        if getattr(before, name) != getattr(wanted, name)
    }
    if not changed:
        return {}
    _check(unit, wanted, changed, directory, ruler)
    try:
        directory.with_unit(msgspec.structs.replace(directory.units[unit], **msgspec.structs.asdict(wanted)))
    except BadDirectory as bad:
        raise OfficeError(bad.code, bad.text, bad.remedy) from bad
    with transaction.atomic():
        Unit.objects.filter(pk=unit).update(**msgspec.structs.asdict(wanted), generated=False)
        acts.record(by, CHANGED, unit, at=now, unit=unit, details={"changed": changed})
    load_directory(fresh=True)
    return changed


def _check(
    unit: str, wanted: Wanted, changed: dict[str, Any], directory: FrozenDirectory, ruler: str
) -> None:
    for name in NAMES:
        value = getattr(wanted, name)
        if not value or len(value) > MOST_NAME:
            raise Wrong(
                name,
                Text("名称要写，最多 80 个字", "A name is needed, 80 signs at most"),
                Text("填写中英文全称和简称。", "Give the full and the short name in both languages."),
            )
    if wanted.phone and not _PHONE.fullmatch(wanted.phone):
        raise Wrong(
            "phone",
            Text("不像电话号码", "This does not look like a telephone number"),
            Text(
                "只写数字、空格和短横线，例如 0931-1234567。",
                "Digits, blanks and hyphens, such as 0931-1234567.",
            ),
        )
    if wanted.phone and _MOBILE.fullmatch(re.sub(r"[ \-]", "", wanted.phone)):
        raise Wrong(
            "phone",
            Text(
                "这是手机号，单位电话要给所有人看",
                "This is a mobile number; a unit's number is shown to everybody",
            ),
            Text("写单位的固定电话或服务热线。", "Give the unit's landline or service line."),
        )
    if "superior" in changed and (
        unit == ruler
        or wanted.superior not in directory.units
        or ruler not in (wanted.superior, *above(wanted.superior, directory))
    ):
        raise Wrong(
            "superior",
            Text("上级单位只能是您管理的单位", "The unit above must be one that you keep"),
            Text("填写本单位或下属单位的编号。", "Give the id of your own unit, or of one below it."),
        )
    if "territory" in changed:
        own = significant(directory.units[ruler].territory)
        if directory.place(wanted.territory) is None or not wanted.territory.startswith(own):
            raise Wrong(
                "territory",
                Text("没有这个区划，或不在您的区域内", "No such place, or not within your own"),
                Text("填写 12 位区划代码。", "Give the 12-digit code of a place."),
            )
    if "active" in changed and not wanted.active:
        _require_idle(unit, directory)


def _require_idle(unit: str, directory: FrozenDirectory) -> None:
    """Refuse to close a unit that still has work, or units below it."""
    cases = CaseRecord.objects.filter(unit=unit, status__in=("received", "accepted", "closed"))[:1000].count()
    tasks = TaskRecord.objects.filter(unit=unit, state="active")[:1000].count()
    below = sum(each.superior == unit and each.active for each in directory.units.values())
    if cases or tasks or below:
        raise Wrong(
            "active",
            Text(
                f"还有 {cases} 件事、{tasks} 项任务、{below} 个下属单位，不能停用",
                f"It still has {cases} cases, {tasks} tasks and {below} units below it",
            ),
            Text("先转出去或改好上级，再停用。", "Pass them on, or give them another unit above, first."),
        )


def significant(code: str) -> str:
    """Return the digits of a 12-digit code that are not the zeros of its level."""
    for length in (2, 4, 6, 9):
        if not code[length:].strip("0"):
            return code[:length]
    return code
