"""Checks service tasks against the manifest of capabilities, and every notice that is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhuoli.core.case.plan import MOMENTS
from zhuoli.core.scenario.capabilities import CAPABILITIES, KIND_WORDS, Parameter
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.items import Item
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import ServiceTask
from zhuoli.core.scenario.names import signature_names
from zhuoli.core.scenario.notices import LOWER, NOTICE_NAMES, slots
from zhuoli.core.text import Text

MOST_ATTEMPTS = 20


def check_services(report: Report, language: Language) -> None:
    """Look at every service task and every notice."""
    for item in report.items.all.values():
        if isinstance(item.part, ServiceTask):
            _service(report, language, item, item.part)
    _issued(report)
    sent = _sent(report)
    all_known = sent.keys() <= report.scenario.notices.keys()
    for name, notice in report.scenario.notices.items():
        if name not in sent and all_known:
            report.say("unused_notice", report.marks.key("notices", name), name=name)
        for body in (notice.body.zh, notice.body.en):
            _notice(report, language, name, body, to_party=sent.get(name, False))


def _service(report: Report, language: Language, item: Item, task: ServiceTask) -> None:
    capability = CAPABILITIES.get(task.call)
    if not 1 <= task.attempts <= MOST_ATTEMPTS:
        report.say("bad_attempts", report.marks.value(*item.path, "attempts"), value=task.attempts)
    if capability is None:
        report.unknown("unknown_capability", report.marks.value(*item.path, "call"), task.call, CAPABILITIES)
        return
    for name, value in task.give.items():
        path = (*item.path, "give", name)
        parameter = capability.parameter(name)
        if parameter is None:
            place = report.marks.key(*path)
            report.unknown("unknown_parameter", place, name, capability.parameters, call=task.call)
        else:
            _parameter(report, language, path, name, parameter, value)
    for name, parameter in capability.parameters.items():
        if parameter.required and name not in task.give:
            report.say("missing_parameter", report.marks.key(*item.path), call=task.call, name=name)


def _issued(report: Report) -> None:
    """Notices that go out by themselves: the notice and the event exist."""
    events = list(MOMENTS)
    for notice, event in report.scenario.issue.items():
        if notice not in report.scenario.notices:
            place = report.marks.key("issue", notice)
            report.unknown("unknown_notice", place, notice, report.scenario.notices)
        if event not in events:
            report.unknown("unknown_event", report.marks.value("issue", notice), event, events)


def _parameter(
    report: Report, language: Language, path: Path, name: str, parameter: Parameter, value: str | int | bool
) -> None:
    place = report.marks.value(*path)
    if isinstance(value, str) and value.startswith("="):
        wanted = value[1:].strip()
        if wanted in language.personal:
            report.say("personal_in_expression", place, name=wanted)
        elif wanted not in language.names:
            report.unknown("unknown_name_here", place, wanted, sorted(language.names))
        return
    if parameter.kind == "notice" and isinstance(value, str):
        if value not in report.scenario.notices:
            report.unknown("unknown_notice", place, value, report.scenario.notices)
        return
    if parameter.kind == "party" and isinstance(value, str):
        if value not in report.scenario.parties:
            report.unknown("unknown_party", place, value, report.scenario.parties)
        return
    if parameter.kind == "matter" and isinstance(value, str):
        if value not in report.scenario.next_matters:
            report.unknown("unknown_next_matter", place, value, report.scenario.next_matters)
        return
    if parameter.kind == "form" and isinstance(value, str):
        if value not in report.scenario.forms:
            report.unknown("unknown_form", place, value, report.scenario.forms)
        return
    fits = {
        "text": isinstance(value, str),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "yes_no": isinstance(value, bool),
        "any": True,
    }
    if not fits.get(parameter.kind, False):
        report.say("bad_parameter", place, name=name, value=value, wanted=KIND_WORDS[parameter.kind])


def _sent(report: Report) -> dict[str, bool]:
    """The notices that a service task sends; true when each time to a declared party."""
    sent: dict[str, bool] = {}
    for item in report.items.all.values():
        if isinstance(item.part, ServiceTask):
            notice, to = item.part.give.get("notice"), item.part.give.get("to")
            if isinstance(notice, str):
                sent[notice] = sent.get(notice, True) and to in report.scenario.parties
    for notice in report.scenario.issue:
        sent[notice] = sent.get(notice, True) and "requester" in report.scenario.parties
    return sent


def _notice(report: Report, language: Language, name: str, body: str, *, to_party: bool) -> None:
    known = {*NOTICE_NAMES, *language.names, *signature_names(report.scenario)}
    labels = labels_of(report.scenario) if "|" in body else {}
    for slot in slots(body):
        place = report.marks.in_notice(name, body, slot.line, slot.column)
        if slot.form not in ("", LOWER) or (slot.form and not _is_choice(slot.name, labels)):
            report.say("notice_form", place, name=slot.name, form=slot.form)
        if slot.name in language.personal:
            if not to_party:
                report.say("notice_to_nobody", place, name=slot.name)
        elif slot.name not in known and not _doubtful(slot.name, language.doubtful):
            nearest = did_you_mean(slot.name, sorted(known))
            allowed = _like(slot.name, known)
            report.say("unknown_name_here", place, name=slot.name, nearest=nearest, allowed=allowed)


def _is_choice(name: str, labels: Mapping[str, Text]) -> bool:
    return any(label.startswith(f"{name}=") for label in labels)


def _doubtful(name: str, doubtful: Iterable[str]) -> bool:
    return any(name.startswith(one) for one in doubtful)


def _like(name: str, known: set[str]) -> Text:
    """Names with the same beginning, else the notices' own."""
    start = name.partition(".")[0]
    shown = sorted(one for one in known if one.startswith(f"{start}.")) or sorted(NOTICE_NAMES)
    listed = ", ".join(shown[:40])
    return Text(listed, listed)
