"""The receipt, and getting back to a matter with its number and code."""

from __future__ import annotations

import hashlib
import io

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.core.case.state import Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.core.worktime import parse_duration
from zhuoli.core.worktime.words import set_off
from zhuoli.office.access import party_actor, require_opener
from zhuoli.office.receipts import read_receipt
from zhuoli.web import clocks, door, lines, viewers
from zhuoli.web.address import client_address
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, not_found
from zhuoli.web.portal import drafts, mine
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.portal.progress import asks
from zhuoli.web.wording import text

WINDOW = 15 * 60
"""Seconds for which wrong codes are counted."""
PER_RECEIPT, PER_ADDRESS = 8, 40
"""Wrong codes within the window, for one number and from one address, before nothing is compared any more."""


@require_safe
def receipt_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show number, code, QR code and the promised date to whoever raised the matter in this session."""
    viewer = asked(request).viewer
    number = viewer.receipts.get(receipt)
    case = door.load(number) if number is not None else Case(id=0, receipt=receipt)
    party_actor(viewer, case)
    return show_receipt(request, case, reverse("progress", args=(asked(request).lang, receipt)), caller=False)


@require_safe
def caller_receipt_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show the same to the post that has just written the matter down, to be read to the caller."""
    require_opener(asked(request).viewer)
    number = viewers.told(request, receipt)
    if number is None:
        raise not_found(text("error.no_receipt"))
    back = reverse("desk.case", args=(asked(request).lang, number))
    return show_receipt(request, door.load(number), back, caller=True)


def show_receipt(
    request: HttpRequest, case: Case, onward: str, *, caller: bool, code: str | None = None
) -> HttpResponse:
    """Show a receipt; ``code`` is one that was just made, else the one of the beginning while it is valid."""
    plan, directory = door.plan_of(case), door.directory()
    if code is None:
        code = door.code_of(case.id, case.receipt)
    promise = clocks.promise(case, door.calendar())
    context = {
        "page": "check",
        "case": case,
        "receipt": case.receipt,
        "code": code,
        "matter": matter_of(plan.scenario),
        "unit": directory.name(case.unit) if case.unit else None,
        "phone": directory.phone(case.unit),
        "promise": promise,
        "line": lines.of_case(plan, case, directory, asked(request).lang),
        "next": next_steps(case),
        "asks": [] if caller else asks(plan, case, case.parties.get("requester", ""), asked(request).lang),
        "evidence": EVIDENCE in plan.forms,
        "qr": qr(request, case.receipt, code),
        "hotline": settings.ENVIRONMENT.hotline,
        "progress_url": onward,
        "caller": caller,
    }
    return render(request, "portal/receipt.html", context)


def next_steps(case: Case) -> list[Text]:
    """Return what comes next, in sentences."""
    plan = door.plan_of(case)
    unit = door.directory().name(case.unit) or text("now.nobody_yet")
    steps = [text("next.accept", unit=unit) if case.status == "received" else text("next.work", unit=unit)]
    due = plan.scenario.due
    if due is not None and (due.promised or due.statutory):
        key = "next.answer" if case.status == "received" else "next.answer_running"
        steps.append(text(key, time=set_off(parse_duration(due.promised or due.statutory).text())))
    steps.append(text("next.confirm"))
    return steps


def qr(request: HttpRequest, receipt: str, code: str) -> SafeString:
    """Draw the address of the matter. The code is in the fragment, which browsers never send to a server."""
    address = request.build_absolute_uri(reverse("check", args=(asked(request).lang,)))
    picture = segno.make(f"{address}?receipt={receipt}#{code.replace('-', '')}", error="m")
    target = io.BytesIO()
    title = text("receipt.qr").in_language(asked(request).lang)
    picture.save(target, kind="svg", xmldecl=False, svgns=True, scale=4, border=2, title=title, nl=False)
    return mark_safe(target.getvalue().decode())  # noqa: S308 - drawn by segno from our own address


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Take number and code; list what this session has opened already."""
    page = asked(request)
    typed = request.POST.get("receipt", request.GET.get("receipt", "")).strip()[:60]
    problem: Problem | None = None
    status = 200
    if request.method == "POST":
        receipt = read_receipt(typed)
        status = 422
        code = request.POST.get("code", "")[:60]
        case = None
        if _too_often(request, receipt):
            problem = Problem(text=text("check.too_often"), remedy=text("check.too_often.remedy"))
            status = 429
        elif receipt is None:
            problem = Problem(text=text("check.slip"), links=(("receipt", None, text("check.slip.remedy")),))
        else:
            case = door.office().receipts.check(receipt, code)
            if case is None:
                _count(request, receipt)
                problem = Problem(
                    text=text("check.wrong"), links=(("code", None, text("check.wrong.remedy")),)
                )
        if case is not None and receipt is not None:
            viewers.remember_receipt(request, receipt, case)
            return redirect("progress", page.lang, receipt)
    context = {"page": "check", "typed": typed, "problem": problem, "mine": mine.mine(request)}
    return render(request, "portal/check.html", context, status=status)


@require_POST
def forget_page(request: HttpRequest) -> HttpResponse:
    """Forget the receipts of this session and the forms begun on this device (a shared computer)."""
    request.session.pop(viewers.RECEIPTS, None)
    response = redirect("check", asked(request).lang)
    held = drafts.Held(request)
    held.drop_all()
    held.write(response)
    return response


def _too_often(request: HttpRequest, receipt: str | None) -> bool:
    counted = cache.get_many([_key_address(request), _key_receipt(receipt)])
    by_address: int = counted.get(_key_address(request), 0)
    by_receipt: int = counted.get(_key_receipt(receipt), 0)
    return by_address >= PER_ADDRESS or by_receipt >= PER_RECEIPT


def _count(request: HttpRequest, receipt: str) -> None:
    for key in (_key_address(request), _key_receipt(receipt)):
        cache.set(key, cache.get(key, 0) + 1, WINDOW)


def _key_address(request: HttpRequest) -> str:
    """Return the counter of an address."""
    return "wrong.address." + hashlib.sha256(client_address(request).encode()).hexdigest()[:24]


def _key_receipt(receipt: str | None) -> str:
    return f"wrong.receipt.{receipt}"
