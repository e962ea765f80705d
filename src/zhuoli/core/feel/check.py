"""Names, types and choices of an expression are checked before it is ever asked; every mistake is collected."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from zhuoli.core.feel.comparison import TOO_MANY_DIGITS, Comparison, mistake_at
from zhuoli.core.feel.functions import FUNCTIONS, WrongArguments, call_type
from zhuoli.core.feel.hints import (
    is_date,
    suggestion,
    unknown_choice,
    unknown_name,
)
from zhuoli.core.feel.measure import MAX_DIGITS, digits, plain
from zhuoli.core.feel.tree import (
    And,
    Call,
    Compare,
    Exactly,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Product,
    Span,
    Sum,
    Test,
    Within,
    names_in,
    type_of,
)
from zhuoli.core.feel.types import BOOLEAN, DATE, DATETIME, DAYS, NUMBER, TEXT, WHOLE, Type
from zhuoli.core.text import Mistake, Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_DATE_TERMS = 4


def check(node: Node, names: Mapping[str, Type], mistakes: list[Mistake], *, cell: bool = False) -> Node:
    """Return the tree with its types filled in; what is wrong is added to ``mistakes``.

    In a ``cell`` of a table only written values may stand, and a choice may stand without quotes.
    """
    return _Checker(names, mistakes, cell).node(node)


def check_boolean(node: Node, mistakes: list[Mistake]) -> None:
    """Add a mistake unless the checked node is a condition, something that holds or does not."""
    found = type_of(node)
    if found is not None and found.kind != "boolean":
        mistakes.append(
            mistake_at(
                "not_a_condition",
                node,
                Text(
                    f"这里应是一个条件，而不是{found.in_words().zh}",
                    f"a condition is needed, not {found.in_words().en}",
                ),
                Text("请写出比较，例如 金额 > 100", "write a comparison, such as amount > 100"),
            )
        )


class _Checker:
    def __init__(self, names: Mapping[str, Type], mistakes: list[Mistake], cell: bool) -> None:
        self.names = names
        self.mistakes = mistakes
        self.cell = cell
        self.comparison = Comparison(mistakes, cell)

    def node(self, node: Node) -> Node:
        match node:
            case Name():
                return self._name(node)
            case Literal():
                return Literal(node.at, node.value, _literal_type(node.value))
            case Sum():
                return self._sum(node)
            case Product():
                return self._product(node)
            case Call():
                return self._call(node)
            case Compare():
                return self._compare(node)
            case Within():
                return self._within(node)
            case Not():
                return Not(node.at, self._condition(node.item))
            case And():
                return And(node.at, tuple(self._condition(item) for item in node.items))
            case Or():
                return Or(node.at, tuple(self._condition(item) for item in node.items))

    def _condition(self, node: Node) -> Node:
        found = self.node(node)
        check_boolean(found, self.mistakes)
        return found

    def _name(self, node: Name) -> Node:
        known = self.names.get(node.name)
        if known is None:
            self.mistakes.append(unknown_name(node.name, self.names, node.at))
        return Name(node.at, node.name, known)

    def _sum(self, node: Sum) -> Node:
        terms = tuple((sign, self.node(term)) for sign, term in node.terms)
        types = [type_of(term) for _, term in terms]
        total: Type | None = None
        for index, ((sign, _), kind) in enumerate(zip(terms, types, strict=True)):
            if kind is None:
                return Sum(node.at, terms)
            after = _first_term(sign, kind) if index == 0 else _added(total, sign, kind)
            if after is None:
                before = Text("", "") if total is None else total.in_words()
                sign_text = "+" if sign > 0 else "-"
                self._add(
                    "type_mismatch",
                    terms[index][1],
                    Text(
                        f"不能计算 {before.zh} {sign_text} {kind.in_words().zh}",
                        f"{before.en} {sign_text} {kind.in_words().en} cannot be calculated",
                    ),
                    Text(
                        "可以算：数字±数字、日期±days(天数)、日期-日期",
                        "possible are number ± number, date ± days(…), date - date",
                    ),
                )
                return Sum(node.at, terms)
            total = after
        if any(kind is not None and kind.kind == "date" for kind in types) and len(terms) > MAX_DATE_TERMS:
            self._add(
                "too_many_terms",
                node,
                Text(
                    f"日期算式最多 {MAX_DATE_TERMS} 项", f"date arithmetic has at most {MAX_DATE_TERMS} terms"
                ),
                Text("请拆成几个计算项", "split it into calculations"),
            )
        return self._measured(Sum(node.at, terms, total))

    def _product(self, node: Product) -> Node:
        factors = tuple(self.node(factor) for factor in node.factors)
        types = [type_of(factor) for factor in factors]
        for factor, kind in zip(factors, types, strict=True):
            if kind is not None and kind.kind != "number":
                self._add(
                    "type_mismatch",
                    factor,
                    Text(f"不能乘以{kind.in_words().zh}", f"cannot multiply by {kind.in_words().en}"),
                    Text("只有数字可以相乘", "only numbers can be multiplied"),
                )
                return Product(node.at, factors)
        if None in types:
            return Product(node.at, factors)
        whole = all(kind is not None and kind.whole for kind in types)
        return self._measured(Product(node.at, factors, WHOLE if whole else NUMBER))

    def _measured(self, node: Sum | Product) -> Node:
        if node.type is not None and node.type.kind == "number":
            before, after = digits(node)
            if before + after > MAX_DIGITS:
                self._add("too_many_digits", node, *TOO_MANY_DIGITS)
        return node

    def _call(self, node: Call) -> Node:
        if node.function not in FUNCTIONS:
            near = suggestion(node.function, FUNCTIONS)
            shown = ", ".join(FUNCTIONS)
            self._add(
                "unknown_function",
                node,
                Text(f"没有函数“{node.function}”", f'there is no function "{node.function}"'),
                Text(f"是不是 {near}?", f"did you mean {near}?")
                if near
                else Text(f"可用的函数：{shown}", f"the functions are {shown}"),
            )
            return Call(node.at, node.function, tuple(self.node(item) for item in node.arguments))
        if node.function in ("date", "datetime") and len(node.arguments) == 1:
            argument = node.arguments[0]
            if isinstance(argument, Literal) and isinstance(argument.value, str):
                return self._moment(node, argument.value)
        arguments = tuple(self.node(item) for item in node.arguments)
        types = [type_of(item) for item in arguments]
        if None in types:
            if len(types) == FUNCTIONS[node.function].count:
                return Call(node.at, node.function, arguments)
            types = [kind or NUMBER for kind in types]
        try:
            found = call_type(node.function, arguments, [kind for kind in types if kind is not None])
        except WrongArguments as wrong:
            self._add("wrong_arguments", node, wrong.message, wrong.remedy)
            return Call(node.at, node.function, arguments)
        if node.function == "contains":
            self._contains(arguments)
        if node.function == "days" and isinstance(arguments[0], Literal):
            return Literal(node.at, arguments[0].value, DAYS)
        return Call(node.at, node.function, arguments, found)

    def _contains(self, arguments: tuple[Node, ...]) -> None:
        value, values = arguments[1], type_of(arguments[0])
        if isinstance(value, Literal) and isinstance(value.value, str) and values is not None:
            self.comparison.choice(value, values)

    def _moment(self, node: Call, written: str) -> Node:
        if node.function == "date":
            if is_date(written):
                return Literal(node.at, datetime.date.fromisoformat(written), DATE)
            self._add(
                "bad_date",
                node,
                Text(f'没有日期 "{written}"', f'there is no date "{written}"'),
                Text('请写成 date("2026-01-31") 的样子', 'write it like date("2026-01-31")'),
            )
            return Literal(node.at, datetime.date(2000, 1, 1), DATE)
        value = _instant(written)
        if value is None:
            self._add(
                "bad_date",
                node,
                Text(f'没有时刻 "{written}"', f'there is no point in time "{written}"'),
                Text(
                    '请写成 datetime("2026-01-31T08:00") 的样子（北京时间）',
                    'write it like datetime("2026-01-31T08:00") (Beijing time)',
                ),
            )
            value = 0
        return Literal(node.at, value, DATETIME)

    def _compare(self, node: Compare) -> Node:
        left, right = self.node(node.left), self.node(node.right)
        result = Compare(node.at, node.operator, left, right)
        if type_of(left) is None or type_of(right) is None:
            return result
        if not names_in(left) and not names_in(right):
            self._add(
                "constant_comparison",
                node,
                Text(
                    "两边都是固定的值，结果永远一样",
                    "both sides are fixed values, so the outcome is always the same",
                ),
                Text("请在一边写一个名称", "put a name on one side"),
            )
        elif plain(left) == plain(right):
            self._add(
                "constant_comparison",
                node,
                Text(
                    "两边是同一个内容，结果永远一样",
                    "both sides are the same, so the outcome is always the same",
                ),
                Text("请检查要与什么比较", "look at what it should be compared with"),
            )
        else:
            self.comparison.compare(left, right, ordered=node.operator not in ("=", "!="))
        return result

    def _within(self, node: Within) -> Node:
        value = self.node(node.value)
        tests = tuple(self._test(value, test) for test in node.tests)
        found = type_of(value)
        if found is not None and not self.cell:
            if found.kind == "many":
                self._add(
                    "type_mismatch",
                    value,
                    Text("多选题不能用 in", "in does not work on a question with many answers"),
                    Text('请写成 contains(名称, "值")', 'write contains(name, "value")'),
                )
            elif not names_in(value):
                self._add(
                    "constant_comparison",
                    node,
                    Text("in 前面应是一个名称", "a name must stand before in"),
                    Text("请在 in 前面写一个名称", "put a name before in"),
                )
        return Within(node.at, value, tests, node.negated)

    def _test(self, value: Node, test: Test) -> Test:
        if isinstance(test, Exactly):
            item = self._part(value, test.value)
            if self.cell or (found := type_of(value)) is None or found.kind != "many":
                self.comparison.compare(value, item, ordered=False)
            return Exactly(test.at, item)
        low = None if test.low is None else self._part(value, test.low)
        high = None if test.high is None else self._part(value, test.high)
        for part in (low, high):
            if part is not None and type_of(part) is not None and type_of(value) is not None:
                self.comparison.compare(value, part, ordered=True)
        span = Span(test.at, low, test.low_closed, high, test.high_closed)
        if _is_empty(span):
            self.mistakes.append(
                Mistake(
                    code="empty_range",
                    message=Text("这个区间里没有任何值", "no value lies in this range"),
                    remedy=Text(
                        "请把小的写在前面；两端相同时写 [a..a] 或只写 a", "write the smaller end first"
                    ),
                    column=test.at,
                )
            )
        return span

    def _part(self, value: Node, part: Node) -> Node:
        if not self.cell:
            return self.node(part)
        kind = type_of(value)
        if isinstance(part, Name):
            if kind is not None and kind.kind in ("choice", "many"):
                if part.name in kind.values:
                    return Literal(part.at, part.name, TEXT)
                self.mistakes.append(unknown_choice(part.name, kind.values, part.at))
            else:
                self._add(
                    "name_in_cell",
                    part,
                    Text(f"单元格里不能写名称“{part.name}”", f'a cell cannot hold the name "{part.name}"'),
                    Text(f'文字请加引号："{part.name}"', f'put a text in quotes: "{part.name}"'),
                )
            return Literal(part.at, part.name)
        found = self.node(part)
        if not isinstance(found, Literal) and not (type_of(found) is None and isinstance(found, Call)):
            self._add(
                "calculation_in_cell",
                part,
                Text("单元格里只能写固定的值", "a cell holds fixed values only"),
                Text("请把算式写在列的标题里", "put the calculation into the heading of the column"),
            )
            return Literal(part.at, 0)
        return found

    def _add(self, code: str, node: Node, message: Text, remedy: Text) -> None:
        self.mistakes.append(mistake_at(code, node, message, remedy))


def _literal_type(value: object) -> Type:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    if isinstance(value, datetime.date):
        return DATE
    return WHOLE if isinstance(value, int) else NUMBER


def _first_term(sign: int, kind: Type) -> Type | None:
    if kind.kind == "number":
        return WHOLE if kind.whole else NUMBER
    if kind.kind == "days":
        return DAYS
    return kind if kind.kind == "date" and sign > 0 else None


def _added(total: Type | None, sign: int, kind: Type) -> Type | None:
    if total is None:
        return None
    match total.kind, sign, kind.kind:
        case "number", _, "number":
            return WHOLE if total.whole and kind.whole else NUMBER
        case "days", _, "days":
            return DAYS
        case "date", _, "days":
            return DATE
        case "days", 1, "date":
            return DATE
        case "date", -1, "date":
            return DAYS
        case _:
            return None


def _instant(written: str) -> int | None:
    try:
        found = datetime.datetime.fromisoformat(written)
    except ValueError:
        return None
    if "T" not in written:
        return None
    moment = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (moment - epoch) // datetime.timedelta(milliseconds=1)


def _is_empty(span: Span) -> bool:
    if not isinstance(span.low, Literal) or not isinstance(span.high, Literal):
        return False
    low, high = span.low.value, span.high.value
    if isinstance(low, str | bool) or type_of(span.low) is None or type_of(span.high) is None:
        return False
    try:
        return bool(low > high or (low == high and not (span.low_closed and span.high_closed)))  # type: ignore[operator]
    except TypeError:
        return False
