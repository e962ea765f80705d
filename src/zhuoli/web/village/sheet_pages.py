"""The monthly sheet as a page that prints well, and as a PDF."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.channels.papers import PaperFailed, print_paper
from zhuoli.core.worktime.instants import date_from_day, day_of
from zhuoli.web import viewers, when
from zhuoli.web.context import asked
from zhuoli.web.downloads import named
from zhuoli.web.errors import BadRequestPage, not_found
from zhuoli.web.village import sheet, telling
from zhuoli.web.village.served import Village, duty_plan, require_reader, village_of
from zhuoli.web.wording import text


@require_safe
def sheet_page(request: HttpRequest, village: str, month: str) -> HttpResponse:
    """Show the month of a village."""
    found, of = _asked_for(request, village, month)
    plan = duty_plan()
    lang = asked(request).lang
    counted = sheet.month_of(plan, found.code, of, when.now())
    noted = {day_of(each.at) for each in counted.rounds}
    context = {
        "page": "village",
        "here_page": "sheet",
        "village": found,
        "month": of,
        "facts": sheet.facts(counted, lang),
        "duties": telling.duties(plan, counted.rounds),
        "lines": [telling.line(plan, each, counted.came) for each in counted.found],
        "places": sheet.places(counted, lang),
        "quiet": sheet.quiet_days(counted, lang),
        "days": [(date_from_day(day).day, day in noted) for day in counted.days],
        "station": sheet.station_of(found.code),
        "kept": sheet.kept(found.code, of).exists(),
        "generated": viewers.demo(),
    }
    return render(request, "village/sheet.html", context)


@require_safe
def sheet_pdf(request: HttpRequest, village: str, month: str) -> HttpResponseBase:
    """Give the sheet as a PDF as of now, or (``?kept=1``) as it printed itself at the end of the month."""
    found, of = _asked_for(request, village, month)
    lang = asked(request).lang
    name = text("file.sheet", place=found.full, month=of.key)
    if request.GET.get("kept"):
        file = sheet.kept(found.code, of)
        if not file.exists():
            raise not_found(text("village.not_kept"))
        kept = FileResponse(file.open("rb"), content_type="application/pdf")
        named(kept, name, "pdf", lang, attached=False)
        return kept
    plan = duty_plan()
    counted = sheet.month_of(plan, found.code, of, when.now())
    try:
        pdf = print_paper(sheet.paper(plan, found, of, counted, sheet.station_of(found.code), lang))
    except PaperFailed:
        raise BadRequestPage(text("paper.failed"), text("paper.failed.remedy"), status=503) from None
    response = HttpResponse(pdf, content_type="application/pdf")
    named(response, name, "pdf", lang, attached=False)
    return response


def _asked_for(request: HttpRequest, village: str, month: str) -> tuple[Village, sheet.Span]:
    viewer = asked(request).viewer
    viewer.actor()
    found, of = village_of(village), sheet.span(month)
    if found is None:
        raise not_found(text("village.no_village"))
    require_reader(viewer, [found.code])
    return found, of
