"""Numbers of other systems at the desk: those of a case, and giving back how the cases stand that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.core.case.actions import ONLY_WORDS_MISSING
from zhuoli.core.case.commands import Refer
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.office import exports, inbox, references
from zhuoli.office.access import Viewer, permits, require_post
from zhuoli.web import acts, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk import sheets
from zhuoli.web.desk.duplicates import may_see
from zhuoli.web.downloads import named
from zhuoli.web.errors import bad_parameter
from zhuoli.web.wording import text

MOST = 10_000
SHOWN = 50
DAYS = 30
COLUMNS = (
    "number",
    "receipt",
    "status",
    "result",
    "changed",
    "opened",
    "accepted",
    "closed",
    "ended",
    "promised",
    "due",
    "late",
)
"""What goes back, in this order; a test holds that nothing of a person is among it."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One case as the table shows it."""

    case: int
    number: str
    receipt: str
    status: str
    result: Text | None
    changed: int
    opened: int
    accepted: int | None
    closed: int | None
    ended: int | None
    promised: int | None
    due: int | None
    late: bool


def panel(viewer: Viewer, case: Case) -> dict[str, Any]:
    """Return what the panel of a case shows: its numbers, who else carries them, the form if it may be used."""
    known = references.systems()
    numbers = [
        {"title": known[key].title if key in known else Text(key, key), "number": number}
        for key, number in case.references.items()
    ]
    shared = [each for key, number in case.references.items() for each in others(viewer, case, key, number)]
    return {
        "numbers": numbers,
        "shared": shared,
        "open_for": _may_enter(case, viewer.actor()),
        **form(case),
    }


def form(case: Case) -> dict[str, Any]:
    """Return what the form for a number is drawn from, empty."""
    return {
        "systems": references.systems(),
        "number_case": case.id,
        "number_seq": case.seq,
        "number_key": acts.new_key(),
        "typed": {},
    }


def _may_enter(case: Case, actor: Actor) -> bool:
    """Whether the core would take a number from this actor, were there one."""
    if not permits(actor, "refer"):
        return False
    try:
        decide(door.plan_of(case), case, Refer(system="", number=""), door.facts(actor))
    except Refusal as refusal:
        return refusal.code in ONLY_WORDS_MISSING
    return True


def others(viewer: Viewer, case: Case, system: str, number: str) -> list[dict[str, Any]]:
    """Return the other cases with a number that the viewer may see."""
    held = [each.case for each in references.holders(number, system) if each.case != case.id]
    allowed = may_see(viewer) if held else None
    found = []
    for each in held:
        state = door.load(each)
        if allowed is not None and allowed(state):
            found.append({"case": each, "receipt": state.receipt, "number": state.references[system]})
    return found


def find(viewer: Viewer, typed: str) -> int | None:
    """Return the one case with a number, as somebody typed it, that the viewer may see; None where none or several do."""
    if not any(sign.isdigit() for sign in typed):
        return None
    allowed = may_see(viewer)
    found = [each.case for each in references.holders(typed) if allowed(door.load(each.case))]
    return found[0] if len(set(found)) == 1 else None


# --- exported back


@require_safe
def numbers_page(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Show, or give as CSV or JSON, how the cases stand that carry a system's number."""
    page = asked(request)
    actor = require_post(page.viewer, "officer", "dispatcher", "supervisor")
    system, since = _asked_for(request)
    form = request.GET.get("form", "")
    if form not in ("", "csv", "json"):
        raise bad_parameter("form")
    allowed = scope(page.viewer)
    begins = instant_of(datetime(since.year, since.month, since.day))  # noqa: DTZ001 - local
    if form:
        rows = references.export_all(system, since=begins, allowed=allowed, most=MOST)
        return _give(actor, system, since, form, rows, asked(request).lang)
    found = references.exported(system, since=begins, allowed=allowed, size=SHOWN + 1)
    query = {"system": system, "since": since.isoformat()}
    base = reverse("desk.numbers", args=(page.lang,))
    context = {
        "page": "desk",
        "systems": references.systems(),
        "system": system,
        "since": since.isoformat(),
        "headings": [text(f"column_out.{name}") for name in COLUMNS],
        "rows": [row_of(each) for each in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "csv_url": f"{base}?{urlencode({**query, 'form': 'csv'})}",
        "json_url": f"{base}?{urlencode({**query, 'form': 'json'})}",
    }
    return render(request, "desk/numbers.html", context)


def _asked_for(request: HttpRequest) -> tuple[str, date]:
    known = references.systems()
    system = request.GET.get("system") or next(iter(known))
    if system not in known:
        raise bad_parameter("system")
    raw = request.GET.get("since", "")
    if not raw:
        return system, local(when.now()).date() - timedelta(days=DAYS)
    try:
        since = date.fromisoformat(raw)
    except ValueError:
        raise bad_parameter("since") from None
    if not 2000 <= since.year <= 2100:
        raise bad_parameter("since")
    return system, since


def scope(viewer: Viewer) -> Q:
    """Return which cases a post gives back: what its unit leads or dispatches, a supervisor also what lies below."""
    found = Q(case__unit=viewer.unit) | Q(case__dispatcher=viewer.unit)
    if viewer.holds("supervisor"):
        found |= Q(case__unit__in=inbox.below(viewer.unit, door.directory()))
    return found


def row_of(each: references.Exported) -> Row:
    """Return a row with the result in words."""
    results = door.office().library.pinned(each.version, each.scenario).scenario.closing.results
    result = results[each.result].title if each.result in results else None
    return Row(
        **{name: getattr(each, name) for name in Row.__struct_fields__ if name != "result"}, result=result
    )


def machine_row(row: Row, code: str) -> dict[str, Any]:
    """Return a row for programs: words as codes and in both languages, instants in ISO 8601."""

    def moment(at: int | None) -> str | None:
        return None if at is None else when.machine(at)

    return {
        "number": row.number,
        "receipt": row.receipt,
        "status": row.status,
        "status_text": _both(text(f"status.{row.status}")),
        "result": code or None,
        "result_text": _both(row.result),
        "changed": moment(row.changed),
        "opened": moment(row.opened),
        "accepted": moment(row.accepted),
        "closed": moment(row.closed),
        "ended": moment(row.ended),
        "promised": moment(row.promised),
        "due": moment(row.due),
        "late": row.late,
    }


def _both(said: Text | None) -> dict[str, str] | None:
    return None if said is None else {"zh": said.zh, "en": said.en}


def _give(
    actor: Actor, system: str, since: date, form: str, rows: Iterator[references.Exported], lang: str
) -> HttpResponse | StreamingHttpResponse:
    found = list(rows)
    exports.note(
        at=when.now(),
        unit=actor.unit,
        post=actor.post,
        what=f"numbers:{system} since {since.isoformat()}",
        form=form,
        rows=len(found),
    )
    known = references.systems()
    title = known[system].title if system in known else Text(system, system)
    name = text("file.numbers", system=title, since=since.isoformat())
    if form == "json":
        cases = [machine_row(row_of(each), each.result) for each in found]
        body = {"system": system, "since": since.isoformat(), "cases": cases, "most": MOST}
        answer = HttpResponse(msgspec.json.encode(body), content_type="application/json")
        named(answer, name, "json", lang, attached=True)
        return answer
    headings = [text(f"column_out.{column}") for column in COLUMNS]
    notes = [sheets.left_out(MOST)]
    return sheets.as_csv(name, headings, (_cells(row_of(each)) for each in found), notes, lang)


def _cells(row: Row) -> list[sheets.Cell]:
    cells: list[sheets.Cell] = []
    for name in COLUMNS:
        value = getattr(row, name)
        if name in ("number", "receipt"):
            cells.append(value)
        elif name == "status":
            cells.append(sheets.both(text(f"status.{value}")))
        elif isinstance(value, Text):
            cells.append(sheets.both(value))
        elif isinstance(value, bool):
            cells.append(sheets.both(text("form.yes" if value else "form.no")))
        else:
            cells.append(sheets.instant(value) if value is not None else None)
    return cells
