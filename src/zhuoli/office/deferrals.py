"""Telling a look later: asked for with a legal ground, approved by a supervisor above, ended by its date, then disclosed.

An open investigation may be spoiled if a person reads at once that somebody looked at their data. So a post may ask that
its looks at one party of one case are told only from a date on. That is itself recorded (``office.acts``), never longer
than ``LONGEST``, never approved by whoever asked, and the person reads of it when the date has come. Whoever may approve
may also end it before its date, with a reason; then everything is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import acts
from zhuoli.office.access import above
from zhuoli.office.acts import By
from zhuoli.office.errors import OfficeError
from zhuoli.office.grants import granted

DAY = 86_400_000
LONGEST = 90 * DAY
"""No look is kept from anybody for longer (ms)."""

State = Literal["asked", "approved", "refused", "over"]


class Deferral(msgspec.Struct, frozen=True, kw_only=True):
    """One deferral: who asked, for which party's data, on what ground, until when (ms UTC), and how it was decided.

    One that was ended before its date has that moment as ``until``; ``planned`` is the date that it had, ``why_ended`` why.
    """

    number: int
    at: int
    unit: str
    post: str
    party: str
    ground: str
    reason: str
    until: int
    state: State
    approver: str
    decided: int | None
    planned: int = 0
    ended_by: str = ""
    why_ended: str = ""


def of_case(case: int, now: int, alias: str = "default") -> list[Deferral]:
    """Return the deferrals of a case, oldest first."""
    found: dict[int, Deferral] = {}
    for act in acts.of_case(case, alias):
        if act.what == "deferral.ask":
            until = int(act.details["until"])
            found[act.number] = Deferral(
                number=act.number,
                at=act.at,
                unit=act.unit,
                post=act.by.post,
                party=str(act.details["party"]),
                ground=str(act.details["ground"]),
                reason=str(act.details["reason"]),
                until=until,
                planned=until,
                state="asked" if until > now else "over",
                approver="",
                decided=None,
            )
        elif act.what in ("deferral.approve", "deferral.refuse") and int(act.details["asked"]) in found:
            asked = found[int(act.details["asked"])]
            state: State = (
                "refused" if act.what == "deferral.refuse" else "approved" if asked.until > now else "over"
            )
            found[asked.number] = msgspec.structs.replace(
                asked, state=state, approver=str(act.details["unit"]), decided=act.at
            )
        elif act.what == "deferral.end" and int(act.details["asked"]) in found:
            asked = found[int(act.details["asked"])]
            found[asked.number] = msgspec.structs.replace(
                asked,
                state="over",
                until=act.at,
                ended_by=str(act.details["unit"]),
                why_ended=str(act.details["reason"]),
            )
    return list(found.values())


def active(case: int, party: str, post: str, now: int, alias: str = "default") -> Deferral | None:
    """Return the approved deferral under which a post looks now; for words of the case itself any party's counts."""
    fitting = [
        each
        for each in of_case(case, now, alias)
        if each.state == "approved" and each.post == post and party in ("", each.party)
    ]
    return max(fitting, key=lambda each: each.until, default=None)


def told_from(look_post: str, look_party: str, until: int, ended: Iterable[Deferral]) -> int:
    """Return from when on (ms UTC) a look is told that was to be told at ``until``: sooner, if its deferral was ended.

    ``ended`` are the deferrals of its case; looks at the case itself have the party "".
    """
    times = [
        each.until
        for each in ended
        if each.why_ended
        and each.planned == until
        and each.post == look_post
        and look_party in ("", each.party)
    ]
    return min(times, default=until)


def told(case: int, party: str, now: int) -> list[Deferral]:
    """Return what a party reads of deferrals: those that were approved and have ended."""
    return [
        each
        for each in of_case(case, now)
        if each.party == party and each.decided is not None and each.state == "over" and each.until <= now
    ]


def ask(case: Case, actor: Actor, by: By, role: str, ground: str, reason: str, until: int, now: int) -> int:
    """Ask that this post's looks at a party are told later; return the number of the act.

    Raises:
        OfficeError: ``deferral_incomplete``, ``deferral_too_long``, or ``unknown_role``.
    """
    party = case.parties.get(role)
    if party is None:
        raise OfficeError(
            "unknown_role",
            Text("没有这位当事人。", "The case has no such party."),
            Text("请从列表中选择。", "Choose one of the list."),
        )
    if not ground.strip() or not reason.strip():
        raise OfficeError(
            "deferral_incomplete",
            Text("要写明法律依据和理由。", "A deferral needs a legal ground and a reason."),
            Text(
                "写明法律名称和条款，以及为什么现在告知会妨碍办案。",
                "Name law and article, and why telling now would spoil the case.",
            ),
        )
    if not now < until <= now + LONGEST:
        raise OfficeError(
            "deferral_too_long",
            Text(
                f"截止日期要在今后 {LONGEST // DAY} 天之内。",
                f"The end must lie within {LONGEST // DAY} days from now.",
            ),
            Text(
                "选一个更早的日期；确有需要，到期前再申请。",
                "Choose an earlier date; ask again before it ends if you must.",
            ),
        )
    details = {
        "party": party,
        "role": role,
        "ground": ground.strip(),
        "reason": reason.strip(),
        "until": until,
    }
    return acts.record(
        by, "deferral.ask", case.receipt, at=now, unit=actor.unit, case=case.id, details=details
    )


def may_decide(deferral: Deferral, actor: Actor, directory: Directory) -> bool:
    """Whether an actor may approve or refuse: a supervisor of a unit above the one that asked."""
    return granted(actor.roles).approves and actor.unit in above(deferral.unit, directory)


def end(
    case: Case, number: int, actor: Actor, by: By, directory: Directory, *, reason: str, now: int
) -> None:
    """End an approved deferral before its date: what was looked at under it is told at once.

    Raises:
        OfficeError: ``deferral_gone``, ``deferral_not_yours`` or ``deferral_no_reason``.
    """
    found = _decidable(case, number, "approved", actor, directory, now)
    if not reason.strip():
        raise OfficeError(
            "deferral_no_reason",
            Text("请写明为什么提前结束。", "Say why it ends before its date."),
            Text("写一句话，例如“案件已办结”。", "A sentence will do, such as “the case is closed”."),
        )
    details = {"asked": number, "unit": actor.unit, "reason": reason.strip()}
    acts.record(by, "deferral.end", case.receipt, at=now, unit=found.unit, case=case.id, details=details)


def decide(
    case: Case, number: int, actor: Actor, by: By, directory: Directory, *, approve: bool, now: int
) -> None:
    """Approve or refuse a deferral that was asked for.

    Raises:
        OfficeError: ``deferral_gone`` or ``deferral_not_yours``.
    """
    found = _decidable(case, number, "asked", actor, directory, now)
    what = "deferral.approve" if approve else "deferral.refuse"
    details = {"asked": number, "unit": actor.unit}
    acts.record(by, what, case.receipt, at=now, unit=found.unit, case=case.id, details=details)


def _decidable(
    case: Case, number: int, state: State, actor: Actor, directory: Directory, now: int
) -> Deferral:
    """Return the deferral that an actor is to decide on, which must be in this state."""
    found = next((each for each in of_case(case.id, now) if each.number == number), None)
    if found is None or found.state != state:
        raise OfficeError(
            "deferral_gone",
            Text("这一项已经有了决定，或已过期。", "It was decided already, or its date has passed."),
            Text("请看下面的记录。", "See the record below."),
        )
    if not may_decide(found, actor, directory):
        raise OfficeError(
            "deferral_not_yours",
            Text(
                "只有申请单位的上级单位负责人可以决定。",
                "Only a supervisor of a unit above the one that asked may decide.",
            ),
            Text("请交给上级单位。", "Pass it to the unit above."),
        )
    return found
