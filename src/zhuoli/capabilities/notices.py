"""Notices: the scenario's text filled in, filed in the case or sent as a message to a party.

A personal name in a notice is filled in only with data of the party that receives it; the look is recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from zhuoli.core.case.commands import File
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.notices import ANNEX, SKETCH, SKETCH_MARK, later_mark
from zhuoli.core.case.proofs import METHODS
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.model import Notice
from zhuoli.core.scenario.names import SIGNED, personal_names
from zhuoli.core.scenario.notices import LOWER, fill, lowered, slots, without_marks
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text, local
from zhuoli.core.worktime.words import date_text, plain_date
from zhuoli.office import outbox, read
from zhuoli.office.seals import ToSeal
from zhuoli.office.slots import provider_named
from zhuoli.office.worker import Job, JobFailed, Result

NOTHING = Text("——", "—")
WITHHELD = Text("(不便透露)", "(withheld)")
SEAL = "case.seal"
"""Where the official seal belongs on a paper."""
_YES = Text("是", "yes")
_NO = Text("否", "no")


def issue(job: Job) -> Result:
    """Write the notice down as a document of the case, with a number of its own, for the party that it is for."""
    notice, party = _notice(job), _party(job)
    number = _number(job)
    also = _party(job, "also")
    body = _fill(job, notice, party, also if also != party else "")
    document = "\n\n".join(
        (
            f"# {notice.title.zh}",
            f"编号：{number}",
            body.zh,
            "---",
            f"# {notice.title.en}",
            f"No. {number}",
            body.en,
        )
    )
    file = job.office.files.put(
        document.encode(),
        name=f"{notice.title.zh} {number}",
        media_type="text/markdown; charset=utf-8",
        now=job.now,
        party=party,
    )
    annex = _annex(job, notice, also, file.name) if also and also != party else ()
    # The paper comes last: the message that it was issued tells of the last file.
    return Result(values={"number": number}, files=(*annex, file))


def _annex(job: Job, notice: Notice, also: str, name: str) -> tuple[File, ...]:
    """Seal the other side's data in a paper with that side's key; they are filled in when the paper is given out."""
    wanted = sorted(each for each in _wanted(notice) if _belongs(job, each, also))
    opened = read.open_personal(
        job.office, job.case.id, also, wanted, f"notice:{job.given['notice']}", SYSTEM
    )
    words = {each: _words(job, each, value) for each, value in opened.items()}
    if not words:
        return ()
    said = {each: (without_marks(text.zh), without_marks(text.en)) for each, text in words.items()}
    file = job.office.files.put(
        msgspec.json.encode(said), name=name, media_type=ANNEX, now=job.now, party=also
    )
    return (msgspec.structs.replace(file, by=also),)


def _wanted(notice: Notice) -> set[str]:
    return {slot.name for body in (notice.body.zh, notice.body.en) for slot in slots(body)}


def _belongs(job: Job, name: str, party: str) -> bool:
    return name in job.case.personal and job.case.personal[name].party == party


def notify(job: Job) -> Result:
    """Put the notice into the outbox as a message to the party; ``sent`` counts how many will go out (0 or 1)."""
    notice, party = _notice(job), _party(job)
    if not party:
        return Result(values={"sent": 0})
    done = outbox.enqueue(
        job.office,
        job.case,
        key=job.key,
        notice=str(job.given.get("notice")),
        title=notice.title,
        body=_fill(job, notice, party),
        party=party,
    )
    return Result(values={"sent": int(done)})


def _notice(job: Job) -> Notice:
    name = str(job.given.get("notice", ""))
    notice = job.plan.scenario.notices.get(name)
    if notice is None:
        raise JobFailed(f"no notice {name}")
    return notice


def _party(job: Job, role: str = "to") -> str:
    """Return whom the notice is for; empty when nobody has the role, or who had it was erased."""
    party = job.case.parties.get(str(job.given.get(role, "")), "")
    return "" if party in job.case.erased else party


def _number(job: Job) -> str:
    """Return the document's number: the receipt, which of the scenario's documents it is, and how often it was issued."""
    names = sorted(job.plan.scenario.notices)
    number = f"{job.case.receipt}-{names.index(str(job.given['notice'])) + 1:02d}"
    return number if job.run == 1 else f"{number}-{job.run}"


def _fill(job: Job, notice: Notice, party: str, also: str = "") -> Text:
    wanted = _wanted(notice)
    values = {name: Text("", "") if name == SEAL else _value(job, name) for name in wanted}
    personal = personal_names(job.plan.scenario)
    own = [
        name for name in wanted & job.case.personal.keys() if party and job.case.personal[name].party == party
    ]
    if own:
        opened = read.open_personal(
            job.office, job.case.id, party, own, f"notice:{job.given['notice']}", SYSTEM
        )
        values |= {name: _words(job, name, value) for name, value in opened.items()}
    for name in wanted & job.case.personal.keys() - set(own):
        later = Text(later_mark(name, "zh"), later_mark(name, "en"))
        values[name] = later if also and _belongs(job, name, also) else WITHHELD
    for name in wanted & personal.keys() - job.case.personal.keys():
        values[name] = NOTHING
    within = [slot.name for slot in slots(notice.body.en) if slot.form == LOWER]
    low = {
        name: without_marks(_words(job, name, job.case.answers.get(name), within=True).en)
        for name in within
        if values[name] not in (NOTHING, WITHHELD) and name not in job.case.personal
    }
    body = _written(notice, values, low)
    if SEAL in wanted:
        body = _written(notice, {**values, SEAL: _seal(job, body)}, low)
    return body


def _written(notice: Notice, values: dict[str, Text], low: dict[str, str]) -> Text:
    return Text(
        fill(notice.body.zh, {name: without_marks(value.zh) for name, value in values.items()}, NOTHING.zh),
        fill(
            notice.body.en, {name: without_marks(value.en) for name, value in values.items()}, NOTHING.en, low
        ),
    )


def _seal(job: Job, body: Text) -> Text:
    """Have the official seal put under everything else that the paper says."""
    return job.office.seal.seal(
        ToSeal(
            number=_number(job),
            case=job.case.id,
            notice=str(job.given["notice"]),
            unit=job.case.unit,
            unit_name=_unit(job),
            at=job.now,
            sha256=hashlib.sha256(f"{body.zh}{body.en}".encode()).hexdigest(),
        )
    )


def _value(job: Job, name: str) -> Text:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(job)
    if name.endswith(SIGNED):
        return _signed(job, name.removesuffix(SIGNED))
    return _words(job, name, job.case.answers.get(name))


def _words(job: Job, name: str, value: Any, *, within: bool = False) -> Text:
    """Put a value of the case file into words: choices by their titles, dates and yes or no as they are read.

    ``within`` gives the titles of choices as they stand within an English sentence.
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, int) and _is_instant(job, name):
        return _instant(job, value)
    if isinstance(value, list | tuple):
        parts = [_words(job, name, each, within=within) for each in value]
        return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
    label = labels_of(job.plan.scenario).get(f"{name}={value}")
    if label is not None:
        return Text(label.zh, lowered(label.en)) if within else label
    place = job.office.directory.place(value) if isinstance(value, str) and len(value) == 12 else None
    if place is not None:
        return place
    try:
        if isinstance(value, str):
            return date_text(date.fromisoformat(value), _year(job))
    except ValueError:
        pass
    return Text(str(value), str(value))


def _is_instant(job: Job, name: str) -> bool:
    """Whether an answer is an instant (ms UTC)."""
    prefix, _, question = name.partition(".")
    asked = job.plan.forms[prefix].questions.get(question) if prefix in job.plan.forms else None
    return asked is not None and asked.question.type == "datetime"


def _signed(job: Job, question: str) -> Text:
    """Say how a signature was given: by which method, when, and under what."""
    found = job.case.signatures.get(question)
    if found is None:
        return NOTHING
    at, how = f"{local(found.at):%Y-%m-%d %H:%M}", METHODS[found.method]
    number = f" {found.reference}" if found.reference else ""
    return Text(
        f"{how.zh}{number}，{at}，SHA-256 {found.sha256}", f"{how.en}{number}, {at}, SHA-256 {found.sha256}"
    )


def _unit(job: Job) -> Text:
    return job.office.directory.name(job.case.unit) or NOTHING


def _unit_phone(job: Job) -> Text:
    find = getattr(job.office.directory, "unit", None)
    phone = getattr(find(job.case.unit), "phone", "") if find else ""
    return Text(phone, phone) if phone else NOTHING


def _instant(job: Job, value: int | None) -> Text:
    return NOTHING if value is None else instant_text(value, _year(job))


def _year(job: Job) -> int:
    """The year in which the notice is written: days of another one are told with theirs."""
    return local(job.now).year


def _due(job: Job, limit: str) -> Text:
    clock = job.case.clocks.get("case")
    term = getattr(clock, limit) if clock is not None else None
    return _instant(job, term.due) if term is not None else NOTHING


def _answer(job: Job) -> Text:
    if not job.case.answer:
        return NOTHING
    answer = read.open_answer(job.office, job.case)
    return Text(answer, answer) if answer else NOTHING


def _result(job: Job) -> Text:
    found = job.plan.scenario.closing.results.get(job.case.result)
    return found.title if found is not None else NOTHING


def _with(job: Job) -> Text:
    held = job.case.booking
    if held is None:
        return NOTHING
    known = provider_named(held.provider)
    return known.name if known is not None else Text(held.provider, held.provider)


def _where(job: Job) -> Text:
    held = job.case.booking
    known = provider_named(held.provider) if held is not None else None
    if known is None or not (known.address.zh or known.phone):
        return NOTHING
    return Text(f"{known.address.zh} {known.phone}".strip(), f"{known.address.en} {known.phone}".strip())


def _sketch(job: Job) -> Text:
    drawn = any(each.media_type == SKETCH for each in job.case.files.values())
    return Text(SKETCH_MARK, SKETCH_MARK) if drawn else Text("", "")


_SPECIAL: dict[str, Callable[[Job], Text]] = {
    "case.receipt": lambda job: Text(job.case.receipt, job.case.receipt),
    "case.title": lambda job: job.plan.scenario.title,
    "case.unit": _unit,
    "case.unit_phone": _unit_phone,
    "case.due": lambda job: _due(job, "statutory"),
    "case.promised": lambda job: _due(job, "promised"),
    "case.opened": lambda job: _instant(job, job.case.opened),
    "case.accepted": lambda job: _instant(job, job.case.accepted),
    "case.closed": lambda job: _instant(job, job.case.closed),
    "case.result": _result,
    "case.answer": _answer,
    "case.today": lambda job: plain_date(local(job.now).date()),
    "case.sketch": _sketch,
    "case.appointment_with": _with,
    "case.appointment_at": lambda job: _instant(job, job.case.booking.at if job.case.booking else None),
    "case.appointment_where": _where,
}
