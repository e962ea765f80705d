"""Says what does not go together in a scenario and the registers: what it feeds, and what its forms let people choose.

    mistakes = check_fed(scenario, registers, marks_of(folder))

Whether expressions are right by themselves is looked at with the scenario (``zhuoli.core.scenario.check.feeds``).
"""

from __future__ import annotations

from collections.abc import Mapping

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.feel import FeelErrors, Type, compile_value
from zhuoli.core.registers.model import Field, Register
from zhuoli.core.scenario.check.items import items_of
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.feeds import KEY, Feed, feed_names
from zhuoli.core.scenario.figures import indicator_names
from zhuoli.core.scenario.marks import Marks, Path
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Mistake, Text

OF_THE_LOOP = frozenset({"loop_cases", "loop_tasks", "loop_entries"})
"""Registers that hold cases, tasks and entries themselves."""
_WANTED: dict[str, Text] = {
    "string": Text("文字或选项", "a text or a choice"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数字", "a number"),
    "boolean": Text("是或否", "yes or no"),
    "date": Text("日期", "a date"),
    "datetime": Text("日期和时间", "a point in time"),
}


def check_fed(
    scenario: Scenario, registers: Mapping[str, Register], marks: Marks | None = None
) -> list[Mistake]:
    """Check a scenario that is sound by itself. Without ``marks`` mistakes name the file but no line."""
    report = Report(scenario, marks or Marks(), items_of(scenario))
    _choosing(report, registers)
    if scenario.feeds:
        names = {**compile_plan(scenario).names, **indicator_names(scenario)}
        for key, feed in scenario.feeds.items():
            _feed(report, registers, names, key, feed)
    return report.mistakes


def _choosing(report: Report, registers: Mapping[str, Register]) -> None:
    for form, each in report.scenario.forms.items():
        for name, question in each.questions.items():
            if not question.register:
                continue
            place = report.marks.value("forms", form, "questions", name, "register")
            found = registers.get(question.register)
            if found is None:
                report.unknown("choose_register_unknown", place, question.register, list(registers))
            elif why := unfit(found):
                report.say("choose_register_unfit", place, name=question.register, why=why)


def unfit(register: Register) -> Text | None:
    """Say why one cannot choose a row of a register by its name in a county; None where one can."""
    if len(register.primary_key) != 1:
        return Text("主键不是一个字段", "its key is not one field")
    for name in ("name", "county"):
        if register.field(name) is None:
            return Text(f"没有字段 {name}", f"it has no field {name}")
    for name in (*register.primary_key, "name", "county"):
        if name in register.personal:
            return Text(f"{name} 是个人信息", f"{name} is personal")
    return None


def _feed(
    report: Report, registers: Mapping[str, Register], known: Mapping[str, Type], key: str, feed: Feed
) -> None:
    register = registers.get(key)
    place = report.marks.key("feeds", key)
    if register is None:
        fed = [name for name, one in registers.items() if _closed(one) is None]
        report.unknown("feed_register_unknown", place, key, fed)
        return
    if why := _closed(register):
        report.say("feed_register_closed", place, name=key, why=why)
        return
    fields = {one.name: one for one in register.fields if one.name != KEY}
    for column, ways in feed.row.items():
        path: Path = ("feeds", key, "row", column)
        field = fields.get(column)
        if field is None:
            report.unknown("feed_column_unknown", report.marks.key(*path), column, list(fields), register=key)
        elif field.personal:
            report.say("feed_column_personal", report.marks.key(*path), name=column)
        else:
            for number, way in enumerate(ways):
                _way(report, (*path, number, "value"), field, way.value, feed_names(feed, known))
    for name, field in fields.items():
        if field.constraints.required and name not in feed.row:
            report.say("feed_column_missing", report.marks.key("feeds", key, "row"), name=name)


def _closed(register: Register) -> Text | None:
    """Say why a register cannot be fed by ended cases; None where it can."""
    if register.fed_by != "loop" or register.register in OF_THE_LOOP:
        return Text("它的数据另有来处", "its rows come from elsewhere")
    field = register.field(KEY)
    if register.primary_key != (KEY,) or field is None or field.type != "integer":
        return Text("主键不是 case_id", "its key is not case_id")
    return None


def _way(report: Report, path: Path, field: Field, text: str, names: Mapping[str, Type]) -> None:
    try:
        kind = compile_value(text, names).type
    except FeelErrors:
        return  # told with the scenario
    place = report.marks.value(*path)
    if not _fits(field, kind):
        wanted, given = _WANTED[field.type], kind.in_words()
        report.say("feed_column_type", place, name=field.name, wanted=wanted, given=given)
        return
    values = [one.value for one in field.categories]
    for value in kind.values if values else ():
        if value not in values:
            shown = ", ".join(values)
            report.say("feed_column_value", place, name=field.name, value=value, allowed=shown)


def _fits(field: Field, kind: Type) -> bool:
    match field.type:
        case "string":
            return kind.kind in ("text", "choice")
        case "integer":
            return kind.kind == "number" and kind.whole
        case "number":
            return kind.kind == "number"
        case other:
            return kind.kind == other
