"""Compiles every expression and table of a scenario, collecting what is wrong with them.

Names come from three sources: declared questions and outcomes, calculations, and outputs of tables. The last
two need other names first, so they are compiled in rounds until nothing new can be. What stands on something
that is itself wrong is not blamed for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from zhuoli.core.feel import (
    BOOLEAN,
    Condition,
    FeelErrors,
    Table,
    Type,
    Value,
    compile_condition,
    compile_value,
    read_table,
)
from zhuoli.core.scenario.check.forms import sound_forms
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.names import form_prefixes, known_names, personal_names
from zhuoli.core.text import Mistake


class Written(NamedTuple):
    """An expression where it stands: ``own`` is the form (its prefix) whose personal answers it may read."""

    path: Path
    text: str
    own: str = ""
    early: bool = False


@dataclass
class Language:
    """The names of a scenario with their types, its tables, and what could not be compiled."""

    names: dict[str, Type]
    personal: dict[str, str]
    tables: dict[str, Table] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def early(self) -> dict[str, Type]:
        """The names that are known when a matter is raised."""
        return {
            name: kind for name, kind in self.names.items() if name.startswith(("form.", "case.", "earlier."))
        }


def check_expressions(report: Report) -> Language:
    """Compile everything; gives the names for the other checks."""
    scenario = msgspec.structs.replace(report.scenario, forms=sound_forms(report))
    language = Language(known_names(scenario), personal_names(scenario))
    language.doubtful = _doubtful(report)
    calculations = _calculations(report)
    users = table_users(report)
    failed = _rounds(report, language, calculations, users)
    language.doubtful |= {name for name in failed if name in calculations}
    language.doubtful |= {f"{user}." for name in failed for user in users.get(name, [])}
    for name in failed:
        if name in calculations:
            _value(report, language, calculations[name])
    for one in _conditions(report):
        _condition(report, language, one)
    return language


def table_users(report: Report) -> dict[str, list[str]]:
    """For each table the prefixes under which its outputs are known."""
    scenario = report.scenario
    users: dict[str, list[str]] = {name: [] for name in scenario.tables}
    if scenario.acceptance.eligible_with:
        users.setdefault(scenario.acceptance.eligible_with, []).append("acceptance")
    for stage in scenario.stages.values():
        for name, decision in stage.decision_tasks.items():
            users.setdefault(decision.table, []).append(name)
        for name, task in stage.human_tasks.items():
            if task.decide_with:
                users.setdefault(task.decide_with, []).append(name)
    return users


def compile_or_none(text: str, names: Mapping[str, Type]) -> Condition | None:
    """The condition, or nothing when it is wrong (which is said elsewhere)."""
    try:
        return compile_condition(text, names)
    except FeelErrors:
        return None


def _rounds(
    report: Report, language: Language, calculations: dict[str, Written], users: dict[str, list[str]]
) -> dict[str, FeelErrors]:
    """Compile calculations and tables until no more can be; gives the errors of those that cannot."""
    left: dict[str, Written | str] = {**calculations, **report.scenario.tables}
    failed: dict[str, FeelErrors] = {}
    while left:
        before = len(left)
        for name in list(left):
            written = left[name]
            try:
                if isinstance(written, Written):
                    scope = language.early() if written.early else language.names
                    value = compile_value(written.text, scope)
                    language.names[name] = value.type
                    _personal(report, language, written, value)
                    _shared(report, written, value)
                else:
                    language.tables[name] = read_table(written, language.names, file=f"{name}.csv")
                    _outputs(language, language.tables[name], users.get(name, []))
                del left[name]
                failed.pop(name, None)
            except FeelErrors as error:
                failed[name] = error
        if len(left) == before:
            break
    for name, wrong in failed.items():
        if name in report.scenario.tables:
            report.mistakes += [
                one.at(f"{name}.csv") for one in wrong.mistakes if not _blameless(one, language)
            ]
    return failed


def _doubtful(report: Report) -> set[str]:
    """Beginnings of names that stand on a form or table that does not exist; that is said elsewhere."""
    scenario = report.scenario
    forms = {f"{name}." for name, form in form_prefixes(scenario).items() if form not in scenario.forms}
    users = table_users(report).items()
    return forms | {f"{user}." for table, names in users if table not in scenario.tables for user in names}


def _blameless(one: Mistake, language: Language) -> bool:
    """Whether a table's mistake is only that it uses a doubtful name."""
    return one.code == "unknown_name" and any(name in one.message.en for name in language.doubtful)


def _outputs(language: Language, table: Table, users: list[str]) -> None:
    for user in users:
        for output, kind in table.outputs.items():
            language.names.setdefault(f"{user}.{output}", kind)


def _calculations(report: Report) -> dict[str, Written]:
    found = {}
    for prefix, form in form_prefixes(report.scenario).items():
        if form in report.scenario.forms:
            for name, question in report.scenario.forms[form].questions.items():
                if question.type == "calculate" and question.calculate:
                    path = ("forms", form, "questions", name, "calculate")
                    found[f"{prefix}.{name}"] = Written(path, question.calculate, prefix, prefix == "form")
    return found


def _conditions(report: Report) -> Iterable[Written]:
    """Every condition of the scenario where it stands."""
    scenario = report.scenario
    for prefix, form in form_prefixes(scenario).items():
        questions = scenario.forms[form].questions if form in scenario.forms else {}
        for name, question in questions.items():
            for key in ("relevant", "required_if", "constraint"):
                if getattr(question, key):
                    path = ("forms", form, "questions", name, key)
                    yield Written(path, getattr(question, key), prefix, prefix == "form")
    for number, rule in enumerate(scenario.routing):
        if rule.when:
            yield Written(("routing", number, "when"), rule.when, early=True)
    for name, template in scenario.templates.items():
        if template.when:
            yield Written(("templates", name, "when"), template.when)
    for number, urgency in enumerate(scenario.urgency):
        yield Written(("urgency", number, "when"), urgency.when, early=True)
    for item in report.items.all.values():
        for key, criteria in (("entry", item.part.entry), ("exit", item.exit)):
            for number, criterion in enumerate(criteria):
                if criterion.when:
                    yield Written((*item.path, key, number, "when"), criterion.when)
    for number, auto in enumerate(scenario.closing.auto):
        for place, criterion in enumerate(auto.entry):
            if criterion.when:
                yield Written(("closing", "auto", number, "entry", place, "when"), criterion.when)


def _condition(report: Report, language: Language, one: Written) -> None:
    names = {**language.early(), **_acceptance(language)} if one.early else language.names
    try:
        condition = compile_condition(one.text, names)
    except FeelErrors as error:
        _say(report, language, one, error.mistakes)
        return
    _personal(report, language, one, condition)
    _shared(report, one, condition)


def _shared(report: Report, one: Written, compiled: Condition | Value) -> None:
    """A form that several tasks use cannot name its own questions: which task would be meant?"""
    if one.path[0] != "forms":
        return
    users = [prefix for prefix, form in form_prefixes(report.scenario).items() if form == one.path[1]]
    named = sorted(name for name in compiled.names if name.partition(".")[0] in users)
    if len(users) > 1 and named:
        place = report.marks.within(one.path, one.text.find(named[0]) + 1)
        report.say("shared_form_refers", place, form=one.path[1], name=named[0])


def _acceptance(language: Language) -> dict[str, Type]:
    return {name: kind for name, kind in language.names.items() if name.startswith("acceptance.")}


def _value(report: Report, language: Language, one: Written) -> None:
    try:
        compile_value(one.text, language.early() if one.early else language.names)
    except FeelErrors as error:
        _say(report, language, one, error.mistakes)


def _personal(report: Report, language: Language, one: Written, compiled: Condition | Value) -> None:
    for name in sorted(compiled.names):
        if name in language.personal and name.partition(".")[0] != one.own:
            place = report.marks.within(one.path, one.text.find(name) + 1)
            report.say("personal_in_expression", place, name=name)


def _say(report: Report, language: Language, one: Written, mistakes: Iterable[Mistake]) -> None:
    for mistake in mistakes:
        rest = one.text[max(mistake.column - 1, 0) :]
        if mistake.code == "unknown_name" and any(rest.startswith(name) for name in language.doubtful):
            continue
        file, line, column = report.marks.within(one.path, mistake.column, mistake.line or 1)
        report.mistakes.append(msgspec.structs.replace(mistake, file=file, line=line, column=column))


__all__ = ["BOOLEAN", "Language", "check_expressions", "compile_or_none", "table_users"]
