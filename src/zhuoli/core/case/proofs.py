"""What the core asks of the outside when somebody signs: whether the proof holds that it was they."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from zhuoli.core.case.codes import DIGITS, read_code
from zhuoli.core.case.refusals import Refusal, refuse
from zhuoli.core.text import Text

Method = Literal["code", "paper", "system"]
METHODS: dict[str, Text] = {
    "code": Text("姓名加一次性验证码", "name and one-time code"),
    "paper": Text("当面在纸上签", "on paper, in person"),
    "system": Text("电子签名系统", "electronic signature system"),
}
"""What each method is called."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that is wanted: whose, for which task (and its turn), under what (SHA-256), at which instant (ms UTC)."""

    case: int
    task: str
    run: int
    question: str
    party: str
    sha256: str
    at: int


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """A proof that holds: by which method, over which telephone (masked), and the other system's number for it."""

    method: Method
    phone: str = ""
    reference: str = ""


class Signing(Protocol):
    """What says, within one command, whether somebody has signed."""

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Return how it was proven, using the proof up; raises Refusal when it does not hold."""
        ...


class NoSigning:
    """Nobody can sign: where nothing else was set, no proof holds."""

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Refuse."""
        raise code_refused("code_unasked", wanted.question)


NO_SIGNING = NoSigning()


class AnyProof:
    """Every six digits hold: worked examples and their stories, where nothing is sent to anybody."""

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Accept six digits."""
        typed = read_code(code)
        if not typed:
            raise code_refused("code_missing", wanted.question)
        if len(typed) != DIGITS or not typed.isdigit():
            raise code_refused("code_wrong", wanted.question, left=0)
        return Proven(method="code")


ANY_PROOF = AnyProof()


def code_refused(code: str, question: str, **values: object) -> Refusal:
    """Return a refusal that is told beside the code of a signature."""
    found = refuse(code, None, **values)
    return Refusal(code, found.text, found.remedy, {f"{question.rpartition('.')[2]}.code": found.text})
