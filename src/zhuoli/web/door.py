"""The pages' way to the office: one office, one directory and one shelf for each process."""

from __future__ import annotations

import msgspec
from django.conf import settings

from zhuoli.channels.messages.settings import BadChannels, read_channels
from zhuoli.core.case.commands import Command, Open
from zhuoli.core.case.facts import Actor, Facts
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.worktime import Calendar
from zhuoli.environment import Environment
from zhuoli.office import read
from zhuoli.office.directory import FrozenDirectory, current_directory, load_places
from zhuoli.office.errors import KeyReused, UnknownScenario
from zhuoli.office.handle import Handled, Office, Request
from zhuoli.office.once import Once
from zhuoli.office.opening import make_office
from zhuoli.places import Places
from zhuoli.store.models import CaseRecord, EntryRecord
from zhuoli.web import when
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


class Opened(msgspec.Struct, frozen=True):
    """A case that was raised: its id, its receipt number, and the code (empty when it was made anew since)."""

    case: int
    receipt: str
    code: str


@Once
def office() -> Office:
    """Return the office; a scenario with mistakes is not on its shelf."""
    environment = settings.ENVIRONMENT
    return make_office(environment, clock=lambda: when.now(), sends_codes=sends_codes(environment))


def sends_codes(environment: Environment) -> bool:
    """Whether text messages go out: over the operator's channel, or onto the demonstration's page of messages."""
    if environment.channels is None:
        return environment.mode in ("demo", "test")
    try:
        return bool(read_channels(environment.channels).people.sms)
    except BadChannels:  # the worker says what is wrong with the file; people sign on paper meanwhile
        return False


def scenarios() -> dict[str, Scenario]:
    """Return what is on the shelf, by id."""
    return office().library.scenarios()


def own_work() -> frozenset[str]:
    """Return the scenarios that nobody of the public raises: an office's rounds, what models find, campaigns.

    They are no needs, and are left out wherever needs are counted together.
    """
    return frozenset(
        name for name, each in scenarios().items() if not {"resident", "enterprise"} & set(each.audience)
    )


def plan(name: str) -> Plan:
    """Return a compiled scenario of the shelf, for new cases.

    Raises:
        BadRequestPage: 404, there is none of this name.
    """
    try:
        return office().library.current(name)
    except UnknownScenario:
        raise not_found(text("error.no_matter")) from None


def plan_of(case: Case) -> Plan:
    """Return the plan of the version that a case was begun with."""
    return office().library.pinned(case.version, case.scenario)


def directory() -> FrozenDirectory:
    """Return who is responsible for what; the office goes by the same."""
    found, own = current_directory(when.now()), office()
    if own.directory is not found:
        own.directory = found
    return found


def places() -> Places:
    """Return all territories."""
    return load_places()


def calendar() -> Calendar:
    """Return the working calendar."""
    return office().calendar


def facts(actor: Actor) -> Facts:
    """Return what the core must know to say what this actor may do now."""
    return Facts(now=office().clock(), actor=actor, calendar=office().calendar, directory=directory())


def load(case: int) -> Case:
    """Return the state of a case, sealed.

    Raises:
        UnknownCase: there is none.
    """
    return read.load_state(case)


def case_of_receipt(receipt: str) -> int | None:
    """Return the case of a receipt number."""
    return CaseRecord.objects.filter(receipt=receipt).values_list("id", flat=True).first()


def open_case(*, key: str, scenario: str, actor: Actor, command: Open) -> Opened:
    """Raise a matter; the same key again gives the same case, even where the files were sent anew.

    Raises:
        Refusal: the core does not grant it.
    """
    try:
        handled = office().handle(Request(key=key, command=command, actor=actor, scenario=scenario))
    except KeyReused:
        # The form was sent twice, and its files were sealed anew: what counts is what was taken the first time.
        found = read.find_key(key)
        if found is None:
            raise
        receipt = read.load_state(found.case).receipt
        return Opened(found.case, receipt, code_of(found.case, receipt))
    return Opened(handled.case, handled.state.receipt, handled.code)


def code_of(case: int, receipt: str) -> str:
    """Return the code that goes with a receipt, for whoever has just been given it; empty when it was made anew."""
    key = EntryRecord.objects.filter(case_id=case, seq=1).values_list("command_key", flat=True).first()
    receipts = office().receipts
    code = receipts.code(key, receipt) if key else ""
    return code if receipts.check(receipt, code) == case else ""


def perform(
    *, key: str, case: int, actor: Actor, command: Command, expected_seq: int | None
) -> Handled | None:
    """Do something with a case; None when the same form had been sent before with its files sealed anew.

    Raises:
        Refusal: the core does not grant it.
        Conflict: somebody else has changed the case.
    """
    request = Request(key=key, command=command, actor=actor, case=case, expected_seq=expected_seq)  # type: ignore[arg-type]
    try:
        return office().handle(request)
    except KeyReused:
        return None
