"""The part of the page that tells how a matter is handled: stages, tasks and time limits."""

from __future__ import annotations

from collections.abc import Iterator

from zhuoli.core.scenario.capabilities import CAPABILITIES
from zhuoli.core.scenario.explain.words import LATE_WORDS, Words, due, duration, ground, listed
from zhuoli.core.scenario.model import (
    DecisionTask,
    Due,
    HumanTask,
    Milestone,
    ServiceTask,
    Stage,
    TimerItem,
)
from zhuoli.core.text import Text

Line = tuple[int, Text]
"""Depth (-1 for the heading of a stage) and words."""


def stages(words: Words) -> Iterator[Line]:
    """The stages with everything in them, in the order of the file."""
    for number, stage in enumerate(words.scenario.stages.values(), start=1):
        yield -1, Text(f"{number} {stage.title.zh}", f"{number} {stage.title.en}")
        if stage.entry:
            when = words.criteria(stage.entry)
            yield 0, Text(f"{when.zh}后开始", f"Begins when {when.en}")
        else:
            yield 0, Text("受理后开始", "Begins when the case is accepted")
        if stage.due is not None:
            limit = due(stage.due)
            yield 0, Text(f"本阶段：{limit.zh}", f"Time for this stage: {limit.en}")
        for task in stage.human_tasks.values():
            yield from _human(words, task)
        for decision in stage.decision_tasks.values():
            yield from _decision(words, decision)
        for service in stage.service_tasks.values():
            yield from _service(words, service)
        for timer in stage.timers.values():
            yield from _timer(words, timer)
        for milestone in stage.milestones.values():
            yield from _milestone(words, milestone)
        yield from _exit(words, stage)
    loop = [*words.scenario.milestones.values()]
    if loop or words.scenario.issue:
        yield -1, Text("全程", "At any time")
    for milestone in loop:
        yield from _milestone(words, milestone)
    for notice, event in words.scenario.issue.items():
        title, when = words.scenario.notices[notice].title, words.event(event)
        yield 0, Text(f"{when.zh}时发出“{title.zh}”", f"When {when.en}, “{title.en}” goes out")


def limits(words: Words) -> Iterator[Text]:
    """The time limits of the whole matter, with their grounds."""
    scenario = words.scenario
    start = {
        "opened": Text("提出之日", "the day on which it is raised"),
        "accepted": Text("受理之日", "the day of acceptance"),
    }[scenario.due_from]
    named: list[tuple[Text, Due | None]] = [
        (
            Text(f"整个事项（从{start.zh}起算）", f"The whole matter (from {start.en})"),
            scenario.due,
        ),
        (Text("受理", "Acceptance"), scenario.acceptance.due),
        (Text("联合办理", "Joint handling"), scenario.joint.due),
        (Text("独立复核", "Independent review"), scenario.review.due),
    ]
    for stage in scenario.stages.values():
        named.append((stage.title, stage.due))
        named += [(task.title, task.due) for task in stage.human_tasks.values()]
    for title, limit in named:
        if limit is not None:
            yield _limit(title, limit)


def _limit(title: Text, limit: Due) -> Text:
    said = due(limit)
    zh, en = [said.zh], [said.en]
    if limit.extension:
        more = duration(limit.extension)
        zh.append(f"可延长一次 {more.zh}，须说明理由")
        en.append(f"may be extended once by {more.en}, with a reason")
    if limit.ground is not None:
        zh.append(f"依据{ground(limit.ground).zh}")
        en.append(ground(limit.ground).en)
    if limit.why is not None:
        zh.append(limit.why.zh)
        en.append(limit.why.en)
    if limit.late:
        late = listed([LATE_WORDS[one] for one in limit.late])
        zh.append(f"超时：{late.zh}")
        en.append(f"when late: {late.en}")
    return Text(f"**{title.zh}**：{'；'.join(zh)}", f"**{title.en}**: {'; '.join(en)}")


def _human(words: Words, task: HumanTask) -> Iterator[Line]:
    who = words.who(task.candidates, task.role)
    limit = due(task.due) if task.due else Text("", "")
    may = Text("，视需要添加", ", where needed") if task.discretionary else Text("", "")
    optional = (
        Text("，不必须", ", optional") if not task.required and not task.discretionary else Text("", "")
    )
    yield (
        0,
        Text(
            f"**{task.title.zh}**：{who.zh}{'，' if limit.zh else ''}{limit.zh}{may.zh}{optional.zh}",
            f"**{task.title.en}**: {who.en}{', ' if limit.en else ''}{limit.en}{may.en}{optional.en}",
        ),
    )
    if task.entry:
        when = words.criteria(task.entry)
        yield 1, Text(f"{when.zh}后开始", f"Begins when {when.en}")
    if task.form:
        form = words.scenario.forms[task.form]
        asked = listed(
            [one.title for one in form.questions.values() if one.type not in ("note", "calculate")]
        )
        yield 1, Text(f"填“{form.title.zh}”：{asked.zh}", f"Fills in “{form.title.en}”: {asked.en}")
    if task.decide_with:
        yield (
            1,
            Text(
                f"规则“{task.decide_with}”先提出建议；不照建议须说明理由",
                f"The rules “{task.decide_with}” propose; departing from them needs a reason",
            ),
        )
    if task.outcomes:
        ends = [
            Text(
                one.title.zh + ("（须说明理由）" if one.reason else ""),
                one.title.en + (" (with a reason)" if one.reason else ""),
            )
            for one in task.outcomes.values()
        ]
        said = Text(" / ".join(one.zh for one in ends), " / ".join(one.en for one in ends))
        yield 1, Text(f"结果：{said.zh}", f"Ends with: {said.en}")
    yield from _exit(words, task, depth=1)
    if task.help is not None:
        yield 1, Text(f"提示：{task.help.zh}", f"Hint: {task.help.en}")


def _decision(words: Words, task: DecisionTask) -> Iterator[Line]:
    when = words.criteria(task.entry)
    start = Text(f"，{when.zh}后立即判断", f", at once when {when.en}") if task.entry else Text("", "")
    yield (
        0,
        Text(
            f"**{task.title.zh}**：按规则“{task.table}”自动判断{start.zh}",
            f"**{task.title.en}**: decided by the rules “{task.table}”{start.en}",
        ),
    )


def _service(words: Words, task: ServiceTask) -> Iterator[Line]:
    what = CAPABILITIES[task.call].title
    detail = Text("", "")
    notice = words.scenario.notices.get(str(task.give.get("notice", "")))
    if notice is not None:
        party = words.who(str(task.give.get("to", "")))
        detail = Text(f"：“{notice.title.zh}”，给{party.zh}", f": “{notice.title.en}” to {party.en}")
    matter = words.scenario.next_matters.get(str(task.give.get("matter", "")))
    if matter is not None:
        detail = Text(f"：`{matter.scenario}`", f": `{matter.scenario}`")
    yield (
        0,
        Text(
            f"**{task.title.zh}**：软件自动{what.zh}{detail.zh}",
            f"**{task.title.en}**: the software {_third_person(what.en)}{detail.en}",
        ),
    )
    if task.entry:
        when = words.criteria(task.entry)
        yield 1, Text(f"{when.zh}后进行", f"When {when.en}")


def _timer(words: Words, timer: TimerItem) -> Iterator[Line]:
    length = duration(timer.after)
    when = words.criteria(timer.entry)
    start = Text(f"，从{when.zh}起", f", from when {when.en}") if timer.entry else Text("", "")
    yield (
        0,
        Text(
            f"**{timer.title.zh}**：等 {length.zh}{start.zh}",
            f"**{timer.title.en}**: a wait of {length.en}{start.en}",
        ),
    )
    yield from _exit(words, timer, depth=1)


def _milestone(words: Words, milestone: Milestone) -> Iterator[Line]:
    when = words.criteria(milestone.entry)
    if milestone.entry:
        yield 0, Text(f"◆ {milestone.title.zh}：{when.zh}", f"◆ {milestone.title.en}: when {when.en}")
    else:
        yield 0, Text(f"◆ {milestone.title.zh}", f"◆ {milestone.title.en}")


def _exit(words: Words, part: Stage | HumanTask | TimerItem, depth: int = 0) -> Iterator[Line]:
    if part.exit:
        when = words.criteria(part.exit)
        yield depth, Text(f"{when.zh}时中止", f"Stops when {when.en}")


def _third_person(sentence: str) -> str:
    """“send a message” becomes “sends a message”."""
    verb, blank, rest = sentence.partition(" ")
    return f"{verb}s{blank}{rest}".replace(" and give ", " and gives ")
