"""Whether a paper is genuine, without saying what is on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.office import papers
from zhuoli.store.models import PaperRecord
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.wording import text


@require_safe
def verify_page(request: HttpRequest, number: str = "") -> HttpResponse:
    """Say for a paper's number what kind of paper it is, who issued it and on which day; nothing of a person."""
    lang = asked(request).lang
    typed = (number or request.GET.get("number", "")).strip()[:60]
    if typed and not number:
        return redirect("verify", lang, papers.read_number(typed) or "-")
    read = papers.read_number(typed) if typed else None
    found = papers.find(door.office(), read) if read else None
    context = {
        "page": "verify",
        "typed": "" if typed == "-" else typed,
        "asked_for": bool(typed),
        "slip": bool(typed) and read is None,
        "paper": found,
        "kind": _kind(found) if found else None,
        "unit": door.directory().name(found.unit) if found and found.unit else None,
    }
    return render(request, "papers/verify.html", context, status=404 if typed and found is None else 200)


def _kind(paper: PaperRecord) -> Text:
    """Return what kind of paper it is: a notice by its title in the scenario, which names nobody."""
    kind, _, name = paper.kind.partition(":")
    if name:
        notice = door.plan_of(door.load(paper.case_id)).scenario.notices.get(name)
        if notice is not None:
            return notice.title
    return text(f"paper_kind.{kind}")
