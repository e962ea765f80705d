"""What the checker says of signatures."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

SIGNATURES: dict[str, Entry] = {
    "signed_before_case": (
        Text(
            "受理表里不能签名（{question}）：还没有这件事，验证码没有可绑的东西",
            "Nothing can be signed in the intake form ({question}): there is no case yet that a code could be bound to",
        ),
        Text("放到受理以后、当事人办的一项任务里", "Ask for it in a task of the party, after opening"),
    ),
    "signed_twice": (
        Text(
            "一张表只签一次名：{first} 之外又有 {question}",
            "One signature in a form: {question} comes after {first}",
        ),
        Text("每个人一项任务、各签各的", "Give each signer a task of their own"),
    ),
    "not_signable": (
        Text(
            "{name} 不能被签名所确认：不是答案，或者是个人信息",
            "{name} cannot be signed: it is no answer, or a personal one",
        ),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
}
