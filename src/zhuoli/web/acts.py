"""What may be done with a case now, as small forms; and what such a form has sent, as a command.

Which acts are possible, what they are called and what follows from them is the core's (``actions.possible``).
This module only knows what each command must be told, and asks for it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from django.http import QueryDict

from zhuoli.core.case.actions import Action
from zhuoli.core.case.commands import COMMANDS, Command, File
from zhuoli.core.case.plan import Plan, PlanForm
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import references
from zhuoli.web import questions
from zhuoli.web.asks import ASKED, DECISIVE, SUBJECT, Ask
from zhuoli.web.errors import bad_parameter
from zhuoli.web.picking import pick_of
from zhuoli.web.signing import CODE, Sign
from zhuoli.web.wording import maybe, text

Options = tuple[tuple[str, Text], ...]
Groups = tuple[tuple[Text | None, Options], ...]


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an act's form, as the template shows it."""

    kind: str
    id: str
    name: str
    label: Text
    hint: Text | None
    required: bool
    groups: Groups
    value: str
    mistake: Text | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act as the template shows it. ``depends``: which questions there are depends on the outcome or on other answers.

    ``sign`` is how a person signs it, ``paper`` that an office notes a signature on paper.
    """

    id: str
    command: str
    task: str
    title: Text
    short: Text
    consequence: Text
    help: Text | None
    button: Text
    url: str
    key: str
    seq: int | None
    fields: tuple[Input, ...]
    questions: tuple[questions.Field, ...]
    kept: tuple[str, ...]
    blocked: Text | None
    open: bool = False
    party: bool = False
    second: bool = False
    depends: bool = False
    sign: Sign | None = None
    paper: bool = False

    @property
    def quick(self) -> bool:
        """Whether there is nothing to fill in: one button does it."""
        return not self.fields and not self.questions

    @property
    def page(self) -> str:
        """The page on which the form stands."""
        return self.url.removesuffix(f"{self.command}/")


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and did not succeed, so that the form can be shown again as it was."""

    command: str
    task: str
    post: QueryDict
    files: tuple[File, ...] = ()
    kept: tuple[str, ...] = ()
    mistakes: Mapping[str, Text] = {}
    missing: tuple[str, ...] = ()
    key: str = ""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """Where the options of an act come from; each is asked only when a form needs it."""

    units: Callable[[], Groups]
    posts: Callable[[], Options]
    levels: questions.Levels
    bodies: Callable[[str], Options] = lambda kind: ()
    sign: Callable[[str, str, Mapping[str, Text]], Sign | None] = lambda task, typed, mistakes: None


def new_key() -> str:
    """Return a new idempotency key: a form that is sent twice changes nothing the second time."""
    return str(uuid.uuid4())


def read_key(post: QueryDict) -> str:
    """Return the idempotency key of a form.

    Raises:
        BadRequestPage: it has none.
    """
    try:
        return str(uuid.UUID(post.get("_key", "")))
    except ValueError:
        raise bad_parameter("_key") from None


def build_act(
    action: Action,
    plan: Plan,
    case: Case,
    choices: Choices,
    *,
    url: str,
    seq: int | None,
    party: bool,
    tried: Tried | None = None,
) -> Act:
    """Return the form of one action. ``party`` says that the person concerned sees it, not an office."""
    mine = tried if tried and (tried.command, tried.task) == (action.command, action.task) else None
    scope = f"{slug(action)}-"
    form = _form(action, plan)
    fields = tuple(
        _input(ask, action, scope, choices, mine, plan)
        for ask in ASKED[action.command]
        if _is_asked(ask, action, party) and not _needless(ask, action, plan, party)
    )
    shown: Sequence[questions.Field] = ()
    if form is not None:
        known = _known(action, case, mine)
        given = questions.read(form, mine.post) if mine else {}
        shown = questions.fields(
            form,
            given,
            known,
            levels=choices.levels,
            mistakes=mine.mistakes if mine else {},
            files=mine.files if mine else (),
            scope=scope,
            pick=pick_of(
                plan, action.task, given, case.territory, case.booking.provider if case.booking else ""
            ),
            templates=_templates(plan, case, action.task),
            said=_said(case, action.task, party=party),
            place=case.territory,
        )
    paper = not party and action.command == "complete" and plan.signs(action.task)
    if paper:
        fields = tuple(_sheet(each) for each in fields)
    title = action.title
    if action.command in ("complete", "add_item", "assign", "claim", "release", "start"):
        title = Text(
            f"{action.title.zh}：{plan.title(action.task).zh}",
            f"{action.title.en}: {plan.title(action.task).en}",
        )
        if paper:
            title = text("sign.on_paper", task=plan.title(action.task))
    elif action.command == "close":
        title = _with_choices(action)
    elif action.command in ("share", "unshare"):
        body = plan.scenario.shares[action.task].title
        title = Text(f"{action.title.zh}{body.zh}", f"{action.title.en} {body.en.lower()}")
        if action.command == "unshare":
            title = Text(f"{action.title.zh}：{body.zh}", f"{action.title.en}: {body.en.lower()}")
    return Act(
        id=slug(action),
        command=action.command,
        task=action.task,
        title=title,
        short=action.title,
        consequence=action.consequence,
        help=_help(action, plan),
        button=action.title,
        url=url,
        key=mine.key if mine and mine.key else new_key(),
        seq=seq,
        fields=fields,
        questions=tuple(shown),
        kept=mine.kept if mine else (),
        blocked=action.blocked,
        open=mine is not None,
        party=party,
        second=action.command not in DECISIVE,
        sign=choices.sign(action.task, mine.post.get(CODE, "") if mine else "", mine.mistakes if mine else {})
        if action.command == "complete"
        else None,
        paper=paper,
        depends=form is not None
        and any(each.relevant or each.required_if for each in form.questions.values()),
    )


def _sheet(field: Input) -> Input:
    """Ask for the picture of the sheet that was signed."""
    if field.kind != "files":
        return field
    return msgspec.structs.replace(
        field, label=text("sign.sheet"), hint=text("sign.sheet_hint"), required=True
    )


def _help(action: Action, plan: Plan) -> Text | None:
    """Return what is said above a form: a task's hint, or what somebody agrees to."""
    if action.command == "share":
        return plan.scenario.shares[action.task].consent
    item = plan.items.get(action.task)
    return item.human.help if item and item.human else None


def _templates(plan: Plan, case: Case, task: str) -> dict[str, tuple[tuple[Text, Text, bool], ...]]:
    """Return by question the words with which an answer can begin, those that fit the case first."""
    found: dict[str, list[tuple[Text, Text, bool]]] = {}
    for name, each in plan.scenario.templates.items():
        prefix, _, question = each.question.partition(".")
        if prefix == task:
            fits = name in plan.templates and plan.templates[name].holds(case.answers)
            found.setdefault(question, []).append((each.title, each.text, fits))
    return {name: tuple(sorted(some, key=lambda one: not one[2])) for name, some in found.items()}


def _said(case: Case, task: str, *, party: bool) -> dict[str, set[str]]:
    """Return by question what was chosen in other tasks of the case: an office knows what every side has said, a side its own."""
    item = case.items.get(task)
    own = item.party if item is not None else ""
    found: dict[str, set[str]] = {}
    for name, value in case.answers.items():
        other, _, question = name.partition(".")
        told = case.items.get(other)
        if other == task or told is None or not told.party or not isinstance(value, str):
            continue
        if not party or told.party == own:
            found.setdefault(question, set()).add(value)
    return found


def _with_choices(action: Action) -> Text:
    """Name an act by what it can lead to, where there are two of a kind: answer and close (solved, explained)."""
    zh, en = (
        separator.join(names)
        for separator, names in (
            ("、", [choice.zh for choice in action.choices.values()]),
            (", ", [choice.en for choice in action.choices.values()]),
        )
    )
    return Text(f"{action.title.zh}（{zh}）", f"{action.title.en} ({en})")


def done(command: str) -> Text | None:
    """Return what a page says after an act; None for a word that is no act."""
    return text(f"done.{command}") if command in ASKED else None


def slug(action: Action) -> str:
    """Return what tells an act apart on a page: the command, and the task that it is about."""
    return "-".join(filter(None, (action.command, *re.split(r"[^a-z0-9_]+", action.task.lower()))))


def label(command: str, name: str) -> Text:
    """Return what a field of a command is called."""
    return maybe(f"ask.{command}.{name}") or text(f"ask.{name}")


def read_command(
    action: Action,
    plan: Plan,
    case: Case,
    post: QueryDict,
    files: Sequence[File],
    find_case: Callable[[str], int | None],
    *,
    party: bool,
) -> tuple[Command, tuple[str, ...]]:
    """Return the command that a form has sent, and the names of what is missing in it.

    Whether the command is granted is the core's to say; what is missing is told beside its field before.
    """
    values: dict[str, Any] = {}
    missing: list[str] = []
    for ask in ASKED[action.command]:
        if not _is_asked(ask, action, party):
            continue
        value = _value(ask, action, post, files, find_case)
        if value in (None, "", ()):
            if ask.required:
                missing.append(ask.name)
            continue
        values[ask.name] = value
    if action.command in SUBJECT:
        values[SUBJECT[action.command]] = action.task
    form = _form(action, plan)
    if form is not None:
        known = {**case.answers, f"{action.task}.outcome": values.get("outcome", "done")}
        answers = questions.given(form, post, known, files)
        if action.command == "record":
            answers = {
                name: value
                for name, value in answers.items()
                if case.answers.get(form.questions[name].full) != value
            }
        values["answers"] = answers
        values["files"] = tuple(files)
        if action.command == "complete" and form.signature is not None:
            values["code"] = (post.get(CODE) or "")[:20]
    if party and action.command == "note":
        values["audience"] = "everyone"
    for name in missing:
        values.setdefault(name, _EMPTY.get(name, ""))
    return COMMANDS[action.command](**values), tuple(missing)


_EMPTY: dict[str, Any] = {"items": (), "files": (), "into": 0, "score": 0}


def _form(action: Action, plan: Plan) -> PlanForm | None:
    if action.command == "complete":
        return plan.forms.get(action.task)
    return plan.forms["form"] if action.command == "record" else None


def _known(action: Action, case: Case, tried: Tried | None) -> dict[str, Any]:
    known = dict(case.answers)
    if action.command == "complete":
        outcome = tried.post.get("outcome") if tried else None
        if outcome:
            known[f"{action.task}.outcome"] = outcome
    return known


def _is_asked(ask: Ask, action: Action, party: bool) -> bool:
    if ask.name == "outcome" and action.command == "complete":
        return bool(action.choices)
    return not (party and ask.name == "audience")


def _needless(ask: Ask, action: Action, plan: Plan, party: bool) -> bool:
    """Whether a field need not be shown: files where a question takes them; to a person, a reason that no outcome wants."""
    item, form = plan.items.get(action.task), plan.forms.get(action.task)
    if action.command != "complete" or item is None or item.human is None:
        return False
    if ask.name == "reason":
        return party and not any(outcome.reason for outcome in item.human.outcomes.values())
    takes_files = form is not None and any(question.files for question in form.questions.values())
    return ask.name == "files" and (takes_files or (party and plan.signs(action.task)))


def _value(
    ask: Ask, action: Action, post: QueryDict, files: Sequence[File], find_case: Callable[[str], int | None]
) -> Any:
    raw = (post.get(ask.name) or "").strip()
    if ask.kind == "files":
        return tuple(files)
    if ask.kind == "lines":
        return tuple(line.strip() for line in raw.splitlines() if line.strip())
    if ask.kind == "score":
        return int(raw) if raw in {"1", "2", "3", "4", "5"} else None
    if ask.kind == "receipt":
        return find_case(raw) if raw else None
    if ask.kind == "agree":
        return raw == "yes" or None
    if ask.options and raw not in ask.options:
        return None
    if ask.kind == "radio" and not ask.options and raw not in action.choices:
        return None
    return raw


def _input(ask: Ask, action: Action, scope: str, choices: Choices, tried: Tried | None, plan: Plan) -> Input:
    value = (tried.post.get(ask.name) or "") if tried else _DEFAULTS.get((action.command, ask.name), "")
    required = ask.required
    hint = maybe(f"ask_hint.{action.command}.{ask.name}")
    return Input(
        kind={
            "lines": "area",
            "receipt": "text",
            "score": "radio",
            "post": "select",
            "system": "select",
            "body": "select",
        }.get(ask.kind, ask.kind),
        id=scope + ask.name,
        name=ask.name,
        label=label(action.command, ask.name),
        hint=hint,
        required=required,
        groups=_groups(ask, action, choices),
        value=value,
        mistake=text("ask.missing") if tried and ask.name in tried.missing else None,
    )


_DEFAULTS = {
    ("triage", "priority"): "normal",
    ("supervise", "within"): "2 working days",
    ("note", "audience"): "office",
}


def _groups(ask: Ask, action: Action, choices: Choices) -> Groups:
    if ask.kind == "unit":
        return choices.units()
    if ask.kind == "post":
        return ((None, choices.posts()),)
    if ask.kind == "body":
        return ((None, choices.bodies(action.task)),)
    if ask.kind == "score":
        return ((None, tuple((str(score), text(f"score.{score}")) for score in (5, 4, 3, 2, 1))),)
    if ask.kind == "system":
        return ((None, tuple((key, each.title) for key, each in references.systems().items())),)
    if ask.options:
        return (
            (None, tuple((option, text(f"option.{option.replace(' ', '_')}")) for option in ask.options)),
        )
    return ((None, tuple(action.choices.items())),)
