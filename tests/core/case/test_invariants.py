"""The invariants of docs/loop.md, checked on generated histories of every scenario on the shelf."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from tests.core.case.histories import CALENDAR, Taken, live
from tests.shelf import project_shelf

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case import sentries
from zhuoli.core.case.actions import ONLY_WORDS_MISSING
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.deadlines import explain_clock
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.evolve import copy, evolve, evolve_entry, put_sealed
from zhuoli.core.case.plan import REPAIR
from zhuoli.core.case.rows import CaseRow, TaskRow, rows
from zhuoli.core.case.state import ENDED_STATUS, OPEN_STATUS, Case, Item

SHELF = project_shelf()
PLANS = {name: compile_plan(scenario) for name, scenario in SHELF.scenarios.items()}
EVENTS = msgspec.json.Decoder(list[e.AnyEvent])

SAYING_MORE = ONLY_WORDS_MISSING | {
    "same_unit",
    "refused_before",
    "joined_already",
    "same_case",
    "tasks_open",
    "nothing_changes",
    "personal_number",
    "slot_past",
}
"""What a person may still be told about an act that was offered: the words or the choice were not right yet."""
ALLOWED = {
    "received": {"accepted", "refused", "withdrawn", "merged", "closed", "settled"},
    "accepted": {"closed", "settled", "withdrawn", "merged", "refused"},
    "closed": {"settled", "unconfirmed", "accepted", "closed"},
    "unconfirmed": {"settled", "accepted", "closed"},
    "refused": {"accepted", "closed", "settled"},
    "merged": {"received", "accepted"},
    "settled": set(),
    "withdrawn": set(),
}


def check(plan, taken: Taken) -> None:
    before = taken.before
    if taken.refusal is not None:
        assert taken.after is None
        assert taken.refusal.text.zh
        assert taken.refusal.text.en
        assert taken.refusal.remedy.zh
        assert "{" not in taken.refusal.text.zh + taken.refusal.remedy.en
        if taken.offered:
            assert taken.refusal.code in SAYING_MORE, (taken.command, taken.refusal)
        return
    after = taken.after
    assert after is not None
    at = taken.facts.now

    # Deciding and replaying agree, by entry and event by event.
    assert evolve_entry(before, taken.events, at) == after
    step = before
    for event in taken.events:
        step = evolve(step, event, at)
    step.seq += 1
    assert step == after
    assert after.seq == before.seq + 1

    # Sealing afterwards gives what going through the sealed events would give.
    sealed = [seal(event) for event in taken.events]
    quick = copy(after)
    put_sealed(quick, sealed)
    assert quick == evolve_entry(before, sealed, at)

    # What is stored comes back the same.
    assert EVENTS.decode(msgspec.json.encode(taken.events)) == taken.events
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(after), type=Case)
    assert rows(stored) == rows(after)
    check_rows(after)

    # Status moves only along the loop.
    if before.opened and after.status != before.status:
        assert after.status in ALLOWED[before.status], (before.status, after.status)

    check_rest(plan, taken, after)
    check_clocks(after, at)
    check_ends(plan, taken, before, after)
    check_tasks(plan, after)
    check_privacy(after)


def seal(event: e.Event) -> e.Event:
    """Make what people wrote unreadable, as the store does."""
    changes: dict[str, object] = {}
    if isinstance(event, e.Recorded):
        changes["personal"] = {
            name: e.Personal(value.party, "sealed " + value.value) for name, value in event.personal.items()
        }
    for name in e.FREE_TEXT.get(type(event), ()):
        text = getattr(event, name)
        changes[name] = "sealed " + text if isinstance(text, str) else tuple("sealed " + one for one in text)
    return msgspec.structs.replace(event, **changes) if changes else event


def check_rows(after: Case) -> None:
    """A column says what the state says under the same name."""
    found = rows(after)
    for name in {*CaseRow.__struct_fields__} & {*Case.__struct_fields__} - {"late"}:
        assert getattr(found.case, name) == getattr(after, name), name
    code = found.case.territory
    assert (found.case.city, found.case.county, found.case.town) == (code[:4], code[:6], code[:9])
    assert found.case.late == bool(after.late)
    assert found.case.late_statutory == ("statutory" in after.late)
    clock = after.clocks.get("case")
    terms = ("due", "statutory"), ("promised", "promised")
    for column, term in terms if clock is not None else ():
        limit = getattr(clock, term)
        assert getattr(found.case, column) == (limit.due if limit is not None else None), column
    for key, task in found.tasks.items():
        assert (task.case, task.item) == (after.id, key)
        for name in {*TaskRow.__struct_fields__} & {*Item.__struct_fields__}:
            assert getattr(task, name) == getattr(after.items[key], name), name


def check_rest(plan, taken: Taken, after: Case) -> None:
    """Nothing more follows: looking at every item again finds nothing to begin or end."""
    draft = Draft(plan, after, taken.facts)
    if after.status == "accepted" and not after.suspended:
        sentries.move_all(draft, plan.order)
        sentries.finish_all(draft, ended=True, plan_too=True)
    assert draft.events == []


def check_clocks(after: Case, at: int) -> None:
    for name, clock in after.clocks.items():
        for deadline in explain_clock(clock, {CALENDAR.version: CALENDAR}):
            assert deadline.explanation.due == deadline.due, name
            if clock.stopped and clock.ended is None:
                assert deadline.due is None or deadline.due <= clock.pauses[-1][0], name
        if clock.stopped:
            assert clock.wake_at() is None
            assert clock.pauses[-1][1] is None
        if clock.ended is not None:
            assert clock.wake_at() is None
    wakes = rows(after).wakes
    for name, clock in after.clocks.items():
        if clock.stopped or clock.ended is not None:
            assert f"clock:{name}" not in wakes


def on_its_way(plan, name: str) -> bool:
    """A notice is not stopped when its case ends, nor what is to be done by hand where it failed: it reaches whom it is for."""
    service = plan.service(name.removeprefix(REPAIR))
    return service is not None and service.call.startswith("notice.")


def check_ends(plan, taken: Taken, before: Case, after: Case) -> None:
    kinds = [type(event) for event in taken.events]
    if e.Closed in kinds:
        left = active(plan, after)
        assert left <= {"loop.confirm"}, left
        closed = next(event for event in taken.events if isinstance(event, e.Closed))
        if closed.kind == "done":
            for event in taken.events[: taken.events.index(closed)]:
                if isinstance(event, e.Terminated) and event.why == "closed":
                    item = before.items.get(event.item)
                    assert (
                        item is None
                        or not item.required
                        or (item.kind == "stage" and not plan.items[event.item].required)
                    ), event
    if e.Confirmed in kinds:
        confirmed = next(event for event in taken.events if isinstance(event, e.Confirmed))
        if confirmed.by:
            assert isinstance(taken.command, c.Confirm)
        else:
            result = plan.scenario.closing.results[after.result]
            nobody = plan.scenario.confirmation.by == "nobody" or not result.asks
            assert nobody or not before.parties.get("requester")
    if e.Unconfirmed in kinds:
        assert isinstance(taken.command, c.FireTimer)
        assert taken.command.clock == "loop.confirm"
    if after.status in ENDED_STATUS and after.status != "merged":
        left = active(plan, after)
        late_review = {name for name in left if name.startswith("loop.escalation:")}
        assert left - late_review <= {"loop.review"}, left
        assert not late_review or "loop.review" in left
        assert after.ended is not None


def active(plan, case: Case) -> set[str]:
    """Return what is under way, but for notices on their way out."""
    return {
        name for name, item in case.items.items() if item.state == "active" and not on_its_way(plan, name)
    }


def check_tasks(plan, after: Case) -> None:
    for name, item in after.items.items():
        if item.state == "active" and item.lead:
            assert item.unit == after.unit, name
        if item.state == "active" and item.stage and not on_its_way(plan, name):
            assert after.items[item.stage].state == "active", name
    if after.status in OPEN_STATUS:
        # An open case is never nobody's: somebody is asked, a timer runs, the software is at work, or it is suspended.
        found = rows(after)
        waits = any(item.kind == "timer" and item.state == "active" for item in after.items.values())
        serves = any(wake.kind == "service" for wake in found.wakes.values())
        assert found.tasks or waits or serves or after.suspended


def check_privacy(after: Case) -> None:
    assert not set(after.personal) & set(after.answers)
    assert not any(value.party in after.erased for value in after.personal.values())


@pytest.mark.parametrize("name", sorted(PLANS))
def test_generated_histories_keep_the_invariants(name, history_steps):
    plan = PLANS[name]
    steps = 0
    seen: Counter[str] = Counter()
    seed = 0
    while steps < history_steps:
        seed += 1
        for taken in live(plan, seed, 60):
            frozen = msgspec.msgpack.encode(taken.before)
            check(plan, taken)
            assert msgspec.msgpack.encode(taken.before) == frozen
            steps += 1
            if taken.refusal is None:
                seen[type(taken.command).__name__] += 1
    # A walk that never gets anywhere would prove nothing.
    for command in _reached(plan.scenario):
        assert seen[command] >= _least(plan.scenario), (command, seen)


def _least(scenario) -> int:
    """Return how often a walk must come to a command; where most cases end by themselves there is less to do by hand."""
    return 1 if _asks_less(scenario) else 2


def _asks_less(scenario) -> bool:
    """Whether there are results about which nobody is asked."""
    return scenario.confirmation.by == "nobody" or any(
        not result.asks for result in scenario.closing.results.values()
    )


def _reached(scenario) -> list[str]:
    """Return the commands that every walk must come to: what a scenario leaves out nobody can do."""
    found = ["Open", "Close", "FireTimer"]
    if scenario.acceptance.by != "opening":
        found.append("Accept")
    if scenario.confirmation.by == "requester" and not _asks_less(scenario):
        found.append("Contest")
    if any(stage.human_tasks for stage in scenario.stages.values()):
        found += ["Complete", "RequestSupplement"]
    return found


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_stopped_or_ended_clock_never_fires(name):
    plan = PLANS[name]
    tried = 0
    for seed in range(15):
        for taken in live(plan, 5_000 + seed, 50):
            case = taken.after
            if case is None:
                continue
            for clock_name, clock in case.clocks.items():
                wake = clock.wake_at()
                late = taken.facts.now + 400 * 86_400_000
                if wake is None:
                    again = Taken(case, c.FireTimer(clock=clock_name), taken.facts)
                    for now in (taken.facts.now, late):
                        tried += 1
                        assert refused(plan, again, now) == "timer_not_due"
                elif wake > taken.facts.now:
                    tried += 1
                    assert (
                        refused(plan, Taken(case, c.FireTimer(clock=clock_name), taken.facts), wake - 1)
                        == "timer_not_due"
                    )
    assert tried > 100


def refused(plan, taken: Taken, now: int) -> str:
    from tests.core.case.histories import take

    from zhuoli.core.case.facts import SYSTEM

    refusal = take(plan, taken.before, taken.command, SYSTEM, now).refusal
    return refusal.code if refusal else ""
