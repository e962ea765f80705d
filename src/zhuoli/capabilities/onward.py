"""``case.hand_on``: the next matter is opened in another scenario, with everything that is needed to go on.

Answers go along by the table in the scenario file, personal ones for the purpose that it names (each look is recorded),
files with whoever brought them as their owner, parties with the same ids and so with the same rights. The command
that opens has a key made of the task and its run: a worker that was killed and asks again is given the same case.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from zhuoli.capabilities.copying import copied
from zhuoli.core.case.commands import File, Open, OtherMatter
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import NextMatter
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.office import read
from zhuoli.office.errors import OfficeError, UnknownScenario
from zhuoli.office.handle import Request
from zhuoli.office.wishes import keep_wish, wish_of
from zhuoli.office.worker import Job, JobFailed, Result


def hand_on(job: Job) -> Result:
    """Open the next matter once, however often this is asked, and return its receipt and the link to it."""
    matter = _matter(job)
    try:
        plan = job.office.library.current(matter.scenario)
    except UnknownScenario:
        raise _failed(
            f"架上没有场景 {matter.scenario}", f"there is no scenario {matter.scenario} on the shelf"
        ) from None
    key = f"next:{job.key}"
    found = read.find_key(key, job.office.alias)
    made = (
        read.load_state(found.case, job.office.alias) if found is not None else _open(job, matter, plan, key)
    )
    title = plan.scenario.title
    other = OtherMatter(
        case=made.id, scenario=made.scenario, receipt=made.receipt, title=(title.zh, title.en)
    )
    return Result(values={"receipt": made.receipt}, opened=other)


def _open(job: Job, matter: NextMatter, plan: Plan, key: str) -> Case:
    parties = _parties(job, matter, plan)
    answers = _answers(job, matter, plan)
    files = _files(job, matter)
    job.office.files.flush()
    here = job.plan.scenario.title
    command = Open(
        receipt="",
        channel="handover",
        parties=parties,
        answers=answers,
        files=files,
        occurred=job.case.occurred,
        territory=job.case.territory,
        origin=OtherMatter(
            case=job.case.id,
            scenario=job.case.scenario,
            receipt=job.case.receipt,
            title=(here.zh, here.en),
        ),
    )
    try:
        handled = job.office.handle(Request(key=key, command=command, actor=SYSTEM, scenario=matter.scenario))
    except Refusal as refusal:
        asked = plan.forms["form"].questions
        named = [asked[name].question.title if name in asked else Text(name, name) for name in refusal.fields]
        zh, en = "、".join(each.zh for each in named), ", ".join(each.en for each in named)
        raise _failed(
            f"“{plan.scenario.title.zh}”没有收下：{refusal.text.zh}{f'（{zh}）' if zh else ''}",
            f"{plan.scenario.title.en} did not take it: {refusal.text.en}{f' ({en})' if en else ''}",
        ) from refusal
    except OfficeError as error:
        raise _failed(error.text.zh, error.text.en) from error
    for party in set(parties.values()):
        keep_wish(job.office, handled.case, party, wish_of(job.office, job.case.id, party))
    return handled.state


def _matter(job: Job) -> NextMatter:
    name = str(job.given.get("matter", ""))
    matter = job.plan.scenario.next_matters.get(name)
    if matter is None:
        raise JobFailed(f"no next matter {name}")
    return matter


def _parties(job: Job, matter: NextMatter, plan: Plan) -> dict[str, str]:
    """Return who takes part there: the same people under the roles of the other scenario, without who was erased."""
    known = {"requester", "proxy", *plan.scenario.parties}
    roles = {role: role for role in job.case.parties if role in known} | matter.parties
    found = {}
    for theirs, ours in roles.items():
        party = job.case.parties.get(ours, "")
        if party and party not in job.case.erased:
            found[theirs] = party
    if job.case.parties.get("requester", "") in job.case.erased:
        raise _failed(
            "提出人的个人信息已经删除，不再转办", "the requester's data were erased: nothing is handed on"
        )
    return found


def _answers(job: Job, matter: NextMatter, plan: Plan) -> dict[str, Any]:
    """Return the answers for the other intake form; what is not answered here is left out."""
    wanted = {
        question: str(value)[1:].strip()
        for question, value in matter.answers.items()
        if isinstance(value, str) and value.startswith("=")
    }
    opened = _personal(job, matter, set(wanted.values()))
    answers: dict[str, Any] = {
        question: value for question, value in matter.answers.items() if question not in wanted
    }
    for question, name in wanted.items():
        value = opened.get(name, job.case.answers.get(name))
        if value is not None:
            asked = plan.forms["form"].questions.get(question)
            answers[question] = _as_given(value, asked.question.type if asked is not None else "")
    return answers


def _personal(job: Job, matter: NextMatter, names: set[str]) -> dict[str, Any]:
    """Open the personal answers that go along; the looks are recorded before anything is opened."""
    owners: dict[str, list[str]] = {}
    for name in sorted(names & job.case.personal.keys()):
        owners.setdefault(job.case.personal[name].party, []).append(name)
    opened: dict[str, Any] = {}
    for party, own in owners.items():
        if party not in job.case.erased:
            opened |= read.open_personal(job.office, job.case.id, party, own, matter.purpose, SYSTEM)
    return opened


def _as_given(value: Any, kind: str) -> Any:
    """Return a value of the case file in the form in which somebody would fill it in."""
    if kind == "datetime" and isinstance(value, int):
        return f"{local(value):%Y-%m-%dT%H:%M}"
    if isinstance(value, tuple):
        return list(value)
    return str(value) if kind == "decimal" else value


def _files(job: Job, matter: NextMatter) -> tuple[File, ...]:
    """Copy the files of the case, each sealed anew for whoever brought it; erased ones stay behind."""
    if not job.case.files:
        return ()
    opened = read.open_case(job.office, job.case.id, SYSTEM).state
    asked = {ours: theirs for theirs, ours in matter.files.items()}
    brought: dict[str, list[str]] = {}
    for each in opened.files.values():
        if each.by in job.case.parties.values() and each.by not in job.case.erased:
            brought.setdefault(each.by, []).append(each.question or "file")
    for party, questions in brought.items():
        read.record_look(
            job.office, job.case.id, party, set(questions), matter.purpose or read.HANDLING, SYSTEM
        )
    found: list[File] = []
    for file, each in opened.files.items():
        party = each.by if each.by in job.case.parties.values() else ""
        with suppress(FileNotFoundError):
            found.append(copied(job, file, each, asked.get(each.question, ""), party))
    return tuple(found)


def _failed(zh: str, en: str) -> JobFailed:
    """Return the failure in both languages; it names no person."""
    return JobFailed(f"{zh}\n{en}")
