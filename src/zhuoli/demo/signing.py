"""How generated people sign: they are taken at their word.

There is no telephone behind a generated number, so nothing is sent, typed or judged. The ledger says *code*, as everything else of
the demonstration is said to be generated.
"""

from __future__ import annotations

from zhuoli.core.case.proofs import Proven, Signing, Wanted
from zhuoli.core.case.state import Case
from zhuoli.office.requests import Request
from zhuoli.office.signing import Standing
from zhuoli.store.append import Work


class GeneratedCodes:
    """The signing system of generated people."""

    def standing(self, case: Case, task: str, party: str) -> Standing:
        """Nothing was sent."""
        return Standing()

    def begin(self, wanted: Wanted) -> Standing:
        """Send nothing."""
        return Standing()

    def count(self, request: Request) -> None:
        """Count nothing: they do not mistype."""

    def within(self, store: Work, case: Case) -> Signing:
        """Return what takes everybody at their word."""
        return self

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Take them at their word."""
        return Proven(method="code")
