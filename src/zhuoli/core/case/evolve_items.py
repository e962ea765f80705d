"""How events change items, tasks and clocks; see ``zhuoli.core.case.evolve`` for the rest and the rules."""

from __future__ import annotations

from msgspec.structs import replace

from zhuoli.core.case import events as e
from zhuoli.core.case.state import Case, Clock, Item


def tell(case: Case, what: str) -> None:
    """Count a transition, for entry and exit criteria."""
    case.happened[what] = case.happened.get(what, 0) + 1


def activated(case: Case, event: e.Activated, at: int) -> None:
    """Begin an item."""
    name = event.item
    if event.resets:
        _forget(case, frozenset(event.resets))
    case.runs[name] = event.run
    # By position (post, started, outcome and ended are nothing yet): many an item begins in a second.
    case.items[name] = Item(
        event.kind,
        "active",
        event.run,
        at,
        event.stage,
        event.unit,
        event.party,
        event.role,
        "",
        event.required,
        False,
        "",
        None,
        event.lead,
    )
    if event.clock is not None:
        case.clocks[name] = _new_clock(event.clock)
    if event.kind != "loop":
        tell(case, name + ".activated")
    if event.used:
        use(case, name, event.used)


def use(case: Case, name: str, used: tuple[str, ...]) -> None:
    """Remember which transitions an item has used up, so that it begins again only when they happen anew."""
    happened = case.happened
    counts = {what: happened.get(what, 0) for what in used}
    before = case.seen.get(name)
    case.seen = {**case.seen, name: {**before, **counts} if before else counts}


def _forget(case: Case, names: frozenset[str]) -> None:
    """Make the items of a stage that begins again available once more."""
    for name in names:
        case.items.pop(name, None)
        case.clocks.pop(name, None)
    for what in [what for what in case.happened if what.partition(".")[0] in names]:
        del case.happened[what]
    case.seen = {
        item: {what: count for what, count in used.items() if what.partition(".")[0] not in names}
        for item, used in case.seen.items()
        if item not in names
    }


def started(case: Case, event: e.Started, at: int) -> None:
    """Somebody works on it."""
    item = case.items[event.item]
    case.items[event.item] = replace(item, started=True, post=event.post or item.post)


def assigned(case: Case, event: e.Assigned, at: int) -> None:
    """Somebody has it, or nobody."""
    item = case.items[event.item]
    case.items[event.item] = replace(item, post=event.post, started=item.started and bool(event.post))


def completed(case: Case, event: e.Completed, at: int) -> None:
    """End an item as planned."""
    name = event.item
    item = case.items.get(name)
    if item is None or item.state != "active":
        case.runs[name] = case.runs.get(name, 0) + 1
        item = Item(kind="decision", state="active", run=case.runs[name], since=at)
    if event.used:
        use(case, name, event.used)
    _end(case, name, item, "completed", event.outcome, at)
    if item.kind == "loop":
        return
    tell(case, name + ".completed")
    if event.outcome:
        if item.kind == "human":
            case.answers[name + ".outcome"] = event.outcome
        tell(case, f"{name}.{event.outcome}")


def terminated(case: Case, event: e.Terminated, at: int) -> None:
    """Stop an item."""
    item = case.items[event.item]
    _end(case, event.item, item, "terminated", "", at)
    if item.kind != "loop":
        tell(case, event.item + ".terminated")


def occurred(case: Case, event: e.Occurred, at: int) -> None:
    """A milestone is reached, a timer item runs out."""
    name = event.item
    item = case.items.get(name)
    if item is None or item.state != "active":
        case.runs[name] = case.runs.get(name, 0) + 1
        item = Item(kind="milestone", state="active", run=case.runs[name], since=at)
    if event.used:
        use(case, name, event.used)
    _end(case, name, item, "completed", "", at)
    tell(case, name + ".occurred")


def _end(case: Case, name: str, item: Item, state: str, outcome: str, at: int) -> None:
    if item.kind == "loop":
        case.items.pop(name, None)
    else:
        case.items[name] = replace(item, state=state, outcome=outcome, ended=at, retry_at=None)
    clock = case.clocks.get(name)
    if clock is not None and clock.ended is None:
        case.clocks[name] = replace(clock, ended=at)


def plan_done(case: Case, event: e.PlanDone, at: int) -> None:
    """Remember that the plan was done."""
    tell(case, "case.plan_done")


def _new_clock(start: e.ClockStart) -> Clock:
    return Clock(
        start.start,
        start.calendar,
        start.statutory,
        start.promised,
        start.remind_at,
        start.pauses,
        start.remind,
        start.late,
    )


def clock_started(case: Case, event: e.ClockStarted, at: int) -> None:
    """Begin the clock of the whole case."""
    case.clocks[event.clock] = _new_clock(event.start)


def clock_ended(case: Case, event: e.ClockEnded, at: int) -> None:
    """End the clock of the whole case."""
    case.clocks[event.clock] = replace(case.clocks[event.clock], ended=at)


def paused(case: Case, event: e.Paused, at: int) -> None:
    """Stop clocks."""
    for name, new in event.clocks.items():
        clock = case.clocks[name]
        pauses = clock.pauses if clock.paused_by else (*clock.pauses, (at, None))
        case.clocks[name] = replace(
            clock,
            paused_by=(*clock.paused_by, event.why),
            pauses=pauses,
            statutory=_with_due(clock.statutory, new.statutory),
            promised=_with_due(clock.promised, new.promised),
            remind_at=None,
        )


def resumed(case: Case, event: e.Resumed, at: int) -> None:
    """Let clocks go on."""
    for name, new in event.clocks.items():
        clock = case.clocks[name]
        still = tuple(why for why in clock.paused_by if why != event.why)
        if still:
            case.clocks[name] = replace(clock, paused_by=still)
            continue
        case.clocks[name] = replace(
            clock,
            paused_by=(),
            pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], at)),
            statutory=_with_due(clock.statutory, new.statutory),
            promised=_with_due(clock.promised, new.promised),
            remind_at=new.remind_at,
        )


def _with_due(term: e.Term | None, due: int | None) -> e.Term | None:
    return None if term is None else e.Term(term.limit, due)


def extended(case: Case, event: e.Extended, at: int) -> None:
    """Give the clock a later statutory instant."""
    clock = case.clocks[event.clock]
    case.clocks[event.clock] = replace(clock, statutory=event.statutory, extended=True)


def reminded(case: Case, event: e.Reminded, at: int) -> None:
    """Remember the reminder."""
    case.clocks[event.clock] = replace(case.clocks[event.clock], reminded=True)


def passed(case: Case, event: e.Passed, at: int) -> None:
    """Remember the limit that has passed."""
    clock = case.clocks[event.clock]
    case.clocks[event.clock] = replace(clock, passed=(*clock.passed, event.limit))
    if event.clock == "case" and event.limit not in case.late:
        case.late = (*case.late, event.limit)


def service_failed(case: Case, event: e.ServiceFailed, at: int) -> None:
    """Remember the attempt."""
    item = case.items[event.item]
    case.items[event.item] = replace(
        item, attempt=event.attempt, retry_at=event.retry_at, given_up=event.retry_at is None
    )
