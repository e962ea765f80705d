"""What a message says: the end of the receipt number, one sentence, and where to answer. No name, no matter, no data.

A message lies in the hands of telephone companies and on locked screens. Whoever opens the link sees the rest.
"""

from __future__ import annotations

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text

TITLE = Text("着力点：您的事项", "Zhuoli: your matter")
STAFF_TITLE = Text("着力点：请看一下", "Zhuoli: please look")

_ASKED: dict[str, Text] = {
    "loop.confirm": Text("已有答复，请您看看是否解决", "has an answer. Please say whether it is settled"),
    "loop.supplement": Text("还缺材料，请您补充", "needs something more from you"),
}
_BY = Text("，最晚{due}", ", by {due}")
_TASK = Text("请您：{task}", "asks you: {task}")
_NOTICE = Text("有一份给您的文书：{title}", "has a document for you: {title}")
_ANSWERED = Text("您的{title}有答复了", "has an answer from your {title}")
_MATTER = Text(
    "【着力点】您的事项（回执尾号{end}）{what}。{link}",
    "Zhuoli: your matter (receipt ending {end}) {what}. {link}",
)
_CODE = Text(
    "【着力点】签名验证码 {code}，十分钟内有效，只用来签您的一件事项（回执尾号{end}）。不是您本人要签的，别理会；谁问您要都别给。",
    "Zhuoli: your code to sign is {code}, good for 10 minutes, for one matter only (receipt ending {end}). If it is not you who signs, ignore it; give it to nobody.",
)
_NEWS = Text("有新消息", "has news for you")
_STAFF: dict[str, Text] = {
    "new": Text("有一件新的事项", "a new matter"),
    "join": Text("有一件事请您单位联办", "a matter in which you are asked to join"),
    "share": Text("有一位被保险人把一件事故告知您的公司", "an insured has passed an accident on to you"),
    "urge": Text("有一件事被催办", "a matter was urged"),
    "order": Text("有一件事被督办，须书面答复", "a matter is supervised and must be answered for"),
}
_UNIT = Text("【着力点】{what}（{receipt}）。{link}", "Zhuoli: {what} ({receipt}). {link}")


def to_person(plan: Plan, case: Case, about: str, link: str) -> Text:
    """Return the message to a party."""
    return _MATTER.format(end=case.receipt[-4:], what=_what(plan, case, about), link=link)


def with_code(case: Case, code: str) -> Text:
    """Return the message that carries a one-time code; "" is a code that is over."""
    return _CODE.format(end=case.receipt[-4:], code=code or "——")


def to_unit(case: Case, about: str, link: str) -> Text:
    """Return the message to a unit."""
    return _UNIT.format(what=_STAFF.get(about, _STAFF["new"]), receipt=case.receipt, link=link)


def _what(plan: Plan, case: Case, about: str) -> Text:
    kind, _, rest = about.partition(" ")
    name = rest.partition(" ")[0]
    if kind == "notice":
        notice = plan.scenario.notices.get(name)
        return _NOTICE.format(title=notice.title) if notice else _NEWS
    share = plan.scenario.shares.get(name) if kind == "answer" else None
    if share is not None:
        return _ANSWERED.format(title=Text(share.title.zh, share.title.en.lower()))
    if kind != "task":
        return _NEWS
    what = _ASKED.get(name) or _TASK.format(task=plan.title(name))
    clock = case.clocks.get(name)
    if clock is None or clock.due is None:
        return what
    due = _BY.format(due=instant_text(clock.due))
    return Text(what.zh + due.zh, what.en + due.en)
