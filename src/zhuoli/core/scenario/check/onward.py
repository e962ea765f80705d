"""Checks the matters that a scenario opens next: what it gives by itself, and, across the shelf, what the other one asks.

``check_onward`` looks at one folder. ``check_across`` also knows the other scenarios, and so can say which of their
questions get no answer; ``folder`` and ``shelf`` call it once every folder has been read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from zhuoli.core.feel import FeelErrors, MissingAnswer, Type, compile_condition
from zhuoli.core.feel.errors import RunError, WrongValue
from zhuoli.core.scenario.capabilities import ANSWER
from zhuoli.core.scenario.catalog import Place
from zhuoli.core.scenario.check.expressions import Language, check_expressions
from zhuoli.core.scenario.check.items import items_of
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Marks, Path
from zhuoli.core.scenario.model import NextMatter, Question, Scenario, ServiceTask
from zhuoli.core.scenario.names import known_names, question_type
from zhuoli.core.text import Mistake

FILES = ("photos", "files")
MOST_COMBINATIONS = 1000
"""So many combinations of choices are gone through; beyond that only literals count."""
_WORDS = frozenset({"text", "long_text"})


def check_onward(report: Report, language: Language) -> None:
    """Look at what each next matter takes from this scenario: roles, names, files, and the purpose for personal ones."""
    used = {
        str(item.part.give.get("matter"))
        for item in report.items.all.values()
        if isinstance(item.part, ServiceTask) and item.part.call == "case.hand_on"
    }
    for name, matter in report.scenario.next_matters.items():
        path: Path = ("next_matters", name)
        if name not in used:
            report.say("unused_next_matter", report.marks.key(*path), name=name)
        for theirs, ours in matter.parties.items():
            if ours not in report.scenario.parties:
                place = report.marks.value(*path, "parties", theirs)
                report.unknown("unknown_party", place, ours, report.scenario.parties)
        for question, value in matter.answers.items():
            ours = _name(value)
            known = {*language.names, *language.personal}
            if ours and ours not in known and not any(ours.startswith(one) for one in language.doubtful):
                place = report.marks.value(*path, "answers", question)
                report.unknown("unknown_name_here", place, ours, sorted(known))
        for question, ours in matter.files.items():
            if not _is_file(report.scenario, ours):
                place = report.marks.value(*path, "files", question)
                report.unknown("not_a_file_question", place, ours, _file_names(report.scenario))
        _purpose(report, language, path, matter)


def _purpose(report: Report, language: Language, path: Path, matter: NextMatter) -> None:
    """Personal answers go along only for a purpose that the person has been told, and that covers them."""
    purposes = report.scenario.privacy.purposes
    personal = [name for value in matter.answers.values() if (name := _name(value)) in language.personal]
    if matter.purpose and matter.purpose not in purposes:
        report.unknown("unknown_purpose", report.marks.value(*path, "purpose"), matter.purpose, purposes)
        return
    if personal and not matter.purpose:
        listed = ", ".join(personal)
        report.say(
            "next_without_purpose", report.marks.key(*path), names=listed, example=next(iter(purposes), "…")
        )
        return
    covered = purposes[matter.purpose].fields if matter.purpose else ()
    for question, value in matter.answers.items():
        name = _name(value)
        if name in language.personal and covered and name not in covered:
            place = report.marks.value(*path, "answers", question)
            report.say("purpose_does_not_cover", place, name=name, purpose=matter.purpose)


def check_across(
    scenario: Scenario, others: Mapping[str, Scenario], marks: Marks | None = None
) -> list[Mistake]:
    """Check each next matter against the scenario that it opens; ``others`` are those of the shelf, by id."""
    raised = _raised(scenario)
    if not scenario.next_matters and not raised:
        return []
    report = Report(scenario, marks or Marks(), items_of(scenario))
    language = check_expressions(report)
    report.mistakes.clear()  # said already, by the check of the folder itself
    for name, matter in scenario.next_matters.items():
        path: Path = ("next_matters", name)
        other = others.get(matter.scenario)
        if other is None:
            place = report.marks.value(*path, "scenario")
            report.unknown("unknown_scenario", place, matter.scenario, sorted(others))
        else:
            _Taken(report, language, path, matter, other).check()
    for path, matter, channel in raised:
        other = others.get(matter.scenario)
        if other is None:
            place = report.marks.value(*path, "give", "scenario")
            report.unknown("unknown_scenario", place, matter.scenario, sorted(others))
        else:
            _Taken(report, language, path, matter, other, channel).check()
    return report.mistakes


def opened_by(scenario: Scenario) -> set[str]:
    """Return the ids of the scenarios that a scenario opens cases in."""
    matters = (*scenario.next_matters.values(), *(matter for _, matter, _ in _raised(scenario)))
    return {matter.scenario for matter in matters}


def _raised(scenario: Scenario) -> list[tuple[Path, NextMatter, str]]:
    """Return what the tasks that raise another case (``case.open``) give it, written as a next matter, and the channel."""
    found: list[tuple[Path, NextMatter, str]] = []
    for item in items_of(scenario).all.values():
        task = item.part
        if isinstance(task, ServiceTask) and task.call == "case.open":
            give = task.give
            answers = {k.removeprefix(ANSWER): v for k, v in give.items() if k.startswith(ANSWER)}
            photos = str(give.get("photos", ""))
            matter = NextMatter(
                scenario=str(give.get("scenario", "")),
                parties={"requester": str(give.get("requester", ""))},
                answers=answers,
                files={photos: ""} if photos else {},
            )
            found.append((item.path, matter, str(give.get("channel", ""))))
    return found


class _Taken:
    """One next matter and the scenario that takes it."""

    def __init__(
        self,
        report: Report,
        language: Language,
        path: Path,
        matter: NextMatter,
        other: Scenario,
        channel: str = "handover",
    ) -> None:
        self.channel = channel
        self.report = report
        self.language = language
        self.path = path
        self.matter = matter
        self.other = other
        form = other.forms.get(other.intake)
        self.asked: Mapping[str, Question] = form.questions if form is not None else {}
        roles = {*other.parties, "requester", "proxy"}
        self.roles = {role: role for role in report.scenario.parties if role in roles} | matter.parties

    def check(self) -> None:
        """Say what the other scenario would not take."""
        say, title = self.report.say, self.other.title
        if self.channel not in self.other.channels:
            name, place = self.other.scenario, self._value("scenario")
            say("next_not_taken", place, title=title, name=name, channel=self.channel)
        for theirs in self.matter.parties:
            if theirs not in self.other.parties and theirs not in ("requester", "proxy"):
                place = self._key("parties", theirs)
                self.report.unknown("unknown_party", place, theirs, self.other.parties)
        for role, party in self.other.parties.items():
            if party.required and role not in self.roles:
                say("next_party_missing", self._key(), title=title, role=party.title, name=role)
        for question in (*self.matter.answers, *self.matter.files):
            if question not in self.asked:
                part = "answers" if question in self.matter.answers else "files"
                place = self._key(part, question)
                self.report.unknown("unknown_question", place, question, self.asked, form=self.other.intake)
        self._required()
        for question, value in self.matter.answers.items():
            if question in self.asked:
                self._fits(question, self.asked[question], value)
        for question in self.matter.files:
            if question in self.asked and self.asked[question].type not in FILES:
                place = self._key("files", question)
                names = [name for name, asked in self.asked.items() if asked.type in FILES]
                self.report.unknown("not_a_file_question", place, question, names)

    def _key(self, part: str = "", name: str = "") -> Place:
        return self.report.marks.key(*self._path(part, name))

    def _value(self, part: str, name: str = "") -> Place:
        return self.report.marks.value(*self._path(part, name))

    def _path(self, part: str, name: str) -> Path:
        """Where a part of the mapping stands: under ``next_matters``, or in a task's ``with:``."""
        if self.path[0] == "next_matters":
            return (*self.path, *filter(None, (part, name)))
        written = {"answers": ANSWER + name, "files": "photos", "parties": name, "scenario": "scenario"}
        return (*self.path, "give", written[part]) if part else self.path

    def _required(self) -> None:
        """Each question that must be answered there has an answer here, as far as can be told."""
        for name, asked in self.asked.items():
            given = name in self.matter.answers or name in self.matter.files
            if given or not asked.required or asked.type in ("note", "calculate"):
                continue
            relevant = self._relevant(asked)
            if relevant is not False:
                code = "next_question_unmapped" if relevant else "next_may_be_asked"
                place = self._key()
                self.report.say(code, place, title=self.other.title, question=asked.title, name=name)

    def _relevant(self, asked: Question) -> bool | None:
        """Whether the question will be asked: by the literals and by what a choice can be; None: that depends."""
        if not asked.relevant:
            return True
        try:
            condition = compile_condition(asked.relevant, known_names(self.other))
            found = {condition.evaluate(known) for known in self._possible()}
        except (FeelErrors, MissingAnswer, RunError):
            return None
        return found.pop() if len(found) == 1 else None

    def _possible(self) -> Iterator[dict[str, object]]:
        """Give the answers that the other form can get, as far as they are literals or choices."""
        can_be: dict[str, Sequence[object]] = {}
        for name, value in self.matter.answers.items():
            ours = _name(value)
            kind = self.language.names.get(ours)
            if not ours:
                can_be[f"form.{name}"] = (value,)
            elif kind is not None and kind.kind == "choice":
                can_be[f"form.{name}"] = kind.values
        if prod(len(values) for values in can_be.values()) > MOST_COMBINATIONS:
            can_be = {name: values for name, values in can_be.items() if len(values) == 1}
        for values in product(*can_be.values()):
            yield dict(zip(can_be, values, strict=True))

    def _fits(self, name: str, asked: Question, value: str | int | bool) -> None:
        place = self._value("answers", name)
        ours = _name(value)
        if asked.type in (*FILES, "note", "calculate"):
            self.report.say("next_not_an_answer", place, name=name)
            return
        if not ours:
            kind = question_type(asked)
            if kind is not None and not _reads(kind, value):
                self.report.say("next_does_not_fit", place, value=value, name=name, title=self.other.title)
            return
        owner = self.language.personal.get(ours, "")
        if owner and not asked.personal:
            self.report.say("next_personal_opened", place, value=ours, name=name)
        elif owner and self.roles.get(asked.personal) != owner:
            self.report.say("next_other_person", place, value=ours, name=name, role=owner)
        elif asked.personal and asked.personal not in self.roles:
            self.report.say(
                "next_party_missing", place, title=self.other.title, role=asked.personal, name=asked.personal
            )
        own = _question(self.report.scenario, ours)
        if own is not None and own.type == "calculate":
            own = None
        kind = self.language.names.get(ours) or (question_type(own) if own is not None else None)
        if not _suits(kind, asked, own):
            self.report.say("next_does_not_fit", place, value=ours, name=name, title=self.other.title)
        elif asked.required and own is not None and not own.required:
            self.report.say("next_may_be_empty", place, value=ours, name=name, title=self.other.title)


def _suits(kind: Type | None, asked: Question, own: Question | None) -> bool:
    """Whether answers of a kind can stand for a question: the same kind of answer, choices among its choices."""
    wanted = question_type(asked)
    if kind is None or wanted is None:
        return kind is None
    if own is not None and asked.type not in _WORDS and own.type != asked.type:
        return False
    if own is not None and asked.max_length and asked.type in _WORDS:
        longest = own.max_length if own.type in _WORDS else 1
        if not longest or longest > asked.max_length:
            return False
    if wanted.kind in ("choice", "many"):
        return kind.kind == wanted.kind and set(kind.values) <= set(wanted.values)
    return kind.kind == wanted.kind or (asked.type in _WORDS and kind.kind == "choice")


def _reads(kind: Type, value: object) -> bool:
    try:
        kind.read(value)
    except WrongValue:
        return False
    return True


def _name(value: str | int | bool) -> str:
    """The name of the case file that is meant, or nothing for a literal."""
    return value[1:].strip() if isinstance(value, str) and value.startswith("=") else ""


def _question(scenario: Scenario, full: str) -> Question | None:
    prefix, _, name = full.partition(".")
    form = scenario.intake
    if prefix != "form":
        task = next(
            (s.human_tasks[prefix] for s in scenario.stages.values() if prefix in s.human_tasks), None
        )
        form = task.form if task is not None else ""
    found = scenario.forms.get(form)
    return found.questions.get(name) if found is not None else None


def _is_file(scenario: Scenario, full: str) -> bool:
    asked = _question(scenario, full)
    return asked is not None and asked.type in FILES


def _file_names(scenario: Scenario) -> list[str]:
    prefixes = ["form", *(name for stage in scenario.stages.values() for name in stage.human_tasks)]
    return [
        full
        for prefix in prefixes
        for form in scenario.forms.values()
        for name in form.questions
        if _is_file(scenario, full := f"{prefix}.{name}")
    ]
