"""The sentence for each event; ``zhuoli.core.case.story`` puts them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import NOTICE_TASK, Plan
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text

Audience = Literal["party", "office"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of a story. ``words`` are the free text that belongs to it, as somebody wrote it.

    ``tone`` lets a page set weight: ``milestone`` for what the requester waits for, ``late`` for passed
    limits, ``plain`` else.
    """

    at: int
    text: Text
    words: str = ""
    tone: Literal["plain", "milestone", "late"] = "plain"


class Teller:
    """Whoever tells: it knows the scenario, the directory, the moment and the audience."""

    def __init__(self, plan: Plan, directory: Directory, at: int, audience: Audience) -> None:
        self.plan = plan
        self.directory = directory
        self.at = at
        self.audience = audience

    @property
    def office(self) -> bool:
        """Whether everything is told."""
        return self.audience == "office"

    def unit(self, unit: str) -> Text:
        """Return a unit's name."""
        return self.directory.name(unit) or Text(unit or "系统", unit or "the system")

    def line(
        self,
        zh: str,
        en: str,
        words: str = "",
        tone: Literal["plain", "milestone", "late"] = "plain",
        **values: object,
    ) -> Line:
        """Return a sentence with its places filled in."""
        return Line(at=self.at, text=Text(zh, en).format(**values), words=words, tone=tone)


def _opened(t: Teller, event: e.Opened) -> Line:
    channel = CHANNELS.get(event.channel, Text(event.channel, event.channel))
    return t.line(
        "收到您的事项（{channel}）" if not t.office else "收到事项（{channel}）",
        "The matter was received ({channel})",
        channel=channel,
        tone="milestone",
    )


def _recorded(t: Teller, event: e.Recorded) -> Line | None:
    if event.source == "form" or not t.office:
        return None
    return t.line("填写了“{task}”", "“{task}” was filled in", task=t.plan.title(event.source))


def _attached(t: Teller, event: e.Attached) -> Line:
    return t.line("添加了附件：{name}", "A file was added: {name}", words=event.note, name=event.name)


def _decided(t: Teller, event: e.Decided) -> Line | None:
    if not t.office:
        return None
    numbers = [number for number in event.rules if number]
    if not numbers:
        return t.line(
            "按决策表 {table} 判断，没有列出的情况",
            "Decided by the table {table}: none of its rules fits, so its else row holds",
            table=event.table,
        )
    return t.line(
        "按决策表 {table} 判断，适用规则 {numbers}",
        "Decided by the table {table}, rule {numbers}",
        table=event.table,
        numbers=Text("、".join(map(str, numbers)), ", ".join(map(str, numbers))),
    )


def _routed(t: Teller, event: e.Routed) -> Line:
    if event.by == "transfer":
        return t.line(
            "{previous}说明“不归我管”，转由{unit}负责",
            "{previous} says this is not theirs; {unit} takes over",
            words=event.reason,
            previous=t.unit(event.previous),
            unit=t.unit(event.unit),
        )
    if event.by == "return":
        return t.line(
            "{previous}退回分派",
            "{previous} returned it to be sent elsewhere",
            words=event.reason,
            previous=t.unit(event.previous),
        )
    return t.line("由{unit}负责", "{unit} is responsible", words=event.reason, unit=t.unit(event.unit))


def _accepted(t: Teller, event: e.Accepted) -> Line:
    return t.line("已受理", "It was accepted", tone="milestone")


def _refused(t: Teller, event: e.Refused) -> Line:
    reasons = t.plan.scenario.acceptance.refusal_reasons
    reason = (
        reasons[event.reason].title
        if event.reason in reasons
        else Text("未按期补充材料", "nothing was supplied in time")
    )
    return t.line(
        "不予受理：{reason}",
        "It was not accepted: {reason}",
        words=event.text,
        reason=reason,
        tone="milestone",
    )


def _activated(t: Teller, event: e.Activated) -> Line | None:
    if event.kind == "stage":
        return t.line("进入“{item}”", "“{item}” begins", item=t.plan.title(event.item))
    if event.kind == "human" and t.office:
        return t.line(
            "任务“{item}”等待办理", "The task “{item}” waits to be done", item=t.plan.title(event.item)
        )
    return None


def _started(t: Teller, event: e.Started) -> Line:
    return t.line("开始“{item}”", "Work on “{item}” has begun", item=t.plan.title(event.item))


def _assigned(t: Teller, event: e.Assigned) -> Line | None:
    if not t.office:
        return None
    if not event.post:
        return t.line(
            "任务“{item}”退回待领", "The task “{item}” can be taken again", item=t.plan.title(event.item)
        )
    return t.line("任务“{item}”有人领取", "The task “{item}” was taken", item=t.plan.title(event.item))


def _completed(t: Teller, event: e.Completed) -> Line | None:
    item = t.plan.items.get(event.item)
    if item is None:
        if event.item.startswith(NOTICE_TASK):
            return t.line("已发出“{item}”", "“{item}” was sent", item=t.plan.title(event.item))
        return None
    if item.kind == "human" and item.human is not None:
        outcome = item.human.outcomes.get(event.outcome)
        if outcome is not None:
            return t.line(
                "“{item}”:{outcome}",
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


def _terminated(t: Teller, event: e.Terminated) -> Line | None:
    if not t.office or event.item.startswith("loop."):
        return None
    return t.line("“{item}”不再进行", "“{item}” was stopped", item=t.plan.title(event.item))


def _occurred(t: Teller, event: e.Occurred) -> Line | None:
    item = t.plan.items.get(event.item)
    if item is None or (item.kind == "timer" and not t.office):
        return None
    return t.line("{item}", "{item}", item=item.title, tone="milestone")


def _reminded(t: Teller, event: e.Reminded) -> Line | None:
    if event.clock == "loop.confirm":
        return t.line("提醒确认是否解决", "A reminder to say whether it is settled")
    if not t.office:
        return None
    return t.line("提醒：时间将到", "A reminder: time is short")


def _passed(t: Teller, event: e.Passed) -> Line | None:
    if event.clock.startswith("loop.") or (event.clock != "case" and not t.office):
        return None
    if event.clock != "case":
        return t.line("“{item}”已超时", "“{item}” is late", item=t.plan.title(event.clock), tone="late")
    if event.limit == "promised":
        return t.line("已超过承诺时间", "The promised time has passed", tone="late")
    return t.line("已超过法定期限", "The statutory time has passed", tone="late")


def _extended(t: Teller, event: e.Extended) -> Line:
    return t.line("法定期限已延长", "The statutory time was extended", words=event.reason, tone="milestone")


def _supplement_requested(t: Teller, event: e.SupplementRequested) -> Line:
    words = "\n".join(filter(None, (*event.items, event.text)))
    return t.line(
        "请补充材料，时钟停走", "Something is missing; the clock stands still", words=words, tone="milestone"
    )


def _supplied(t: Teller, event: e.Supplied) -> Line:
    return t.line("已补充，时钟继续", "It was supplied; the clock goes on", words=event.text)


def _supplement_expired(t: Teller, event: e.SupplementExpired) -> Line:
    return t.line("补充期限已过", "The time to supply has passed", tone="late")


def _joined(t: Teller, event: e.Joined) -> Line:
    return t.line(
        "请{unit}联合办理",
        "{unit} was asked to join",
        words=event.duty if t.office else "",
        unit=t.unit(event.unit),
    )


def _signed_for(t: Teller, event: e.SignedFor) -> Line | None:
    return t.line("{unit}已签收", "{unit} has signed for it", unit=t.unit(event.unit)) if t.office else None


def _contributed(t: Teller, event: e.Contributed) -> Line:
    return t.line(
        "{unit}完成联合办理",
        "{unit} has done its part",
        words=event.text if t.office else "",
        unit=t.unit(event.unit),
    )


def _left(t: Teller, event: e.Left) -> Line | None:
    return (
        t.line("{unit}不再参与", "{unit} takes no further part", words=event.reason, unit=t.unit(event.unit))
        if t.office
        else None
    )


def _urged(t: Teller, event: e.Urged) -> Line:
    if event.by == "requester":
        return t.line("提出人催办", "The requester asked for speed", words=event.text)
    if event.by == "system":
        return t.line("系统催办", "The system urged the unit")
    return t.line(
        "{unit}催办", "{unit} urged the unit", words=event.text if t.office else "", unit=t.unit(event.by)
    )


def _supervised(t: Teller, event: e.Supervised) -> Line:
    return t.line(
        "{unit}督办",
        "{unit} ordered the unit to answer for it",
        words=event.order if t.office else "",
        unit=t.unit(event.unit),
    )


def _replied(t: Teller, event: e.Replied) -> Line | None:
    return t.line("已答复督办", "The order was answered", words=event.text) if t.office else None


def _escalated(t: Teller, event: e.Escalated) -> Line:
    return t.line(
        "提级至{unit}",
        "It was brought before {unit}",
        words=event.reason if t.office else "",
        unit=t.unit(event.unit),
    )


def _merged(t: Teller, event: e.Merged) -> Line:
    return t.line(
        "与另一件重复，一并办理",
        "It is handled together with another case on the same matter",
        words=event.reason if t.office else "",
    )


def _split(t: Teller, event: e.WasSplit) -> Line:
    return t.line("恢复单独办理", "It goes on by itself again", words=event.reason if t.office else "")


def _suspended(t: Teller, event: e.Suspended) -> Line:
    words = "\n".join(filter(None, (event.reason, event.ground)))
    return t.line(
        "暂停办理，时钟停走", "Handling is suspended; the clock stands still", words=words, tone="milestone"
    )


def _continued(t: Teller, event: e.Continued) -> Line:
    return t.line("恢复办理，时钟继续", "Handling goes on, and so does the clock", words=event.reason)


def _withdrawn(t: Teller, event: e.Withdrawn) -> Line:
    return t.line("已撤回", "It was withdrawn", words=event.reason, tone="milestone")


def _closed(t: Teller, event: e.Closed) -> Line:
    results = t.plan.scenario.closing.results
    result = results[event.result].title if event.result in results else Text(event.result, event.result)
    return t.line(
        "{unit}答复：{result}",
        "{unit} has answered: {result}",
        words=event.answer,
        unit=t.unit(event.by),
        result=result,
        tone="milestone",
    )


def _confirmed(t: Teller, event: e.Confirmed) -> Line:
    if not event.by:
        return t.line("已销号", "Struck off", tone="milestone")
    return t.line("提出人同意，已销号", "The requester agrees: struck off", tone="milestone")


def _contested(t: Teller, event: e.Contested) -> Line:
    return t.line("提出人认为没有解决", "The requester says that it is not settled", words=event.reason)


def _reopened(t: Teller, event: e.Reopened) -> Line:
    return t.line("重新办理", "It was reopened", tone="milestone")


def _unconfirmed(t: Teller, event: e.Unconfirmed) -> Line:
    return t.line("未收到确认，记为“未确认”", "No answer came; it counts as unconfirmed", tone="milestone")


def _review_requested(t: Teller, event: e.ReviewRequested) -> Line:
    return t.line("申请独立复核", "An independent review was asked for", words=event.reason)


def _review_decided(t: Teller, event: e.ReviewDecided) -> Line:
    if event.outcome == "upheld":
        return t.line(
            "{unit}复核后维持原答复",
            "{unit} has reviewed it and upholds the answer",
            words=event.reason,
            unit=t.unit(event.unit),
            tone="milestone",
        )
    return t.line(
        "{unit}复核后退回重新办理",
        "{unit} has reviewed it and sends it back",
        words=event.reason,
        unit=t.unit(event.unit),
        tone="milestone",
    )


def _rated(t: Teller, event: e.Rated) -> Line:
    return t.line("评分：{score} 分", "Rated {score} of 5", words=event.comment, score=event.score)


def _noted(t: Teller, event: e.Noted) -> Line | None:
    if event.audience == "office" and not t.office:
        return None
    return t.line("留言", "A note", words=event.text)


def _held(t: Teller, event: e.Held) -> Line | None:
    return t.line("保全资料", "The data are held", words=event.ground) if t.office else None


def _hold_released(t: Teller, event: e.HoldReleased) -> Line | None:
    return t.line("解除保全", "The hold was lifted", words=event.reason) if t.office else None


def _erased(t: Teller, event: e.Erased) -> Line:
    return t.line("已删除当事人的个人资料", "A party's personal data were erased")


def _referred(t: Teller, event: e.Referred) -> Line | None:
    if not t.office:
        return None
    system = Text(*event.title) if len(event.title) == 2 else Text(event.system, event.system)
    if not event.number:
        return t.line(
            "{system}的编号 {number} 已取消",
            "The number {number} of {system} was taken back",
            words=event.reason,
            system=system,
            number=event.previous,
        )
    if event.previous:
        return t.line(
            "{system}的编号由 {previous} 改为 {number}",
            "The number of {system} was changed from {previous} to {number}",
            words=event.reason,
            system=system,
            previous=event.previous,
            number=event.number,
        )
    return t.line(
        "在{system}的编号是 {number}",
        "Its number in {system} is {number}",
        words=event.reason,
        system=system,
        number=event.number,
    )


def _service_failed(t: Teller, event: e.ServiceFailed) -> Line | None:
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


CHANNELS: dict[str, Text] = {
    "web": Text("网上", "online"),
    "phone": Text("电话", "by phone"),
    "window": Text("窗口", "at a window"),
    "proxy": Text("代办", "by proxy"),
    "guardian": Text("监护人代为", "by a guardian"),
    "partner": Text("协作单位", "from a partner body"),
    "field": Text("走访", "from the field"),
    "discovery": Text("单位发现", "found by an office"),
    "model": Text("模型发现", "found by a model"),
}
"""How a matter can come in."""

SPEAK: dict[type[e.Event], Callable[[Teller, Any], Line | None]] = {
    e.Opened: _opened,
    e.Recorded: _recorded,
    e.Attached: _attached,
    e.Decided: _decided,
    e.Routed: _routed,
    e.Accepted: _accepted,
    e.Refused: _refused,
    e.Activated: _activated,
    e.Started: _started,
    e.Assigned: _assigned,
    e.Completed: _completed,
    e.Terminated: _terminated,
    e.Occurred: _occurred,
    e.Extended: _extended,
    e.Reminded: _reminded,
    e.Passed: _passed,
    e.SupplementRequested: _supplement_requested,
    e.Supplied: _supplied,
    e.SupplementExpired: _supplement_expired,
    e.Joined: _joined,
    e.SignedFor: _signed_for,
    e.Contributed: _contributed,
    e.Left: _left,
    e.Urged: _urged,
    e.Supervised: _supervised,
    e.Replied: _replied,
    e.Escalated: _escalated,
    e.Merged: _merged,
    e.WasSplit: _split,
    e.Suspended: _suspended,
    e.Continued: _continued,
    e.Withdrawn: _withdrawn,
    e.Closed: _closed,
    e.Confirmed: _confirmed,
    e.Contested: _contested,
    e.Reopened: _reopened,
    e.Unconfirmed: _unconfirmed,
    e.ReviewRequested: _review_requested,
    e.ReviewDecided: _review_decided,
    e.Rated: _rated,
    e.Noted: _noted,
    e.Held: _held,
    e.HoldReleased: _hold_released,
    e.Erased: _erased,
    e.ServiceFailed: _service_failed,
    e.Referred: _referred,
}
"""What is said of each event; events that are not here say nothing to a reader."""
