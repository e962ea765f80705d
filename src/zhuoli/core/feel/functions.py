"""The functions of the language: what they take and what they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from zhuoli.core.feel.tree import Literal, Name, Node
from zhuoli.core.feel.types import BOOLEAN, DATE, DATETIME, DAYS, DECIMALS, NUMBER, WHOLE, Type, number
from zhuoli.core.text import Text


class Function(msgspec.Struct, frozen=True):
    """A function: how it is written, how many arguments it takes, and what it means."""

    example: str
    count: int
    meaning: Text


FUNCTIONS: Mapping[str, Function] = {
    "answered": Function("answered(name)", 1, Text("该项已有回答", "there is an answer")),
    "contains": Function(
        'contains(name, "value")',
        2,
        Text("多选题选了该值", "the value is among the answers of a question with many"),
    ),
    "count": Function("count(name)", 1, Text("多选题选了几项", "how many answers were chosen")),
    "date": Function(
        'date("2026-01-31")',
        1,
        Text("日期；也可取出时刻的北京日期", "a date; or the Beijing date of an instant"),
    ),
    "datetime": Function(
        'datetime("2026-01-31T08:00")', 1, Text("时刻（北京时间）", "a point in time (Beijing time)")
    ),
    "days": Function("days(3)", 1, Text("天数，用于日期加减", "a number of days, to add to a date")),
    "age": Function(
        "age(birth, on)",
        2,
        Text(
            "周岁，生日当天即满；“从周岁生日的第二天起算”请写 age(birth, on - days(1))",
            "completed years, on the birthday itself; for laws that count from the day after, age(birth, on - days(1))",
        ),
    ),
    "round": Function(
        "round(amount, 2)", 2, Text("四舍五入到几位小数", "rounded to so many decimals, halves up")
    ),
}
"""The day after the birthday: Supreme People's Court, Fa Shi [2006] No. 1, article 2 (criminal responsibility)."""

AGE = number(low=0, whole=True)
COUNT = number(low=0, whole=True)


class WrongArguments(ValueError):
    """The arguments do not suit the function."""

    def __init__(self, message: Text, remedy: Text) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message.en)


def call_type(function: str, arguments: Sequence[Node], types: Sequence[Type]) -> Type:
    """Return the type that a call gives.

    Raises:
        WrongArguments: too many, too few, or of the wrong type.
    """
    known = FUNCTIONS[function]
    kinds = tuple(kind.kind for kind in types)
    found: Type | None = None
    if len(kinds) == known.count:
        match function, kinds:
            case "answered", _ if isinstance(arguments[0], Name):
                found = BOOLEAN
            case "contains", ("many", "text" | "choice"):
                found = BOOLEAN
            case "count", ("many",):
                found = number(low=0, high=len(types[0].values), whole=True)
            case "date", ("datetime",):
                found = DATE
            case "datetime", ("datetime",):
                found = DATETIME
            case "days", ("number",) if types[0].whole:
                found = DAYS
            case "age", ("date", "date"):
                found = AGE
            case "round", ("number", "number"):
                places = arguments[1]
                if isinstance(places, Literal) and places.value in range(DECIMALS + 1):
                    found = WHOLE if places.value == 0 else NUMBER
            case _:
                pass
    if found is None:
        raise WrongArguments(
            Text(f"{function} 的用法不对", f"{function} is not used in this way"),
            Text(
                f"请写成 {known.example} 的样子：{known.meaning.zh}",
                f"write it like {known.example}: {known.meaning.en}",
            ),
        )
    return found
