"""Every mistake of meaning that the checker can find: code, sentence, remedy. Codes are stable.

Mistakes in expressions, tables and durations come from the languages themselves (``core.feel``,
``core.worktime``) with their own codes; the checker adds file and line.
"""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

CHECKS: dict[str, Entry] = {
    # names and ids
    "reserved_id": (
        Text("“{id}”是保留词，不能用作编号", "“{id}” is a reserved word and cannot be an id"),
        Text("换一个词，例如 {better}", "Take another word, such as {better}"),
    ),
    "id_used_twice": (
        Text("“{id}”已经是{other}的编号", "“{id}” is already the id of {other}"),
        Text(
            "事件按编号书写，每个编号只能用一次：改其中一个",
            "Events are written by id, so each is used once: rename one",
        ),
    ),
    "unknown_form": (
        Text("没有表单 {name}", "There is no form {name}"),
        Text("{nearest}form.yaml 中的表单：{allowed}", "{nearest}Forms in form.yaml: {allowed}"),
    ),
    "unknown_table": (
        Text("没有决策表 {name}", "There is no decision table {name}"),
        Text("{nearest}文件夹里的决策表：{allowed}", "{nearest}Tables in the folder: {allowed}"),
    ),
    "unknown_notice": (
        Text("没有通知 {name}", "There is no notice {name}"),
        Text("{nearest}notices/ 中的通知：{allowed}", "{nearest}Notices in notices/: {allowed}"),
    ),
    "unknown_result": (
        Text("没有办理结果 {name}", "There is no result {name}"),
        Text("{nearest}closing.results 中有：{allowed}", "{nearest}closing.results has: {allowed}"),
    ),
    "unknown_name_here": (
        Text("案卷中没有 {name}", "The case file has no {name}"),
        Text("{nearest}可用的名字：{allowed}", "{nearest}Names that can be used: {allowed}"),
    ),
    "unknown_event": (
        Text("{name} 不会发生：没有这个事件", "{name} never happens: there is no such event"),
        Text("{nearest}可用的事件：{allowed}", "{nearest}Events that can happen: {allowed}"),
    ),
    "unused_form": (
        Text("表单 {name} 没有任务使用", "No task uses the form {name}"),
        Text("在任务里写 form: {name}，或删去它", "Write form: {name} in a task, or remove it"),
    ),
    "unused_table": (
        Text("决策表 {name} 没有被使用", "Nothing uses the decision table {name}"),
        Text(
            "在 decision_tasks、decide_with 或 eligible_with 中使用它，或删去这个文件",
            "Use it in decision_tasks, decide_with or eligible_with, or remove the file",
        ),
    ),
    "unused_notice": (
        Text("通知 {name} 从不发出", "The notice {name} is never sent"),
        Text(
            "用 call: notify 或 notice.issue 发出它，或删去它",
            "Send it with call: notify or notice.issue, or remove it",
        ),
    ),
    # life cycle
    "waits_for_itself": (
        Text("{item} 永远不会开始：{chain}", "{item} can never start: {chain}"),
        Text("让其中一个由别的事件开始", "Let one of them start on another event"),
    ),
    "never_starts": (
        Text(
            "{item} 永远不会开始：它等待的 {event} 不会发生",
            "{item} can never start: it waits for {event}, which cannot happen",
        ),
        Text("改写 entry，或删去它", "Change its entry, or remove it"),
    ),
    "cycle_without_repeat": (
        Text(
            "{item} 会再次开始（{chain}），却没有写 repeat: true",
            "{item} would start again ({chain}) but lacks repeat: true",
        ),
        Text(
            "给它或它的阶段写上 repeat: true，或断开循环",
            "Write repeat: true for it or its stage, or break the circle",
        ),
    ),
    "stage_never_completes": (
        Text(
            "阶段 {stage} 永远不能完成：计时 {item} 不断重来",
            "The stage {stage} can never be completed: the timer {item} begins again and again",
        ),
        Text("给 {item} 或阶段写 exit", "Give {item} or the stage an exit"),
    ),
    "never_rests": (
        Text("{chain} 会立刻一再重来，永不停止", "{chain} would follow each other at once, without end"),
        Text("让其中一个由人工任务或计时开始", "Let one of them start on a human task or a timer"),
    ),
    "too_late_event": (
        Text(
            "{event} 之后案件已经结束，不会再开始什么",
            "After {event} the case has ended: nothing begins any more",
        ),
        Text("用更早的事件，例如 case.plan_done", "Use an earlier event, such as case.plan_done"),
    ),
    "stage_may_hang": (
        Text(
            "{task} 以“{outcome}”结束时，阶段 {stage} 不能完成：必办项 {item} 不会开始",
            "When {task} ends with “{outcome}”, the stage {stage} cannot be completed: its required {item} never starts",
        ),
        Text(
            "给 {item} 写 required: false，或给阶段写 exit",
            "Write required: false for {item}, or give the stage an exit",
        ),
    ),
    "stage_empty": (
        Text("阶段 {stage} 里什么也没有", "The stage {stage} is empty"),
        Text("写上至少一个任务，或删去这个阶段", "Give it at least one task, or remove it"),
    ),
    "no_stages": (
        Text("没有任何阶段", "There are no stages"),
        Text("至少写一个阶段，其中有一个人工任务", "Write at least one stage with a human task in it"),
    ),
    "outcome_unused": (
        Text(
            "{task} 的结果“{outcome}”没有去处，也没有示例",
            "Nothing follows from {task} ending with “{outcome}”, and no example shows it",
        ),
        Text("写上由它开始的事项，或加一个示例", "Let something start on it, or add an example"),
    ),
    "reserved_outcome": (
        Text(
            "“{outcome}”与事件同名，不能作为结果",
            "“{outcome}” is the name of an event and cannot be an outcome",
        ),
        Text("换一个词，例如 {better}", "Take another word, such as {better}"),
    ),
    "criterion_empty": (
        Text("这个条件既没有 on 也没有 if", "This criterion has neither on nor if"),
        Text("写 on: 事件 或 if: 条件，或删去它", "Write on: an event, or if: a condition, or remove it"),
    ),
    # people
    "unknown_party": (
        Text("没有当事人角色 {name}", "There is no party role {name}"),
        Text("{nearest}parties 中有：{allowed}", "{nearest}parties has: {allowed}"),
    ),
    "unknown_candidate": (
        Text("没有人能办：{name}", "Nobody can do this: {name}"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "unknown_role": (
        Text("没有岗位 {name}", "There is no post role {name}"),
        Text("{nearest}已有的岗位：{allowed}", "{nearest}Known roles: {allowed}"),
    ),
    "role_of_party": (
        Text("{name} 是当事人，没有岗位", "{name} is a party and has no post"),
        Text("删去 role，或把 candidates 改为单位", "Remove role, or let candidates be a unit"),
    ),
    "no_requester": (
        Text("由申请人确认，却没有声明 requester", "The requester confirms, but no requester is declared"),
        Text(
            "在 parties 中写 requester，或写 confirmation: {{by: nobody}}",
            "Declare requester in parties, or write confirmation: {{by: nobody}}",
        ),
    ),
    "no_routing": (
        Text("没有写由谁负责", "It is not said who is responsible"),
        Text("写 routing: [{{competence: …}}]", "Write routing: [{{competence: …}}]"),
    ),
    "rule_never_used": (
        Text(
            "这条规则永远用不到：第 {before} 条没有条件，总是先用",
            "This rule is never used: rule {before} has no condition and always comes first",
        ),
        Text("给第 {before} 条写上 if，或调换次序", "Give rule {before} an if, or change the order"),
    ),
    "not_a_place": (
        Text("{name} 不是地点", "{name} is not a place"),
        Text("{nearest}类型为 place 的问题：{allowed}", "{nearest}Questions of type place: {allowed}"),
    ),
    "bad_competence": (
        Text("“{name}”不能用作职能", "“{name}” cannot be used as a competence"),
        Text(
            "用小写字母、数字和下划线写，例如 traffic",
            "Write it in lower-case letters, digits and underscores, such as traffic",
        ),
    ),
    # deadlines
    "no_due": (
        Text("没有写整个事项的时限", "The whole matter has no time limit"),
        Text(
            "写 due: 5 working days，或分别写 statutory 与 promised",
            "Write due: 5 working days, or statutory and promised",
        ),
    ),
    "due_empty": (
        Text("时限里既没有 statutory 也没有 promised", "This time limit has neither statutory nor promised"),
        Text("至少写一个", "Write at least one of them"),
    ),
    "statutory_without_ground": (
        Text("法定时限没有写依据", "A statutory time limit without its ground"),
        Text(
            "写 ground: {{law: …, version: …, articles: …}}；没有依据的写 promised",
            "Write ground: {{law: …, version: …, articles: …}}; without one, write promised",
        ),
    ),
    "promise_too_long": (
        Text(
            "承诺时限 {promised} 比法定时限 {statutory} 长",
            "The promised {promised} is longer than the statutory {statutory}",
        ),
        Text("承诺不长于法定", "Promise no more time than the law gives"),
    ),
    "task_without_due": (
        Text("{task} 没有时限，它的阶段也没有", "{task} has no time limit, nor has its stage"),
        Text("写 due: 1 working days", "Write due: 1 working days"),
    ),
    "bad_share": (
        Text("“{value}”不是百分比", "“{value}” is not a percentage"),
        Text("写 1% 到 99%，例如 75%", "Write 1% to 99%, such as 75%"),
    ),
    "bad_time_of_day": (
        Text("“{value}”不是时刻", "“{value}” is not a time of day"),
        Text("写 17:30 这样的 24 小时制时刻", "Write a 24-hour time such as 17:30"),
    ),
    "bad_withdraw_until": (
        Text("“{name}”不是可用的时点", "“{name}” is not a point in the life of a case"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    # forms
    "no_questions": (
        Text("表单 {form} 没有问题", "The form {form} has no questions"),
        Text("至少写一个问题", "Write at least one question"),
    ),
    "no_choices": (
        Text("“{question}”没有可选的答案", "“{question}” has nothing to choose from"),
        Text("写 choices: {{…}}", "Write choices: {{…}}"),
    ),
    "not_for_this_type": (
        Text("类型 {type} 的问题不用 {key}", "A question of type {type} takes no {key}"),
        Text("删去 {key}，或改 type", "Remove {key}, or change type"),
    ),
    "no_calculation": (
        Text("“{question}”没有写怎样计算", "“{question}” does not say how it is calculated"),
        Text("写 calculate: 表达式", "Write calculate: an expression"),
    ),
    "bad_bound": (
        Text("“{value}”不能用作 {key}", "“{value}” cannot be used as {key}"),
        Text(
            "写数字，日期写 2026-01-31；min 不大于 max",
            "Write a number, or a date as 2026-01-31; min is not above max",
        ),
    ),
    "shared_form_refers": (
        Text(
            "表单 {form} 由多个任务使用，却引用了 {name}",
            "The form {form} is used by several tasks but refers to {name}",
        ),
        Text("给每个任务各写一个表单", "Give each task a form of its own"),
    ),
    # privacy and red lines
    "personal_in_expression": (
        Text(
            "这里用了个人信息 {name}；规则不读个人信息",
            "This uses personal data, {name}; rules do not read personal data",
        ),
        Text(
            "在它自己的表单里加一个 type: calculate 的问题算出需要的结论，再用那个结论",
            "Add a question of type calculate to its own form that works out what you need, and use that",
        ),
    ),
    "personal_without_why": (
        Text(
            "“{question}”是个人信息，没有写为什么要问",
            "“{question}” is personal, and it is not said why it is asked",
        ),
        Text("写 why: {{zh: …, en: …}}", "Write why: {{zh: …, en: …}}"),
    ),
    "should_be_personal": (
        Text(
            "“{question}”（{type}）是个人信息，没有写属于谁",
            "“{question}” ({type}) is personal, and it is not said whose it is",
        ),
        Text("写 personal: {party} 和 why", "Write personal: {party} and why"),
    ),
    "no_purpose_covers": (
        Text("没有用途允许查看 {name}", "No purpose allows anybody to look at {name}"),
        Text(
            "在 privacy.purposes 的一项用途的 fields 中写上它，或不要问",
            "Name it in fields of a purpose in privacy.purposes, or do not ask",
        ),
    ),
    "no_purposes": (
        Text("没有写查看个人信息的用途", "No purpose for looking at personal data is given"),
        Text("在 privacy.purposes 中至少写一项", "Write at least one in privacy.purposes"),
    ),
    "not_personal": (
        Text("{name} 不是个人信息", "{name} is not personal"),
        Text("{nearest}个人信息有：{allowed}", "{nearest}Personal fields: {allowed}"),
    ),
    "red_line": (
        Text("不收集{what}：“{found}”", "{what} is not collected: “{found}”"),
        Text("{instead}", "{instead}"),
    ),
    # tables
    "wrong_outputs": (
        Text("决策表 {table} 应有输出 {wanted}", "The table {table} must have the output {wanted}"),
        Text("{how}", "{how}"),
    ),
    "too_early": (
        Text("{name} 在提出时还没有", "{name} is not known yet when a matter is raised"),
        Text("{how}", "{how}"),
    ),
    # services and notices
    "unknown_capability": (
        Text("软件不会做 {name}", "The software cannot do {name}"),
        Text("{nearest}会做的有：{allowed}", "{nearest}It can do: {allowed}"),
    ),
    "unknown_parameter": (
        Text("{call} 没有参数 {name}", "{call} has no parameter {name}"),
        Text("{nearest}参数：{allowed}", "{nearest}Parameters: {allowed}"),
    ),
    "missing_parameter": (
        Text("{call} 缺少参数 {name}", "{call} lacks the parameter {name}"),
        Text("在 with 中写 {name}: …", "Write {name}: … under with"),
    ),
    "bad_parameter": (
        Text("参数 {name} 的值不合适：{value}", "This value does not suit the parameter {name}: {value}"),
        Text("应为{wanted}", "It takes {wanted}"),
    ),
    "bad_attempts": (
        Text("attempts 是 {value}", "attempts is {value}"),
        Text("写 1 到 20", "Write 1 to 20"),
    ),
    "notice_to_nobody": (
        Text(
            "通知含有个人信息 {name}，却没有发给当事人",
            "The notice holds personal data, {name}, but does not go to a party",
        ),
        Text(
            "用 with: {{notice: …, to: 当事人角色}} 发出，或删去这个名字",
            "Send it with with: {{notice: …, to: a party role}}, or remove the name",
        ),
    ),
    # examples
    "no_example": (
        Text("没有示例", "There is no example"),
        Text(
            "在 examples.yaml 中至少写一个；示例就是场景的测试",
            "Write at least one in examples.yaml: examples are a scenario's tests",
        ),
    ),
    "no_steps": (
        Text("示例没有步骤", "The example has no steps"),
        Text("第一步是 do: open", "Its first step is do: open"),
    ),
    "first_step_not_open": (
        Text("第一步应当是 open", "The first step must be open"),
        Text("先写 {{as: requester, do: open, with: …}}", "Begin with {{as: requester, do: open, with: …}}"),
    ),
    "unknown_command": (
        Text("没有命令 {name}", "There is no command {name}"),
        Text("{nearest}命令：{allowed}", "{nearest}Commands: {allowed}"),
    ),
    "unknown_actor": (
        Text("没有 {name} 这个人", "There is nobody called {name}"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "unknown_command_key": (
        Text("命令 {command} 没有 {name}", "The command {command} has no {name}"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "missing_command_key": (
        Text("命令 {command} 缺少 {name}", "The command {command} lacks {name}"),
        Text("在 with 中写 {name}: …", "Write {name}: … under with"),
    ),
    "unknown_task": (
        Text("没有任务 {name}", "There is no task {name}"),
        Text("{nearest}任务：{allowed}", "{nearest}Tasks: {allowed}"),
    ),
    "unknown_outcome": (
        Text("任务 {task} 没有结果“{name}”", "The task {task} has no outcome “{name}”"),
        Text("{nearest}它的结果：{allowed}", "{nearest}Its outcomes: {allowed}"),
    ),
    "unknown_question": (
        Text("表单 {form} 没有问题 {name}", "The form {form} has no question {name}"),
        Text("{nearest}它的问题：{allowed}", "{nearest}Its questions: {allowed}"),
    ),
    "bad_answer": (
        Text("“{value}”不能回答 {name}", "“{value}” cannot answer {name}"),
        Text("应为{wanted}", "It takes {wanted}"),
    ),
    "missing_answer": (
        Text("没有回答必答题 {name}", "The mandatory {name} is not answered"),
        Text("在 answers 中写 {name}: …", "Write {name}: … under answers"),
    ),
    "bad_instant": (
        Text("“{value}”不是时间", "“{value}” is not a time"),
        Text("写 2026-03-02 09:00（北京时间）", "Write 2026-03-02 09:00 (Beijing time)"),
    ),
    "two_times": (
        Text("at 与 after 写了两个", "Both at and after are given"),
        Text("只写一个", "Write one of them"),
    ),
    "unknown_expectation": (
        Text("expect 里没有 {name}", "expect knows no {name}"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    # ends
    "no_results": (
        Text("没有写案件怎样结束", "It is not said how a case can end"),
        Text("在 closing.results 中至少写一个结果", "Write at least one result in closing.results"),
    ),
    "auto_without_evidence": (
        Text(
            "结果 {result} 要有证据，不能自动办结",
            "The result {result} asks for evidence and cannot come by itself",
        ),
        Text("给它写 evidence: false，或由人办结", "Write evidence: false for it, or let a person close"),
    ),
    # figures
    "bad_figure": (
        Text("“{value}”不是可用的数", "“{value}” is not a figure that can be used"),
        Text("写 {example} 这样的数", "Write a figure such as {example}"),
    ),
    "indicator_incomplete": (
        Text("指标 {name} 的单位是 {unit}，缺少 {key}", "The indicator {name} in {unit} lacks {key}"),
        Text("写 {key}: 表达式", "Write {key}: an expression"),
    ),
}

WARNINGS = {
    "unused_form",
    "unused_table",
    "unused_notice",
    "stage_may_hang",
    "outcome_unused",
    "task_without_due",
}
"""What is worth a look but stops nothing."""
