"""Parts of a scenario said in words: events, conditions, people, time limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.plan import Plan
from zhuoli.core.feel import FeelErrors, compile_condition, compile_value
from zhuoli.core.scenario.check.items import Item, items_of
from zhuoli.core.scenario.directory_words import COMPETENCES, ROLES
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.model import Criterion, Due, Ground, Milestone, Scenario, Stage, TimerItem
from zhuoli.core.text import Text
from zhuoli.core.worktime import parse_duration

CASE_EVENT_WORDS: dict[str, Text] = {
    "opened": Text("案件提出", "the case is raised"),
    "appointment_near": Text("约见前一天", "an appointment is a day away"),
    "evidence": Text("有照片或视频交来", "a photo or video is brought as evidence"),
    "routed": Text("确定责任单位", "the responsible unit is found"),
    "accepted": Text("受理", "the case is accepted"),
    "refused": Text("不予受理", "the case is not accepted"),
    "plan_done": Text("各阶段都已结束", "all stages have ended"),
    "supplement_requested": Text("要求补充材料", "something missing is asked for"),
    "supplied": Text("材料补齐", "the missing things are supplied"),
    "supplement_expired": Text("补充期限已过", "the time to supply has passed"),
    "joined": Text("有单位加入联合办理", "a unit joins"),
    "contributed": Text("联合单位办完", "a joint unit has done its part"),
    "replied": Text("督办已答复", "an order is answered"),
    "escalated": Text("升级到上级", "it is brought before a higher unit"),
    "extended": Text("延长期限", "the time limit is extended"),
    "suspended": Text("中止", "handling is suspended"),
    "continued": Text("恢复办理", "handling goes on"),
    "withdrawn": Text("撤回", "it is withdrawn"),
    "closed": Text("办结答复", "the final answer is given"),
    "confirmed": Text("确认解决", "it is confirmed"),
    "contested": Text("不认可", "it is contested"),
    "reopened": Text("重新办理", "the case is reopened"),
    "unconfirmed": Text("逾期未确认", "nobody has confirmed in time"),
    "review_requested": Text("申请复核", "a review is asked for"),
    "review_decided": Text("复核有了决定", "the review is decided"),
}
UNITS: dict[str, Text] = {
    "lead": Text("责任单位", "the responsible unit"),
    "dispatcher": Text("分派单位", "the dispatching unit"),
    "superior": Text("上级单位", "the unit above"),
}
LATE_WORDS: dict[str, Text] = {
    "urge": Text("催办", "the handler is urged"),
    "escalate": Text("升级到上级", "it goes to the unit above"),
    "supervise": Text("督办", "a superior orders an answer"),
}


class Words:
    """Says parts of one (checked) scenario in words."""

    def __init__(self, scenario: Scenario, plan: Plan | None = None) -> None:
        self.scenario = scenario
        self._plan = plan
        self.labels = labels_of(scenario)
        self._items = items_of(scenario).all

    @property
    def plan(self) -> Plan:
        """The compiled scenario, made when it is first needed."""
        if self._plan is None:
            self._plan = compile_plan(self.scenario)
        return self._plan

    def event(self, event: str) -> Text:
        """Say an event, such as ``inspect.lamp``: “查看”的结果是“灯具坏了”."""
        name, _, what = event.partition(".")
        if name == "case":
            return CASE_EVENT_WORDS.get(what, Text(event, event))
        item = self._items.get(name)
        return _item_event(item, what) if item is not None else Text(event, event)

    def condition(self, written: str) -> Text:
        """Say a condition; what cannot be compiled is shown as written."""
        try:
            return compile_condition(written, self.plan.names).in_words(self.labels)
        except FeelErrors:
            return Text(written, written)

    def value(self, written: str) -> Text:
        """Say a calculation; what cannot be compiled is shown as written."""
        try:
            return compile_value(written, self.plan.names).in_words(self.labels)
        except FeelErrors:
            return Text(written, written)

    def criteria(self, criteria: Iterable[Criterion]) -> Text:
        """Say when one of several criteria is met."""
        return either([self.criterion(one) for one in criteria])

    def criterion(self, one: Criterion) -> Text:
        """Say one criterion: all its events and its condition."""
        parts = [self.event(event) for event in one.on]
        said = Text("、".join(part.zh for part in parts), " and ".join(part.en for part in parts))
        if not one.when:
            return said
        condition = self.condition(one.when)
        if not parts:
            return condition
        return Text(f"{said.zh}，且{condition.zh.strip()}", f"{said.en}, if {condition.en}")

    def who(self, candidates: str, role: str = "") -> Text:
        """Say who does something."""
        if candidates in self.scenario.parties:
            title = self.scenario.parties[candidates].title
            return Text(title.zh, f"the {title.en[:1].lower()}{title.en[1:]}")
        unit = UNITS.get(candidates) or competence(candidates.removeprefix("competence."))
        if role and role != "officer":
            title = ROLES.get(role, Text(role, role))
            return Text(f"{unit.zh}的{title.zh}", f"a {title.en} of {unit.en}")
        return unit


def competence(name: str) -> Text:
    """Say which unit a competence means."""
    title = COMPETENCES.get(name, Text(name, name))
    return Text(f"{title.zh}部门", f"the unit for {title.en[:1].lower()}{title.en[1:]}")


def duration(written: str) -> Text:
    """Say a duration."""
    return parse_duration(written).text()


def due(limit: Due) -> Text:
    """Say a time limit in a few words: promised first, then the statutory one."""
    promised = duration(limit.promised) if limit.promised else None
    statutory = duration(limit.statutory) if limit.statutory else None
    if promised is not None and statutory is not None:
        return Text(
            f"承诺 {promised.zh}，法定 {statutory.zh}", f"{promised.en} promised, {statutory.en} by law"
        )
    if promised is not None:
        return Text(f"{promised.zh}内", f"within {promised.en}")
    if statutory is not None:
        return Text(f"法定 {statutory.zh}内", f"within {statutory.en} by law")
    return Text("", "")


def ground(one: Ground) -> Text:
    """Cite a rule; the Chinese name is kept."""
    law = f"《{one.law}》" if "《" not in one.law else one.law
    cited = f"{law}{one.articles}"
    return Text(f"{cited}（{one.version}）", f"{cited} ({one.version})")


def either(parts: Sequence[Text]) -> Text:
    """Join what can happen instead of one another."""
    if len(parts) == 1:
        return parts[0]
    return Text(
        "以下任一情况（" + "；".join(part.zh for part in parts) + "）",
        "one of these happens (" + "; ".join(part.en for part in parts) + ")",
    )


def listed(parts: Sequence[Text]) -> Text:
    """Join the members of a list."""
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _item_event(item: Item, what: str) -> Text:
    title = item.part.title
    zh, en = f"“{title.zh}”", f"“{title.en}”"
    if isinstance(item.part, Milestone):
        return Text(f"达到{zh}", f"{en} is reached")
    if isinstance(item.part, TimerItem) and what == "occurred":
        return Text(f"{zh}到时", f"the time of {en} is over")
    said = {
        "activated": Text(f"{zh}开始", f"{en} begins"),
        "completed": Text(f"{zh}完成", f"{en} is done"),
        "terminated": Text(f"{zh}中止", f"{en} is stopped"),
        "done": Text(f"{zh}完成", f"{en} is done"),
    }
    outcomes = getattr(item.part, "outcomes", {})
    if what in outcomes:
        found = outcomes[what].title
        return Text(f"{zh}的结果是“{found.zh}”", f"{en} ends with “{found.en}”")
    fallback = Text(f"{zh} {what}", f"{en} {what}")
    return said.get(what, fallback) if not isinstance(item.part, Stage) else _stage_event(zh, en, what)


def _stage_event(zh: str, en: str, what: str) -> Text:
    verbs = {
        "activated": ("阶段开始", "begins"),
        "completed": ("阶段完成", "is completed"),
        "terminated": ("阶段中止", "is left"),
    }
    said = verbs.get(what, (what, what))
    return Text(f"{zh}{said[0]}", f"the stage {en} {said[1]}")
