"""Appointments: a case holds a provider's time, so that nobody else gets it; it is changed, freed, and near one day before.

The scenario names the answers (``appointment``). Whether a time can be had is a fact of the command; two cases that
want the same at once are kept apart by the table of bookings (docs/decisions/0014-appointments.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zhuoli.core.case import events as e
from zhuoli.core.case.refusals import Refusal, refuse
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Appointment
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of

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


def booked(case: Case, wanted: Sequence[Appointment], source: str, slots: Slots, at: int) -> e.Booked | None:
    """Return that the time on which these answers agree is held from now on; the former one is then free again.

    None: they agree on none, or on the one that is held already.

    Raises:
        Refusal: the time cannot be had; it names the question that asks for it.
    """
    pair = next((each for each in wanted if each.at.partition(".")[0] == source), None)
    if pair is None:
        return None
    provider, when = case.answers.get(pair.provider), case.answers.get(pair.at)
    if not provider or not isinstance(when, int):
        return None
    held = case.booking
    if held is not None and (held.provider, held.at) == (provider, when):
        return None
    if when <= at:
        raise refuse("slot_past")
    objection = slots.objection(str(provider), when, case.id)
    if objection is not None:
        said, remedy = objection
        raise Refusal("slot_taken", said, remedy, {pair.at.partition(".")[2]: said})
    return e.Booked(item=source, provider=str(provider), at=when)


def near_at(at: int) -> int:
    """Return when to remind of an appointment: at nine in the morning of the day before."""
    return day_begins(day_of(at - DAY)) + 9 * HOUR
