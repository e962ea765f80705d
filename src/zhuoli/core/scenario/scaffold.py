"""The first folder of a new scenario: few answers in, files out that pass ``check`` and ``test`` at once."""

from __future__ import annotations

import json
import re

import msgspec

from zhuoli.core.scenario.build import ID
from zhuoli.core.text import Text


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known to begin: ids are lower-case words, ``days`` are working days, at least one stage."""

    id: str
    title: Text
    audience: str
    competence: str
    days: int
    stages: tuple[Text, ...]
    rows: tuple[str, ...] = ("S5",)


def new_files(begin: Beginning) -> dict[str, str]:
    """The files of the new folder by relative name.

    Raises:
        ValueError: the id cannot be an id, there is no stage, or ``days`` is less than 1.
    """
    if not ID.match(begin.id):
        raise ValueError(f"{begin.id} cannot be an id")
    if begin.days < 1 or not begin.stages:
        raise ValueError("a scenario needs at least one working day and one stage")
    stages = stage_ids(begin.stages)
    return {
        "scenario.yaml": _scenario(begin, stages),
        "form.yaml": _form(begin, stages),
        "examples.yaml": _examples(begin, stages),
        "indicators.yaml": _INDICATORS,
        "notices/receipt.md": _receipt(begin),
    }


def id_from(text: str) -> str:
    """An id made from an English title: “Street lamp out” gives ``street_lamp_out`` (empty: none can be made)."""
    made = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return made if ID.match(made) else ""


def stage_ids(stages: tuple[Text, ...]) -> dict[str, Text]:
    """The stages by the ids that are made for them, in their order."""
    found: dict[str, Text] = {}
    taken = {"form", "case", "acceptance", "loop", "closing", "intake", "receipt"}
    for number, title in enumerate(stages, start=1):
        name = id_from(title.en) or f"stage_{number}"
        if name in taken or name in found or f"do_{name}" in found:
            name = f"{name}_{number}"
        found[name] = title
    return found


def _said(text: Text) -> str:
    """A text in both languages as it is written in YAML; JSON's quotes are YAML's too."""
    return f"{{zh: {json.dumps(text.zh, ensure_ascii=False)}, en: {json.dumps(text.en, ensure_ascii=False)}}}"


def _scenario(begin: Beginning, stages: dict[str, Text]) -> str:
    purpose = Text(
        f"提出“{begin.title.zh}”，{begin.days} 个工作日内办好并答复",
        f"Raise “{begin.title.en}”; it is dealt with and answered within {begin.days} working days",
    )
    kind = "enterprise" if begin.audience == "enterprise" else "resident"
    parts = []
    before = ""
    for name, title in stages.items():
        entry = f"    entry: {{on: {before}.completed}}\n" if before else ""
        parts.append(
            f"  {name}:\n"
            f"    title: {_said(title)}\n"
            f"{entry}"
            "    human_tasks:\n"
            f"      do_{name}:\n"
            f"        title: {_said(title)}\n"
            "        candidates: lead\n"
            f"        form: {name}\n"
            "        due: 1 working days\n"
        )
        before = name
    return _SCENARIO.format(
        id=begin.id,
        rows=", ".join(begin.rows),
        title=_said(begin.title),
        purpose=_said(purpose),
        audience=begin.audience,
        kind=kind,
        competence=begin.competence,
        days=begin.days,
        stages="".join(parts),
        first=next(iter(stages)),
    )


def _form(begin: Beginning, stages: dict[str, Text]) -> str:
    tasks = "".join(
        f"{name}:\n"
        f"  title: {_said(title)}\n"
        "  questions:\n"
        "    what_was_done:\n"
        "      type: long_text\n"
        "      title: {zh: 做了什么, en: What was done}\n"
        "      required: true\n"
        for name, title in stages.items()
    )
    return _FORM.format(title=_said(begin.title)) + tasks


def _examples(begin: Beginning, stages: dict[str, Text]) -> str:
    steps = "".join(
        "    - as: lead\n"
        "      do: complete\n"
        "      after: 1 hours\n"
        f"      with: {{task: do_{name}, answers: {{what_was_done: 已办}}}}\n"
        for name in stages
    )
    return _EXAMPLES.format(steps=steps)


def _receipt(begin: Beginning) -> str:
    return _RECEIPT.format(zh=begin.title.zh, en=begin.title.en)


_SCENARIO = """\
# yaml-language-server: $schema=../../docs/schema/scenario.schema.json
format: 1
scenario: {id}
rows: [{rows}]
title: {title}
purpose: {purpose}
# 依据写成 / Write grounds as:  - {{law: 法名, version: "2020-01-01", articles: 第一条}}
legal_ground: []
audience: [{audience}]
channels: [web, phone, window]

parties:
  requester: {{title: {{zh: 申请人, en: Requester}}, kind: {kind}, required: true}}

routing:
  - competence: {competence}

acceptance:
  by: unit
  due: 1 working days
  refusal_reasons:
    not_ours: {{title: {{zh: 不属于本事项, en: Not a matter of this kind}}, reason: true}}

due: {{promised: {days} working days, late: [urge, escalate]}}

stages:
{stages}
closing:
  results:
    done:
      title: {{zh: 已办结, en: Done}}
      needs: [do_{first}.what_was_done]
    not_possible: {{title: {{zh: 现在办不到, en: Cannot be done now}}, kind: impossible}}

privacy:
  purposes:
    handling: {{title: {{zh: 办理, en: Handling}}, fields: [form.story, form.phone]}}
  retention: 24 months

issue: {{receipt: case.accepted}}
"""

_FORM = """\
# yaml-language-server: $schema=../../docs/schema/form.schema.json
intake:
  title: {title}
  questions:
    place:
      type: place
      title: {{zh: 在哪里, en: Where is it}}
      required: true
    story:
      type: long_text
      title: {{zh: 什么事, en: What is it about}}
      required: true
      max_length: 1000
      personal: requester
      why: {{zh: 了解情况, en: To understand the matter}}
    phone:
      type: phone
      title: {{zh: 联系电话, en: Phone number}}
      required: true
      personal: requester
      why: {{zh: 告诉您进展, en: To tell you how it goes}}
"""

_EXAMPLES = """\
# yaml-language-server: $schema=../../docs/schema/examples.schema.json
settled:
  title: {{zh: 从提出到销号, en: From raising it to settling it}}
  start: 2026-03-02 09:00
  steps:
    - as: requester
      do: open
      with: {{channel: web, answers: {{place: "620102001000", story: 一件小事, phone: "13900000000"}}}}
      expect: {{status: received}}
    - as: lead
      do: accept
      after: 30 minutes
      expect: {{status: accepted}}
{steps}    - as: lead
      do: close
      with: {{result: done, answer: 已办好}}
      expect: {{status: closed, late: false}}
    - as: requester
      do: confirm
      with: {{score: 5}}
      expect: {{status: settled, score: 5}}
"""

_INDICATORS = """\
# yaml-language-server: $schema=../../docs/schema/indicators.schema.json
in_time:
  title: {zh: 按时办结率, en: Share answered in time}
  unit: share
  of: case.result_kind = "done"
  count: case.in_time
  target: 95%
"""

_RECEIPT = """\
# 受理回执 | Receipt

您提出的“{zh}”（{{{{case.receipt}}}}）已由 {{{{case.unit}}}} 受理，{{{{case.promised}}}} 前答复您。

---en---

Your request “{en}” ({{{{case.receipt}}}}) has been accepted by {{{{case.unit}}}}. You will have an answer by {{{{case.promised}}}}.
"""
