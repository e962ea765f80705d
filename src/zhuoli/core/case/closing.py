"""Closing a case, by hand or by itself: what must have ended before, what begins then."""

from __future__ import annotations

from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import PlanItem
from zhuoli.core.scenario.model import Result


def open_mandatory(draft: Draft) -> list[str]:
    """Return the names of what must end before the case can be closed as done.

    Required tasks of the loop; stages that have not begun; and in a stage under way what keeps it from ending:
    whatever is active in it (in a stage that is not required, only what is required), and required items that
    have not begun.
    """
    items = draft.case.items
    found = [
        name
        for name, item in items.items()
        if item.state == "active" and item.kind == "loop" and item.required
    ]
    for stage in draft.plan.stages:
        state = items.get(stage.name)
        if state is None:
            if stage.required:
                found.append(stage.name)
        elif state.state == "active":
            found += [child for child in stage.children if _holds_up(draft, stage, child)]
    return found


def _holds_up(draft: Draft, stage: PlanItem, child: str) -> bool:
    state = draft.case.items.get(child)
    required = child in stage.needed
    if state is None:
        return required
    return state.state == "active" and (required or stage.required)


def missing_answers(draft: Draft, result: Result) -> list[str]:
    """Return the names that the result needs and that have no answer yet."""
    case = draft.case
    return [name for name in result.needs if name not in case.answers and name not in case.personal]


def has_evidence(draft: Draft) -> bool:
    """Whether an office has added a file since the case was accepted (or reopened).

    What the software writes itself, such as a notice, proves nothing: such files are by nobody.
    """
    parties = set(draft.case.parties.values())
    since = draft.case.accepted or 0
    return any(file.by and file.by not in parties and file.at >= since for file in draft.case.files.values())


def unmet(draft: Draft, result: str) -> bool:
    """Whether the result lacks answers or evidence, so that the case cannot close by itself."""
    found = draft.plan.scenario.closing.results[result]
    return bool(missing_answers(draft, found)) or (found.evidence and not has_evidence(draft))


def close_by_itself(draft: Draft, result: str, auto: str, used: tuple[str, ...]) -> None:
    """Close because the scenario's criterion is met; the result's own answer is given."""
    found = draft.plan.scenario.closing.results[result]
    answer = found.answer or found.title
    close_now(draft, result, found, f"{answer.zh}\n{answer.en}", auto, used)


def close_now(
    draft: Draft, name: str, result: Result, answer: str, auto: str = "", used: tuple[str, ...] = ()
) -> None:
    """Stop what is left, give the answer, end the clock, and ask the requester whether it helped."""
    draft.stop("closed")
    draft.emit(
        e.Closed(result=name, kind=result.kind, answer=answer, by=draft.case.unit, auto=auto, used=used)
    )
    draft.end_case_clock()
    party = draft.case.parties.get("requester", "")
    if draft.plan.scenario.confirmation.by == "nobody" or not party or not result.asks:
        draft.emit(e.Confirmed())
    else:
        draft.begin("loop.confirm", party=party, required=False)
