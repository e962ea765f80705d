"""Where a person can be reached: the number or mail address that they gave in the form, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from zhuoli.channels.messages.settings import Kind
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.masking import masked

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

PURPOSE = "message"
"""The purpose of the look at a number in order to send a message; the person reads it among the looks."""
_KINDS: dict[str, Kind] = {"phone": "sms", "email": "mail"}
_FOR_OTHERS = ("guardian", "proxy", "contact")
"""Roles that are told in the requester's place when the requester gave no address."""


class Address(msgspec.Struct, frozen=True):
    """A way to somebody: its kind, the number or mail address, and the same for eyes that need not know it."""

    kind: Kind
    to: str
    masked: str


def addresses(office: Office, plan: Plan, case: Case, party: str) -> list[Address]:
    """Return the addresses of a party, of whoever acts for it where it gave none; the look is recorded."""
    others = [case.parties[role] for role in _FOR_OTHERS if role in case.parties]
    for each in dict.fromkeys((party, *(others if party == case.parties.get("requester") else ()))):
        fields = _fields(plan, case, each)
        if not fields:
            continue
        opened = read.open_personal(office, case.id, each, list(fields), PURPOSE, SYSTEM)
        found = [_address(fields[name], str(value)) for name, value in opened.items() if value]
        if found:
            return sorted(found, key=lambda address: address.kind, reverse=True)
    return []


def _fields(plan: Plan, case: Case, party: str) -> dict[str, Kind]:
    """Return the answers of a party that are addresses, by full name."""
    if party in case.erased:
        return {}
    return {
        asked.full: _KINDS[asked.question.type]
        for form in plan.forms.values()
        for asked in form.questions.values()
        if asked.question.type in _KINDS
        and asked.full in case.personal
        and case.personal[asked.full].party == party
    }


def _address(kind: Kind, value: str) -> Address:
    if kind == "mail":
        return Address(kind, quote(value, safe="@"), masked("email", value))
    digits = "".join(sign for sign in value if sign.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        digits = "86" + digits
    return Address(kind, digits, masked("phone", digits[-11:]))
