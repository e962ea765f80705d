"""What registers hold, for everybody: purpose, source, age, which fields are personal, when rows are deleted, which models read it.

A sample is shown to posts that handle cases only; what is personal in it is masked for them, too.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.registers import Register
from zhuoli.core.registers.model import SUBJECTS
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.lake.folder import NIGHT, ORIGINS, PastImport
from zhuoli.lake.history import HOW, Told, history
from zhuoli.lake.reading import MASK, Standing, sample, standing
from zhuoli.office.grants import granted
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.registers.known import registers
from zhuoli.web.wording import text

YES, NO = Text("是", "yes"), Text("否", "no")
_WIDE, _SOME = 10, 3
"""With more fields a sample is shown field by field, of so many rows."""
_MANY = 1_000
"""A pace is told of so many rows and more: of a few it says nothing."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One register in the list and at the top of its page."""

    register: Register
    rows: str
    origin: Text | None
    age: Text
    fresh: bool
    waiting: int


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """One import as the page tells it; ``by`` is None where rows were generated, ``pace`` where few were read."""

    told: Told
    how: Text
    by: Text | None
    taken: str
    rejected: str
    changes: Text
    pace: str


@require_safe
def registers_page(request: HttpRequest) -> HttpResponse:
    """List the registers."""
    asked(request).public = True
    return render(
        request, "registers/registers.html", {"lines": [_line(one) for one in registers().values()]}
    )


@require_safe
def register_page(request: HttpRequest, register: str) -> HttpResponse:
    """Show one register."""
    page = asked(request)
    one = registers().get(register)
    if one is None:
        raise not_found(text("registers.none"))
    sees = page.viewer.is_post and granted(page.viewer.roles).sees != "nothing"
    page.public = not sees
    line = _line(one)
    rows = sample(settings.ENVIRONMENT.data / "lake", one) if sees and line.origin is not None else []
    shown = [_shown(one, row) for row in rows]
    wide = len(one.fields) > _WIDE
    context = {
        "line": line,
        "one": one,
        "subject": SUBJECTS[one.subject],
        "models": _models(register),
        "feeding": [one for one in door.scenarios().values() if register in one.feeds],
        "sees": sees,
        "imports": [_import(each) for each in history(settings.ENVIRONMENT.data / "lake", register)],
        "mask": MASK,
        "sample": [] if wide else shown,
        "turned": _turned(shown[:_SOME]) if wide else [],
    }
    return render(request, "registers/register.html", context)


def _import(told: Told) -> ImportLine:
    past = told.past
    night = past.by == NIGHT
    return ImportLine(
        told=told,
        how=HOW[past.mode] if past.origin != "generated" else ORIGINS[past.origin],
        by=text("registers.night") if night else Text(past.by, past.by) if past.by else None,
        taken=f"{past.accepted:,}",
        rejected=f"{past.rejected:,}",
        changes=_changes(past),
        pace=f"{past.pace:,}" if past.read >= _MANY else "",
    )


def _changes(past: PastImport) -> Text:
    """How the rows differ from those before; what did not happen is not said."""
    if past.added is None:
        return text("registers.not_compared")
    said = []
    if past.added:
        said.append(text("registers.added", n=f"{past.added:,}"))
    if past.replaced:
        said.append(text("registers.replaced", n=f"{past.replaced:,}"))
    if past.removed:
        said.append(text("registers.removed", n=f"{past.removed:,}"))
    if not said:
        return text("registers.no_change")
    return Text("，".join(one.zh for one in said), ", ".join(one.en for one in said))


def _shown(register: Register, row: dict[str, object]) -> list[tuple[Text, Text]]:
    """Each field's title with what stands in it, in words where it has some."""
    shown = []
    for one in register.fields:
        value = row[one.name]
        if isinstance(value, bool):
            said = YES if value else NO
        elif isinstance(value, datetime):
            said = Text(*2 * (value.isoformat(" ", "minutes"),))
        else:
            written = "" if value is None else str(value)
            said = one.label(written) if written else Text("", "")
        shown.append((one.title, said))
    return shown


def _turned(rows: list[list[tuple[Text, Text]]]) -> list[tuple[Text, list[Text]]]:
    """A sample with a line for each field: of a register with many fields a row would not fit on a screen."""
    return [(cells[0][0], [said for _, said in cells]) for cells in zip(*rows, strict=True)]


def _models(register: str) -> list[Scenario]:
    """The scenarios whose query reads a register."""
    return [one for one in door.scenarios().values() if one.query is not None and register in one.query.reads]


def _line(register: Register) -> Line:
    found: Standing = standing(settings.ENVIRONMENT.data / "lake", register, door.office().clock())
    age = text("registers.empty")
    if found.age_days is not None:
        age = text("registers.today") if found.age_days == 0 else text("registers.days", n=found.age_days)
    return Line(
        register=register,
        rows=f"{found.state.rows:,}" if found.state else "",
        origin=ORIGINS[found.state.origin] if found.state else None,
        age=age,
        fresh=found.fresh,
        waiting=found.waiting,
    )
