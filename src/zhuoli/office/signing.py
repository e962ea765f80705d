"""How people sign: the port into which an office plugs its own electronic signature system.

``ZHUOLI_SIGNING`` says which system: ``codes`` (shipped: a typed name and a one-time code sent to the telephone that the party
gave), ``off`` (only on paper, before the office), or ``package.module:factory``, a function that is given the office and returns
a ``SigningSystem``. See docs/operators/signing.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from zhuoli.core.case.proofs import NO_SIGNING, Signing, Wanted
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from zhuoli.office.requests import Request
    from zhuoli.store.append import Work


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands with a signature; instants in ms UTC.

    ``why`` says why it cannot be given here (then it is given on paper). ``to`` is the telephone (masked) to which the last code
    went, ``sent`` when, ``until`` how long it is good, ``again`` when the next may be sent, ``left`` how many tries are left. ``out`` says how
    far its message is: gone, still waiting, refused and tried again, or given up. ``page`` is where to go on in a system that has pages of
    its own, which asks for no code here.
    """

    why: Text | None = None
    to: str = ""
    sent: int | None = None
    until: int = 0
    again: int = 0
    left: int = 0
    out: Literal["gone", "waiting", "refused", "given_up"] = "gone"
    page: str = ""


class SigningSystem(Protocol):
    """A way to sign."""

    def standing(self, case: Case, task: str, party: str) -> Standing:
        """Return how a party can sign a task now; changes nothing and asks nobody."""
        ...

    def begin(self, wanted: Wanted) -> Standing:
        """Begin a signature, such as by sending a code; raises Refusal when that cannot be done now."""
        ...

    def count(self, request: Request) -> None:
        """Count a try, durably, before anything is compared: a refusal must not take it back."""
        ...

    def within(self, store: Work, case: Case) -> Signing:
        """Return what judges a proof and uses it up within one transaction."""
        ...


class OnPaper:
    """Nothing is signed here: people sign on paper before the office, which notes it."""

    def standing(self, case: Case, task: str, party: str) -> Standing:
        """Say so."""
        return Standing(why=_OFF)

    def begin(self, wanted: Wanted) -> Standing:
        """Begin nothing."""
        return Standing(why=_OFF)

    def count(self, request: Request) -> None:
        """Count nothing."""

    def within(self, store: Work, case: Case) -> Signing:
        """Return what lets no proof hold."""
        return NO_SIGNING


_OFF = Text("这里没有开通网上签名", "Signing online is not set up here")
