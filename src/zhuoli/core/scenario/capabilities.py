"""What a service task can ask the software to do: the manifest that scenarios are checked against.

Each capability is done by one module of ``zhuoli.capabilities`` with the same name. A parameter takes a
literal or, written ``=name``, a value of the case file. Results come back as ``<task>.<result>``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.feel import TEXT, WHOLE, Type
from zhuoli.core.text import Text

ParameterKind = Literal["notice", "party", "text", "number", "yes_no", "value"]

KIND_WORDS: dict[ParameterKind, Text] = {
    "notice": Text("通知的编号", "the id of a notice"),
    "party": Text("当事人角色", "a party role"),
    "text": Text("一段文字", "a text"),
    "number": Text("整数", "a whole number"),
    "yes_no": Text("true 或 false", "true or false"),
    "value": Text("案卷中的名字，写作 =名字", "a name of the case file, written =name"),
}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a capability must or may be told."""

    kind: ParameterKind
    title: Text
    required: bool = True


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the software can do by itself."""

    title: Text
    parameters: dict[str, Parameter]
    results: dict[str, Type] = {}


_NOTICE = Parameter(kind="notice", title=Text("哪一份通知", "which notice"))
_TO = Parameter(kind="party", title=Text("发给谁", "to whom"))

CAPABILITIES: dict[str, Capability] = {
    "notice.issue": Capability(
        title=Text("出具文书并交给当事人", "issue a document and give it to a party"),
        parameters={"notice": _NOTICE, "to": _TO},
        results={"number": TEXT},
    ),
    "notify": Capability(
        title=Text("发消息告知当事人", "send a message to a party"),
        parameters={"notice": _NOTICE, "to": _TO},
        results={"sent": WHOLE},
    ),
}
