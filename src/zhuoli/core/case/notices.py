"""Notices that go out by themselves when something happens to the whole case."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import NOTICE_TASK, Plan
from zhuoli.core.text import Text

_LATER = re.compile("\u27e6(zh|en):([A-Za-z0-9_.]+)\u27e7")
ANNEX = "application/vnd.zhuoli.annex+json"
"""The other side's data in a paper that the law lets name both: a file of its own, so that erasing one erases it."""


def later_mark(name: str, language: str) -> str:
    """Return the mark in a filed paper at which a value of its annex is filled in when it is given out."""
    return f"\u27e6{language}:{name}\u27e7"


def fill_later(document: str, annex: Mapping[str, tuple[str, str]], gone: Mapping[str, str]) -> str:
    """Return a filed paper with the values of its annex; ``gone`` says in each language that one was erased."""

    def value(match: re.Match[str]) -> str:
        language, name = match[1], match[2]
        found = annex.get(name)
        return gone[language] if found is None else found[language == "en"]

    return _LATER.sub(value, document)


SKETCH = "application/vnd.zhuoli.sketch+json"
"""A sketch of what happened, kept with the case as lines."""
SKETCH_MARK = "\u27e6sketch\u27e7"
"""Stands in a filed paper, as a paragraph of its own, where the sketch of the case is drawn when it is given out."""


def issue_notices(draft: Draft) -> None:
    """Begin a service task for each notice whose moment is among the events of this command."""
    issues = draft.plan.issues
    if issues.keys().isdisjoint(map(type, draft.events)) or not draft.case.parties.get("requester"):
        return
    for event in tuple(draft.events):
        for notice in issues.get(type(event), ()):
            name = NOTICE_TASK + notice
            if not draft.active(name):
                run = draft.case.runs.get(name, 0) + 1
                draft.emit(
                    e.Activated(item=name, kind="service", run=run, unit=draft.case.unit, required=False)
                )


def filed_name(plan: Plan, name: str) -> Text:
    """Return what a file is called in both languages: a paper was filed by its Chinese title with its number behind, a copy by both."""
    filed = name.removesuffix(".md")
    title, _, number = filed.rpartition(" ")
    for notice in plan.scenario.notices.values():
        if notice.title.zh == title:
            return Text(filed, f"{notice.title.en} {number}")
    zh, both, en = filed.partition(" · ")
    made = both and zh and en and en.isascii() and "." not in en  # what somebody brings has an ending
    return Text(zh, en) if made else Text(filed, filed)
