"""Mistakes in what parties may let bodies outside the office read, and in the words with which answers can begin."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

SHARES: dict[str, Entry] = {
    "unknown_body": (
        Text("没有“{name}”这种单位", "There is no kind of body “{name}”"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "share_empty": (
        Text("{part} 里什么也没有", "{part} is empty"),
        Text("至少写一项", "Write at least one"),
    ),
    "share_without_evidence": (
        Text("这个场景不收照片和视频证据", "This scenario takes no photos and videos as evidence"),
        Text("删去 evidence", "Remove evidence"),
    ),
}

FEEDS: dict[str, Entry] = {
    "feed_empty": (
        Text("{part} 里什么也没有", "{part} is empty"),
        Text("至少写一项，或删去这一段", "Write at least one, or remove this part"),
    ),
    "feed_words": (
        Text("{name} 是一段话", "{name} is running text"),
        Text(
            "汇入的一行不写话；用选项、数、日期、编号",
            "A row holds no words; use choices, numbers, dates or ids",
        ),
    ),
    "feed_register_unknown": (
        Text("没有登记册“{name}”", "There is no register “{name}”"),
        Text("{nearest}由账本汇入的登记册：{allowed}", "{nearest}Registers that the ledger feeds: {allowed}"),
    ),
    "feed_register_closed": (
        Text(
            "登记册“{name}”不收办结的案件：{why}",
            "The register “{name}” takes no ended cases: {why}",
        ),
        Text(
            "在它的说明里写 fed_by: loop 和 primaryKey: case_id（整数），或换一个",
            "Write fed_by: loop and primaryKey: case_id (an integer) in its descriptor, or take another",
        ),
    ),
    "feed_column_unknown": (
        Text("登记册“{register}”没有字段“{name}”", "The register “{register}” has no field “{name}”"),
        Text("{nearest}它的字段：{allowed}", "{nearest}Its fields: {allowed}"),
    ),
    "feed_column_missing": (
        Text(
            "必填的字段“{name}”没有写从哪里来", "Nothing says where the mandatory field “{name}” comes from"
        ),
        Text("在 row 里加一行 {name}: …", "Add a line {name}: … to row"),
    ),
    "feed_column_personal": (
        Text("字段“{name}”是个人信息", "The field “{name}” is personal"),
        Text("汇入的一行不写是谁；换一个登记册", "A row says nothing of anybody; take another register"),
    ),
    "feed_column_type": (
        Text(
            "字段“{name}”要的是{wanted}，这里给的是{given}",
            "The field “{name}” wants {wanted}; this gives {given}",
        ),
        Text("换一个表达式", "Write another expression"),
    ),
    "feed_column_value": (
        Text(
            "字段“{name}”不收“{value}”",
            "The field “{name}” does not take “{value}”",
        ),
        Text("它收的值：{allowed}", "Values that it takes: {allowed}"),
    ),
    "choose_register_unknown": (
        Text("没有登记册“{name}”", "There is no register “{name}”"),
        Text("{nearest}已有的登记册：{allowed}", "{nearest}Registers: {allowed}"),
    ),
    "choose_register_unfit": (
        Text(
            "不能从登记册“{name}”里选：{why}",
            "One cannot choose from the register “{name}”: {why}",
        ),
        Text(
            "登记册要有一个字段的主键、name（名称）和 county（县区），都不是个人信息",
            "The register needs a key of one field, name and county, none of them personal",
        ),
    ),
}

TEMPLATES: dict[str, Entry] = {
    "not_in_words": (
        Text("{name} 不是用文字回答的问题", "{name} is no question that is answered in words"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "template_too_long": (
        Text(
            "比这个问题允许的 {most} 字还长",
            "It is longer than the {most} characters that the question takes",
        ),
        Text("写短一些，留出补充事实的地方", "Shorten it, and leave room for the facts"),
    ),
}
