"""One model: what it needs and finds, its servings and their precision, its runs, its query, and decisions about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.registers.model import SUBJECTS, Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.lake.judging import Judged, JudgedServing, judged
from zhuoli.lake.precision import Precision, Proposal
from zhuoli.lake.results import Run, read_hits, runs_of
from zhuoli.office import menu
from zhuoli.office.access import require_colleague, require_retirer, require_server
from zhuoli.office.acts import ACTS, Done
from zhuoli.office.grants import granted
from zhuoli.office.menu import Wrong, may_serve
from zhuoli.store.models import Post
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, Problem, bad_parameter, not_found
from zhuoli.web.people.admin import by_of
from zhuoli.web.registers.known import registers
from zhuoli.web.scenarios import deadlines
from zhuoli.web.shelf import say
from zhuoli.web.wording import text

RUNS = 14
DECISIONS = ("off", "on", "retire", "keep")
DONE = (*DECISIONS, "put", "change", "same")


def found_model(name: str) -> Scenario:
    """Return a model of the shelf.

    Raises:
        BadRequestPage: 404, there is none of this name.
    """
    one = door.scenarios().get(name)
    if one is None or one.query is None:
        raise not_found(text("shelf.none"))
    return one


@require_safe
def model_page(request: HttpRequest, model: str) -> HttpResponse:
    """Show one model."""
    require_colleague(asked(request).viewer)
    return show(request, found_model(model))


@require_POST
def decide_page(request: HttpRequest, model: str) -> HttpResponse:
    """Take a serving off the menu or put it back; retire or keep what is proposed for retirement."""
    page = asked(request)
    require_server(page.viewer)
    scenario = found_model(model)
    what, name = request.POST.get("what", ""), request.POST.get("serving", "")
    if what not in DECISIONS:
        raise bad_parameter("what")
    if what in ("retire", "keep") or not name:
        require_retirer(page.viewer)
    one = judged([scenario])[model]
    territory, proposal = _about(one, name, what)
    if not may_serve(page.viewer.unit, territory, door.directory()):
        raise BadRequestPage(text("shelf.not_yours"), text("shelf.not_yours.remedy"), status=403)
    figures = _figures(proposal.precision) | {"floor": proposal.aim.floor} if proposal else None
    try:
        menu.switch(
            scenario,
            name,
            what,
            request.POST.get("reason", "")[:400],
            by_of(request),
            page.viewer.unit,
            when.now(),
            figures,
        )
    except Wrong as wrong:
        anchor = f"reason-{name or 'model'}-{what}"
        links = ((anchor, None, wrong.fields["reason"]),)
        problem = Problem(text=text("shelf.undecided"), remedy=wrong.remedy, links=links)
        return show(request, scenario, problem, anchor, request.POST.get("reason", "")[:400])
    return redirect(reverse("shelf.model", args=(page.lang, model)) + f"?done={what}#main")


def _about(model: Judged, name: str, what: str) -> tuple[str, Proposal | None]:
    """Return for which territory a decision is made and the proposal that it answers.

    Raises:
        BadRequestPage: 404, there is no such serving; 400, nothing is proposed.
    """
    territory, proposal = "", model.proposal
    if name:
        one = next((each for each in model.servings if each.line.serving.id == name), None)
        if one is None:
            raise not_found(text("shelf.no_serving"))
        territory, proposal = one.line.territory, one.proposal
    if what in ("retire", "keep") and proposal is None:
        raise BadRequestPage(text("shelf.not_proposed"), text("shelf.not_proposed.remedy"), status=409)
    return territory, proposal


def _figures(precision: Precision) -> dict[str, Any]:
    return {
        "judged": precision.judged,
        "confirmed": precision.confirmed,
        "not_so": precision.not_so,
        "low": round(precision.low, 3),
        "high": round(precision.high, 3),
    }


def show(
    request: HttpRequest, scenario: Scenario, problem: Problem | None = None, wrong: str = "", typed: str = ""
) -> HttpResponse:
    """Show a model, with what was wrong with a decision about it."""
    page = asked(request)
    query = scenario.query
    assert query is not None  # noqa: S101 - found_model gives models only
    viewer, grant = page.viewer, granted(page.viewer.roles)
    one = judged([scenario])[scenario.scenario]
    lake = settings.ENVIRONMENT.data / "lake"
    hits = [hit for hit in read_hits(lake, scenario.scenario) if hit.gone is None]
    runs = list(reversed(runs_of(lake, scenario.scenario)[-RUNS:]))
    done = request.GET.get("done", "")
    everywhere = may_serve(viewer.unit, "", door.directory())
    context = {
        "page": "shelf",
        "scenario": scenario,
        "query": query,
        "subject": SUBJECTS[query.subject],
        "theme": say.theme(scenario.theme),
        "needs": _needs(scenario, registers()),
        "personal": [(name, why) for name, why in query.personal.items()],
        "parameters": list(query.parameters.values()),
        "share": say.share(one.precision),
        "precision": one.precision,
        "off": not one.menu.on,
        "proposal": say.proposed(one.proposal) if one.proposal else None,
        "decides": grant.retires and everywhere,
        "servings": [
            _serving(each, scenario, viewer.unit, hits, grant.serves, runs[0].at if runs else 0)
            for each in one.servings
        ],
        "retires": grant.retires,
        "serves": grant.serves,
        "standing": len({hit.same for hit in hits}),
        "hits": len(hits),
        "runs": [_run(each) for each in runs],
        "last": runs[0] if runs else None,
        "cost": say.cost(runs[0]) if runs and runs[0].error is None else None,
        "case": _case(scenario),
        "sql": _readable(scenario.sql),
        "acts": [_told(each, one) for each in menu.history(scenario.scenario)],
        "problem": problem,
        "typed": typed,
        "wrong": wrong,
        "done": text(f"shelf.done.{done}") if done in DONE else None,
    }
    return render(request, "shelf/model.html", context, status=422 if problem else 200)


def _readable(sql: str) -> str:
    from zhuoli.lake.query_check import readable  # takes long to import, and only this page wants it

    return readable(sql)


def _needs(scenario: Scenario, known: dict[str, Register]) -> list[dict[str, Any]]:
    """Return the registers that a query reads with the fields that it looks at."""
    from zhuoli.lake.query_check import fields_read

    fields = fields_read(scenario, known)
    found = []
    for name in scenario.query.reads if scenario.query else ():
        register = known.get(name)
        if register is None:
            found.append({"name": name, "title": Text(name, name), "missing": True, "fields": []})
            continue
        used = [register.field(each) for each in fields.get(name, ())]
        found.append(
            {
                "name": name,
                "title": register.title,
                "fields": [(each.title, each.personal) for each in used if each is not None],
            }
        )
    return found


def _serving(
    one: JudgedServing, scenario: Scenario, unit: str, hits: list[Any], serves: bool, last: int
) -> dict[str, Any]:
    line = one.line
    found = [hit for hit in hits if hit.serving == line.serving.id]
    return {
        "id": line.serving.id,
        "title": line.serving.title,
        "place": say.place(line),
        "parameters": say.parameters(line, scenario),
        "unit": say.unit(line),
        "on": line.on,
        "fresh": line.on and line.own and line.changed > last,
        "stale": line.stale,
        "found": len(found),
        "cases": sum(hit.case_id is not None for hit in found),
        "share": say.share(one.precision),
        "duplicates": one.precision.duplicate,
        "proposal": say.proposed(one.proposal) if one.proposal else None,
        "mine": serves and may_serve(unit, line.territory, door.directory()),
    }


def _run(run: Run) -> dict[str, Any]:
    return {"run": run, "cost": say.cost(run)}


def _case(scenario: Scenario) -> dict[str, Any]:
    """Return what case a hit opens: for whom, and when it is promised."""
    due = scenario.due.promised or scenario.due.statutory if scenario.due else ""
    return {
        "why": [rule.why for rule in scenario.routing],
        "due": deadlines.length_of(due) if due else None,
        "most": scenario.query.most if scenario.query else 0,
    }


def _told(act: Done, model: Judged) -> dict[str, Any]:
    """Return a decision as the page tells it."""
    name = act.subject.partition("/")[2]
    line = model.menu.line(name)
    post = Post.objects.filter(pk=act.by.post).first() if act.by.post else None
    details = act.details
    return {
        "at": act.at,
        "who": Text(post.title_zh, post.title_en) if post else text("admin.operator"),
        "unit": door.directory().name(act.unit),
        "what": ACTS[act.what],
        "subject": line.serving.title if line else Text(name, name) if name else text("shelf.whole"),
        "reason": details.get("reason", ""),
        "figures": text(
            "shelf.figures", share=_share(details), n=details["judged"], floor=details.get("floor", "–")
        )
        if "judged" in details
        else None,
    }


def _share(details: dict[str, Any]) -> str:
    judged_ = int(details["judged"])
    return f"{100 * int(details['confirmed']) / judged_:.0f}" if judged_ else "–"
