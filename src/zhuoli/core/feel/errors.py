"""What can go wrong: mistakes of an author at load, and answers that a rule cannot use at run.

Messages name the question, never the answer: answers are personal data and messages end in logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from zhuoli.core.text import Mistake, Text


class FeelErrors(ValueError):
    """Raised at load: every mistake that was found in an expression or a decision table."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)
        super().__init__("\n".join(_line(mistake) for mistake in self.mistakes))


class RunError(Exception):
    """An expression or a table has no answer for these values; ``text`` and ``remedy`` are for people."""

    code: ClassVar[str] = "run_error"

    def __init__(self, text: Text, remedy: Text) -> None:
        self.text = text
        self.remedy = remedy
        super().__init__(f"{self.code}: {text.zh} / {text.en}")


class MissingAnswer(RunError):
    """A rule needs the answer to ``name``, and there is none (absent or ``None``)."""

    code = "missing_answer"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            Text(
                f"缺少“{name}”的回答，无法判断",
                f'there is no answer to "{name}", so the rule cannot be decided',
            ),
            Text(
                f"请先填写“{name}”，或在规则中先用 answered({name}) 判断",
                f'answer "{name}" first, or let the rule ask answered({name}) before',
            ),
        )


class WrongValue(RunError):
    """The value of ``name`` is not of its declared type, is not among its choices, or is out of range."""

    code = "wrong_value"

    def __init__(self, name: str, wanted: Text) -> None:
        self.name = name
        self.wanted = wanted
        super().__init__(
            Text(f"“{name}”的值不是{wanted.zh}", f'the value of "{name}" is not {wanted.en}'),
            Text(f"请把“{name}”改为{wanted.zh}", f'change "{name}" to {wanted.en}'),
        )


class NoRule(RunError):
    """No rule of the table fits, and the table has no ``else`` row."""

    code = "no_rule"

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            Text(f"决策表 {table} 中没有一条规则适用", f"no rule of the decision table {table} fits"),
            Text("请补充一条规则，或加一行 else（否则）", "add a rule for this case, or an else row"),
        )


class ManyRules(RunError):
    """More than one rule fits where the hit policy allows one (U), or they disagree (A)."""

    code = "many_rules"

    def __init__(self, table: str, rules: tuple[int, ...]) -> None:
        self.table = table
        self.rules = rules
        numbers_zh = "、".join(map(str, rules))
        numbers_en = ", ".join(map(str, rules))
        super().__init__(
            Text(
                f"决策表 {table} 的规则 {numbers_zh} 同时适用，结论不唯一",
                f"rules {numbers_en} of the decision table {table} fit at the same time, so the outcome is not one",
            ),
            Text(
                "请让这些规则的条件互不重叠",
                "change the conditions of these rules so that they do not overlap",
            ),
        )


def _line(mistake: Mistake) -> str:
    place = ":".join(str(part) for part in (mistake.file, mistake.line, mistake.column) if part)
    return f"{place}{' ' if place else ''}{mistake.code}: {mistake.message.zh} / {mistake.message.en}"
