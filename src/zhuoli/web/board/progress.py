"""A campaign on the board: progress by wave and place, what is stuck, and what was learned in the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.case.plan import Plan
from zhuoli.core.text import Text
from zhuoli.office import board, progress
from zhuoli.office.board import Colour, Group
from zhuoli.office.progress import Count, Standing
from zhuoli.places.units import short_name
from zhuoli.store.codec import decode_state
from zhuoli.store.models import CaseRecord, StateRecord
from zhuoli.web import cases, door, when
from zhuoli.web.board.lists import lines
from zhuoli.web.board.maps import drawn
from zhuoli.web.board.scope import Scope, scope_of
from zhuoli.web.board.words import brief
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text

STUCK = 15
"""So many late cases are listed; the board's list has all of them."""


@require_safe
def progress_page(request: HttpRequest) -> HttpResponse:
    """Show how a campaign goes on: by wave, by place on a map and in a table, and what is late."""
    page = asked(request)
    scope = scope_of(request)
    now = when.now()
    plan = _plan(request)
    own = scope.cases.filter(scenario=plan.scenario.scenario)
    stands = _standing(plan, scope, now)
    late = progress.overdue(own, now)
    some = list(late)[:STUCK]
    rows = {row.id: row for row in board.open_of(own, now).filter(id__in=some)}
    name = plan.scenario.scenario
    context: dict[str, Any] = {
        **_shared(plan, scope, page.lang),
        "whole": stands.total(),
        "total": _row(plan, stands.total()),
        "waves": _waves(plan, stands),
        "map": drawn(
            scope,
            _groups(stands),
            page.lang,
            lambda code: scope.url("board.progress", page.lang, scenario=name, place=code),
        ),
        "places": _places(plan, scope, stands, page.lang),
        "stages": _stages(plan, stands),
        "rows": lines(
            [rows[case] for case in some if case in rows],
            {case: _stuck(plan, *late[case], now) for case in some},
            now,
            page.lang,
        ),
        "more": max(len(late) - STUCK, 0),
    }
    return render(request, "board/progress.html", context)


@require_safe
def after_page(request: HttpRequest) -> HttpResponse:
    """Show what came of a campaign: its figures by wave, and what those who led it have learned."""
    page = asked(request)
    scope = scope_of(request)
    plan = _plan(request)
    stands = _standing(plan, scope, when.now())
    order, told = _order(plan, scope)
    context: dict[str, Any] = {
        **_shared(plan, scope, page.lang),
        "whole": stands.total(),
        "total": _row(plan, stands.total()),
        "waves": _waves(plan, stands),
        "results": _results(plan, scope),
        "order": order,
        "told": told,
    }
    return render(request, "board/after.html", context)


def _plan(request: HttpRequest) -> Plan:
    first = next((name for name, each in door.scenarios().items() if each.progress is not None), "")
    name = request.GET.get("scenario", "") or first
    if name not in door.scenarios():
        raise not_found(text("progress.none"))
    plan = door.office().library.current(name)
    if plan.scenario.progress is None:
        raise not_found(text("progress.none"))
    return plan


def _standing(plan: Plan, scope: Scope, now: int) -> Standing:
    assert plan.scenario.progress is not None  # noqa: S101 - _plan has seen to it
    own = scope.cases.filter(scenario=plan.scenario.scenario)
    return progress.standing(own, plan.scenario.progress, scope.column, now, door.office().library.pinned)


def _shared(plan: Plan, scope: Scope, lang: str) -> dict[str, Any]:
    name = plan.scenario.scenario
    return {
        "page": "board",
        "title": plan.scenario.title,
        "scenario": name,
        "place": scope.name,
        "steps": progress.steps_of(plan),
        "board_url": scope.url("board", lang, place=scope.place),
        "here_url": scope.url("board.progress", lang, scenario=name, place=scope.place),
        "whole_url": scope.url("board.progress", lang, scenario=name) if scope.place else "",
        "after_url": scope.url("board.after", lang, scenario=name, place=scope.place),
    }


def _row(plan: Plan, count: Count) -> dict[str, Any]:
    """What one row of a table counts, each step with its name."""
    steps = progress.steps_of(plan)
    return {"count": count, "steps": list(zip(steps, count.steps or [0] * len(steps), strict=True))}


def _waves(plan: Plan, stands: Standing) -> list[dict[str, Any]]:
    """Every wave in the order of the form, those without a case too, so that one sees what has not begun."""
    assert plan.scenario.progress is not None  # noqa: S101 - _plan has seen to it
    by = plan.scenario.progress.by
    question = next(one.question for one in plan.forms["form"].questions.values() if one.full == by)
    return [
        {"name": choice.title, **_row(plan, stands.total(wave=wave))}
        for wave, choice in question.choices.items()
    ]


def _places(plan: Plan, scope: Scope, stands: Standing, lang: str) -> list[dict[str, Any]]:
    """Places with cases, what is late first."""
    names = {each.code[: scope.prefix]: short_name(each) for each in scope.parts()}
    found = []
    for code in {place for _, place in stands.by}:
        query = {"scenario": plan.scenario.scenario, "place": code}
        found.append(
            {
                "name": names.get(code)
                or door.places().full_name(code.ljust(12, "0"), skip=1)
                or text("figures.no_place"),
                "url": scope.url("board.progress", lang, **query) if code in names and len(code) < 12 else "",
                **_row(plan, stands.total(place=code)),
                "code": code,
            }
        )
    return sorted(found, key=lambda one: (-one["count"].late, -one["count"].cases, one["code"]))


def _groups(stands: Standing) -> list[Group]:
    """Open cases by place: those with something overdue in red, the others in green."""
    return [
        Group("", place, colour, number)
        for (_, place), count in stands.by.items()
        for colour, number in _coloured(count)
        if number
    ]


def _coloured(count: Count) -> list[tuple[Colour, int]]:
    return [("red", count.late), ("green", count.open - count.late)]


def _stuck(plan: Plan, item: str, until: int, now: int) -> Text:
    return text("progress.since", task=plan.title(item), ago=brief(now - until))


def _stages(plan: Plan, stands: Standing) -> list[dict[str, Any]]:
    """Stages in their order with what stands there."""
    order = {name: number for number, name in enumerate(plan.scenario.stages)}
    return [
        {
            "title": plan.scenario.stages[name].title
            if name in plan.scenario.stages
            else text("progress.ending"),
            "open": stands.stages[name][0],
            "late": stands.stages[name][1],
        }
        for name in sorted(stands.stages, key=lambda one: order.get(one, len(order)))
    ]


def _results(plan: Plan, scope: Scope) -> list[tuple[Text, int]]:
    """How the campaign's cases ended, the most frequent first."""
    counted: dict[str, int] = {}
    ended = scope.cases.filter(scenario=plan.scenario.scenario).exclude(result="")
    for result in ended.values_list("result", flat=True):
        if result:
            counted[result] = counted.get(result, 0) + 1
    titles = plan.scenario.closing.results
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [(titles[name].title if name in titles else Text(name, name), n) for name, n in ordered]


def _order(plan: Plan, scope: Scope) -> tuple[CaseRecord | None, list[dict[str, Any]]]:
    """The newest order of the campaign that the board shows, and what was written down in it, task by task."""
    assert plan.scenario.progress is not None  # noqa: S101 - _plan has seen to it
    name = plan.scenario.progress.order
    order = scope.cases.filter(scenario=name).order_by("-opened").first() if name else None
    if order is None:
        return None, []
    known = StateRecord.objects.get(case_id=order.id)
    state = decode_state(known.state)
    of = door.office().library.pinned(order.version, order.scenario)
    answers = cases.answers(of, state, directory=door.directory())
    told = []
    for task in of.forms:
        some = [one for one in answers if one.name.partition(".")[0] == task and not one.personal]
        if some:
            intake = of.scenario.forms[of.scenario.intake].title
            title = intake if task == "form" else of.title(task)
            told.append({"title": title, "answers": some})
    return order, told
