"""How generated people sign: a code is issued to them and typed by them in the same breath, by the rules of real ones.

Nothing is sent and nothing kept: there is no telephone behind a generated number. The ledger says *code*, as everything else of
the demonstration is said to be generated.
"""

from __future__ import annotations

import secrets

from zhuoli.core.case import codes
from zhuoli.core.case.proofs import Proven, Signing, Wanted, code_refused
from zhuoli.core.case.state import Case
from zhuoli.office.requests import Request
from zhuoli.office.signing import Standing
from zhuoli.store.append import Work


class GeneratedCodes:
    """The signing system of generated people."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def standing(self, case: Case, task: str, party: str) -> Standing:
        """Nothing was sent."""
        return Standing()

    def begin(self, wanted: Wanted) -> Standing:
        """Send nothing."""
        return Standing()

    def count(self, request: Request) -> None:
        """Count nothing: they do not mistype."""

    def within(self, store: Work, case: Case) -> Signing:
        """Return what issues a code and judges it at once."""
        return self

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Issue a code for exactly this, and use it up."""
        bound = codes.Bound(
            nonce=b"generated",
            case=wanted.case,
            task=wanted.task,
            run=wanted.run,
            party=wanted.party,
            phone=b"",
            sha256=wanted.sha256,
        )
        sent = codes.Sent(bound=bound, made=wanted.at, tries=1)
        objection = codes.judge(sent, bound, codes.code_of(self._key, bound), self._key, wanted.at)
        if objection:
            raise code_refused(objection, wanted.question, left=0)
        return Proven(method="code")
