"""Mistakes in what is asked and said: forms, privacy, tables, notices, examples, ends, figures."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

CONTENT: dict[str, Entry] = {
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
    "notice_form": (
        Text("“{name} | {form}”不能这样写", "“{name} | {form}” means nothing"),
        Text(
            "只有 | lower：英文句中选项的首字母小写；只用于选择题和决策结论",
            "There is | lower only: a choice's title with a small first letter, within an English sentence",
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
    "base_missing": (
        Text("写了基期“{period}”，没有写它的数值", "The base period “{period}” has no value"),
        Text("写 base: 当时的数值，或删去 base_period", "Write base: its value, or take base_period out"),
    ),
    "suppress_too_low": (
        Text("不公布的界限 {value} 太小", "{value} is too small a limit for what is not published"),
        Text("写 {least} 或更大的数", "Write {least} or more"),
    ),
    "indicator_incomplete": (
        Text("指标 {name} 的单位是 {unit}，缺少 {key}", "The indicator {name} in {unit} lacks {key}"),
        Text("写 {key}: 表达式", "Write {key}: an expression"),
    ),
}
