"""A form of a scenario as fields on a page, and what was typed as answers for the core.

The core alone decides whether an answer is right. This module only shows what is to be asked: it leaves out
questions that are not relevant after the answers so far, and carries what was typed back onto the page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from django.http import QueryDict

from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import PlanForm, PlanQuestion
from zhuoli.core.feel import MissingAnswer
from zhuoli.core.feel.errors import RunError, WrongValue
from zhuoli.core.scenario.model import Picture
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.web.row_choices import row_options

PREFIX = "a-"
"""Before the name of a question in the page, so that no question can be taken for a field of our own."""

FILE_TYPES = frozenset({"photos", "files"})
SIMPLE_INPUTS = {
    "text": "text",
    "integer": "text",
    "decimal": "text",
    "date": "date",
    "datetime": "datetime-local",
    "phone": "tel",
    "email": "email",
    "id_number": "text",
    "credit_code": "text",
    "plate": "text",
    "signature": "text",
    "point": "text",
}
KEYBOARDS = {"integer": "numeric", "decimal": "decimal", "phone": "tel", "email": "email"}
FILLED_BY_BROWSER = {"phone": "tel", "email": "email", "signature": "name"}

_SLIPS = str.maketrans("０１２３４５６７８９．，,", "0123456789...")

Levels = Callable[[str], "list[PlaceLevel]"]
"""Given the place chosen so far, the select boxes to show."""
Options = tuple[tuple[Text, tuple[tuple[str, Text], ...]], ...]
"""Choices under headings: the value that is sent, and what is shown."""


class Picking(Protocol):
    """The two questions of a form that are asked as choices of the directory (``web.picking``)."""

    @property
    def provider(self) -> str:
        """The question that asks whom to see."""
        ...

    @property
    def at(self) -> str:
        """The question that asks when."""
        ...

    @property
    def held(self) -> str:
        """Whose time the case holds now, or ""."""
        ...

    def providers(self) -> Options:
        """Return who can be seen."""
        ...

    def times(self, provider: str) -> Options:
        """Return the free times of somebody."""
        ...


class PlaceLevel(msgspec.Struct, frozen=True):
    """One select box of the place picker: its level's name, what can be chosen, what is."""

    level: str
    options: tuple[tuple[str, Text], ...]
    chosen: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question as the template shows it; ``pictures`` are those that its choices point at, by choice.

    ``options`` are the choices of whom to see (type ``provider``), of free times (type ``slot``), and of rows of a register (type
    ``row``). ``templates`` are
    words to begin with: title, text, and whether they fit the case. So many choices come ``first``: others have pointed at the same
    pictures.
    """

    name: str
    id: str
    html: str
    type: str
    title: Text
    hint: Text | None
    why: Text | None
    required: bool
    value: Any
    choices: tuple[tuple[str, Text, Text | None], ...]
    mistake: Text | None
    controls: bool
    input: str
    keyboard: str
    autocomplete: str
    max_length: int
    min: str
    max: str
    levels: tuple[PlaceLevel, ...]
    files: tuple[File, ...]
    calculated: bool
    group: Text | None = None
    pictures: Mapping[str, Picture] = {}
    options: Options = ()
    templates: tuple[tuple[Text, Text, bool], ...] = ()
    first: int = 0

    @property
    def first_choices(self) -> tuple[tuple[str, Text, Text | None], ...]:
        """The choices that others have made already, which come before all others."""
        return self.choices[: self.first]

    @property
    def other_choices(self) -> tuple[tuple[str, Text, Text | None], ...]:
        """All others."""
        return self.choices[self.first :]

    @property
    def others_open(self) -> bool:
        """Whether the answer is among the others, so that they must be seen."""
        return any(key == self.value for key, _, _ in self.other_choices)


def read(form: PlanForm, post: QueryDict) -> dict[str, Any]:
    """Return the answers that a page has sent, by the question's own name; unanswered ones are left out."""
    answers: dict[str, Any] = {}
    for name, asked in form.questions.items():
        value = _typed(asked, post)
        if value is not None and value != "" and value != []:
            answers[name] = value
    return answers


def relevant(
    form: PlanForm, answers: Mapping[str, Any], known: Mapping[str, Any], files: Sequence[File] = ()
) -> list[str]:
    """Return the names of the questions that are to be asked after these answers, in order.

    ``known`` is the case file so far, by full name.
    """
    return list(_asked_now(form, answers, known, files))


def _asked_now(
    form: PlanForm, answers: Mapping[str, Any], known: Mapping[str, Any], files: Sequence[File]
) -> dict[str, bool]:
    """Return the questions that are to be asked, and whether each must be answered."""
    values = dict(known)
    for file in files:
        if file.question in form.questions:
            full = form.questions[file.question].full
            values[full] = values.get(full, 0) + 1
    asked_now: dict[str, bool] = {}
    for name, asked in form.questions.items():
        if asked.relevant is not None and not asked.relevant.holds(values):
            continue
        asked_now[name] = asked.required or (
            asked.required_if is not None and asked.required_if.holds(values)
        )
        if asked.calculate is not None:
            try:
                values[asked.full] = asked.calculate.evaluate(values)
            except (MissingAnswer, RunError):
                continue
        elif name in answers:
            try:
                values[asked.full] = _for_conditions(asked, answers[name])
            except (WrongValue, ValueError):
                continue
    return asked_now


def with_calculated(form: PlanForm, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case file so far with these answers and with what is calculated from them, by full name."""
    values = {
        **known,
        **{form.questions[name].full: value for name, value in answers.items() if name in form.questions},
    }
    for asked in form.questions.values():
        if asked.calculate is not None:
            try:
                values[asked.full] = asked.calculate.evaluate(values)
            except (MissingAnswer, RunError):
                continue
    return values


def given(
    form: PlanForm, post: QueryDict, known: Mapping[str, Any], files: Sequence[File] = ()
) -> dict[str, Any]:
    """Return the answers to the questions that are relevant; what was typed into others is dropped."""
    answers = read(form, post)
    asked_now = set(relevant(form, answers, known, files))
    return {name: value for name, value in answers.items() if name in asked_now}


def fields(
    form: PlanForm,
    answers: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    levels: Levels,
    mistakes: Mapping[str, Text] | None = None,
    files: Sequence[File] = (),
    scope: str = "",
    pick: Picking | None = None,
    templates: Mapping[str, tuple[tuple[Text, Text, bool], ...]] | None = None,
    place: str = "",
    said: Mapping[str, Collection[str]] | None = None,
) -> list[Field]:
    """Return the fields to show now; ``scope`` keeps their ids apart where a page has several forms.

    ``said`` are by question the choices that were made elsewhere in the case, as far as whoever reads may know. ``place`` is where the
    case is, for rows of registers; without it, the place that the answers give.
    """
    mistakes = mistakes or {}
    shown = _asked_now(form, answers, known, files)
    controlling = _controlling(form)
    if pick is not None:
        controlling |= {name for name, asked in form.questions.items() if asked.question.type == "place"}
    heads = _heads(form, shown)
    found = [
        _field(
            form.questions[name],
            answers.get(name),
            required=required,
            levels=levels,
            mistake=mistakes.get(name),
            controls=name in controlling,
            files=tuple(file for file in files if file.question == name),
            known=known,
            scope=scope,
            group=heads.get(name),
            pictures=form.pictures,
        )
        for name, required in shown.items()
    ]
    if templates:
        found = [msgspec.structs.replace(field, templates=templates.get(field.name, ())) for field in found]
    if said:
        found = [_said_first(field, said.get(field.name, ())) for field in found]
    if any(form.questions[name].question.register for name in shown):
        found = [
            _chosen(field, form.questions[field.name], place or _place(form, answers)) for field in found
        ]
    return found if pick is None else [_picked(field, pick, answers) for field in found]


def _picked(field: Field, pick: Picking, answers: Mapping[str, Any]) -> Field:
    """Ask whom to see and when as choices."""
    chosen = str(answers.get(pick.provider) or pick.held)
    if field.name == pick.provider:
        return msgspec.structs.replace(
            field, type="provider", options=pick.providers(), value=chosen, controls=True
        )
    if field.name == pick.at:
        return msgspec.structs.replace(field, type="slot", options=pick.times(chosen))
    return field


def _place(form: PlanForm, answers: Mapping[str, Any]) -> str:
    asked = (name for name, each in form.questions.items() if each.question.type == "place")
    return next((str(answers[name]) for name in asked if answers.get(name)), "")


def _chosen(field: Field, asked: PlanQuestion, place: str) -> Field:
    """Offer the rows of a register, where the question names one and it has some."""
    register = asked.question.register
    options = row_options(register, place, str(field.value or "")) if register else ()
    return msgspec.structs.replace(field, type="row", options=options) if options else field


def _heads(form: PlanForm, shown: Collection[str]) -> dict[str, Text]:
    """Return the headings of groups by the first question of each that is asked now."""
    heads: dict[str, Text] = {}
    waiting: Text | None = None
    for name, asked in form.questions.items():
        waiting = asked.question.group or waiting
        if waiting is not None and name in shown and asked.calculate is None:
            heads[name], waiting = waiting, None
    return heads


def _field(
    asked: PlanQuestion,
    value: Any,
    *,
    required: bool,
    levels: Levels,
    mistake: Text | None,
    controls: bool,
    files: tuple[File, ...],
    known: Mapping[str, Any],
    scope: str,
    group: Text | None,
    pictures: Mapping[str, Picture],
) -> Field:
    question = asked.question
    kind = question.type
    if value is None and asked.full in known:
        value = known[asked.full]
    if kind == "datetime" and isinstance(value, int):
        value = local(value).strftime("%Y-%m-%dT%H:%M")
    return Field(
        name=asked.name,
        id=scope + PREFIX + asked.name,
        html=PREFIX + asked.name,
        type=kind,
        title=question.title,
        hint=question.hint,
        why=question.why,
        required=required,
        value=value,
        choices=tuple((key, choice.title, choice.hint) for key, choice in question.choices.items()),
        mistake=mistake,
        controls=controls,
        input=SIMPLE_INPUTS.get(kind, ""),
        keyboard=KEYBOARDS.get(kind, ""),
        autocomplete=FILLED_BY_BROWSER.get(kind, "off" if question.personal else ""),
        max_length=question.max_length,
        min=question.min,
        max=question.max,
        levels=tuple(levels(str(value or ""))) if kind == "place" else (),
        files=files,
        calculated=asked.calculate is not None,
        group=group,
        pictures={
            key: pictures[choice.picture]
            for key, choice in question.choices.items()
            if choice.picture in pictures
        },
    )


def _said_first(field: Field, said: Collection[str]) -> Field:
    """Put those pictures first at which somebody has pointed before."""
    first = [choice for choice in field.choices if choice[0] in said]
    if not field.pictures or not first or len(first) == len(field.choices):
        return field
    rest = [choice for choice in field.choices if choice[0] not in said]
    return msgspec.structs.replace(field, choices=(*first, *rest), first=len(first))


def _controlling(form: PlanForm) -> set[str]:
    """Return the questions on whose answers it may depend whether others are asked or must be answered."""
    conditions = " ".join(
        f"{asked.question.relevant} {asked.question.required_if}" for asked in form.questions.values()
    )
    return {name for name, asked in form.questions.items() if asked.full in conditions}


def _typed(asked: PlanQuestion, post: QueryDict) -> Any:
    kind, name = asked.question.type, PREFIX + asked.name
    if kind in FILE_TYPES or kind in ("note", "calculate"):
        return None
    if kind == "many":
        return post.getlist(name)
    if kind == "place":
        return deepest(post.getlist(name))
    value = (post.get(name) or "").strip()
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(value)
    if kind in ("integer", "decimal"):
        # Full-width digits and a decimal comma are slips of the keyboard, not other answers.
        value = value.translate(_SLIPS)
    return value


def deepest(codes: Sequence[str]) -> str:
    """Return the most exact of the places chosen in the boxes of one picker.

    A box whose parent was changed afterwards does not count: each must lie in the one before.
    """
    place = ""
    for code in codes:
        if not code or (place and not code.startswith(significant(place))):
            break
        place = code
    return place


def significant(code: str) -> str:
    """Return the part of a 12-digit division code that all places within it share."""
    for length in (2, 4, 6, 9):
        if set(code[length:]) <= {"0"}:
            return code[:length]
    return code


def _for_conditions(asked: PlanQuestion, value: Any) -> Any:
    if asked.question.type == "datetime" and isinstance(value, str):
        return instant_of(datetime.fromisoformat(value))
    if asked.type is None:
        return value
    return asked.type.read(value, asked.full)
