"""Numbers of other systems: which systems there are, who carries a number, and what goes back to them.

The list of systems is short and configured in one file. What an export holds is fixed here: the number, our receipt, status,
result and instants; nothing of a person, no text of anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import yaml
from django.db.models import Q

from zhuoli.core.case.commands import Refer
from zhuoli.core.case.references import normal_number
from zhuoli.core.case.refusals import Refusal, refuse
from zhuoli.core.text import Text
from zhuoli.environment import read_environment
from zhuoli.store.models import ReferenceRecord

PACKAGED = Path(__file__).parent / "systems.yaml"
FILE = "systems.yaml"
MOST_SYSTEMS = 20
PAGE = 500


class System(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another system: its name, what its numbers look like (a regular expression, if one is known), an example."""

    title: Text
    number: str = ""
    example: str = ""


class BadSystems(Exception):
    """The file of systems cannot be used; the message says where and why."""


class Holder(msgspec.Struct, frozen=True):
    """A case that carries a number."""

    case: int
    system: str
    number: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One case as it goes back to the system that numbered it. Instants in ms UTC; ``case`` is our own id."""

    case: int
    number: str
    receipt: str
    status: str
    result: str
    changed: int
    opened: int
    accepted: int | None
    closed: int | None
    ended: int | None
    due: int | None
    promised: int | None
    late: bool
    scenario: str
    version: str
    territory: str


def systems() -> dict[str, System]:
    """Return the systems of this installation by key, in the order of the file.

    Raises:
        BadSystems: the file is not what it should be.
    """
    own = read_environment().data / FILE
    path = own if own.exists() else PACKAGED
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> dict[str, System]:
    try:
        found: dict[str, System] = msgspec.convert(
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader), dict[str, System]
        )
        for key, system in found.items():
            if not re.fullmatch(r"[a-z0-9_]{1,40}", key):
                raise BadSystems(f"{path}: {key!r} is not a key (small letters, digits, _)")
            re.compile(system.number)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, re.error) as error:
        raise BadSystems(f"{path}: {error}") from error
    if len(found) > MOST_SYSTEMS:
        raise BadSystems(f"{path}: more than {MOST_SYSTEMS} systems")
    return found


def named(command: Refer) -> Refer:
    """Return the command with the system's name, after a look at the list.

    Raises:
        Refusal: ``unknown_system``, or ``bad_number`` where the system's numbers look different.
    """
    system = systems().get(command.system)
    if system is None:
        raise refuse("unknown_system", system=command.system)
    number = normal_number(command.number)
    if number and system.number and not re.fullmatch(system.number, number):
        raise _other_form(system)
    return msgspec.structs.replace(command, title=(system.title.zh, system.title.en))


def _other_form(system: System) -> Refusal:
    example = (
        Text(f"，例如 {system.example}", f", such as {system.example}") if system.example else Text("", "")
    )
    return Refusal(
        "bad_number",
        Text(f"{system.title.zh}的编号不是这个样子", f"Numbers of {system.title.en} look different"),
        Text("请照原样填写{example}", "Copy it as it is{example}").format(example=example),
    )


def holders(number: str, system: str = "", *, alias: str = "default") -> list[Holder]:
    """Return the cases that carry a number (of one system), at most ten; one statement."""
    wanted = normal_number(number)[:64]
    if not wanted:
        return []
    found = ReferenceRecord.objects.using(alias).filter(number=wanted)
    if system:
        found = found.filter(system=system)
    rows = found.order_by("case_id").values_list("case_id", "system", "number")[:10]
    return [Holder(*row) for row in rows]


def exported(
    system: str,
    *,
    since: int,
    allowed: Q | None = None,
    after: tuple[int, int] = (0, 0),
    size: int = PAGE,
    alias: str = "default",
) -> list[Exported]:
    """Return one page of the cases with a number of the system that changed at or after ``since`` (ms UTC).

    They come in the order of their last change; ``after`` is the last change and the id of the last row of the page before.
    ``allowed`` narrows to cases, in terms of ``case__…``; one statement.
    """
    changed, case = after
    found = ReferenceRecord.objects.using(alias).filter(
        system=system, case__snapshot__recorded__gte=max(since, changed)
    )
    if allowed is not None:
        found = found.filter(allowed)
    if after != (0, 0):
        found = found.exclude(case__snapshot__recorded=changed, case_id__lte=case)
    rows = found.order_by("case__snapshot__recorded", "case_id").values_list(
        "case_id",
        "number",
        "case__receipt",
        "case__status",
        "case__result",
        "case__snapshot__recorded",
        "case__opened",
        "case__accepted",
        "case__closed",
        "case__ended",
        "case__due",
        "case__promised",
        "case__late",
        "case__scenario",
        "case__version",
        "case__territory",
    )[:size]
    return [
        msgspec.convert(dict(zip(Exported.__struct_fields__, row, strict=True)), Exported) for row in rows
    ]


def export_all(
    system: str, *, since: int, allowed: Q | None = None, most: int, alias: str = "default"
) -> Iterator[Exported]:
    """Yield at most so many cases with a number of the system, page by page."""
    after, left = (0, 0), most
    while left > 0:
        page = exported(system, since=since, allowed=allowed, after=after, size=min(PAGE, left), alias=alias)
        yield from page
        left -= len(page)
        if len(page) < PAGE:
            return
        after = (page[-1].changed, page[-1].case)


def numbers_of(cases: Iterable[int]) -> dict[int, list[Holder]]:
    """Return the numbers of many cases; one statement."""
    found: dict[int, list[Holder]] = {}
    rows = ReferenceRecord.objects.filter(case_id__in=list(cases)).order_by("case_id", "system")
    for case, system, number in rows.values_list("case_id", "system", "number"):
        found.setdefault(case, []).append(Holder(case, system, number))
    return found
