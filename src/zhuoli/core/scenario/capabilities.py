"""What a service task can ask the software to do: the manifest that scenarios are checked against.

Each capability is done by one module of ``zhuoli.capabilities`` with the same name. A parameter takes a
literal or, written ``=name``, a value of the case file. Results come back as ``<task>.<result>``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.feel import BOOLEAN, TEXT, WHOLE, Type
from zhuoli.core.text import Text

ParameterKind = Literal["notice", "party", "matter", "form", "text", "number", "yes_no", "value", "any"]

KIND_WORDS: dict[ParameterKind, Text] = {
    "notice": Text("通知的编号", "the id of a notice"),
    "party": Text("当事人角色", "a party role"),
    "matter": Text("后续事项的编号", "the id of a next matter"),
    "form": Text("表单的编号", "the id of a form"),
    "text": Text("一段文字", "a text"),
    "number": Text("整数", "a whole number"),
    "yes_no": Text("true 或 false", "true or false"),
    "value": Text("案卷中的名字，写作 =名字", "a name of the case file, written =name"),
    "any": Text("文字、整数、true、false 或 =名字", "a text, a whole number, true, false or =name"),
}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a capability must or may be told."""

    kind: ParameterKind
    title: Text
    required: bool = True


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the software can do by itself.

    ``answers`` lets a scenario add parameters ``answer_<question>`` for the form that the capability fills in.
    """

    title: Text
    parameters: dict[str, Parameter]
    results: dict[str, Type] = {}
    answers: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """Return what is known of a parameter, or None when there is none of this name."""
        if self.answers and name.startswith(ANSWER) and name != ANSWER:
            return _ANSWER
        return self.parameters.get(name)


ANSWER = "answer_"
"""Before the name of a question in the form that a capability fills in."""
_ANSWER = Parameter(kind="any", title=Text("填进表单的回答", "an answer of the form"), required=False)
_NOTICE = Parameter(kind="notice", title=Text("哪一份通知", "which notice"))
_TO = Parameter(kind="party", title=Text("发给谁", "to whom"))

CAPABILITIES: dict[str, Capability] = {
    "case.hand_on": Capability(
        title=Text(
            "带着全部材料转出，立为后续事项", "hand the case on, with all its papers, as the next matter"
        ),
        parameters={"matter": Parameter(kind="matter", title=Text("哪一件后续事项", "which next matter"))},
        results={"receipt": TEXT},
    ),
    "evidence.prepare": Capability(
        title=Text(
            "把交来的照片、视频看一遍：关键画面、打码的副本、自带信息里的疑点",
            "look through photos and videos that were brought: key frames, blurred copies, doubts about what they say of themselves",
        ),
        parameters={
            "shots": Parameter(
                kind="form", title=Text("要拍哪些（一份表单）", "which shots are needed (a form)")
            ),
        },
        results={"looked": WHOLE, "unreadable": WHOLE, "doubts": WHOLE},
    ),
    "notice.issue": Capability(
        title=Text("出具文书并交给当事人", "issue a document and give it to a party"),
        parameters={
            "notice": _NOTICE,
            "to": _TO,
            "also": Parameter(
                kind="party",
                title=Text(
                    "依法也要写明的另一方（其资料另行封存）",
                    "another side that the law lets stand in it (its data are sealed apart)",
                ),
                required=False,
            ),
        },
        results={"number": TEXT},
    ),
    "notify": Capability(
        title=Text("发消息告知当事人", "send a message to a party"),
        parameters={"notice": _NOTICE, "to": _TO},
        results={"sent": WHOLE},
    ),
    "case.open": Capability(
        title=Text(
            "在另一个场景登记一件事项，或并到已在办的一件",
            "open a case of another scenario, or join one that is open",
        ),
        parameters={
            "scenario": Parameter(kind="text", title=Text("哪个场景", "which scenario")),
            "channel": Parameter(kind="text", title=Text("从哪个渠道", "by which channel")),
            "requester": Parameter(kind="party", title=Text("谁来提出", "who raises it")),
            "photos": Parameter(
                kind="text",
                title=Text("照片放进表单的哪一问", "the question that takes the files of this case"),
                required=False,
            ),
            "join": Parameter(
                kind="value",
                title=Text("同一件的回执号，有就不另立", "receipt of the same case; none is opened then"),
                required=False,
            ),
        },
        results={"receipt": TEXT, "joined": BOOLEAN},
        answers=True,
    ),
}
