"""What each key means, in a sentence for authors: the life cycle and its limits."""

from __future__ import annotations

from zhuoli.core.text import Text

T = Text

PLAN_KEYS: dict[str, dict[str, Text]] = {
    "Stage": {
        "title": T("阶段名，就是线路上的一站", "The stage's name: a stop on the line"),
        "entry": T("何时开始；不写则受理后即开始", "When it starts; without it, when the case is accepted"),
        "exit": T("何时中止（其中未完的一并中止）", "When it is left; what is unfinished in it stops"),
        "due": T("本阶段的时限", "The stage's time limit"),
        "required": T("是否必经", "Whether the case must go through it"),
        "repeat": T("是否可以再次开始", "Whether it may start again"),
        "human_tasks": T("由人办的任务，编号对内容", "Work for people, by id"),
        "service_tasks": T("由软件办的任务", "Work for the software, by id"),
        "decision_tasks": T("按决策表立即作出的判断", "Decision tables applied at once, by id"),
        "timers": T("等待一段时间", "Waits, by id"),
        "milestones": T("值得告知的节点", "Points worth telling, by id"),
    },
    "Criterion": {
        "on": T("这些事件都已发生：<编号>.completed、<任务>.<结果>、case.accepted……", "All these have happened: <id>.completed, <task>.<outcome>, case.accepted …"),
        "if": T("并且这个条件成立", "And this condition holds"),
    },
    "HumanTask": {
        "title": T("任务名", "The task's name"),
        "candidates": T("谁来办：lead（责任单位）、dispatcher、superior、当事人角色、competence.<职能>", "Who does it: lead (the responsible unit), dispatcher, superior, a party role, competence.<name>"),
        "role": T("限于有此岗位的人", "Only posts with this role"),
        "entry": T("何时开始；不写则随阶段开始", "When it starts; without it, with its stage"),
        "exit": T("何时中止", "When it stops"),
        "form": T("要填的表单", "The form to be filled in"),
        "outcomes": T("可能的结果；不写则只有 done", "How it can end; without it only: done"),
        "decide_with": T("提出建议的决策表；不照建议须说明理由", "The table that proposes; whoever departs from it gives a reason"),
        "due": T("时限", "The time limit"),
        "required": T("是否必办", "Whether its stage waits for it"),
        "discretionary": T("由承办人视需要添加", "Added by the handler where needed"),
        "repeat": T("是否可以再次开始", "Whether it may start again"),
        "help": T("给承办人的提示", "A hint for whoever does it"),
    },
    "ServiceTask": {
        "title": T("任务名", "The task's name"),
        "call": T("用哪项能力", "Which capability"),
        "with": T("参数；“=名字”取案卷中的值", "Its parameters; “=name” takes a value of the case file"),
        "entry": T("何时开始", "When it starts"),
        "exit": T("何时中止", "When it stops"),
        "attempts": T("失败后最多试几次", "How often it is tried"),
        "required": T("是否必办", "Whether its stage waits for it"),
        "repeat": T("是否可以再次开始", "Whether it may start again"),
    },
    "Output": {
        "title": T("结论叫什么", "What the output is called"),
        "values": T("每个取值叫什么", "What each of its values is called"),
    },
    "DecisionTask": {
        "title": T("判断的名称", "The decision's name"),
        "table": T("决策表（文件名不带 .csv）", "The decision table (its file name without .csv)"),
        "outputs": T("结论和它的取值怎么称呼", "What its outputs and their values are called"),
        "entry": T("何时判断", "When it is decided"),
        "exit": T("何时中止", "When it stops"),
        "required": T("是否必办", "Whether its stage waits for it"),
        "repeat": T("是否可以再次判断", "Whether it may be decided again"),
    },
    "TimerItem": {
        "title": T("等什么", "What is waited for"),
        "after": T("等多久", "How long"),
        "entry": T("何时开始等", "When the wait starts"),
        "exit": T("何时不再等", "When it stops"),
        "pauses": T("何时停表", "What stops its clock"),
        "repeat": T("是否可以再次开始", "Whether it may start again"),
    },
    "Milestone": {
        "title": T("节点名", "Its name"),
        "entry": T("何时达到", "When it is reached"),
        "repeat": T("是否可以再次达到", "Whether it may be reached again"),
    },
    "Due": {
        "statutory": T("法定时限（须写依据）", "The longest lawful time (needs its ground)"),
        "promised": T("承诺时限", "The time that is promised"),
        "extension": T("法定时限可以延长多少（一次，须说明理由）", "By how much the statutory time may be extended, once and with a reason"),
        "ground": T("法律依据", "The rule"),
        "why": T("为什么是这个时限", "Why this time"),
        "day_of_event": T("当日是否计入", "Whether the day of the event counts"),
        "roll_over": T("到期日是节假日时顺延", "Whether a limit that ends on a holiday rolls over"),
        "promised_day_ends": T("承诺日几点截止", "At what time the promised day ends"),
        "pauses": T("何时停表", "What stops the clock"),
        "remind": T("用去多少时提醒", "After which share of the time the handler is reminded"),
        "late": T("超时后做什么", "What happens when it has passed"),
    },
    "Outcome": {
        "title": T("结果名", "The outcome's name"),
        "reason": T("是否要说明理由", "Whether a reason is asked for"),
        "frees": T("是否放掉约好的时间", "Whether an appointment's time is given back"),
    },
    "Joint": {
        "suggest": T("通常请哪些职能联合办理", "Competences that are usually asked to join"),
        "due": T("联合办理的时限", "Their time limit"),
    },
    "Acceptance": {
        "by": T("谁决定受理", "Who decides about acceptance"),
        "due": T("受理的时限", "The time limit for it"),
        "refusal_reasons": T("不予受理的理由", "Reasons for not accepting"),
        "eligible_with": T("判断是否符合条件的决策表", "The table that says who is eligible"),
        "silence": T(
            "法定期限满了还没有决定：waits 继续等，accepted 依法视为受理",
            "When the statutory time has passed without a decision: waits, or accepted, as some laws say",
        ),
    },
    "Supplement": {
        "within": T("补充材料的期限", "The time for supplying what is missing"),
        "times": T("可以要求几次", "How often it may be asked"),
        "expires": T("逾期怎么办", "What happens when that time has passed"),
    },
    "Closing": {
        "results": T("可能的办理结果", "How the case can end"),
        "auto": T("自动办结的条件", "When it closes by itself"),
    },
    "Result": {
        "title": T("结果名", "The result's name"),
        "kind": T("性质：办成、办不到、不合法、移交", "Its kind: done, impossible, unlawful, handed over"),
        "needs": T("必须已有的答案", "Answers that must be there"),
        "evidence": T("是否必须有证据", "Whether evidence is asked for"),
        "answer": T("答复的起草文字", "A draft of the answer"),
        "asks": T("要不要问申请人是否解决；没有打扰到的不问", "Whether the requester is asked if it helped; nobody is asked who was not disturbed"),
    },
    "AutoClose": {
        "entry": T("满足时自动办结", "Closes when this is met"),
        "result": T("以哪个结果办结", "With which result"),
    },
    "Confirmation": {
        "by": T("由谁确认", "Who says whether it helped"),
        "within": T("多久内确认；不表态即“未确认”", "The time to answer; silence means unconfirmed"),
        "contests": T("可以要求重办几次", "How often it can be reopened"),
        "reopen_within": T("多久内可以要求重办", "Until when it can be reopened"),
        "rating": T("是否请评价", "Whether a rating is asked for"),
    },
    "Review": {
        "by": T("由谁复核", "Who reviews"),
        "within": T("多久内可以申请复核", "Until when a review can be asked for"),
        "due": T("复核的时限", "The time limit of the review"),
    },
}  # fmt: skip
