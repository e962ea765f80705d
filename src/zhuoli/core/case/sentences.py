"""The sentence for each event; ``zhuoli.core.case.story`` puts them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhuoli.core.case import events as e
from zhuoli.core.case import sentences_items as items
from zhuoli.core.case.notices import ANNEX, filed_name
from zhuoli.core.case.teller import CHANNELS, Line, Teller
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text


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


def _attached(t: Teller, event: e.Attached) -> Line | None:
    if event.media_type == ANNEX:
        return None
    if event.question.startswith(f"{EVIDENCE}."):
        return t.line(
            "收到证据原件：{name}，当场算出并记下它的SHA-256：{sha}…",
            "The original of a piece of evidence was received: {name}; its SHA-256 was taken and noted at once: {sha}…",
            words=event.note,
            name=event.name,
            sha=event.sha256[:16],
        )
    name = filed_name(t.plan, event.name)
    return t.line("添加了附件：{name}", "A file was added: {name}", words=event.note, name=name)


def _decided(t: Teller, event: e.Decided) -> Line | None:
    if not t.office:
        return None
    numbers = [number for number in event.rules if number]
    title = (
        Text("受理条件", "Whether it qualifies") if event.item == "acceptance" else t.plan.title(event.item)
    )
    if not numbers:
        return t.line(
            "按“{title}”的规则判断：没有列出的情况",
            "“{title}” was decided by its rules: none of them fits, so what holds otherwise does",
            title=title,
        )
    return t.line(
        "按“{title}”的规则 {numbers} 判断",
        "“{title}” was decided by its rule {numbers}",
        title=title,
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


def _came_from(t: Teller, event: e.CameFrom) -> Line:
    return t.line(
        "由“{title}”（{receipt}）转来，材料一并带来",
        "It was handed on by “{title}” ({receipt}), with all its papers",
        title=_matter(event.title, event.scenario),
        receipt=event.receipt,
    )


def _went_on(t: Teller, event: e.WentOn) -> Line:
    return t.line(
        *_WENT_ON[event.how],
        title=_matter(event.title, event.scenario),
        receipt=event.receipt,
        tone="milestone",
    )


def _booked(t: Teller, event: e.Booked) -> Line:
    if not event.provider:
        return t.line("约好的时间已取消", "The appointment was cancelled", tone="milestone")
    return t.line(
        "约好了：{provider}，{at}",
        "An appointment was made: {provider}, {at}",
        provider=event.provider,
        at=instant_text(event.at),
        tone="milestone",
    )


def _appointment_near(t: Teller, event: e.AppointmentNear) -> Line:
    return t.line(
        "提醒：明天 {at} 见 {provider}",
        "A reminder of the appointment: {provider}, {at}",
        provider=event.provider,
        at=instant_text(event.at),
    )


def _counted(t: Teller, event: e.Counted) -> Line | None:
    if not t.office:
        return None
    counts = t.plan.scenario.earlier
    named = [(counts[name].title, count) for name, count in event.counts.items() if name in counts]
    return t.line(
        "核对以往：{said}",
        "Earlier cases: {said}",
        said=Text(
            "，".join(f"{title.zh} {count}" for title, count in named),
            ", ".join(f"{title.en.lower()}: {count}" for title, count in named),
        ),
    )


_WENT_ON = {
    "handed_on": (
        "已带着材料转到“{title}”，回执号 {receipt}",
        "It goes on as “{title}”, with all its papers: receipt {receipt}",
    ),
    "raised": (
        "另立一件“{title}”，回执号 {receipt}",
        "Another matter was raised, “{title}”: receipt {receipt}",
    ),
    "joined": (
        "并入正在办的“{title}”，回执号 {receipt}",
        "It was joined to “{title}”, which is in hand: receipt {receipt}",
    ),
}


def _matter(title: tuple[str, ...], scenario: str) -> Text:
    return Text(*title) if len(title) == 2 else Text(scenario, scenario)


def _shared(t: Teller, event: e.Shared) -> Line:
    share = t.plan.scenario.shares.get(event.kind)
    title = share.title if share else Text(event.kind, event.kind)
    return t.line(
        "一方同意，把自己这一份结果告知{title}：{unit}",
        "One side agreed, and its own copy of the result was passed on ({title}): {unit}",
        title=title,
        unit=t.unit(event.unit),
    )


def _unshared(t: Teller, event: e.Unshared) -> Line:
    return t.line(
        "撤回了给{unit}的告知，对方没有看过",
        "What was passed on to {unit} was taken back; it had not been read",
        unit=t.unit(event.unit),
    )


def _share_taken(t: Teller, event: e.ShareTaken) -> Line:
    return t.line("{unit}接收了材料", "{unit} has taken it up", unit=t.unit(event.unit))


_SIGNED = {
    "code": Text(
        "{side}签了名：输入姓名和发到手机的一次性验证码（所签内容的SHA-256：{sha}…）",
        "{side} has signed: name and a one-time code sent by telephone (SHA-256 of what was signed: {sha}…)",
    ),
    "paper": Text(
        "{side}当面在纸上签了名，照片在案卷里（所签内容的SHA-256：{sha}…）",
        "{side} has signed on paper before the office; a picture is in the file (SHA-256 of what was signed: {sha}…)",
    ),
    "system": Text(
        "{side}在电子签名系统里签了名（所签内容的SHA-256：{sha}…）",
        "{side} has signed in the electronic signature system (SHA-256 of what was signed: {sha}…)",
    ),
}


def _signed(t: Teller, event: e.Signed) -> Line:
    owner = t.plan.forms[event.item].signature if event.item in t.plan.forms else None
    role = t.plan.scenario.parties.get(owner.question.personal) if owner else None
    side = role.title if role else Text("当事人", "The party")
    said = _SIGNED[event.method]
    return t.line(said.zh, said.en, side=side, sha=event.sha256[:16])


def _share_answered(t: Teller, event: e.ShareAnswered) -> Line:
    share = t.plan.scenario.shares.get(event.kind)
    answer = share.answers.get(event.outcome) if share else None
    said = answer or Text(event.outcome, event.outcome)
    return t.line(
        "{unit}答复：{answer}", "{unit} has answered: {answer}", unit=t.unit(event.unit), answer=said
    )


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


SPEAK: dict[type[e.Event], Callable[[Teller, Any], Line | None]] = {
    e.Opened: _opened,
    e.Recorded: _recorded,
    e.Attached: _attached,
    e.Decided: _decided,
    e.Routed: _routed,
    e.Accepted: _accepted,
    e.Refused: _refused,
    e.Activated: items.activated,
    e.Started: items.started,
    e.Assigned: items.assigned,
    e.Completed: items.completed,
    e.Terminated: items.terminated,
    e.Occurred: items.occurred,
    e.Extended: items.extended,
    e.Reminded: items.reminded,
    e.Passed: items.passed,
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
    e.ServiceFailed: items.service_failed,
    e.Referred: _referred,
    e.Shared: _shared,
    e.Unshared: _unshared,
    e.ShareTaken: _share_taken,
    e.ShareAnswered: _share_answered,
    e.Signed: _signed,
    e.CameFrom: _came_from,
    e.WentOn: _went_on,
    e.Counted: _counted,
    e.Booked: _booked,
    e.AppointmentNear: _appointment_near,
}
"""What is said of each event; events that are not here say nothing to a reader."""
