"""Appointments: a case holds a provider's time, so that nobody else gets it; it is changed, freed, and near one day before.

The scenario names the two answers (``appointment``). Whether a time can be had is a fact of the command; two cases that
want the same at once are kept apart by the table of bookings (docs/decisions/0014-appointments.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from zhuoli.core.case import events as e
from zhuoli.core.case.refusals import Refusal, refuse
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of

if TYPE_CHECKING:
    from zhuoli.core.case.draft import Draft

CLOCK = "appointment"
"""The clock that says that an appointment is near."""


class Slots(Protocol):
    """What the office knows of providers' times, at the moment of the command."""

    def objection(self, provider: str, at: int, case: int) -> tuple[Text, Text] | None:
        """Return why the time cannot be had and what to do, or None."""
        ...


class AnySlot:
    """Every time to come can be had: worked examples, and wherever nothing is known."""

    def objection(self, provider: str, at: int, case: int) -> tuple[Text, Text] | None:
        """Return nothing."""
        return None


ANY_SLOT = AnySlot()


def book(draft: Draft, source: str) -> None:
    """Hold the time that has been agreed, if these answers agree on one; the former one is free again.

    Raises:
        Refusal: the time cannot be had.
    """
    wanted = draft.plan.scenario.appointment
    if wanted is None or source not in {name.partition(".")[0] for name in (wanted.provider, wanted.at)}:
        return
    provider, at = draft.case.answers.get(wanted.provider), draft.case.answers.get(wanted.at)
    if not provider or not isinstance(at, int):
        return
    held = draft.case.booking
    if held is not None and (held.provider, held.at) == (provider, at):
        return
    if at <= draft.at:
        raise refuse("slot_past")
    objection = draft.facts.slots.objection(str(provider), at, draft.case.id)
    if objection is not None:
        raise Refusal("slot_taken", *objection)
    draft.emit(e.Booked(item=source, provider=str(provider), at=at))


def free(draft: Draft, item: str) -> None:
    """Give the time back."""
    if draft.case.booking is not None:
        draft.emit(e.Booked(item=item, provider="", at=0))


def near_at(at: int) -> int:
    """Return when to remind of an appointment: at nine in the morning of the day before."""
    return day_begins(day_of(at - DAY)) + 9 * HOUR
