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
