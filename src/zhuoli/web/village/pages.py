"""The phone: the round of today, one duty after another, and what came of what was found.

The whole form is one page, so that nothing between its first tap and its last needs a network. It can be sent
twice without harm: the key of the form is the key of the command.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.channels.attachments.examiner import LARGEST
from zhuoli.core.case.commands import Command, Confirm, Contest, Open
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import day_begins, day_of
from zhuoli.office import rounds
from zhuoli.office.access import Denied
from zhuoli.office.receipts import read_receipt
from zhuoli.office.rounds import party_of
from zhuoli.web import acts, door, questions, uploads, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, bad_parameter, for_fields, not_found
from zhuoli.web.portal import answering
from zhuoli.web.portal import urgent as spoken
from zhuoli.web.village import telling
from zhuoli.web.village.places_only import names_somebody
from zhuoli.web.village.served import Village, duty_plan, served
from zhuoli.web.wording import text

CHANNEL = "field"
SPOTS = 6
"""So many places of a village are offered to be tapped."""
WRITTEN = ("note", "spot")
"""Questions that are answered in words."""


@require_http_methods(["GET", "HEAD", "POST"])
def round_page(request: HttpRequest) -> HttpResponse:
    """Show the ten duties of today, and take one; the public is led to who the auxiliaries are."""
    page = asked(request)
    if request.method != "POST" and not page.viewer.is_post:
        return redirect("auxiliaries", page.lang)
    villages = served(page.viewer)
    plan = duty_plan()
    if request.method != "POST":
        return _show(request, plan, villages, _chosen(villages, request.GET.get("village", "")), {})
    return _take(request, plan, villages)


@require_POST
def files_page(request: HttpRequest) -> HttpResponse:
    """Take photos while the form is filled in, with the checks of the whole form."""
    page = asked(request)
    served(page.viewer)
    taken = uploads.take(request, duty_plan().forms["form"])
    if taken.problem is not None:
        wrong = [why.in_language(page.lang) for _, _, why in taken.problem.links]
        return JsonResponse({"wrong": wrong or [taken.problem.text.in_language(page.lang)]}, status=422)
    kept = len(request.POST.getlist("_file"))
    new = list(zip(taken.files, taken.tokens, strict=True))[kept:]
    return JsonResponse(
        {"files": [{"name": file.name, "size": file.size, "token": token} for file, token in new]}
    )


@require_safe
def noted_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Say that a round is noted, and what has come of what was found until now."""
    page = asked(request)
    villages = served(page.viewer)
    plan = duty_plan()
    case = door.case_of_receipt(read_receipt(receipt) or "")
    state = door.load(case) if case is not None else None
    mine = {each.code: each for each in villages}
    if state is None or state.scenario != plan.scenario.scenario or state.territory not in mine:
        raise not_found(text("error.no_receipt"))
    found = rounds.round_of(state)
    context = {
        "page": "village",
        "here_page": "noted",
        "village": mine[found.village],
        "line": telling.line(plan, found, rounds.what_came([found])),
        "waits": found.found != rounds.NOTHING and not found.need and found.status == "accepted",
    }
    return render(request, "village/noted.html", context)


@require_safe
def mine_page(request: HttpRequest) -> HttpResponse:
    """List what was found in a village, and what came of each; the month's rounds below."""
    page = asked(request)
    villages = served(page.viewer)
    plan = duty_plan()
    village = _chosen(villages, request.GET.get("village", ""))
    now = when.now()
    since = now - telling.REMEMBERED
    found = rounds.rounds(plan.scenario.scenario, [village.code], since, now + 1)
    came = rounds.what_came(found)
    lines = [telling.line(plan, each, came) for each in reversed(found)]
    context = {
        "page": "village",
        "here_page": "mine",
        "village": village,
        "villages": villages,
        "found": telling.one_each([line for line in lines if line.round.found != rounds.NOTHING]),
        "rounds": [line for line in lines if line.round.found == rounds.NOTHING][:60],
        "key": acts.new_key(),
        "months": telling.months_back(now),
    }
    return render(request, "village/mine.html", context)


@require_POST
def say_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Say for the village whether what was raised is settled: the post has been there and looked."""
    page = asked(request)
    mine = {each.code for each in served(page.viewer)}
    case = door.case_of_receipt(read_receipt(receipt) or "")
    state = door.load(case) if case is not None else None
    if (
        state is None
        or state.territory not in mine
        or party_of(state.territory) not in state.parties.values()
    ):
        raise not_found(text("error.no_receipt"))
    reason = request.POST.get("reason", "").strip()[:300]
    said: dict[str, Command] = {"yes": Confirm(), "no": Contest(reason=reason)}
    command = said.get(request.POST.get("settled", ""))
    if command is None:
        raise bad_parameter("settled")
    door.perform(
        key=acts.read_key(request.POST),
        case=state.id,
        actor=Actor(kind="party", party=party_of(state.territory)),
        command=command,
        expected_seq=None,
    )
    return redirect(reverse("village.mine", args=(page.lang,)) + f"?village={state.territory}")


def _chosen(villages: tuple[Village, ...], code: str) -> Village:
    found = next((each for each in villages if each.code == code), None)
    if code and found is None:
        raise Denied(
            "not_yours",
            Text("这个村不在您的辖区。", "This village is not in your area."),
            Text("请选自己辖区的村。", "Choose a village of your own area."),
        )
    return found or villages[0]


def _take(request: HttpRequest, plan: Plan, villages: tuple[Village, ...]) -> HttpResponse:
    form = plan.forms["form"]
    taken = uploads.take(request, form)
    post = request.POST.copy()
    if "_fine" in post:
        post[f"{questions.PREFIX}found"] = rounds.NOTHING
    answers = questions.given(form, post, answering.known(CHANNEL), taken.files)
    village = _chosen(villages, str(answers.get("place", "")))
    filled: dict[str, Any] = {"answers": answers, "files": taken.files, "key": request.POST.get("_key", "")}
    if taken.problem is not None:
        return _again(request, plan, villages, village, {**filled, "problem": taken.problem})
    said = " ".join(str(answers.get(name, "")) for name in WRITTEN)
    danger = spoken.urgent(said) if request.POST.get("_urgent") != "seen" else []
    if danger:
        return _again(request, plan, villages, village, {**filled, "danger": danger})
    named = {
        name: text("village.names_somebody") for name in WRITTEN if names_somebody(str(answers.get(name, "")))
    }
    if named:
        return _wrong(request, plan, villages, village, filled, text("village.places_only"), None, named)
    key = acts.read_key(request.POST)
    try:
        opened = door.open_case(
            key=key,
            scenario=plan.scenario.scenario,
            actor=asked(request).viewer.actor(),
            command=Open(
                receipt="",
                channel=CHANNEL,
                parties={"requester": party_of(village.code)},
                answers={**answers, "place": village.code},
                files=taken.files,
                occurred=_when_done(request),
            ),
        )
    except Refusal as refusal:
        return _wrong(
            request, plan, villages, village, filled, refusal.text, refusal.remedy, dict(refusal.fields)
        )
    done = reverse("village.noted", args=(asked(request).lang, opened.receipt))
    return JsonResponse({"url": done}) if _asks_json(request) else redirect(done)


def _when_done(request: HttpRequest) -> int | None:
    """Return when the duty was done, where a phone without a signal has kept it for a while."""
    typed = request.POST.get("_at", "")
    if not typed.isascii() or not typed.isdigit() or len(typed) > 15:
        return None
    at, now = int(typed), when.now()
    return at if now - rounds.LATE_NOTE <= at <= now else None


def _asks_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _wrong(
    request: HttpRequest,
    plan: Plan,
    villages: tuple[Village, ...],
    village: Village,
    filled: dict[str, Any],
    what: Text,
    remedy: Text | None,
    mistakes: dict[str, Text],
) -> HttpResponse:
    form = plan.forms["form"]
    shown = questions.relevant(form, filled["answers"], answering.known(CHANNEL), filled["files"])
    titles = {name: each.question.title for name, each in form.questions.items()}
    links = for_fields(mistakes, titles, questions.PREFIX, shown)
    problem = Problem(text=what, remedy=remedy, links=links)
    return _again(request, plan, villages, village, {**filled, "problem": problem, "mistakes": mistakes})


def _again(
    request: HttpRequest,
    plan: Plan,
    villages: tuple[Village, ...],
    village: Village,
    filled: dict[str, Any],
) -> HttpResponse:
    lang = asked(request).lang
    if not _asks_json(request):
        status = 422 if filled.get("problem") else 200
        return _show(request, plan, villages, village, filled, status)
    problem = filled.get("problem")
    wrong = [why.in_language(lang) for _, _, why in problem.links] if problem else []
    if problem and not wrong:
        wrong = [problem.text.in_language(lang)]
    calls = [
        {"number": row.call, "text": text(f"urgent.{row.kind}").in_language(lang)}
        for row in filled.get("danger", [])
    ]
    return JsonResponse({"wrong": wrong, "call": calls}, status=422)


def _show(
    request: HttpRequest,
    plan: Plan,
    villages: tuple[Village, ...],
    village: Village,
    filled: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    now = when.now()
    form = plan.forms["form"]
    found = rounds.rounds(plan.scenario.scenario, [village.code], now - telling.REMEMBERED, now + 1)
    came = rounds.what_came(found)
    today = [each for each in found if each.at >= day_begins(day_of(now))]
    answers, files = filled.get("answers", {}), filled.get("files", ())
    asks = form.questions
    fields = questions.fields(
        form,
        {**answers, "found": "hazard"},
        answering.known(CHANNEL),
        levels=lambda code: [],
        mistakes=filled.get("mistakes"),
        files=files,
    )
    lines = [telling.line(plan, each, came) for each in reversed(found)]
    context = {
        "page": "village",
        "here_page": "round",
        "village": village,
        "villages": villages,
        "duties": telling.duties(plan, today),
        "today": [telling.line(plan, each, came) for each in reversed(today)],
        "in_hand": telling.one_each([line for line in lines if line.outcome == "open"]),
        "asks": telling.one_each([line for line in lines if line.awaits]),
        "answers": answers,
        "question": {name: each.question for name, each in asks.items()},
        "fields": {each.name: each for each in fields},
        "spots": telling.spots(found, SPOTS),
        "phrases": telling.phrases(plan, asked(request).lang),
        "problem": filled.get("problem"),
        "mistakes": filled.get("mistakes", {}),
        "danger": filled.get("danger", []),
        "tokens": {file.file: uploads.token(file) for file in files},
        "key": filled.get("key") or acts.new_key(),
        "sent": "sent" in request.GET,
        "limit": LARGEST // 1024 // 1024,
        "most": int(asks["photos"].question.max or 3),
        "tiles": settings.ENVIRONMENT.tiles,
        "tiles_credit": settings.ENVIRONMENT.tiles_credit,
        "station": asked(request).viewer.holds("officer"),
    }
    return render(request, "village/round.html", context, status=status)
