"""Parameter sets as folders of scenarios: each a model of its own, or all of a template as servings of one; and as models of dbt.

A folder is of the size that models on the shelf have: life cycle shared, form, one worked example, query and servings.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from benchmarks.models_data import TODAY, Parameters, Template

from zhuoli.environment import ROOT

As = Literal["folders", "servings", "texts"]
"""A folder for each parameter set; a folder for each template with all its sets; a folder for each set with its numbers in the text."""

_SCENARIO = """\
format: 1
scenario: {name}
life: rectify
title: {{zh: "{name}：查到就告知单位", en: "{name}: whoever is found is told"}}
purpose:
  zh: "生成的模型，只用来测速。登记册里查到的单位，由管这件事的部门告知：改好，或者说明。不改的依法移送。"
  en: "A generated model that measures speed and nothing else. An organisation that is found is told by the unit in charge: put it right, or say why not."
rows: [S27]
audience: [office]
theme: business
words:
  zh: [测速, 生成, {name}]
  en: [speed, generated, {name}]
legal_ground:
  - law: 行政许可法
    version: "2019-04-23"
    articles: 第六十一条
    note:
      zh: "生成的例子。"
      en: "A generated example."
routing:
  - competence: public_order
    why: {{zh: "生成的例子", en: "A generated example"}}
about: form.place
"""
_FORM = """\
intake:
  title: {zh: 查到了什么, en: What was found}
  questions:
    reason: {type: text, title: {zh: 为什么找到它, en: Why it was found}, required: true, max_length: 300}
    reason_en: {type: text, title: {zh: 为什么找到它（英文）, en: Why it was found (English)}, max_length: 300}
    site: {type: text, title: {zh: 场所, en: Site}, required: true, max_length: 20}
    place: {type: place, title: {zh: 在哪里, en: Where}, required: true}
    pieces: {type: integer, title: {zh: 几件, en: Pieces}, min: "0"}
    oldest: {type: date, title: {zh: 最早哪天, en: The earliest day}}
"""
_EXAMPLE = """\
put_right_by_the_day:
  title: {zh: 告知、限期，复查改好，销号, en: "Told, a date, put right and struck off"}
  start: "2026-03-02 06:00"
  steps:
    - as: system
      do: open
      with:
        channel: model
        answers: {reason: S000001 有 3 件，最早 2026-02-01, reason_en: "3 at S000001, the earliest on 2026-02-01", site: S000001, place: "620102000000", pieces: 3, oldest: "2026-02-01"}
      expect: {status: accepted, unit: public_order, stage: telling, tasks: [tell]}
    - as: lead
      do: complete
      at: "2026-03-04 10:00"
      with: {task: tell, outcome: will_do, answers: {said: 这周改好。, finish_by: "2026-03-12"}}
      expect: {stage: second_look, tasks: [look_again]}
    - as: lead
      do: complete
      at: "2026-03-13 10:00"
      with: {task: look_again, outcome: done, answers: {seen: 已改好。}}
      expect: {status: settled, result: fixed, late: false}
"""
_FIND = """\
long_ago:
  title: {{zh: 很久以前的不算, en: Long ago does not count}}
  today: "2026-03-02"
  registers:
    {register}: |
      id,site,county,kind,due,happened,amount,level,pending
      1,S000001,620102000000,a,2030-01-01,2001-01-01,1,1,false
  finds: []
"""
_QUERY = """\
subject: organisation
finds: {{zh: 生成的对象, en: Generated subjects}}
reads: [{reads}]
{parameters}answers: {{reason: reason_zh, reason_en: reason_en, site: subject, place: territory, pieces: pieces, oldest: oldest}}
evidence:
  pieces: {{zh: 几件, en: Pieces}}
  oldest: {{zh: 最早哪天, en: The earliest day}}
most: 12
precision: {{floor: 60, verdicts: 20}}
confirmed: [fixed, handed_on]
not_so: [not_so]
"""
_PARAMETERS = """\
parameters:
  days: {{title: {{zh: 天数, en: Days}}, default: {days}, minimum: 0, maximum: 3650, unit: {{zh: 天, en: days}}}}
  least: {{title: {{zh: 至少几件, en: At least}}, default: {least}, minimum: 0, maximum: 9999, unit: {{zh: 件, en: pieces}}}}
"""
_HEAD = "serving,title.zh,title.en,territory"


def write_shelf(shelf: Path, sets: Sequence[Parameters], as_: As) -> int:
    """Write the models of parameter sets; return how many folders there are."""
    shutil.copytree(ROOT / "scenarios" / "_lives", shelf / "_lives", dirs_exist_ok=True)
    of: dict[str, list[Parameters]] = defaultdict(list)
    for one in sets:
        of[one.template.name if as_ == "servings" else one.id].append(one)
    for name, some in of.items():
        folder = shelf / name
        folder.mkdir()
        first = some[0]
        files = {
            "scenario.yaml": _SCENARIO.format(name=name),
            "form.yaml": _FORM,
            "examples.yaml": _EXAMPLE,
            "finds.yaml": _FIND.format(register=first.template.reads[0]),
            "query.sql": text_of(first) if as_ == "texts" else shared_text(first.template),
            "query.yaml": _query(first, with_parameters=as_ != "texts"),
            "servings.csv": _servings(some, as_),
        }
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
    return len(of)


def shared_text(template: Template) -> str:
    """The query that takes its parameters from ``serving``."""
    return template.sql.format(days="s.days", least="s.least", by=", s.days, s.least") + "\n"


def text_of(one: Parameters) -> str:
    """The query with its numbers in the text."""
    return one.template.sql.format(days=one.days, least=one.least, by="") + "\n"


def alone_text(one: Parameters) -> str:
    """The query for one parameter set without any relation of servings: what somebody writes who has only this one."""
    served = f"(SELECT '{one.id}' AS serving, '{one.territory}' AS territory, DATE '{TODAY}' AS today)"
    return text_of(one).replace("JOIN serving s", f"JOIN {served} s")


def _query(one: Parameters, *, with_parameters: bool) -> str:
    parameters = _PARAMETERS.format(days=one.days, least=one.least) if with_parameters else ""
    return _QUERY.format(reads=", ".join(one.template.reads), parameters=parameters)


def _servings(some: Sequence[Parameters], as_: As) -> str:
    if as_ != "servings":
        return f"{_HEAD}\nall,全部,All,{some[0].territory}\n"
    rows = [f"{one.id},{one.id},{one.id},{one.territory},{one.days},{one.least}" for one in some]
    return "\n".join([f"{_HEAD},days,least", *rows, ""])
