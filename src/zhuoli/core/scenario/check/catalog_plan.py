"""Mistakes in the plan: names and ids, life cycle, people, deadlines."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

PLAN: dict[str, Entry] = {
    # what it says of itself
    "empty_list": (
        Text("{key} 是空的", "{key} is empty"),
        Text("至少写一项", "Write at least one"),
    ),
    "unknown_row": (
        Text("任务书里没有 {value}", "The mission has no row {value}"),
        Text("写 S1 到 S30", "Write S1 to S30"),
    ),
    "unknown_language": (
        Text("不认识的语言 {name}", "Unknown language {name}"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "bad_count": (
        Text("次数是 {value}", "The count is {value}"),
        Text("写 {least} 到 {most}", "Write {least} to {most}"),
    ),
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
    "unknown_picture": (
        Text("没有示意图 {name}", "There is no picture {name}"),
        Text("{nearest}pictures.yaml 中有：{allowed}", "{nearest}pictures.yaml has: {allowed}"),
    ),
    "unused_picture": (
        Text("示意图 {name} 没有选项用到", "No choice uses the picture {name}"),
        Text("在选项里写 picture: {name}，或删去", "Write picture: {name} at a choice, or remove it"),
    ),
    "bad_point": (
        Text("画不出来：{key} 写的是“{value}”", "This cannot be drawn: {key} is “{value}”"),
        Text(
            "写成 70 60，路线写成 20 60, 70 60；横向 0–{width}，纵向 0–{height}",
            "Write 70 60, a way 20 60, 70 60; across 0 to {width}, down 0 to {height}",
        ),
    ),
    "self_is_nobody": (
        Text(
            "“{task}”不是当事人自己填的，self 指不出是谁",
            "“{task}” is not filled in by a party, so self is nobody",
        ),
        Text("写明当事人角色，或改由当事人办理", "Name the party role, or let a party do the task"),
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
    "unknown_step": (
        Text("没有可数的指标“{name}”", "There is no indicator “{name}” with a count"),
        Text("indicators.yaml 中有：{allowed}", "indicators.yaml has: {allowed}"),
    ),
    "not_a_subject": (
        Text("{name} 不能用来认出一件事", "{name} cannot tell one case from another"),
        Text(
            "写受理表里不涉及个人信息的单选题（只由单位填的，也可以是短文字）：{allowed}",
            "Write a choice question of the intake form that is not personal (a short text, too, where only offices fill it in): {allowed}",
        ),
    ),
    "not_a_place": (
        Text("{name} 不是地点", "{name} is not a place"),
        Text("{nearest}类型为 place 的问题：{allowed}", "{nearest}Questions of type place: {allowed}"),
    ),
    "unknown_competence": (
        Text("没有单位有“{name}”这项职能", "No unit has the competence “{name}”"),
        Text("{nearest}已有的职能：{allowed}", "{nearest}Competences: {allowed}"),
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
    "appointment_kind": (
        Text("{name} 不能用来约时间", "{name} cannot hold an appointment"),
        Text(
            "provider 用 text 类型的问题，at 用 datetime 类型的问题（这里要 {kind}）",
            "provider is a question of type text, at one of type datetime (here: {kind})",
        ),
    ),
    "silence_without_limit": (
        Text(
            "没有法定的受理时限，不能写“期满视为受理”",
            "Silence cannot count as acceptance without a statutory time for it",
        ),
        Text(
            "在 acceptance.due 里写 statutory 和 ground，或删去 silence",
            "Write statutory and ground in acceptance.due, or remove silence",
        ),
    ),
    "promise_too_long": (
        Text(
            "承诺时限 {promised} 比法定时限 {statutory} 长",
            "The promised {promised} is longer than the statutory {statutory}",
        ),
        Text("承诺不长于法定", "Promise no more time than the law gives"),
    ),
    "extension_differs": (
        Text(
            "延长 {value} 与法定时限的单位不同",
            "The extension {value} is not in the unit of the statutory time",
        ),
        Text(
            "写同样的单位；没有法定时限就没有延长",
            "Use the same unit; without a statutory time there is no extension",
        ),
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
}
