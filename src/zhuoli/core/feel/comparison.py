"""What can be compared with what: types, order, and choices that exist."""

from __future__ import annotations

from zhuoli.core.feel.hints import mismatch, mismatch_remedy, plain_kind, unknown_choice
from zhuoli.core.feel.measure import MAX_DIGITS, digits
from zhuoli.core.feel.tree import Literal, Node, type_of
from zhuoli.core.feel.types import Type
from zhuoli.core.text import Mistake, Text

TOO_MANY_DIGITS = (
    Text(f"这个算式可能超过 {MAX_DIGITS} 位数字", f"this calculation can need more than {MAX_DIGITS} digits"),
    Text("请减少相乘的项，或用 round(…, 2) 取整", "multiply fewer numbers, or round with round(…, 2)"),
)

_ORDERED = frozenset({"number", "date", "datetime", "days"})


def mistake_at(code: str, node: Node, message: Text, remedy: Text) -> Mistake:
    """Return a mistake at the place of a node."""
    return Mistake(code=code, message=message, remedy=remedy, column=node.at)


class Comparison:
    """Looks at comparisons; in a ``cell`` of a table a question with many answers is tested by single values."""

    def __init__(self, mistakes: list[Mistake], cell: bool) -> None:
        self.mistakes = mistakes
        self.cell = cell

    def compare(self, left: Node, right: Node, *, ordered: bool) -> None:
        """Add what is wrong with comparing two checked nodes, by order or for being equal."""
        one, two = type_of(left), type_of(right)
        if one is None or two is None:
            return
        if self.cell and one.kind == "many" and two.kind == "text" and not ordered:
            self.choice(right, one)
            return
        texts = {one.kind, two.kind} <= {"text", "choice"}
        if one.kind != two.kind and not texts:
            self._add("type_mismatch", right, mismatch(one, two), mismatch_remedy(one, two, left, right))
        elif ordered and one.kind not in _ORDERED:
            self._add(
                "no_order",
                right,
                Text(f"{plain_kind(one).zh}没有大小先后", f"{plain_kind(one).en} has no order"),
                Text("请用 =、!= 或 in (…)", "use =, != or in (…)"),
            )
        elif one.kind == "many":
            self._add(
                "type_mismatch",
                right,
                Text("多选题不能直接比较", "a question with many answers cannot be compared as a whole"),
                Text(
                    '请写成 contains(名称, "值") 或 count(名称)',
                    'write contains(name, "value") or count(name)',
                ),
            )
        elif one.kind == "choice" and two.kind == "choice" and not set(one.values) & set(two.values):
            self._add(
                "never_equal",
                right,
                Text(
                    "两边没有相同的选项，永远不会相等", "the two have no choice in common and are never equal"
                ),
                Text("请检查比较的是不是同一类问题", "look whether these are the questions that you meant"),
            )
        elif texts:
            for this, other in ((one, right), (two, left)):
                if this.kind == "choice" and isinstance(other, Literal):
                    self.choice(other, this)
        elif one.kind == "number":
            (a, b), (c, d) = digits(left), digits(right)
            if max(a, c) + max(b, d) > MAX_DIGITS:
                self._add("too_many_digits", left, *TOO_MANY_DIGITS)

    def choice(self, value: Node, kind: Type) -> None:
        """Add a mistake for a written value that is not among the choices."""
        if isinstance(value, Literal) and isinstance(value.value, str) and value.value not in kind.values:
            self.mistakes.append(unknown_choice(value.value, kind.values, value.at))

    def _add(self, code: str, node: Node, message: Text, remedy: Text) -> None:
        self.mistakes.append(mistake_at(code, node, message, remedy))
