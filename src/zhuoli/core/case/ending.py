"""How a case ends, and what can follow: closing, confirming, contesting, review, rating, erasing."""

from __future__ import annotations

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.closing import close_now, has_evidence, missing_answers, open_mandatory
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.intake import accept_now
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.sentries import settle
from zhuoli.core.case.state import OPEN_STATUS
from zhuoli.core.scenario.model import Result
from zhuoli.core.text import Text
from zhuoli.core.worktime import Limit, due_at, instant_text


def suspend(draft: Draft, command: c.Suspend) -> None:
    """Stop handling and the clock on a stated ground."""
    draft.require(draft.is_lead, "lead")
    draft.require_accepted()
    draft.require_running()
    draft.require_words(command.reason)
    draft.require_words(command.ground)
    draft.emit(e.Suspended(reason=command.reason, ground=command.ground))
    draft.pause("suspension")


def resume(draft: Draft, command: c.Resume) -> None:
    """Go on after a suspension."""
    draft.require(draft.is_lead or draft.is_superior, "offices")
    draft.require_open()
    if not draft.case.suspended:
        raise refuse("not_suspended")
    draft.emit(e.Continued(reason=command.reason))
    draft.resume("suspension")
    settle(draft)


def extend(draft: Draft, command: c.Extend) -> None:
    """Extend the statutory time of the whole case, once, by a supervising post."""
    supervisor = draft.is_lead and "supervisor" in draft.actor.roles
    draft.require(supervisor or draft.is_superior, "superior")
    draft.require_accepted()
    rules = draft.plan.clocks.get("case")
    clock = draft.case.clocks.get("case")
    if rules is None or rules.extension is None or clock is None or clock.ended is not None:
        raise refuse("not_extendable")
    if clock.extended:
        raise refuse("extended_before")
    if "statutory" in clock.passed:
        raise refuse("too_late_to_extend")
    draft.require_words(command.reason)
    due = due_at(rules.extension, clock.start, clock.pauses, draft.facts.calendar)
    draft.emit(e.Extended(clock="case", statutory=e.Term(rules.extension, due), reason=command.reason))


def withdraw(draft: Draft, command: c.Withdraw) -> None:
    """The requester takes the matter back."""
    draft.require(draft.speaks_for_requester, "requester")
    draft.require_open()
    until = draft.plan.scenario.withdraw_until
    if until != "closed" and draft.case.happened.get(until, 0):
        raise refuse("too_late_to_withdraw")
    withdraw_now(draft, command.reason)


def withdraw_now(draft: Draft, reason: str) -> None:
    """End everything and withdraw."""
    draft.stop("withdrawn")
    draft.emit(e.Withdrawn(reason=reason))
    draft.end_case_clock()


def close(draft: Draft, command: c.Close) -> None:
    """Give the final answer."""
    draft.require(draft.is_lead, "lead")
    draft.require_accepted()
    draft.require_running()
    results = draft.plan.scenario.closing.results
    if command.result not in results:
        raise refuse("unknown_result", result=command.result, results=", ".join(results))
    draft.require_words(command.answer)
    result = results[command.result]
    draft.attach(command.files)
    _require_closable(draft, result, evidence=bool(command.files))
    close_now(draft, command.result, result, command.answer)


def _require_closable(draft: Draft, result: Result, *, evidence: bool) -> None:
    waiting = open_mandatory(draft)
    if result.kind != "done":
        # A matter that cannot be done need not be worked through; what others were asked still counts.
        waiting = [name for name in waiting if name.startswith(("loop.contribute:", "loop.supervision:"))]
    if waiting:
        titles = [draft.plan.title(name) for name in waiting]
        raise refuse(
            "tasks_open",
            tasks=Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles)),
        )
    missing = missing_answers(draft, result)
    if missing:
        titles = [_asked(draft, name) for name in missing]
        raise refuse(
            "answers_needed",
            names=Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles)),
        )
    if result.evidence and not evidence and not has_evidence(draft):
        raise refuse("evidence_needed")


def _asked(draft: Draft, name: str) -> Text:
    """Return what ``task.question`` asks, with the task where it is not what the person filled in."""
    prefix, _, asked = name.partition(".")
    form = draft.plan.forms.get(prefix)
    question = form.questions.get(asked) if form is not None else None
    if question is None:
        return Text(name, name)
    title = question.question.title
    if prefix not in draft.plan.items:
        return title
    task = draft.plan.title(prefix)
    return Text(f"{task.zh}“{title.zh}”", f"{task.en}: “{title.en}”")


def confirm(draft: Draft, command: c.Confirm) -> None:
    """The requester agrees: the case is settled, now or after having been left unconfirmed."""
    draft.require(draft.speaks_for_requester, "requester")
    if draft.case.status not in ("closed", "unconfirmed"):
        raise refuse("not_closed", status=draft.case.status)
    if draft.active("loop.review"):
        raise refuse("review_open")
    draft.finish("loop.confirm", "confirmed")
    draft.stop("ended")
    draft.emit(e.Confirmed(by="requester"))
    if command.score is not None:
        _rate(draft, command.score, command.comment)


def contest(draft: Draft, command: c.Contest) -> None:
    """The requester does not agree: reopened, or reviewed when it was reopened too often already."""
    draft.require(draft.speaks_for_requester, "requester")
    case = draft.case
    if case.status not in ("closed", "unconfirmed"):
        raise refuse("not_closed", status=case.status)
    if draft.active("loop.review"):
        raise refuse("review_open")
    confirmation = draft.plan.scenario.confirmation
    _require_in_time(draft, draft.plan.contest_within)
    if case.review_upheld:
        raise refuse("review_used")
    draft.require_words(command.reason)
    if case.contests >= confirmation.contests:
        draft.emit(e.Contested(reason=command.reason))
        _begin_review(draft, command.reason)
        return
    draft.finish("loop.confirm", "contested")
    draft.emit(e.Contested(reason=command.reason))
    _reopen(draft, "contested")


def _reopen(draft: Draft, why: str) -> None:
    received = draft.case.accepted is None
    draft.emit(e.Reopened(why="review" if why == "review" else "contested"))
    if received:
        accept_now(draft)
    else:
        draft.start_case_clock()
    before = len(draft.events)
    settle(draft, finish=False)
    if not any(type(event) is e.Activated for event in draft.events[before:]):
        draft.begin("loop.rework", unit=draft.case.unit, lead=True)
    settle(draft)


def _require_in_time(draft: Draft, within: Limit) -> None:
    closed = draft.case.closed if draft.case.closed is not None else draft.case.ended
    last = due_at(within, closed or draft.at, (), draft.facts.calendar)
    if last is not None and draft.at > last:
        raise refuse("too_late_to_contest", within=within.duration.text())


def request_review(draft: Draft, command: c.RequestReview) -> None:
    """Ask for an independent review of a refusal, or of a final answer that says no."""
    draft.require(draft.speaks_for_requester, "requester")
    case = draft.case
    reviewable = case.status == "refused" or (
        case.status in ("closed", "unconfirmed") and case.result_kind in ("impossible", "unlawful")
    )
    if not reviewable:
        raise refuse("not_reviewable")
    if draft.active("loop.review"):
        raise refuse("review_open")
    if case.review_upheld:
        raise refuse("review_used")
    _require_in_time(draft, draft.plan.review_within)
    draft.require_words(command.reason)
    _begin_review(draft, command.reason)


def _begin_review(draft: Draft, reason: str) -> None:
    """Give the review to another unit than the one that gave the answer."""
    by = draft.plan.scenario.review.by
    unit: str | None
    if by.startswith("competence."):
        unit = draft.directory.responsible(by.removeprefix("competence."), draft.case.territory)
    elif by == "dispatcher":
        unit = draft.case.dispatcher
    else:
        unit = next(iter(draft.superiors(draft.case.unit)), None)
    if unit is None or unit == draft.case.answered_by:
        unit = next(
            (above for above in draft.superiors(draft.case.unit) if above != draft.case.answered_by),
            draft.case.dispatcher,
        )
    draft.emit(e.ReviewRequested(reason=reason))
    draft.finish("loop.confirm", "contested")
    draft.begin("loop.review", unit=unit, required=False)


def decide_review(draft: Draft, command: c.DecideReview) -> None:
    """Uphold the answer, or send the case back to be handled again."""
    item = draft.active("loop.review")
    if item is None:
        raise refuse("no_review")
    draft.require(draft.actor.kind == "post" and draft.actor.unit == item.unit, "reviewer")
    draft.require_words(command.reason)
    draft.finish("loop.review", command.outcome)
    draft.stop("reviewed")
    draft.emit(e.ReviewDecided(outcome=command.outcome, reason=command.reason, unit=draft.actor.unit))
    if command.outcome == "sent_back":
        _reopen(draft, "review")
    elif draft.case.status == "closed":
        # The final answer stands; the requester may still agree, and silence stays silence.
        draft.begin("loop.confirm", party=draft.case.parties.get("requester", ""), required=False)


def rate(draft: Draft, command: c.Rate) -> None:
    """The requester rates, once per answer."""
    draft.require(draft.speaks_for_requester, "requester")
    if draft.case.status not in ("closed", "settled", "unconfirmed", "refused"):
        raise refuse("not_closed", status=draft.case.status)
    if draft.case.score is not None:
        raise refuse("rated_before")
    _rate(draft, command.score, command.comment)


def _rate(draft: Draft, score: int, comment: str) -> None:
    if not draft.plan.scenario.confirmation.rating:
        raise refuse("no_rating")
    if isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= 5:
        raise refuse("score_range")
    draft.emit(e.Rated(score=score, comment=comment))


def note(draft: Draft, command: c.Note) -> None:
    """Leave a remark; the requester's remarks are for everyone."""
    party = draft.actor.kind == "party" and draft.actor.party in draft.case.parties.values()
    office = draft.is_lead or draft.is_dispatcher or draft.is_superior or draft.actor.unit in draft.case.joint
    draft.require(party or (draft.actor.kind == "post" and office), "anyone")
    draft.require_words(command.text)
    draft.emit(e.Noted(text=command.text, audience="everyone" if party else command.audience))


def hold(draft: Draft, command: c.Hold) -> None:
    """Forbid erasure on a stated ground."""
    draft.require(draft.is_lead or draft.is_dispatcher or draft.is_superior, "offices")
    draft.require_words(command.ground)
    draft.emit(e.Held(ground=command.ground))


def release_hold(draft: Draft, command: c.ReleaseHold) -> None:
    """Lift a hold."""
    draft.require(draft.is_lead or draft.is_dispatcher or draft.is_superior, "offices")
    if not draft.case.holds:
        raise refuse("no_hold")
    draft.require_words(command.reason)
    draft.emit(e.HoldReleased(reason=command.reason))


def erase(draft: Draft, command: c.Erase) -> None:
    """Erase a party's data; refused under a hold, while the case is open, and before the retention ends."""
    own = draft.actor.kind == "party" and draft.actor.party == command.party
    draft.require(own or draft.is_dispatcher or draft.is_system, "requester")
    case = draft.case
    if command.party not in case.parties.values():
        raise refuse("unknown_party", role=command.party, roles=", ".join(case.parties))
    if command.party in case.erased:
        raise refuse("erased_before")
    if case.holds:
        raise refuse("on_hold")
    if case.status in OPEN_STATUS or case.status == "closed" or case.ended is None:
        raise refuse("still_open")
    until = due_at(draft.plan.retention, case.ended, (), draft.facts.calendar)
    if until is not None and draft.at < until:
        raise refuse("retention", until=instant_text(until))
    draft.emit(e.Erased(party=command.party, reason=command.reason))
