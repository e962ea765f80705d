"""A case of another scenario: opened for somebody of this case, or joined where the same thing is in hand already.

Everything goes through the door like any other request. The key of the request follows from the task and its run, so
that whatever happens to the worker the other case is opened once.
"""

from __future__ import annotations

from typing import Any, Literal

from zhuoli.capabilities.copying import copied
from zhuoli.core.case.commands import AnyCommand, Attach, File, Note, Open, OtherMatter
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.scenario.capabilities import ANSWER
from zhuoli.office import read
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Request
from zhuoli.office.worker import Job, JobFailed, Result
from zhuoli.store.models import CaseRecord


def open_case(job: Job) -> Result:
    """Open the case, or tell the one in ``join`` that the same thing was seen again; give its receipt.

    Raises:
        JobFailed: nobody has the role, or the office refuses; the message names the questions, never an answer.
    """
    party = job.case.parties.get(str(job.given.get("requester", "")), "")
    if not party:
        raise JobFailed("nobody to raise it")
    other = _to_join(job)
    if other is not None:
        _tell(job, other, party)
        return Result(values={"receipt": other.receipt, "joined": True}, opened=_link(job, other, "joined"))
    command = Open(
        receipt="",
        channel=str(job.given["channel"]),
        parties={"requester": party},
        answers=_answers(job),
        files=_copies(job, str(job.given.get("photos", ""))),
        occurred=job.case.occurred,
        territory=job.case.territory,
    )
    handled = _handle(
        job, "open", command, Actor(kind="party", party=party), scenario=str(job.given["scenario"])
    )
    return Result(values={"receipt": handled.receipt, "joined": False}, opened=_link(job, handled, "raised"))


def _link(job: Job, other: Case, how: Literal["raised", "joined"]) -> OtherMatter:
    title = job.office.library.pinned(other.version, other.scenario).scenario.title
    return OtherMatter(
        case=other.id, scenario=other.scenario, receipt=other.receipt, title=(title.zh, title.en), how=how
    )


def _answers(job: Job) -> dict[str, Any]:
    """Return the answers for the other form; what this case does not know stays unanswered."""
    return {
        name.removeprefix(ANSWER): value
        for name, value in job.given.items()
        if name.startswith(ANSWER) and value is not None and value != ""
    }


def _to_join(job: Job) -> Case | None:
    """Return the case to join, if it is still open and of the same scenario and place; else a new one is right."""
    receipt = job.given.get("join")
    if not receipt:
        return None
    found = (
        CaseRecord.objects.using(job.office.alias)
        .filter(receipt=str(receipt), scenario=str(job.given["scenario"]), status__in=OPEN_STATUS)
        .values_list("id", flat=True)
        .first()
    )
    other = read.load_state(found, job.office.alias) if found is not None else None
    return other if other is not None and other.territory == job.case.territory else None


def _tell(job: Job, other: Case, party: str) -> None:
    """Leave in the other case what was seen, where the one who saw it has a part in that case."""
    if party not in other.parties.values():
        return
    actor = Actor(kind="party", party=party)
    said = _answers(job).get("story") or job.plan.scenario.title.zh
    _handle(job, "note", Note(text=str(said), audience="everyone"), actor, case=other.id)
    files = _copies(job, "")
    if files:
        _handle(job, "attach", Attach(files=files), actor, case=other.id)


def _copies(job: Job, question: str) -> tuple[File, ...]:
    """Seal the files of this case anew: each case holds its own, and erases its own."""
    if not job.case.files:
        return ()
    opened = read.open_case(job.office, job.case.id, SYSTEM).state
    return tuple(
        copied(job, name, each, question, "")
        for name, each in opened.files.items()
        if each.media_type.startswith("image/")
    )


def _handle(
    job: Job, what: str, command: AnyCommand, actor: Actor, *, case: int | None = None, scenario: str = ""
) -> Case:
    request = Request(
        key=f"{what}:{job.key}", command=command, actor=actor, case=case, scenario=scenario, at=job.now
    )
    try:
        job.office.files.flush()
        return job.office.handle(request).state
    except Refusal as refusal:
        raise JobFailed(" ".join((refusal.code, *sorted(refusal.fields)))) from refusal
    except OfficeError as error:
        raise JobFailed(error.code) from error
