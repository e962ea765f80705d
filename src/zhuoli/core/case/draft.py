"""The working copy on which a decision is made: emit an event and see at once what is then true."""

from __future__ import annotations

from collections.abc import Sequence

from zhuoli.core.case import events as e
from zhuoli.core.case.answers import Checked
from zhuoli.core.case.booking import booked
from zhuoli.core.case.commands import File
from zhuoli.core.case.earlier import count_again
from zhuoli.core.case.evolve import APPLY, copy
from zhuoli.core.case.facts import Actor, Directory, Facts
from zhuoli.core.case.plan import REPAIR, Clockwork, Plan
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.state import OPEN_STATUS, Case, Clock, Item
from zhuoli.core.feel import Condition, MissingAnswer
from zhuoli.core.worktime import Calendar, due_at
from zhuoli.core.worktime.due import Pause
from zhuoli.core.worktime.instants import day_of, iso_date

REQUESTER_SIDE = ("requester", "guardian", "proxy")
"""Party roles that act for the requester."""
REMEMBERED_DAYS = 64
"""For so many days the instants of a clock are remembered."""
SUPERIOR_LEVELS = 6
"""How many levels up the directory is searched for a superior."""


class Draft:
    """A decision in the making: the state so far, the events so far, and what the outside knows."""

    __slots__ = ("actor", "at", "case", "directory", "events", "facts", "plan")

    def __init__(self, plan: Plan, case: Case, facts: Facts) -> None:
        self.plan = plan
        self.case = copy(case)
        self.facts = facts
        self.at = facts.now
        self.actor: Actor = facts.actor
        self.directory: Directory = facts.directory
        self.events: list[e.Event] = []

    def emit(self, event: e.Event) -> None:
        """Add an event and apply it to the working state."""
        self.events.append(event)
        APPLY[type(event)](self.case, event, self.at)

    # Who is acting

    @property
    def is_system(self) -> bool:
        """Whether the software itself acts."""
        return self.actor.kind == "system"

    @property
    def is_lead(self) -> bool:
        """Whether a post of the responsible unit acts."""
        return self.actor.kind == "post" and bool(self.case.unit) and self.actor.unit == self.case.unit

    @property
    def is_dispatcher(self) -> bool:
        """Whether a post of the dispatching unit acts."""
        return self.actor.kind == "post" and self.actor.unit == self.case.dispatcher

    @property
    def is_superior(self) -> bool:
        """Whether a supervising post of a unit above the responsible one acts."""
        return (
            self.actor.kind == "post"
            and "supervisor" in self.actor.roles
            and self.actor.unit in self.superiors(self.case.unit)
        )

    @property
    def is_requester(self) -> bool:
        """Whether the requester, its guardian or proxy acts."""
        if self.actor.kind != "party":
            return False
        parties = self.case.parties
        return any(parties.get(role) == self.actor.party for role in REQUESTER_SIDE)

    @property
    def speaks_for_requester(self) -> bool:
        """Whether the requester acts, or the dispatcher to whom it speaks (cases raised by phone or window)."""
        if self.is_requester:
            return True
        return self.case.channel in ("phone", "window") and self.is_dispatcher

    def superiors(self, unit: str) -> list[str]:
        """Return the units above ``unit``, the nearest first."""
        found: list[str] = []
        above = self.directory.superior(unit) if unit else None
        while above and above not in found and len(found) < SUPERIOR_LEVELS:
            found.append(above)
            above = self.directory.superior(above)
        return found

    def require(self, allowed: bool, who: str) -> None:
        """Refuse unless ``allowed``; ``who`` names the circle that may (a key of ``refusals.CIRCLES``)."""
        if not allowed:
            raise refuse("not_yours", who=who)

    # What is true of the case

    def require_open(self) -> None:
        """Refuse unless the case is received or accepted."""
        if self.case.status not in OPEN_STATUS:
            raise refuse("not_open", status=self.case.status)

    def require_accepted(self) -> None:
        """Refuse unless the case is in work."""
        if self.case.status != "accepted":
            raise refuse("not_in_work", status=self.case.status)

    def require_running(self) -> None:
        """Refuse while the case is suspended."""
        if self.case.suspended:
            raise refuse("suspended")

    def active(self, name: str) -> Item | None:
        """Return the item if it is active."""
        item = self.case.items.get(name)
        return item if item is not None and item.state == "active" else None

    def holds(self, condition: Condition | None) -> bool:
        """Whether a condition holds; a question that is not answered yet means *not yet*."""
        if condition is None:
            return True
        try:
            return condition.evaluate(self.case.answers)
        except MissingAnswer:
            return False

    def require_unit(self, unit: str) -> None:
        """Refuse a unit that the directory does not know."""
        if self.directory.name(unit) is None:
            raise refuse("no_such_unit", unit=unit)

    def require_words(self, text: str) -> None:
        """Refuse an empty reason."""
        if not text.strip():
            raise refuse("words_missing")

    def today(self) -> str:
        """Return the local date of the command, ISO."""
        return iso_date(day_of(self.at))

    # The case file

    def record(self, source: str, checked: Checked) -> None:
        """Take checked answers and files into the case file."""
        if checked.answers or checked.personal:
            self.emit(e.Recorded(source=source, answers=checked.answers, personal=checked.personal))
        if checked.files:
            self.attach(checked.files, prefix=source)
        if source == "form":
            self.count_earlier()
        held = booked(self.case, self.plan.scenario.appointment, source, self.facts.slots, self.at)
        if held is not None:
            self.emit(held)

    def count_earlier(self) -> None:
        """Count earlier cases anew and record what has changed."""
        counts = count_again(self.case, self.plan.scenario, self.facts.earlier, self.at)
        if counts is not None:
            self.emit(counts)

    def attach(self, files: tuple[File, ...], prefix: str = "form", note: str = "") -> None:
        """Take files into the case file; ``prefix`` says to whose questions they belong."""
        for file in files:
            by = (file.by if self.is_system else "") or self.actor.party or self.actor.unit
            self.emit(
                e.Attached(
                    file=file.file,
                    name=file.name,
                    sha256=file.sha256,
                    size=file.size,
                    media_type=file.media_type,
                    question=f"{prefix}.{file.question}" if file.question else "",
                    by=by,
                    note=note,
                )
            )

    # Tasks of the loop

    def begin(
        self,
        name: str,
        *,
        unit: str = "",
        party: str = "",
        required: bool = True,
        lead: bool = False,
        role: str = "",
        rules: Clockwork | None = None,
    ) -> None:
        """Activate a task of the loop, with its clock where the scenario gives one."""
        rules = rules or self.plan.clocks.get(name.partition(":")[0])
        self.emit(
            e.Activated(
                item=name,
                kind="loop",
                run=self.case.runs.get(name, 0) + 1,
                unit=unit,
                party=party,
                role=role,
                required=required,
                lead=lead,
                clock=self.clock_start(rules) if rules else None,
            )
        )

    def finish(self, name: str, outcome: str = "done") -> None:
        """Complete a task of the loop if it is active."""
        if self.active(name):
            self.emit(e.Completed(item=name, outcome=outcome))

    def stop(self, why: str) -> None:
        """Terminate every active item; children before their stage.

        Notices are on their way and are not stopped, nor what is done by hand where one failed: what both sides have just signed
        reaches them although that closes the case.
        """
        tasks: list[str] = []
        stages: list[str] = []
        for name, item in self.case.items.items():
            if item.state == "active" and not self._on_its_way(name):
                (stages if item.kind == "stage" else tasks).append(name)
        for name in (*tasks, *stages):
            self.emit(e.Terminated(item=name, why=why))

    def _on_its_way(self, name: str) -> bool:
        service = self.plan.service(name.removeprefix(REPAIR))
        return service is not None and service.call.startswith("notice.")

    # Clocks

    def clock_start(self, rules: Clockwork) -> e.ClockStart:
        """Return a clock that begins now."""
        at, calendar = self.at, self.facts.calendar
        version = calendar.version
        if rules.by_day:
            key = (version, day_of(at))
            found = rules.known.get(key)
            if found is None:
                if len(rules.known) >= REMEMBERED_DAYS:
                    rules.known.clear()
                found = rules.known[key] = _terms(rules, at, calendar)
        else:
            found = _terms(rules, at, calendar)
        statutory, promised, nearest = found
        return e.ClockStart(
            at,
            version,
            statutory,
            promised,
            None if nearest is None else at + (nearest - at) * rules.remind // 100,
            rules.pauses,
            rules.remind,
            rules.late,
        )

    def start_case_clock(self) -> None:
        """Begin the clock of the whole case."""
        rules = self.plan.clocks.get("case")
        if rules is not None:
            self.emit(e.ClockStarted(clock="case", start=self.clock_start(rules)))

    def end_case_clock(self) -> None:
        """End the clock of the whole case if it runs; a limit that has passed unnoticed is noted first."""
        clock = self.case.clocks.get("case")
        if clock is None or clock.ended is not None:
            return
        for name, term in (("promised", clock.promised), ("statutory", clock.statutory)):
            if term is not None and term.due is not None and term.due < self.at and name not in clock.passed:
                self.emit(e.Passed(clock="case", limit="promised" if name == "promised" else "statutory"))
        self.emit(e.ClockEnded(clock="case"))

    def pause(self, why: str) -> None:
        """Stop every running clock that this reason stops."""
        new = {
            name: self._new_due(clock, clock.pauses if clock.paused_by else (*clock.pauses, (self.at, None)))
            for name, clock in self.case.clocks.items()
            if clock.ended is None and why in clock.pauses_on and why not in clock.paused_by
        }
        if new:
            self.emit(e.Paused(why=why, clocks=new))

    def resume(self, why: str) -> None:
        """Let the clocks go on that this reason had stopped, with new due instants."""
        new: dict[str, e.NewDue] = {}
        for name, clock in self.case.clocks.items():
            if why in clock.paused_by and clock.ended is None:
                pauses = clock.pauses
                if clock.paused_by == (why,):
                    pauses = (*pauses[:-1], (pauses[-1][0], self.at))
                new[name] = self._new_due(clock, pauses)
        if new:
            self.emit(e.Resumed(why=why, clocks=new))

    def _new_due(self, clock: Clock, pauses: Sequence[Pause]) -> e.NewDue:
        calendar = self.facts.calendar

        def again(term: e.Term | None) -> e.Term | None:
            return (
                None
                if term is None
                else e.Term(term.limit, due_at(term.limit, clock.start, pauses, calendar))
            )

        statutory, promised = again(clock.statutory), again(clock.promised)
        return e.NewDue(
            statutory.due if statutory else None,
            promised.due if promised else None,
            None if clock.reminded else _remind_at(clock.start, statutory, promised, clock.remind),
        )


def _terms(rules: Clockwork, at: int, calendar: Calendar) -> tuple[e.Term | None, e.Term | None, int | None]:
    """Return the statutory and the promised limit with their instants, and the nearer instant."""
    statutory = promised = None
    nearest: int | None = None
    if rules.statutory is not None:
        nearest = due_at(rules.statutory, at, (), calendar)
        statutory = e.Term(rules.statutory, nearest)
    if rules.promised is not None:
        due = due_at(rules.promised, at, (), calendar)
        promised = e.Term(rules.promised, due)
        if due is not None and (nearest is None or due < nearest):
            nearest = due
    return statutory, promised, nearest


def _remind_at(start: int, statutory: e.Term | None, promised: e.Term | None, percent: int) -> int | None:
    """Return when to remind: after ``percent`` of the time to the nearer limit."""
    dues = [term.due for term in (statutory, promised) if term is not None and term.due is not None]
    return start + (min(dues) - start) * percent // 100 if dues else None
