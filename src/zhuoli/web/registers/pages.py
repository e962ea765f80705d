"""What registers hold, for everybody: purpose, source, age, which fields are personal, when rows are deleted, which models read it.

A sample is shown to posts that handle cases only; what is personal in it is masked for them, too.
"""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.registers import Register, read_registers
from zhuoli.core.registers.model import SUBJECTS
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.lake.folder import ORIGINS
from zhuoli.lake.reading import Standing, sample, standing
from zhuoli.office.grants import granted
from zhuoli.office.once import Once
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One register in the list and at the top of its page."""

    register: Register
    rows: str
    origin: Text | None
    age: Text
    fresh: bool
    waiting: int


@Once
def registers() -> dict[str, Register]:
    """The registers of this installation; a descriptor with a mistake is left out, as ``register check`` tells."""
    return read_registers(settings.ENVIRONMENT.registers).registers


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
    context = {
        "line": line,
        "one": one,
        "subject": SUBJECTS[one.subject],
        "models": _models(register),
        "sees": sees,
        "sample": [["" if value is None else str(value) for value in row.values()] for row in rows],
    }
    return render(request, "registers/register.html", context)


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
