"""Checks what somebody has filled in, question by question, and turns it into a record for the case file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.commands import File
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import PlanForm, PlanQuestion
from zhuoli.core.case.reading import plain
from zhuoli.core.case.refusals import refuse
from zhuoli.core.feel import Condition, MissingAnswer, Value
from zhuoli.core.feel.errors import RunError
from zhuoli.core.text import Text

_ENCODE = msgspec.json.Encoder().encode


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What has been filled in and holds: ready for a ``Recorded`` event and its ``Attached`` ones."""

    answers: dict[str, Any]
    personal: dict[str, e.Personal]
    files: tuple[File, ...]


def check_answers(
    form: PlanForm,
    given: Mapping[str, Any],
    files: Iterable[File],
    known: dict[str, Any],
    parties: Mapping[str, str],
    directory: Directory,
    *,
    partial: bool = False,
) -> Checked:
    """Check answers against their form.

    ``known`` is the case file so far, by full name; it is written on. Questions that are not relevant are dropped, as XLSForm
    does; with ``partial`` only the given questions are checked and none is required.

    Raises:
        Refusal: ``answers_wrong``, with a sentence for each question.
    """
    work = _Work(form, known, parties, directory)
    files = tuple(files)
    for file in files:
        work.count_file(file)
    if not given.keys() <= form.questions.keys():
        work.wrong.update((name, _text_unknown(name)) for name in given if name not in form.questions)
    for question in form.asked:
        if not question.idle or question.name in given:
            work.check(question, given, partial=partial)
    if work.wrong:
        raise refuse("answers_wrong", work.wrong, count=len(work.wrong))
    return Checked(answers=work.answers, personal=work.personal, files=files)


class _Work:
    """One pass over a form, in its order; earlier answers are visible to later expressions."""

    __slots__ = ("answers", "directory", "form", "known", "parties", "personal", "wrong")

    def __init__(
        self, form: PlanForm, known: dict[str, Any], parties: Mapping[str, str], directory: Directory
    ) -> None:
        self.form = form
        self.known = known
        self.parties = parties
        self.directory = directory
        self.answers: dict[str, Any] = {}
        self.personal: dict[str, e.Personal] = {}
        self.wrong: dict[str, Text] = {}

    def count_file(self, file: File) -> None:
        """Count a file for the question that it answers."""
        if not file.question:
            return
        question = self.form.questions.get(file.question)
        if question is None or not question.files:
            self.wrong[file.question] = _text_unknown(file.question)
            return
        self.known[question.full] = self.known.get(question.full, 0) + 1

    def check(self, asked: PlanQuestion, given: Mapping[str, Any], *, partial: bool) -> None:
        """Check one question and take its answer into the record."""
        if self.wrong and asked.name in self.wrong:
            return
        if asked.relevant is not None and not self._holds(asked.relevant):
            return
        if asked.calculate is not None:
            self._calculate(asked, asked.calculate)
        elif asked.files:
            if not partial and not self.known.get(asked.full) and self._must(asked):
                self.wrong[asked.name] = _NEED_FILE
        else:
            raw = given.get(asked.name)
            if isinstance(raw, str):
                raw = raw.strip()
            if not raw and (raw is None or raw == "" or raw == []):
                if not partial and self._must(asked):
                    self.wrong[asked.name] = _REQUIRED
                elif asked.name in given and partial:
                    self._take(asked, None)
                return
            value, problem = asked.read(raw, self.directory)
            if problem is None:
                self.known[asked.full] = value
                if asked.constraint is not None:
                    problem = self._objection(asked, asked.constraint)
            if problem is None:
                self._take(asked, value)
            else:
                self.wrong[asked.name] = problem

    def _take(self, asked: PlanQuestion, value: Any) -> None:
        role = asked.personal
        if not role:
            self.answers[asked.full] = value
        elif value is not None:
            party = self.parties.get(role, "")
            if party:
                self.personal[asked.full] = e.Personal(party, _ENCODE(value).decode())
            else:
                self.wrong[asked.name] = _NO_PARTY

    def _calculate(self, asked: PlanQuestion, calculate: Value) -> None:
        try:
            value = plain(calculate.evaluate(self.known))
        except MissingAnswer:
            return
        except RunError as error:
            self.wrong[asked.name] = error.text
            return
        self.known[asked.full] = value
        self._take(asked, value)

    def _objection(self, asked: PlanQuestion, constraint: Condition) -> Text | None:
        """Return what a constraint has against the answers; what is not answered yet is no objection."""
        try:
            if constraint.evaluate(self.known):
                return None
        except MissingAnswer:
            return None
        except RunError as error:
            return error.text
        return asked.question.constraint_message or _CONSTRAINT

    def _must(self, asked: PlanQuestion) -> bool:
        return asked.required or (asked.required_if is not None and self._holds(asked.required_if))

    def _holds(self, condition: Condition) -> bool:
        try:
            return bool(condition.evaluate(self.known))
        except MissingAnswer:
            return False


def plain_outputs(outputs: Mapping[str, object]) -> dict[str, Any]:
    """Return a decision's outputs in the form in which the ledger keeps them."""
    return {name: plain(value) for name, value in outputs.items()}


_REQUIRED = Text("请填写这一项", "Answer this question")
_NEED_FILE = Text("请至少上传一个文件", "Add at least one file")
_NO_PARTY = Text("还没有说明这是谁的信息", "It is not said yet whose answer this is")
_CONSTRAINT = Text("这个答案不符合要求", "This answer does not meet the condition")


def _text_unknown(name: str) -> Text:
    return Text(f"表单里没有“{name}”这一项", f"The form has no question “{name}”")
