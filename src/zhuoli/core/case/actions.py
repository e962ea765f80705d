"""What may be done with a case now, by a given actor: the buttons of a page.

Nothing is decided twice: each command is *tried* on a copy of the state with the least it could say. If only
its words or choices are missing, it may be issued; if it is refused for another reason, it may not. The reason
is kept where a person would look for the button (``blocked``).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from zhuoli.core.case import commands as c
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Facts
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.case.work import OWN_COMMANDS
from zhuoli.core.text import Text

ONLY_WORDS_MISSING = frozenset(
    {
        "words_missing",
        "no_such_unit",
        "unknown_reason",
        "unknown_outcome",
        "answers_wrong",
        "nothing_given",
        "answers_needed",
        "evidence_needed",
        "departure_reason",
        "cannot_decide",
        "no_such_case",
        "score_range",
        "unknown_system",
        "bad_number",
        "paper_missing",
        "code_missing",
        "code_unasked",
    }
)
"""Refusals that a person can meet by saying more."""
WORTH_TELLING = frozenset({"tasks_open", "taken", "suspended", "urged_today", "supplement_used", "retention"})
"""Refusals that explain why a button is not there."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A command that may be issued now; ``task`` names the task that it is about.

    ``choices`` are the results, reasons or outcomes to choose from. ``blocked`` is set when the command is
    refused for now for a reason that is worth telling.
    """

    command: str
    title: Text
    consequence: Text
    task: str = ""
    choices: dict[str, Text] = {}
    blocked: Text | None = None


def possible(plan: Plan, case: Case, facts: Facts) -> list[Action]:
    """Return what ``facts.actor`` may do with the case at ``facts.now``."""
    found: list[Action] = []
    for probe, task, choices in _probes(plan, case):
        blocked: Text | None = None
        try:
            decide(plan, case, probe, facts)
        except Refusal as refusal:
            if refusal.code in WORTH_TELLING:
                blocked = refusal.text
            elif refusal.code not in ONLY_WORDS_MISSING:
                continue
        name = str(type(probe).__struct_config__.tag)
        title, consequence = ACTIONS[name]
        found.append(
            Action(
                command=name,
                title=title,
                consequence=consequence,
                task=task,
                choices=choices,
                blocked=blocked,
            )
        )
    return found


_Probe = tuple[c.Command, str, dict[str, Text]]


def _probes(plan: Plan, case: Case) -> Iterator[_Probe]:
    yield from _task_probes(plan, case)
    scenario = plan.scenario
    yield c.Triage(unit=""), "loop.triage", {}
    yield c.Accept(), "loop.accept", {}
    reasons = {name: reason.title for name, reason in scenario.acceptance.refusal_reasons.items()}
    if reasons:
        yield c.Refuse(reason=next(iter(reasons)), text=""), "loop.accept", reasons
    yield c.Supply(), "loop.supplement", {}
    yield c.SignFor(), "loop.sign_for", {}
    yield c.Contribute(text=""), "loop.contribute", {}
    yield c.Reply(text=""), "loop.supervision", {}
    yield c.Confirm(), "loop.confirm", {}
    yield c.Contest(reason=""), "loop.confirm", {}
    yield c.DecideReview(outcome="upheld", reason=""), "loop.review", {}
    yield from _close_probes(plan, case)
    for name, item in plan.items.items():
        if item.discretionary:
            yield c.AddItem(item=name), name, {}
    yield c.RequestSupplement(items=()), "", {}
    yield c.Rate(score=0), "", {}
    yield c.Urge(), "", {}
    yield c.Supervise(order=""), "", {}
    yield c.Join(unit="", duty=""), "", {}
    yield c.Transfer(unit="", reason=""), "", {}
    yield c.ReturnToDispatcher(reason=""), "", {}
    yield c.Route(unit="", reason=""), "", {}
    yield c.Escalate(reason=""), "", {}
    yield c.Merge(into=0), "", {}
    yield c.Split(reason=""), "", {}
    yield c.Extend(reason=""), "", {}
    yield c.Suspend(reason="", ground=""), "", {}
    yield c.Resume(), "", {}
    for unit, joint in case.joint.items():
        if joint.ended is None:
            yield c.Leave(unit=unit, reason=""), unit, {}
    yield c.RequestReview(reason=""), "", {}
    yield c.Withdraw(), "", {}
    yield c.Record(answers={}), "", {}
    yield c.Attach(files=()), "", {}
    yield c.Note(text=""), "", {}
    yield c.Refer(system="", number=""), "", {}
    yield from _share_probes(plan, case)
    yield c.Hold(ground=""), "", {}
    if case.holds:
        yield c.ReleaseHold(reason=""), "", {}
    for party in dict.fromkeys(case.parties.values()):
        if case.ended is not None:
            yield c.Erase(party=party, reason=""), party, {}


def _task_probes(plan: Plan, case: Case) -> Iterator[_Probe]:
    for name, item in case.items.items():
        if item.state != "active" or item.kind not in ("human", "loop"):
            continue
        if name.partition(":")[0] not in OWN_COMMANDS:
            task = plan.items[name].human if name in plan.items else None
            outcomes = {key: outcome.title for key, outcome in task.outcomes.items()} if task else {}
            yield c.Complete(task=name, outcome=next(iter(outcomes), "done")), name, outcomes
        if item.unit:
            if not item.post:
                yield c.Claim(task=name), name, {}
                yield c.Assign(task=name, post=""), name, {}
            else:
                yield c.Release(task=name), name, {}
            if not item.started:
                yield c.Start(task=name), name, {}


def _share_probes(plan: Plan, case: Case) -> Iterator[_Probe]:
    shares = plan.scenario.shares
    for kind in shares:
        yield c.Share(kind=kind, unit=""), kind, {}
        yield c.Unshare(kind=kind), kind, {}
    for name in case.shares:
        yield c.TakeShare(share=name), name, {}
        kind = name.partition(":")[0]
        yield c.AnswerShare(share=name, answer=""), name, dict(shares[kind].answers) if kind in shares else {}


def _close_probes(plan: Plan, case: Case) -> Iterator[_Probe]:
    """Try each result; those that are refused only because mandatory work is open come last."""
    done: dict[str, Text] = {}
    other: dict[str, Text] = {}
    for name, result in plan.scenario.closing.results.items():
        (done if result.kind == "done" else other)[name] = result.title
    for choices in (done, other):
        if choices:
            yield c.Close(result=next(iter(choices)), answer="·"), "", choices


ACTIONS: dict[str, tuple[Text, Text]] = {
    "complete": (
        Text("完成", "Complete"),
        Text("这项任务结束，流程继续", "The task ends and the case moves on"),
    ),
    "claim": (Text("领取", "Take"), Text("由您办理，同事可以看到", "It is yours; colleagues see it")),
    "assign": (Text("指派", "Assign"), Text("交给本单位的同事", "A colleague of your unit gets it")),
    "release": (Text("退回", "Release"), Text("同事可以再领取", "Colleagues can take it again")),
    "start": (
        Text("开始办理", "Start"),
        Text("提出人会看到已开始办理", "The requester sees that work has begun"),
    ),
    "triage": (
        Text("分派", "Send to a unit"),
        Text("由该单位决定是否受理", "That unit decides whether to accept"),
    ),
    "route": (Text("改派", "Send elsewhere"), Text("由另一个单位负责", "Another unit becomes responsible")),
    "accept": (
        Text("受理", "Accept"),
        Text("开始计时，提出人会收到承诺时间", "The clock starts; the requester is told the promised time"),
    ),
    "refuse": (
        Text("不予受理", "Do not accept"),
        Text("提出人会看到理由，并可申请复核", "The requester sees why and can ask for a review"),
    ),
    "request_supplement": (
        Text("要求补充材料", "Ask for what is missing"),
        Text("一次性告知；时钟停走", "Asked once, completely; the clock stops"),
    ),
    "supply": (Text("补充", "Supply"), Text("时钟继续走", "The clock goes on")),
    "transfer": (
        Text("不归我管，转给", "Not ours, pass on"),
        Text("写明理由和接手单位；时钟不停", "You say why and who takes over; the clock runs on"),
    ),
    "return_to_dispatcher": (
        Text("退回分派单位", "Return to the dispatcher"),
        Text("由分派单位裁定；时钟不停", "The dispatcher decides; the clock runs on"),
    ),
    "join": (
        Text("请单位联合办理", "Ask a unit to join"),
        Text("对方须签收并反馈，您仍是牵头单位", "They sign and report; you stay in the lead"),
    ),
    "leave": (
        Text("结束联合办理", "End joint handling"),
        Text("该单位不再参与", "That unit takes no further part"),
    ),
    "contribute": (Text("反馈联合办理结果", "Report your part"), Text("您这部分结束", "Your part ends")),
    "sign_for": (Text("签收", "Sign for"), Text("表示已收到", "You acknowledge that it has reached you")),
    "urge": (Text("催办", "Urge"), Text("责任单位会看到", "The responsible unit sees it")),
    "supervise": (
        Text("督办", "Supervise"),
        Text("责任单位须书面答复后才能办结", "The unit must reply before it can close"),
    ),
    "reply": (
        Text("答复督办", "Reply to the order"),
        Text("下达督办的单位会看到", "The unit that gave the order sees it"),
    ),
    "escalate": (Text("提级", "Escalate"), Text("交上一级单位处置", "The next higher unit deals with it")),
    "merge": (
        Text("并入重复件", "Merge a duplicate"),
        Text("两件一并办理，可以再拆开", "Both are handled as one; it can be undone"),
    ),
    "split": (Text("拆分", "Split"), Text("这一件单独继续", "This case goes on by itself")),
    "suspend": (Text("暂停办理", "Suspend"), Text("须有依据；时钟停走", "Needs a ground; the clock stops")),
    "extend": (
        Text("延长法定期限", "Extend the statutory time"),
        Text("只能一次，须说明理由并告知提出人", "Once only; the requester is told why"),
    ),
    "resume": (Text("恢复办理", "Resume"), Text("时钟继续走", "The clock goes on")),
    "withdraw": (Text("撤回", "Withdraw"), Text("不再办理，可以另提", "It ends; you can raise it again")),
    "close": (
        Text("答复并办结", "Answer and close"),
        Text("提出人会被请来确认", "The requester is asked to confirm"),
    ),
    "confirm": (Text("已解决，同意销号", "Settled, strike it off"), Text("盖上“已销号”", "It gets its seal")),
    "contest": (
        Text("没有解决", "Not settled"),
        Text("重新办理，原办理单位会看到理由", "It is reopened; who handled it sees why"),
    ),
    "request_review": (
        Text("申请独立复核", "Ask for an independent review"),
        Text("由另一单位复核", "Another unit looks at it"),
    ),
    "decide_review": (
        Text("作出复核决定", "Decide the review"),
        Text("维持，或退回重新办理", "The answer stands, or the case goes back"),
    ),
    "rate": (Text("评分", "Rate"), Text("1 到 5 分，计入公开数据", "1 to 5, counted in the public figures")),
    "note": (Text("留言", "Leave a note"), Text("写进办理记录", "It goes into the record")),
    "refer": (
        Text("登记其他系统的编号", "Note another system's number"),
        Text("录一次，以后按编号能找到，也能导出回去", "Entered once; found by it, and exported back"),
    ),
    "share": (
        Text("告知", "Pass it on to your"),
        Text(
            "只给您自己这一份；对方接收之前可以撤回",
            "Your own copy only; you can take it back until it is taken up",
        ),
    ),
    "unshare": (Text("撤回告知", "Take it back"), Text("那家单位不再看得到", "They can no longer see it")),
    "take_share": (
        Text("接收材料", "Take it up"),
        Text("当事人看得到；从此不能再撤回", "The person sees it, and can no longer take it back"),
    ),
    "answer_share": (
        Text("答复", "Answer"),
        Text("告知您的一方和经办单位会看到", "Whoever passed it on sees it, and so does the office"),
    ),
    "record": (Text("更正信息", "Correct the form"), Text("改动会留下记录", "The change is recorded")),
    "attach": (Text("添加附件", "Add a file"), Text("放入案卷", "It goes into the case file")),
    "add_item": (Text("加一项任务", "Add a task"), Text("本件会多出这一项", "The case gets this task")),
    "hold": (Text("保全资料", "Hold the data"), Text("解除之前不能删除", "No erasure until it is lifted")),
    "release_hold": (
        Text("解除保全", "Lift the hold"),
        Text("期满后可以删除", "Erasure is possible when due"),
    ),
    "erase": (
        Text("删除个人资料", "Erase personal data"),
        Text("不可恢复；办理过程仍可核验", "It cannot be undone; the record stays verifiable"),
    ),
}
"""Every command that a person can issue on a case: its name and its consequence in one sentence."""
