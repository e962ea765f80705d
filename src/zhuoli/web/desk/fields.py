"""One case as a table of fields, for a system that keeps it elsewhere: names of the scenario, both languages, plain values.

What the fields are is the scenario's own list (``form.yaml``: ``<form or task>.<question>``). Personal answers are in it only
as far as the stated purpose covers them; that they were taken is recorded, and the person can read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.text import Text
from zhuoli.office import exports, read
from zhuoli.office.access import require_look
from zhuoli.web import cases, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk import sheets
from zhuoli.web.desk.pane import seen
from zhuoli.web.downloads import named
from zhuoli.web.errors import BadRequestPage, bad_parameter
from zhuoli.web.wording import text

COLUMNS = ("field", "title_zh", "title_en", "value", "words_zh", "words_en")
LISTED = ("name_zh", "name_en", "value", "words_zh", "words_en", "field", "articles")
FORMS = ("csv", "json")


@require_POST
def fields_page(request: HttpRequest, case: int) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Give the fields of a case as ``form`` csv or json, for a purpose."""
    found, actor = seen(request, case)
    viewer = asked(request).viewer
    require_look(viewer)
    plan = door.plan_of(found)
    purpose, form = request.POST.get("purpose", ""), request.POST.get("form", "csv")
    chosen = read.office_purposes(plan, found, actor).get(purpose)
    if chosen is None:
        raise BadRequestPage(text("look.no_purpose"), text("look.choose"), status=422)
    if form not in FORMS:
        raise bad_parameter("form")
    covered = chosen.fields or tuple(found.personal)
    opened = read.open_case(door.office(), case, actor, purpose=purpose, fields=covered)
    wanted = request.POST.get("list", "")
    if wanted and wanted not in plan.scenario.exports:
        raise bad_parameter("list")
    if wanted:
        rows = list(_listed(plan, opened.state, opened.personal, wanted))
    else:
        rows = list(_rows(plan, opened.state, opened.personal))
    exports.note(
        at=when.now(),
        unit=actor.unit,
        post=actor.post,
        what=f"case:{found.receipt}",
        form=form,
        rows=len(rows),
    )
    lang = asked(request).lang
    listed = plan.scenario.exports[wanted].title if wanted else text("file.fields")
    name = Text(f"{found.receipt}-{listed.zh}", f"{found.receipt}-{listed.en}")
    columns = LISTED if wanted else COLUMNS
    if form == "csv":
        return sheets.as_csv(name, [text(f"fields.{each}") for each in columns], iter(rows), [], lang)
    body = {
        "receipt": found.receipt,
        "scenario": found.scenario,
        "version": found.version,
        "fields": [dict(zip(columns, row, strict=True)) for row in rows],
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    named(response, name, "json", lang, attached=True)
    return response


def _rows(plan: Plan, case: Case, personal: dict[str, Any]) -> Iterator[list[Any]]:
    """Give each field that has an answer, in the order of the forms; sealed ones only where they were opened."""
    for name, value, title in (
        ("case.receipt", case.receipt, text("receipt.number")),
        ("case.territory", case.territory, text("paper.place")),
        ("case.opened", when.machine(case.opened), text("receipt.opened")),
    ):
        yield [name, title.zh, title.en, value, value, value]
    for each in cases.answers(plan, case, personal, door.directory()):
        if each.value is None:
            continue
        raw = personal.get(each.name, case.answers.get(each.name))
        yield [
            each.name,
            each.title.zh,
            each.title.en,
            _plain(raw),
            getattr(each.value, "zh", str(each.value)),
            getattr(each.value, "en", str(each.value)),
        ]


def _listed(plan: Plan, case: Case, personal: dict[str, Any], wanted: str) -> Iterator[list[Any]]:
    """Give the fields of a list of the scenario in its order, empty where nothing was answered or it stays sealed."""
    shown = {each.name: each.value for each in cases.answers(plan, case, personal, door.directory())}
    outputs = labels_of(plan.scenario)
    result = plan.scenario.closing.results.get(case.result)
    of_case: dict[str, tuple[Any, Any]] = {
        "case.receipt": (case.receipt, case.receipt),
        "case.opened": (when.machine(case.opened),) * 2,
        "case.closed": (when.machine(case.closed) if case.closed else None,) * 2,
        "case.territory": (case.territory, door.places().full_name(case.territory, skip=1)),
        "case.unit": (case.unit, door.directory().name(case.unit)),
        "case.result": (case.result or None, result.title if result else None),
    }
    for column in plan.scenario.exports[wanted].columns:
        raw: Any = None
        said: Any = None
        used = ""
        for name in column.source:
            found, words = of_case.get(name, (personal.get(name, case.answers.get(name)), shown.get(name)))
            if found is not None:
                raw, used = found, name
                said = words if words is not None else outputs.get(f"{name}={found}", found)
                break
        yield [
            column.name.zh,
            column.name.en,
            "" if raw is None else _plain(raw),
            "" if said is None else getattr(said, "zh", str(said)),
            "" if said is None else getattr(said, "en", str(said)),
            used or column.source[0],
            column.articles,
        ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value)
