"""What the case pane tells beyond the story: all clocks, all tasks, the rules that fired, notes, orders, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar
from zhuoli.office.read import StoredEntry
from zhuoli.web import clocks
from zhuoli.web.cases import actor_name
from zhuoli.web.wording import maybe, text


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a case: what it is for, how it stands, when it ended (ms UTC), and why its date is that date."""

    title: Text
    shown: clocks.Shown
    ended: int | None
    late: bool
    why: tuple[Text, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One task of any unit: what, whose, how it stands."""

    title: Text
    unit: Text | None
    post: Text | None
    state: str
    since: int
    ended: int | None
    outcome: Text | None
    clock: clocks.Shown


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision table that was applied: the rows that fired in words, with their annotations."""

    at: int
    title: Text
    rules: tuple[tuple[Text, Text | None], ...]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A remark, and who may read it."""

    at: int
    who: Text | None
    audience: str
    words: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A supervision order; ``reply`` is empty while it is not answered."""

    at: int
    unit: Text | None
    words: str
    reply: str
    replied: int | None


class UnitPart(msgspec.Struct, frozen=True, kw_only=True):
    """A unit and its part in the case, with the instant (ms UTC) that says how far it is."""

    role: Text
    name: Text | None
    at: int | None = None


def all_clocks(plan: Plan, case: Case, calendar: Calendar) -> list[Clock]:
    """Return every clock of a case, running ones first, what is due first at the top."""
    found = [
        Clock(
            title=maybe(f"clock_of.{name}") or plan.title(name),
            shown=clocks.of_clock(clock),
            ended=clock.ended,
            late=bool(clock.passed),
            why=clocks.why(clock, calendar) if clock.statutory or clock.promised else (),
        )
        for name, clock in case.clocks.items()
    ]
    return sorted(found, key=lambda each: (each.ended is not None, each.shown.due or 1 << 62))


def tasks(plan: Plan, case: Case, own: str, directory: Directory, posts: dict[str, Text]) -> list[Task]:
    """Return the tasks of all units, active ones first; posts of other units are not named."""
    found: list[Task] = []
    for name, item in case.items.items():
        if item.kind not in ("human", "loop"):
            continue
        human = plan.items[name].human if name in plan.items else None
        outcome = human.outcomes.get(item.outcome) if human else None
        found.append(
            Task(
                title=plan.title(name),
                unit=directory.name(item.unit) if item.unit else text("actor.party"),
                post=posts.get(item.post) if item.unit == own else None,
                state=item.state,
                since=item.since,
                ended=item.ended,
                outcome=outcome.title if outcome else None,
                clock=clocks.of_clock(case.clocks.get(name)),
            )
        )
    order = ("active", "suspended", "completed", "terminated")
    return sorted(found, key=lambda each: (order.index(each.state), each.ended or each.since))


def decisions(plan: Plan, history: Iterable[StoredEntry]) -> list[Decision]:
    """Return the decision tables that were applied, the newest first, each fired row in words."""
    found: list[Decision] = []
    labels: dict[str, Text] | None = None
    for entry in history:
        for event in entry.events:
            if not isinstance(event, e.Decided) or event.table not in plan.tables:
                continue
            labels = labels if labels is not None else labels_of(plan.scenario)
            found.append(
                Decision(
                    at=entry.at,
                    title=_decided(plan, event),
                    rules=tuple(_fired(plan, event, number, labels) for number in event.rules or (0,)),
                )
            )
    found.reverse()
    return found


def _decided(plan: Plan, event: e.Decided) -> Text:
    if event.item == "acceptance":
        return text("decided.acceptance")
    return plan.title(event.item)


def _fired(plan: Plan, event: e.Decided, number: int, labels: dict[str, Text]) -> tuple[Text, Text | None]:
    table = plan.tables[event.table]
    rule = (
        next((r for r in table.rules.rules if r.number == number), None) if number else table.rules.otherwise
    )
    if rule is None:
        return text("decided.no_rule"), None
    given = dict(zip((each.name for each in table.rules.outputs), rule.outputs, strict=True))
    said = table.rule_in_words(number, {**labels, **_outputs(plan, event, given)}, only_known=True)
    notes = list(rule.notes.values())
    noted = Text("；".join(each.zh for each in notes), "; ".join(each.en for each in notes))
    return Text(said.zh, said.en[:1].upper() + said.en[1:]), noted if notes else None


def _outputs(plan: Plan, event: e.Decided, given: Mapping[str, object]) -> dict[str, Text]:
    """Return the words for the outputs of a rule where it is used; what has no words is left out.

    An output that opens a task or stage has its name, an answer that of its question; the only output of a table is what
    the decision is called.
    """
    found: dict[str, Text] = {}
    if len(given) == 1:
        found |= dict.fromkeys(given, _in_marks(_decided(plan, event)))
    for name, value in given.items():
        asked = plan.forms[event.item].questions.get(name) if event.item in plan.forms else None
        if asked is not None:
            found[name] = _in_marks(asked.question.title)
            found |= {f"{name}={key}": choice.title for key, choice in asked.question.choices.items()}
        if name in plan.items:
            found[name] = _in_marks(plan.title(name))
        if isinstance(value, str) and value in plan.items:
            found[f"{name}={value}"] = plan.title(value)
    item = plan.items.get(event.item)
    if item is not None and item.human is not None:
        found["outcome"] = text("decided.outcome")
        found |= {f"outcome={key}": one.title for key, one in item.human.outcomes.items()}
    return {**found, "eligible": text("decided.eligible")}


def _in_marks(said: Text) -> Text:
    return Text(f"“{said.zh}”", f"“{said.en}”")


def notes(history: Iterable[StoredEntry], directory: Directory) -> list[Note]:
    """Return the remarks of a case, the newest first."""
    found = [
        Note(at=entry.at, who=actor_name(entry.actor, directory), audience=event.audience, words=event.text)
        for entry in history
        for event in entry.events
        if isinstance(event, e.Noted)
    ]
    found.reverse()
    return found


def orders(case: Case, history: Iterable[StoredEntry], directory: Directory) -> list[Order]:
    """Return the supervision orders of a case, the newest first, each with its reply."""
    given: dict[int, Order] = {}
    for entry in history:
        for event in entry.events:
            if isinstance(event, e.Supervised):
                given[event.number] = Order(
                    at=entry.at,
                    unit=directory.name(event.unit) if event.unit else text("actor.system"),
                    words=event.order,
                    reply="",
                    replied=None,
                )
            elif isinstance(event, e.Replied) and event.number in given:
                given[event.number] = msgspec.structs.replace(
                    given[event.number], reply=event.text, replied=entry.at
                )
    return list(reversed(given.values()))


def units(case: Case, directory: Directory) -> list[UnitPart]:
    """Return who takes part: the lead, the joint units with how far they are, the dispatcher."""
    found: list[UnitPart] = []
    if case.unit:
        found.append(UnitPart(role=text("unit.lead"), name=directory.name(case.unit)))
    for unit, joint in case.joint.items():
        if joint.ended is None or joint.contributed:
            key, at = (
                ("unit.joint_done", joint.ended)
                if joint.contributed
                else ("unit.joint", joint.signed)
                if joint.signed
                else ("unit.joint_unsigned", joint.since)
            )
            found.append(UnitPart(role=text(key), name=directory.name(unit), at=at))
    found.append(UnitPart(role=text("unit.dispatcher"), name=directory.name(case.dispatcher)))
    return found
