"""Doing the work: tasks, case file, supplement, service tasks."""

from __future__ import annotations

from typing import Any

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.answers import Checked, check_answers, plain_outputs
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import REPAIR, PlanItem
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.sentries import activate, settle
from zhuoli.core.case.signing import sign
from zhuoli.core.case.state import Item
from zhuoli.core.feel import Decision
from zhuoli.core.feel.errors import RunError
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text

OWN_COMMANDS: dict[str, str] = {
    "loop.triage": "triage",
    "loop.accept": "accept",
    "loop.supplement": "supply",
    "loop.sign_for": "sign_for",
    "loop.contribute": "contribute",
    "loop.supervision": "reply",
    "loop.close": "close",
    "loop.confirm": "confirm",
    "loop.review": "decide_review",
}
"""Tasks of the loop that end by a command of their own."""

BACKOFF = 60_000
"""Wait after the first failure of a service task, in ms; it doubles with each attempt, up to six hours."""
MAX_BACKOFF = 6 * 3_600_000


def claim(draft: Draft, command: c.Claim) -> None:
    """Take a task on oneself."""
    item = _own_task(draft, command.task)
    if item.post and item.post != draft.actor.post:
        raise refuse("taken", task=draft.plan.title(command.task))
    if item.post != draft.actor.post:
        draft.emit(e.Assigned(item=command.task, post=draft.actor.post))


def assign(draft: Draft, command: c.Assign) -> None:
    """Give a task to a colleague of the same unit."""
    _own_task(draft, command.task, any_role=True)
    if not command.post:
        raise refuse("words_missing")
    draft.emit(e.Assigned(item=command.task, post=command.post))


def release(draft: Draft, command: c.Release) -> None:
    """Give a task back to its candidates."""
    item = _own_task(draft, command.task, any_role=True)
    if not item.post:
        raise refuse("not_taken", task=draft.plan.title(command.task))
    draft.emit(e.Assigned(item=command.task, post=""))


def start(draft: Draft, command: c.Start) -> None:
    """Begin to work on a task; it is taken by whoever begins."""
    item = _own_task(draft, command.task)
    draft.require_running()
    if item.post and item.post != draft.actor.post:
        raise refuse("taken", task=draft.plan.title(command.task))
    if not item.started:
        draft.emit(e.Started(item=command.task, post=draft.actor.post))


def complete(draft: Draft, command: c.Complete) -> None:
    """End a task with an outcome, its form's answers and, where asked, a reason."""
    name = command.task
    own = OWN_COMMANDS.get(name.partition(":")[0])
    if own:
        raise refuse("own_command", task=draft.plan.title(name), command=own)
    item = _own_task(draft, name)
    draft.require_running()
    if item.post and item.post != draft.actor.post and draft.actor.kind == "post":
        raise refuse("taken", task=draft.plan.title(name))
    if item.kind == "loop":
        _complete_loop_task(draft, name, command)
        return
    plan_item = draft.plan.items[name]
    task = plan_item.human
    if task is None:
        raise refuse("not_a_human_task", task=plan_item.title)
    outcomes = task.outcomes
    if command.outcome not in (outcomes or ("done",)):
        raise refuse("unknown_outcome", outcome=command.outcome, outcomes=", ".join(outcomes or ("done",)))
    if outcomes and outcomes[command.outcome].reason:
        draft.require_words(command.reason)
    checked = _task_answers(draft, name, command)
    signed = sign(draft, draft.plan.forms.get(name), command, checked)
    if signed is None and item.party and draft.actor.kind == "post" and not draft.speaks_for_requester:
        raise refuse("not_yours", who="candidates")
    proposed = _compare_with_proposal(draft, plan_item, command, checked)
    if checked is not None:
        draft.record(name, checked)
    if signed is not None:
        draft.emit(signed)
    if outcomes and outcomes[command.outcome].frees and draft.case.booking is not None:
        draft.emit(e.Booked(item=name, provider="", at=0))
    draft.emit(e.Completed(item=name, outcome=command.outcome, reason=command.reason, proposed=proposed))
    settle(draft)


def _complete_loop_task(draft: Draft, name: str, command: c.Complete) -> None:
    if name.startswith(REPAIR):
        service = name.partition(":")[2]
        draft.require_words(command.reason)
        draft.attach(command.files)
        draft.emit(e.Completed(item=name, outcome="done", reason=command.reason))
        if draft.active(service):
            draft.emit(e.Completed(item=service, outcome="by_hand"))
    else:
        draft.attach(command.files)
        draft.emit(e.Completed(item=name, outcome="done", reason=command.reason))
    settle(draft)


def _task_answers(draft: Draft, name: str, command: c.Complete) -> Checked | None:
    form = draft.plan.forms.get(name)
    if form is None:
        if command.answers:
            raise refuse(
                "answers_wrong",
                {key: Text("这项任务没有表单", "This task has no form") for key in command.answers},
                count=len(command.answers),
            )
        draft.attach(command.files)
        return None
    case = draft.case
    known = {**case.answers, f"{name}.outcome": command.outcome}
    return check_answers(form, command.answers, command.files, known, case.parties, draft.directory)


def _compare_with_proposal(draft: Draft, item: PlanItem, command: c.Complete, checked: Checked | None) -> str:
    """Apply the table that proposes; whoever departs from it must say why. Return the proposed outcome."""
    table = item.human.decide_with if item.human else ""
    if not table:
        return ""
    if table in draft.plan.counting:
        draft.count_earlier()
    values = {**draft.case.answers, **(checked.answers if checked else {})}
    try:
        decision: Decision = draft.plan.tables[table].decide(values)
    except RunError as error:
        raise refuse("cannot_decide", why=error.text, remedy=error.remedy) from error
    outputs = plain_outputs(decision.outputs)
    proposed = str(outputs.pop("outcome", ""))
    departs = [proposed] if proposed and proposed != command.outcome else []
    given: dict[str, Any] = checked.answers if checked else {}
    for output, value in outputs.items():
        name = f"{item.name}.{output}"
        if name in given and given[name] != value:
            departs.append(str(value))
    if departs and not command.reason.strip():
        raise refuse("departure_reason", proposed=", ".join(departs))
    draft.emit(
        e.Decided(
            item=item.name,
            table=table,
            rules=decision.rules,
            outputs={
                output: value for output, value in outputs.items() if f"{item.name}.{output}" not in given
            },
        )
    )
    return proposed


def record(draft: Draft, command: c.Record) -> None:
    """Correct or add answers of the intake form."""
    draft.require(draft.is_lead or draft.is_dispatcher or draft.is_requester, "anyone")
    draft.require_open()
    if not command.answers and not command.files:
        raise refuse("nothing_given")
    draft.record("form", _partial(draft, command.answers, command.files))
    settle(draft)


def attach(draft: Draft, command: c.Attach) -> None:
    """Add files to the case file."""
    case = draft.case
    shots = draft.plan.forms.get(EVIDENCE)
    asked = {file.question for file in command.files} - {""}
    evidence = shots is not None and bool(asked)
    of_the_case = draft.actor.kind == "party" and draft.actor.party in case.parties.values()
    draft.require(
        draft.is_lead
        or draft.is_dispatcher
        or draft.is_requester
        or draft.actor.unit in case.joint
        or (evidence and of_the_case),
        "anyone",
    )
    if case.status not in ("received", "accepted", "closed"):
        raise refuse("not_open", status=case.status)
    if not command.files or (shots is not None and not asked <= shots.questions.keys()):
        raise refuse("nothing_given")
    draft.attach(command.files, prefix=EVIDENCE if evidence else "form", note=command.note)
    settle(draft)


def request_supplement(draft: Draft, command: c.RequestSupplement) -> None:
    """Ask the requester for everything that is missing, in one list; the clock stops."""
    scenario = draft.plan.scenario
    draft.require(draft.is_lead, "lead")
    draft.require_open()
    draft.require_running()
    party = draft.case.parties.get("requester", "")
    if not party:
        raise refuse("nobody_to_ask")
    if draft.active("loop.supplement"):
        raise refuse("supplement_open")
    if draft.case.supplements >= scenario.supplement.times:
        raise refuse("supplement_used", times=draft.case.supplements)
    if not any(text.strip() for text in command.items):
        raise refuse("words_missing")
    draft.emit(e.SupplementRequested(items=command.items, text=command.text))
    draft.begin("loop.supplement", party=party, required=False)
    draft.pause("supplement")
    settle(draft)


def supply(draft: Draft, command: c.Supply) -> None:
    """The requester supplies what was asked for; the clock goes on."""
    draft.require(draft.speaks_for_requester, "requester")
    if not draft.active("loop.supplement"):
        raise refuse("nothing_asked")
    if not (command.answers or command.files or command.text.strip()):
        raise refuse("nothing_given")
    checked = _partial(draft, command.answers, command.files)
    draft.emit(e.Supplied(text=command.text))
    draft.record("form", checked)
    draft.finish("loop.supplement", "supplied")
    draft.resume("supplement")
    settle(draft)


def _partial(draft: Draft, answers: dict[str, Any], files: tuple[c.File, ...]) -> Checked:
    case = draft.case
    return check_answers(
        draft.plan.forms["form"],
        answers,
        files,
        case.answers.copy(),
        case.parties,
        draft.directory,
        partial=True,
    )


def add_item(draft: Draft, command: c.AddItem) -> None:
    """Begin a discretionary task."""
    draft.require(draft.is_lead, "lead")
    draft.require_accepted()
    draft.require_running()
    item = draft.plan.items.get(command.item)
    if item is None or not item.discretionary:
        names = ", ".join(name for name, found in draft.plan.items.items() if found.discretionary)
        raise refuse("not_discretionary", item=command.item, items=names or "–")
    if draft.active(item.name):
        raise refuse("active_already", item=item.title)
    if item.stage and not draft.active(item.stage):
        raise refuse("stage_not_active", item=item.title)
    activate(draft, item)
    settle(draft)


def report_service(draft: Draft, command: c.ReportService) -> None:
    """A service task has ended or failed; after the last attempt a person does it by hand."""
    draft.require(draft.is_system, "system")
    name = command.task
    item = draft.active(name)
    if item is None or item.kind != "service" or command.attempt != item.attempt + 1:
        raise refuse("stale_report")
    if command.ok:
        draft.attach(command.files)
        if command.values:
            answers = {f"{name}.{key}": value for key, value in plain_outputs(command.values).items()}
            draft.emit(e.Recorded(source=name, answers=answers))
        if command.opened is not None:
            opened = command.opened
            draft.emit(
                e.WentOn(
                    item=name,
                    case=opened.case,
                    scenario=opened.scenario,
                    receipt=opened.receipt,
                    title=opened.title,
                    how=opened.how,
                )
            )
        draft.emit(e.Completed(item=name, outcome="done"))
        settle(draft)
        return
    service = draft.plan.service(name)
    attempts = service.attempts if service else 1
    if command.attempt < attempts:
        wait = min(BACKOFF * 2 ** (command.attempt - 1), MAX_BACKOFF)
        retry_at: int | None = draft.at + wait
    else:
        retry_at = None
    draft.emit(
        e.ServiceFailed(item=name, attempt=command.attempt, error=command.error[:500], retry_at=retry_at)
    )
    if retry_at is None:
        draft.begin(REPAIR + name, unit=draft.case.unit, lead=True, required=item.required)


def _own_task(draft: Draft, name: str, *, any_role: bool = False) -> Item:
    """Return the active task, refusing whoever it is not meant for."""
    if not name.startswith(REPAIR):
        draft.require_open()
    item = draft.active(name)
    if item is None:
        raise refuse("unknown_task", task=draft.plan.title(name))
    if item.kind not in ("human", "loop"):
        raise refuse("not_a_human_task", task=draft.plan.title(name))
    if item.party:
        draft.require(
            draft.actor.party == item.party
            or (draft.speaks_for_requester and _is_requesters(draft, item))
            or (draft.is_lead and draft.plan.signs(name)),
            "candidates",
        )
        return item
    draft.require(draft.actor.kind == "post" and draft.actor.unit == item.unit, "candidates")
    if item.role and item.role not in draft.actor.roles and not any_role:
        raise refuse("needs_role", task=draft.plan.title(name), role=item.role)
    return item


def _is_requesters(draft: Draft, item: Item) -> bool:
    return item.party == draft.case.parties.get("requester")
