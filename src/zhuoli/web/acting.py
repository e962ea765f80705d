"""From a posted act to a command, on the portal and on the desk alike: what went wrong is told beside the form."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.http import HttpRequest

from zhuoli.core.case.actions import Action, possible
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.access import permits, require_command
from zhuoli.office.errors import Conflict
from zhuoli.office.receipts import read_receipt
from zhuoli.store.models import Post
from zhuoli.web import acts, door, places, questions, signing, uploads
from zhuoli.web.asks import ASKED, SUBJECT
from zhuoli.web.errors import BadRequestPage, Problem, bad_parameter
from zhuoli.web.wording import text

KINDS_NEAR = ("county", "town", "city", "province")


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """An act that has changed nothing: why, what was typed, and the status of the answer."""

    problem: Problem | None
    tried: acts.Tried
    status: int


def actions_of(plan: Plan, case: Case, actor: Actor) -> list[Action]:
    """Return what the actor may do with the case now: what the core grants, and the actor's roles include.

    An act that answers a task of the loop is offered only while there is such a task.
    """
    return [each for each in possible(plan, case, door.facts(actor)) if permits(actor, each.command)]


def shown_acts(
    found: Sequence[Action],
    plan: Plan,
    case: Case,
    actor: Actor,
    url: str,
    tried: acts.Tried | None,
) -> list[acts.Act]:
    """Return the forms of what may be done; on the desk they carry the number of entries that was seen."""
    party = actor.kind == "party"
    choices = acts.Choices(
        units=lambda: unit_options(plan, case),
        posts=lambda: post_options(actor.unit),
        levels=places.levels,
        bodies=lambda kind: body_options(plan, kind),
        sign=lambda task, typed, mistakes: signing.sign_of(plan, case, task, actor, typed, mistakes),
    )
    drawn = [
        acts.build_act(
            action,
            plan,
            case,
            choices,
            url=f"{url}{action.command}/",
            seq=None if party else case.seq,
            party=party,
            tried=tried,
        )
        for action in found
    ]
    return sorted(drawn, key=lambda act: act.second)


def perform(request: HttpRequest, plan: Plan, case: Case, actor: Actor, command: str) -> Failed | None:
    """Carry out what a form asks for; None when it is done.

    Raises:
        Denied: no role of the actor includes this act.
        BadRequestPage: the form cannot be one of ours, or the act is no longer possible (409).
    """
    require_command(actor, command)
    key = acts.read_key(request.POST)
    task = request.POST.get("_task", "")[:200]
    party = actor.kind == "party"
    action = _find(plan, case, actor, command, task)
    form = (
        plan.forms.get(task) if command == "complete" else plan.forms["form"] if command == "record" else None
    )
    taken = uploads.take(request, form)

    def failed(
        problem: Problem | None,
        status: int,
        mistakes: dict[str, Text] | None = None,
        missing: tuple[str, ...] = (),
    ) -> Failed:
        tried = acts.Tried(
            command=command,
            task=task,
            post=request.POST,
            files=taken.files,
            kept=taken.tokens,
            mistakes=mistakes or {},
            missing=missing,
            key=key,
        )
        return Failed(problem=problem, tried=tried, status=status)

    if taken.problem is not None:
        return failed(taken.problem, 422)
    if "_again" in request.POST:
        return failed(None, 200)
    built, missing = acts.read_command(
        action, plan, case, request.POST, taken.files, find_receipt, party=party
    )
    scope = f"{acts.slug(action)}-"
    if missing:
        links = tuple((scope + name, acts.label(command, name), text("ask.missing")) for name in missing)
        return failed(Problem(text=text("ask.incomplete"), links=links), 422, missing=missing)
    if party and signing.SEND in request.POST:
        try:
            signing.send(request, plan, case, actor, built)
        except Refusal as refusal:
            return failed(_refused(refusal, form, scope), 422, dict(refusal.fields))
        return failed(None, 200)
    try:
        door.perform(
            key=key,
            case=case.id,
            actor=actor,
            command=built,
            expected_seq=None if party else read_seq(request),
        )
    except Refusal as refusal:
        unsaid = ("files",) if refusal.code == "paper_missing" else ()
        return failed(_refused(refusal, form, scope), 422, dict(refusal.fields), unsaid)
    except Conflict as conflict:
        return failed(Problem(text=conflict.text, remedy=text("conflict.remedy")), 409)
    return None


def read_seq(request: HttpRequest) -> int:
    """Return the number of entries that the form was drawn from.

    Raises:
        BadRequestPage: it has none.
    """
    raw = request.POST.get("_seq", "")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise bad_parameter("_seq")
    return int(raw)


def find_receipt(typed: str) -> int | None:
    """Return the case of a receipt number as somebody typed it."""
    receipt = read_receipt(typed)
    return door.case_of_receipt(receipt) if receipt else None


def _find(plan: Plan, case: Case, actor: Actor, command: str, task: str) -> Action:
    """Return the action that a form is about.

    Somebody else may have done it in the meantime: then the form is still answered in words, by the command itself.
    """
    if command not in ASKED:
        raise bad_parameter("command")
    for action in actions_of(plan, case, actor):
        if action.command == command and action.task == task:
            return action
    if command in SUBJECT and not task:
        raise bad_parameter("_task")
    raise BadRequestPage(text("error.act_gone"), text("error.act_gone.remedy"), status=409)


def _refused(refusal: Refusal, form: object, scope: str) -> Problem:
    plan_form = form
    titles: dict[str, Text] = {}
    if plan_form is not None:
        titles = {name: asked.question.title for name, asked in plan_form.questions.items()}  # type: ignore[attr-defined]
    links = tuple(
        (scope + questions.PREFIX + name, titles.get(name), mistake)
        for name, mistake in refusal.fields.items()
    )
    return Problem(text=refusal.text, remedy=refusal.remedy, links=links)


def unit_options(plan: Plan, case: Case) -> acts.Groups:
    """Return the units from which one may be chosen: those that fit, then county, streets, city and province."""
    directory = door.directory()
    wanted = [rule.competence for rule in plan.scenario.routing] + list(plan.scenario.joint.suggest)
    fitting = dict.fromkeys(
        unit
        for unit in (directory.responsible(competence, case.territory) for competence in wanted)
        if unit and unit != case.unit
    )
    groups: list[tuple[Text | None, acts.Options]] = []
    if fitting:
        groups.append((text("units.fitting"), tuple((key, _name(key)) for key in fitting)))
    prefixes = (
        ("county", case.territory[:6]),
        ("town", ""),
        ("city", case.territory[:4]),
        ("province", case.territory[:2]),
    )
    for level, prefix in prefixes:
        found = [
            (unit.id, unit.name)
            for unit in directory.units.values()
            if unit.id != case.unit and _is_near(unit.territory, level, prefix, case.territory)
        ]
        if found:
            groups.append((text(f"units.{level}"), tuple(found)))
    return tuple(groups)


def body_options(plan: Plan, kind: str) -> acts.Options:
    """Return the bodies outside the office among which a party chooses whom it lets read."""
    share = plan.scenario.shares[kind]
    units = door.directory().units.values()
    return tuple((unit.id, unit.name) for unit in units if unit.kind == share.body and unit.active)


def _is_near(territory: str, level: str, prefix: str, here: str) -> bool:
    own = questions.significant(territory)
    if level == "town":
        return len(own) == 9 and own.startswith(here[:6])
    return own == prefix


def _name(unit: str) -> Text:
    return door.directory().name(unit) or Text(unit, unit)


def post_options(unit: str) -> acts.Options:
    """Return the posts of a unit."""
    found = Post.objects.filter(unit_id=unit).order_by("id").values_list("id", "title_zh", "title_en")[:100]
    return tuple((key, Text(zh, en)) for key, zh, en in found)
