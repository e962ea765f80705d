"""Checks how decision tables are used, and that they leave no gap and claim nothing twice."""

from __future__ import annotations

from zhuoli.core.feel import BOOLEAN, Table
from zhuoli.core.scenario.check.expressions import Language, table_users
from zhuoli.core.scenario.check.items import Item
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import DecisionTask, HumanTask
from zhuoli.core.text import Text


def check_tables(report: Report, language: Language) -> None:
    """Look at every use of a table, and at every table."""
    scenario = report.scenario
    _eligibility(report, language)
    for item in report.items.all.values():
        if isinstance(item.part, DecisionTask):
            _known(report, (*item.path, "table"), item.part.table)
            _named(report, language, item, item.part)
        elif isinstance(item.part, HumanTask) and item.part.decide_with:
            path = (*item.path, "decide_with")
            if _known(report, path, item.part.decide_with):
                table = language.tables.get(item.part.decide_with)
                if table is not None:
                    _proposal(report, language, item, item.part, table)
    users = table_users(report)
    labels = labels_of(scenario)
    all_known = users.keys() <= scenario.tables.keys()
    for name in scenario.tables:
        if not users[name] and all_known:
            report.say("unused_table", report.marks.key("tables", name), name=name)
        table = language.tables.get(name)
        if table is not None:
            file = report.marks.key("tables", name)[0]
            report.mistakes += [one.at(file) for one in table.gaps_and_overlaps(labels)]
            for personal in sorted(table.names & language.personal.keys()):
                report.say("personal_in_expression", (file, 1, 0), name=personal)


def _named(report: Report, language: Language, item: Item, task: DecisionTask) -> None:
    """What is called by a name is an output of the table."""
    table = language.tables.get(task.table)
    for output in task.outputs:
        if table is not None and output not in table.outputs:
            place = report.marks.key(*item.path, "outputs", output)
            report.unknown("unknown_name_here", place, output, table.outputs)


def _eligibility(report: Report, language: Language) -> None:
    name = report.scenario.acceptance.eligible_with
    path = ("acceptance", "eligible_with")
    if not name or not _known(report, path, name) or name not in language.tables:
        return
    table = language.tables[name]
    if table.outputs.get("eligible") != BOOLEAN or table.gives_lists:
        how = Text(
            "写一列 then eligible，值为 true 或 false",
            "Write a column then eligible with the values true and false",
        )
        report.say("wrong_outputs", report.marks.value(*path), table=name, wanted="eligible", how=how)
    for used in sorted(table.names):
        if not used.startswith(("form.", "case.")):
            how = Text("申请资格只看受理表", "Eligibility looks at the intake form only")
            report.say("too_early", report.marks.key("tables", name), name=used, how=how)


def _known(report: Report, path: Path, name: str) -> bool:
    if name in report.scenario.tables:
        return True
    report.unknown("unknown_table", report.marks.value(*path), name, report.scenario.tables)
    return False


def _outcomes(table: Table, output: str) -> set[str]:
    """Every value that a table can give for an output."""
    names = [one.name for one in table.rules.outputs]
    if output not in names:
        return set()
    rules = [*table.rules.rules, *([table.rules.otherwise] if table.rules.otherwise else [])]
    return {str(rule.outputs[names.index(output)]) for rule in rules}


def _proposal(report: Report, language: Language, item: Item, task: HumanTask, table: Table) -> None:
    """The outcome that a table proposes is one of the task's; answers that it proposes suit their questions."""
    place = report.marks.value(*item.path, "decide_with")
    if not _outcomes(table, "outcome") <= set(item.outcomes):
        listed = ", ".join(item.outcomes)
        how = Text(f"outcome 的值只能是：{listed}", f"The values of outcome can only be: {listed}")
        report.say("wrong_outputs", place, table=task.decide_with, wanted="outcome", how=how)
    form = report.scenario.forms.get(task.form)
    for output, kind in table.outputs.items():
        asked = language.names.get(f"{item.id}.{output}")
        if form is not None and output in form.questions and asked is not None and asked.kind != kind.kind:
            how = Text(
                f"应为{asked.in_words().zh}，与问题一致",
                f"It must be {asked.in_words().en}, as the question is",
            )
            report.say("wrong_outputs", place, table=task.decide_with, wanted=output, how=how)
