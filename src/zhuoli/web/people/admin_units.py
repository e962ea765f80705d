"""One unit as its administrator keeps it: names, what stands above, where it serves, telephone, whether it is at work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhuoli.core.text import Text
from zhuoli.office import acts, units
from zhuoli.office.access import require_administrator, require_rule
from zhuoli.office.errors import OfficeError
from zhuoli.office.units import Wanted, Wrong
from zhuoli.store.models import ActRecord
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, not_found
from zhuoli.web.people.admin import by_of, told
from zhuoli.web.wording import text

FIELDS = ("name_zh", "name_en", "short_zh", "short_en", "superior", "territory", "phone")


@require_http_methods(["GET", "HEAD", "POST"])
def unit_page(request: HttpRequest, unit: str) -> HttpResponse:
    """Show a unit, and change it."""
    page = asked(request)
    require_administrator(page.viewer)
    found = door.directory().unit(unit)
    if found is None:
        raise not_found(text("error.no_unit"))
    require_rule(page.viewer, unit, door.directory())
    if request.method != "POST":
        return _show(request, unit, units.wanted_of(found))
    given: dict[str, Any] = {name: " ".join(request.POST.get(name, "")[:100].split()) for name in FIELDS}
    wanted = Wanted(**given, active="active" in request.POST)
    try:
        changed = units.change(unit, wanted, by_of(request), page.viewer.unit, when.now())
    except Wrong as wrong:
        label = text(f"unit_field.{wrong.field}")
        problem = Problem(
            text=text("ask.incomplete"), remedy=wrong.remedy, links=((wrong.field, label, wrong.text),)
        )
        return _show(request, unit, wanted, problem, {wrong.field: wrong.text})
    except OfficeError as error:
        return _show(request, unit, wanted, Problem(text=error.text, remedy=error.remedy))
    door.directory()
    said = "unit" if changed else "same"
    return redirect(reverse("desk.admin.unit", args=(page.lang, unit)) + f"?done={said}#main")


def _show(
    request: HttpRequest,
    unit: str,
    wanted: Wanted,
    problem: Problem | None = None,
    wrong: dict[str, Text] | None = None,
) -> HttpResponse:
    directory = door.directory()
    found = directory.units[unit]
    done = request.GET.get("done", "")
    fields = [
        {
            "name": name,
            "value": getattr(wanted, name),
            "wrong": (wrong or {}).get(name),
            "says": {
                "superior": directory.name(wanted.superior),
                "territory": directory.place(wanted.territory),
            }.get(name),
            "fixed": name == "superior" and unit == asked(request).viewer.unit,
        }
        for name in FIELDS
    ]
    history = ActRecord.objects.filter(subject=unit, what="unit.change").order_by("-number")[:30]
    context = {
        "page": "admin",
        "unit": found,
        "fields": fields,
        "active": wanted.active,
        "wrong_active": (wrong or {}).get("active"),
        "acts": [told(acts.read(each)) for each in history],
        "problem": problem,
        "done": text(f"admin_done.{done}") if done in ("unit", "same") else None,
    }
    return render(request, "people/admin_unit.html", context, status=422 if problem else 200)
