"""Looking at personal data: one field at a time, for a purpose of the scenario's list, recorded before it is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhuoli.office import read
from zhuoli.office.access import require_look
from zhuoli.office.errors import OfficeError
from zhuoli.web import cases, door
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


@require_POST
def reveal_page(request: HttpRequest, case: int, field: str) -> HttpResponse:
    """Show one sealed field of a case for a stated purpose.

    htmx gets what stands in the field's place (``parts/sealed.html``), a browser without script a small page.
    """
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    if field not in found.personal:
        raise not_found(text("error.no_field"))
    plan, directory = door.plan_of(found), door.directory()
    purpose = request.POST.get("purpose", "")
    party = found.personal[field].party
    problem = None
    value = None
    try:
        value = read.open_personal(door.office(), case, party, (field,), purpose, actor).get(field)
    except OfficeError as error:
        problem = error
    answer = cases.sealed_answer(plan, found, field, value, directory, purpose if value is not None else "")
    context = {"page": "desk", "a": answer, "case_id": case, "problem": problem}
    template = "parts/sealed.html" if getattr(request, "htmx", False) else "people/field.html"
    return render(request, template, context, status=422 if problem else 200)
