"""The page behind a link in a message: what is asked, and the answer to it, without number and code.

Looking changes nothing, so a mail scanner that opens every link does no harm; only a sent form does something. The page
shows what the person needs in order to answer and nothing else: no personal answers, no photos, no looks.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.channels.messages import again
from zhuoli.channels.messages.links import Link, make_token, open_link, others
from zhuoli.core.case.facts import Actor
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.office import read
from zhuoli.office.access import link_permits
from zhuoli.office.receipts import read_receipt
from zhuoli.web import acting, acts, cases, clocks, door, quota, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, Problem, bad_parameter
from zhuoli.web.messages import sent
from zhuoli.web.papers.prints import give_notice, notice_text, notice_words
from zhuoli.web.papers.sketches import paper_blocks
from zhuoli.web.portal.progress import asked_items
from zhuoli.web.shared import told
from zhuoli.web.wording import text

MOST_AGAIN = 5
"""New links that one address may ask for in a minute."""


@require_safe
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked."""
    return _show(request, token, _opened(token))


@require_POST
def link_act_page(request: HttpRequest, token: str, command: str) -> HttpResponse:
    """Answer it."""
    link = _opened(token)
    if link.standing != "open":
        return _show(request, token, link)
    if not link_permits(link.item, command, request.POST.get("_task", "")):
        raise bad_parameter("command")
    plan = door.plan_of(link.case)
    failed = acting.perform(request, plan, link.case, _actor(link), command)
    if failed is not None:
        return _show(request, token, _opened(token), failed)
    return redirect(reverse("link", args=(asked(request).lang, token)) + f"?done={command}#main")


@require_safe
def link_notice_page(request: HttpRequest, token: str) -> HttpResponse:
    """Give the notice that the message was about, as a PDF."""
    link = _opened(token)
    if not link.file or link.standing != "open":
        raise _void()
    return give_notice(request, link.case, link.file)


@require_POST
def link_again_page(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link in the place of one that has run out, to the telephone of whoever it was for."""
    if _opened(token).item:
        raise _void()
    _not_too_often(request)
    again.renew(door.office(), token)
    return redirect(reverse("link.sent_again", args=(asked(request).lang,)))


@require_http_methods(["GET", "HEAD", "POST"])
def again_page(request: HttpRequest) -> HttpResponse:
    """Take the receipt number on a paper and a telephone; the answer is the same whether they fit or not."""
    problem: Problem | None = None
    if request.method == "POST":
        receipt, telephone = (
            read_receipt(request.POST.get("receipt", "")[:60]),
            request.POST.get("telephone", ""),
        )
        if receipt is None:
            problem = Problem(text=text("check.slip"), links=(("receipt", None, text("check.slip.remedy")),))
        else:
            _not_too_often(request)
            case = door.case_of_receipt(receipt)
            if case is not None:
                again.send_again(door.office(), door.load(case), telephone[:40])
            return redirect(reverse("link.sent_again", args=(asked(request).lang,)))
    context = {
        "page": "check",
        "problem": problem,
        "receipt": request.POST.get("receipt", request.GET.get("receipt", ""))[:60],
        "telephone": request.POST.get("telephone", "")[:40],
    }
    return render(request, "messages/again.html", context, status=422 if problem else 200)


def _not_too_often(request: HttpRequest) -> None:
    if quota.over(request, "link_again", MOST_AGAIN):
        raise BadRequestPage(text("again.too_often"), text("again.too_often.remedy"), status=429)


@require_safe
def sent_again_page(request: HttpRequest) -> HttpResponse:
    """Say that a message is on its way, if there is anybody to whom it could go."""
    return render(request, "messages/again.html", {"page": "check", "sent": True, "demo": viewers.demo()})


def _opened(token: str) -> Link:
    link = open_link(door.office(), token)
    if link is None:
        raise _void()
    return link


def _void() -> BadRequestPage:
    return BadRequestPage(text("link.void"), text("link.void.remedy"), status=404)


def _actor(link: Link) -> Actor:
    return Actor(kind="party", party=link.party)


def _show(request: HttpRequest, token: str, link: Link, failed: acting.Failed | None = None) -> HttpResponse:
    case, plan = link.case, door.plan_of(link.case)
    context: dict[str, Any] = {
        "page": "check",
        "standing": link.standing,
        "title": plan.scenario.title,
        "ending": case.receipt[-4:],
        "unit": door.directory().name(case.answered_by or case.unit),
        "problem": failed.problem if failed else None,
        "done": acts.done(request.GET.get("done", "")),
        "again": reverse("link.again_by_link", args=(asked(request).lang, token))
        if link.file or link.share
        else "",
        "others": _others(request, token),
        "holds_receipt": link.party == case.parties.get("requester"),
    }
    if link.standing == "open":
        context |= _open(request, token, link, failed)
    status = failed.status if failed else 410 if link.standing == "expired" else 200
    response = render(request, "messages/link.html", context, status=status)
    # The address is the key: it must not travel on with a click. Not “no-referrer”: with it a browser names no origin when
    # the answer is sent, which is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _others(request: HttpRequest, token: str) -> list[dict[str, Any]]:
    """Return what else this person was asked for and told in the matter, each with its own link."""
    lang, office = asked(request).lang, door.office()
    return [
        {
            "title": sent.about(link.case, record.about),
            "asks": bool(link.item),
            "clock": clocks.of_clock(link.case.clocks.get(link.item)),
            "url": reverse("link", args=(lang, make_token(office, record))),
        }
        for record, link in others(office, token)
    ]


def _open(request: HttpRequest, token: str, link: Link, failed: acting.Failed | None) -> dict[str, Any]:
    lang = asked(request).lang
    case, plan, actor = link.case, door.plan_of(link.case), _actor(link)
    if link.share:
        return {
            "notice": plan.scenario.shares[link.share].title if link.share in plan.scenario.shares else None,
            "told": told.of_case(plan, case, link.party),
            **_acts(token, link, lang, failed),
        }
    if link.file:
        document = notice_text(case, link.file)
        title, _, body = notice_words(document, lang) if document else ("", "", "")
        return {
            "notice": title,
            "blocks": paper_blocks(case, link.file, body, lang),
            "pdf": reverse("link.notice", args=(lang, token)),
            "told": told.of_case(plan, case, link.party),
            **_acts(token, link, lang, failed),
        }
    opened = read.open_case(door.office(), case.id, actor)
    results = plan.scenario.closing.results
    answered = link.item == "loop.confirm"
    return {
        "what": cases.now(plan, case, door.directory()).what if link.item.startswith("loop.") else None,
        "task": None if link.item.startswith("loop.") else plan.title(link.item),
        "clock": clocks.of_clock(case.clocks.get(link.item)),
        "answer": opened.state.answer if answered else "",
        "result": results[case.result].title if answered and case.result in results else None,
        "items": asked_items(opened.history) if link.item == "loop.supplement" else (),
        "evidence": reverse("link.evidence.capture", args=(lang, token)) if EVIDENCE in plan.forms else "",
        **_acts(token, link, lang, failed),
    }


def _acts(token: str, link: Link, lang: str, failed: acting.Failed | None) -> dict[str, Any]:
    """Return the forms of what the link lets its holder do now."""
    case, plan, actor = link.case, door.plan_of(link.case), _actor(link)
    found = [
        action
        for action in acting.actions_of(plan, case, actor)
        if not action.blocked and link_permits(link.item, action.command, action.task)
    ]
    url = reverse("link", args=(lang, token))
    shown = acting.shown_acts(found, plan, case, actor, url, failed.tried if failed else None)
    order = ("confirm", "contest", "supply", "complete", "share", "unshare")
    shown.sort(key=lambda act: order.index(act.command))
    if link.item and len(shown) == 1:
        shown = [msgspec.structs.replace(shown[0], open=True)]  # what one has come for
    return {"quick": [act for act in shown if act.quick], "acts": [act for act in shown if not act.quick]}
