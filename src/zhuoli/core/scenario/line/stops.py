"""What is on a line: its stops in order, each with what is written beside it."""

from __future__ import annotations

from typing import NamedTuple

from zhuoli.core.scenario.explain.words import Words, due
from zhuoli.core.scenario.line.state import LineState, StageState
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text

START = Text("提出", "Raised")
END = Text("办结", "Final answer")
MARKS: dict[str, Text] = {
    "answered": Text("已答复", "Answered"),
    "settled": Text("已销号", "Settled"),
    "unconfirmed": Text("未确认", "Unconfirmed"),
    "withdrawn": Text("已撤回", "Withdrawn"),
    "refused": Text("未受理", "Not accepted"),
    "merged": Text("已并入", "Merged"),
}
STATES: dict[StageState, Text] = {
    "available": Text("未开始", "ahead"),
    "active": Text("办理中", "under way"),
    "completed": Text("已完成", "done"),
    "terminated": Text("已中止", "stopped"),
}


class Stop(NamedTuple):
    """One stage on the line; ``siding`` when a case need not go through it. ``details`` are for explanations."""

    id: str
    title: Text
    state: StageState | None
    notes: tuple[Text, ...]
    siding: bool
    details: tuple[Text, ...] = ()


def stops(scenario: Scenario, state: LineState | None, *, details: bool = False) -> list[Stop]:
    """The stages as stops; without a state each says its time limit instead of how far it is."""
    words = Words(scenario) if details else None
    found = []
    for name, stage in scenario.stages.items():
        now = state.stages.get(name) if state is not None else None
        notes: tuple[Text, ...] = ()
        if state is None:
            notes = (due(stage.due),) if stage.due is not None else ()
        elif now is not None and now.note is not None:
            notes = (now.note,)
        found.append(
            Stop(
                id=name,
                title=stage.title,
                state=None if state is None else (now.state if now is not None else "available"),
                notes=notes,
                siding=not stage.required,
                details=_details(words, name) if words is not None else (),
            )
        )
    return found


def terminus(scenario: Scenario, state: LineState | None) -> tuple[Text, tuple[Text, ...]]:
    """What the last stop is called, and what it says below."""
    if state is None:
        return END, (due(scenario.due),) if scenario.due is not None else ()
    if state.mark:
        return MARKS[state.mark], (state.terminus,) if state.terminus is not None else ()
    if state.paused:
        return END, (state.pause,) if state.pause is not None else ()
    return END, (state.terminus,) if state.terminus is not None else ()


def described(scenario: Scenario, state: LineState | None) -> Text:
    """The whole line in a sentence, for those who do not see it."""
    parts_zh, parts_en = [], []
    for stop in stops(scenario, state):
        said = STATES[stop.state] if stop.state is not None else None
        parts_zh.append(f"{stop.title.zh}{f'（{said.zh}）' if said else ''}")
        parts_en.append(f"{stop.title.en}{f' ({said.en})' if said else ''}")
    title, notes = terminus(scenario, state)
    last_zh = "，".join([title.zh, *(note.zh for note in notes if note.zh)])
    last_en = ", ".join([title.en, *(note.en for note in notes if note.en)])
    joint_zh = joint_en = ""
    if state is not None and state.branches:
        joint_zh = "。联合办理：" + "、".join(one.title.zh for one in state.branches)
        joint_en = ". Joint handling: " + ", ".join(one.title.en for one in state.branches)
    return Text(f"{'、'.join(parts_zh)}；{last_zh}{joint_zh}", f"{'; '.join(parts_en)}; {last_en}{joint_en}")


def _details(words: Words, stage_id: str) -> tuple[Text, ...]:
    """The human tasks of a stage: what, who, how long."""
    found = []
    for task in words.scenario.stages[stage_id].human_tasks.values():
        if task.discretionary:
            continue
        who = words.who(task.candidates, task.role)
        limit = due(task.due) if task.due is not None else Text("", "")
        zh = " · ".join(part for part in (task.title.zh, who.zh, limit.zh) if part)
        en = " · ".join(part for part in (task.title.en, who.en, limit.en) if part)
        found.append(Text(zh, en))
    return tuple(found)
