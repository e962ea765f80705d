"""What each command must be told, and how it is asked: the only place that knows the attributes of commands."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "area",
    "text",
    "lines",
    "radio",
    "select",
    "unit",
    "post",
    "files",
    "receipt",
    "score",
    "system",
    "body",
    "agree",
]


class Ask(msgspec.Struct, frozen=True):
    """One thing that a command must be told: its attribute, how it is asked, whether it must be there."""

    name: str
    kind: Kind = "area"
    required: bool = True
    options: tuple[str, ...] = ()


REASON = Ask("reason")
TEXT = Ask("text")
FILES = Ask("files", "files", required=False)
UNIT = Ask("unit", "unit")

ASKED: dict[str, tuple[Ask, ...]] = {
    "triage": (
        UNIT,
        Ask("priority", "radio", options=("normal", "high", "urgent")),
        Ask("reason", required=False),
    ),
    "route": (UNIT, REASON),
    "claim": (),
    "assign": (Ask("post", "post"),),
    "release": (),
    "start": (),
    "accept": (),
    "refuse": (Ask("reason", "radio"), TEXT),
    "record": (),
    "attach": (Ask("files", "files"), Ask("note", "text", required=False)),
    "complete": (Ask("outcome", "radio"), Ask("reason", required=False), FILES),
    "request_supplement": (Ask("items", "lines"), Ask("text", required=False)),
    "supply": (Ask("text", required=False), FILES),
    "transfer": (UNIT, REASON),
    "return_to_dispatcher": (REASON,),
    "join": (UNIT, Ask("duty")),
    "leave": (REASON,),
    "contribute": (TEXT, FILES),
    "sign_for": (),
    "urge": (Ask("text", required=False),),
    "supervise": (
        Ask("order"),
        Ask("within", "select", options=("4 hours", "1 working days", "2 working days", "5 working days")),
    ),
    "reply": (TEXT, FILES),
    "escalate": (REASON,),
    "merge": (Ask("into", "receipt"), Ask("reason", required=False)),
    "split": (REASON,),
    "suspend": (REASON, Ask("ground", "text")),
    "resume": (Ask("reason", required=False),),
    "extend": (REASON,),
    "withdraw": (Ask("reason", required=False),),
    "close": (Ask("result", "radio"), Ask("answer"), FILES),
    "confirm": (Ask("score", "score", required=False), Ask("comment", required=False)),
    "contest": (REASON,),
    "request_review": (REASON,),
    "decide_review": (Ask("outcome", "radio", options=("upheld", "sent_back")), REASON),
    "rate": (Ask("score", "score"), Ask("comment", required=False)),
    "note": (TEXT, Ask("audience", "radio", options=("office", "everyone"))),
    "refer": (
        Ask("system", "system"),
        Ask("number", "text", required=False),
        Ask("reason", required=False),
    ),
    "share": (Ask("unit", "body"), Ask("consent", "agree")),
    "unshare": (),
    "take_share": (),
    "answer_share": (Ask("answer", "radio"), Ask("number", "text", required=False)),
    "hold": (Ask("ground", "text"),),
    "release_hold": (REASON,),
    "erase": (REASON,),
    "add_item": (),
}
"""What each command is told. A test holds the names against the commands' own attributes."""

SUBJECT = {"claim": "task", "assign": "task", "release": "task", "start": "task", "complete": "task"}
SUBJECT |= {"add_item": "item", "leave": "unit", "erase": "party"}
SUBJECT |= {"share": "kind", "unshare": "kind", "take_share": "share", "answer_share": "share"}
"""The attribute that takes what the action is about."""

DECISIVE = frozenset(
    {
        "accept",
        "triage",
        "complete",
        "close",
        "confirm",
        "contribute",
        "reply",
        "decide_review",
        "sign_for",
        "supply",
        "take_share",
        "answer_share",
    }
)
"""Acts that answer what is asked; their buttons stand out."""
