"""The sentences for what happens to items, tasks and clocks; see ``zhuoli.core.case.sentences`` for the rest."""

from __future__ import annotations

from zhuoli.core.case import events as e
from zhuoli.core.case.plan import NOTICE_TASK
from zhuoli.core.case.teller import Line, Teller
from zhuoli.core.worktime import instant_text


def activated(t: Teller, event: e.Activated) -> Line | None:
    """Something has begun."""
    if event.kind == "stage":
        return t.line("进入“{item}”", "“{item}” begins", item=t.plan.title(event.item))
    if event.kind == "human" and t.office:
        return t.line(
            "任务“{item}”等待办理", "The task “{item}” waits to be done", item=t.plan.title(event.item)
        )
    return None


def started(t: Teller, event: e.Started) -> Line:
    """Somebody works on it."""
    return t.line("开始“{item}”", "Work on “{item}” has begun", item=t.plan.title(event.item))


def assigned(t: Teller, event: e.Assigned) -> Line | None:
    """Somebody has it, or nobody."""
    if not t.office:
        return None
    if not event.post:
        return t.line(
            "任务“{item}”退回待领", "The task “{item}” can be taken again", item=t.plan.title(event.item)
        )
    return t.line("任务“{item}”有人领取", "The task “{item}” was taken", item=t.plan.title(event.item))


def completed(t: Teller, event: e.Completed) -> Line | None:
    """It ended as planned."""
    item = t.plan.items.get(event.item)
    if item is None:
        if event.item.startswith(NOTICE_TASK):
            return t.line("已发出“{item}”", "“{item}” was sent", item=t.plan.title(event.item))
        if event.item == "loop.accept" and event.outcome == "silence":
            return t.line(
                "法定期限已满，没有决定不予受理，依法视为受理",
                "The statutory time passed without a refusal: by law it counts as accepted",
            )
        return None
    if item.kind == "human" and item.human is not None:
        outcome = item.human.outcomes.get(event.outcome)
        if outcome is not None:
            return t.line(
                "“{item}”：{outcome}",
                "“{item}”: {outcome}",
                words=event.reason if t.office else "",
                item=item.title,
                outcome=outcome.title,
            )
        return t.line(
            "完成“{item}”", "“{item}” is done", words=event.reason if t.office else "", item=item.title
        )
    if item.kind == "service":
        return t.line("已自动完成“{item}”", "“{item}” was done automatically", item=item.title)
    return None


def terminated(t: Teller, event: e.Terminated) -> Line | None:
    """It was stopped."""
    if not t.office or event.item.startswith("loop."):
        return None
    return t.line("“{item}”不再进行", "“{item}” was stopped", item=t.plan.title(event.item))


def occurred(t: Teller, event: e.Occurred) -> Line | None:
    """A milestone was reached, or a timer ran out."""
    item = t.plan.items.get(event.item)
    if item is None or (item.kind == "timer" and not t.office):
        return None
    return t.line("{item}", "{item}", item=item.title, tone="milestone")


def reminded(t: Teller, event: e.Reminded) -> Line | None:
    """Time is short."""
    if event.clock == "loop.confirm":
        return t.line("提醒确认是否解决", "A reminder to say whether it is settled")
    if not t.office:
        return None
    return t.line("提醒：时间将到", "A reminder: time is short")


def passed(t: Teller, event: e.Passed) -> Line | None:
    """A limit has passed."""
    if event.clock.startswith("loop.") or (event.clock != "case" and not t.office):
        return None
    if event.clock != "case":
        return t.line("“{item}”已超时", "“{item}” is late", item=t.plan.title(event.clock), tone="late")
    if event.limit == "promised":
        return t.line("已超过承诺时间", "The promised time has passed", tone="late")
    return t.line("已超过法定期限", "The statutory time has passed", tone="late")


def extended(t: Teller, event: e.Extended) -> Line:
    """The statutory time was extended."""
    return t.line("法定期限已延长", "The statutory time was extended", words=event.reason, tone="milestone")


def service_failed(t: Teller, event: e.ServiceFailed) -> Line | None:
    """The software could not do it."""
    if not t.office:
        return None
    item = t.plan.title(event.item)
    if event.retry_at is None:
        return t.line(
            "“{item}”多次失败，转人工",
            "“{item}” failed too often; a person takes over",
            words=event.error,
            item=item,
            tone="late",
        )
    return t.line(
        "“{item}”失败，将于{at}重试",
        "“{item}” failed; next try {at}",
        words=event.error,
        item=item,
        at=instant_text(event.retry_at),
    )
