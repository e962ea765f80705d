"""What names are called, so that rules can be read aloud: ``form.kind`` is “什么灯 / What kind of lamp”."""

from __future__ import annotations

import csv

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.names import form_prefixes, human_tasks
from zhuoli.core.text import Text

CASE_LABELS: dict[str, Text] = {
    "case.channel": Text("来源", "the channel"),
    "case.priority": Text("优先级", "the priority"),
    "case.territory": Text("地区", "the territory"),
    "case.opened_date": Text("提出日期", "the date on which it was raised"),
    "case.reopenings": Text("重新办理次数", "the number of reopenings"),
    "case.channel=web": Text("网上", "web"),
    "case.channel=phone": Text("电话", "phone"),
    "case.channel=window": Text("窗口", "the window"),
    "case.channel=proxy": Text("代办", "a proxy"),
    "case.channel=guardian": Text("监护人代办", "a guardian"),
    "case.channel=partner": Text("协作单位", "a partner"),
    "case.channel=field": Text("现场采集", "the field"),
    "case.channel=discovery": Text("自主发现", "own discovery"),
    "case.channel=model": Text("模型发现", "a model"),
    "case.channel=handover": Text("由另一件事转来", "another matter"),
    "case.priority=normal": Text("一般", "normal"),
    "case.priority=high": Text("优先", "high"),
    "case.priority=urgent": Text("紧急", "urgent"),
}


def labels_of(scenario: Scenario) -> dict[str, Text]:
    """Labels of names and, as ``name=choice``, of their choices."""
    labels = dict(CASE_LABELS)
    for prefix, form in form_prefixes(scenario).items():
        questions = scenario.forms[form].questions if form in scenario.forms else {}
        for name, question in questions.items():
            labels[f"{prefix}.{name}"] = _quoted(question.title)
            for key, choice in question.choices.items():
                labels[f"{prefix}.{name}={key}"] = choice.title
    for name, count in scenario.earlier.items():
        labels[f"earlier.{name}"] = count.title
    for name, task in human_tasks(scenario).items():
        labels[f"{name}.outcome"] = Text(f"“{task.title.zh}”的结果", f"the outcome of “{task.title.en}”")
        for key, outcome in task.outcomes.items():
            labels[f"{name}.outcome={key}"] = outcome.title
        _outputs(labels, scenario, name, task.title, task.decide_with)
    for stage in scenario.stages.values():
        for name, decision in stage.decision_tasks.items():
            _outputs(labels, scenario, name, decision.title, decision.table)
            for output, called in decision.outputs.items():
                labels[f"{name}.{output}"] = _quoted(called.title)
                labels |= {f"{name}.{output}={key}": value.title for key, value in called.values.items()}
    _outputs(
        labels, scenario, "acceptance", Text("受理条件", "eligibility"), scenario.acceptance.eligible_with
    )
    return labels


def output_names(table: str) -> list[str]:
    """The outputs that a table's header names, as they are written."""
    lines = table.lstrip("\ufeff").splitlines() or [""]
    header = next(csv.reader(lines[:1]), [])
    found = []
    for cell in header:
        role, _, name = cell.strip().partition(" ")
        if role in ("then", "则"):
            found.append(name.strip())
    return found


def _outputs(labels: dict[str, Text], scenario: Scenario, prefix: str, title: Text, table: str) -> None:
    for name in output_names(scenario.tables.get(table, "")):
        said = name.replace("_", " ")
        labels.setdefault(f"{prefix}.{name}", Text(f"“{title.zh}：{said}”", f"“{title.en}: {said}”"))


def _quoted(title: Text) -> Text:
    """A question's title without its question mark, in quotes, to stand inside a sentence."""
    return Text(f"“{title.zh.rstrip('？?。：:')}”", f"“{title.en.rstrip('?.:')}”")
